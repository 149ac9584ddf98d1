namespace Exalate.Core.RichText;

/// <summary>Quotes inside quotes in dialects that have one level only: lines that begin with "&gt; ", as in mail.</summary>
internal static class QuoteSigns
{
    public const string Sign = "> ";

    public static NodeList<RichBlock> Signed(Quote quote) => quote.Content.Select(Signed).ToNodeList();

    private static RichBlock Signed(RichBlock block) => block switch
    {
        Paragraph p => p with { Content = [new TextRun(Sign), .. p.Content] },
        Heading h => new Paragraph([new TextRun(Sign), .. h.Content.Select(i => i with { Marks = i.Marks.With(MarkStyle.Bold) })]),
        _ => block,
    };
}
