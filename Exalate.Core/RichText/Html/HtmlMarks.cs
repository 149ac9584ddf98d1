namespace Exalate.Core.RichText;

internal static class HtmlMarks
{
    /// <summary>The tag of each format, outermost first.</summary>
    public static readonly (MarkStyle Style, string Name)[] Names =
    [
        (MarkStyle.Bold, "strong"), (MarkStyle.Italic, "em"), (MarkStyle.Underline, "u"), (MarkStyle.Strike, "s"),
        (MarkStyle.Sub, "sub"), (MarkStyle.Sup, "sup"), (MarkStyle.Code, "code"),
    ];
}
