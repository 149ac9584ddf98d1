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
        return Read(html, hooks, comment: false);
    }

    /// <summary>The same for comments, which have fewer tags: what <see cref="AsanaHtmlWriter"/> shows in words there is recognised.</summary>
    public static RichDocument ReadStory(string? html, RichTextHooks? hooks = null) =>
        string.IsNullOrWhiteSpace(html) ? RichDocument.Empty : Read(html, hooks, comment: true);

    private static RichDocument Read(string html, RichTextHooks? hooks, bool comment)
    {
        var root = HtmlTree.Parse(html.Replace("\r\n", "\n", StringComparison.Ordinal));
        var blocks = new AsanaBlockReader(hooks ?? RichTextHooks.None).Read(root);
        if (comment) blocks = RuleForm.Raise(blocks);
        return blocks.Count == 0 ? RichDocument.Empty : new RichDocument(DepthLimit.Apply(blocks));
    }
}
