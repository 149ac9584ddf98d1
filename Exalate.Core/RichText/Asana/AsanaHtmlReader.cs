namespace Exalate.Core.RichText;

/// <summary>
/// Reads Asana's rich text (<c>html_notes</c>, <c>html_text</c>): an XML fragment in which line breaks are literal. A blank line starts a new
/// paragraph. Never throws; tags that are not known are kept as they are, with their text shown elsewhere.
/// Source: https://developers.asana.com/docs/rich-text.
/// </summary>
public static class AsanaHtmlReader
{
    public static RichDocument Read(string? html, RichTextHooks? hooks = null)
    {
        if (string.IsNullOrWhiteSpace(html)) return RichDocument.Empty;
        var root = HtmlTree.Parse(html.Replace("\r\n", "\n", StringComparison.Ordinal));
        var blocks = new AsanaBlockReader(hooks ?? RichTextHooks.None).Read(root);
        return blocks.Count == 0 ? RichDocument.Empty : new RichDocument(blocks);
    }
}
