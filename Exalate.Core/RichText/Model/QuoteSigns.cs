namespace Exalate.Core.RichText;

/// <summary>Quotes inside quotes in dialects that have one level only: every line begins with "&gt; ", as in mail, once for each level.</summary>
internal static class QuoteSigns
{
    public const string Sign = "> ";

    /// <param name="quote">The inner quote.</param>
    /// <param name="linesOnly">The outer quote holds nothing but lines; else what is no line stays as it is.</param>
    public static NodeList<RichBlock> Signed(Quote quote, bool linesOnly) => Signed(quote, linesOnly, 1).ToNodeList();

    private static IEnumerable<RichBlock> Signed(Quote quote, bool linesOnly, int level) => quote.Content.SelectMany(block => Signed(block, linesOnly, level));

    private static IEnumerable<RichBlock> Signed(RichBlock block, bool linesOnly, int level) => block switch
    {
        Paragraph p => [p with { Content = Lines(p.Content, level) }],
        Heading h => [new Paragraph(Lines(h.Content.Select(i => i with { Marks = i.Marks.With(MarkStyle.Bold) }), level))],
        ImageBlock image => [new Paragraph(Lines([image.Image], level))],
        ListBlock list when linesOnly => [new Paragraph(Lines(LineLists.Lower(list).Content, level))],
        Quote inner => Signed(inner, linesOnly, level + 1),
        Panel panel when linesOnly => Signed(QuoteForms.Lower(panel), linesOnly, level + 1),
        Expand expand when linesOnly => Signed(QuoteForms.Lower(expand), linesOnly, level + 1),
        OpaqueBlock opaque => opaque.Fallback.SelectMany(inner => Signed(inner, linesOnly, level)),
        _ => [block],
    };

    private static NodeList<RichInline> Lines(IEnumerable<RichInline> content, int level)
    {
        var sign = string.Concat(Enumerable.Repeat(Sign, level));
        var line = new InlineBuilder();
        line.Text(sign, Marks.None);
        foreach (var inline in content)
        {
            line.Add(inline);
            if (inline is LineBreak) line.Text(sign, Marks.None);
        }
        return line.Take();
    }
}
