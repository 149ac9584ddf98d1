namespace Exalate.Core.RichText;

/// <summary>
/// Reads the HTML of Azure DevOps' multi-line fields and comments: what its editor makes and what people paste into it from mail and Word.
/// Never throws. Scripts, hidden text and tracking pixels are left out; lists of Word become lists.
/// Source: https://learn.microsoft.com/azure/devops/boards/queries/share-plans (work item HTML fields); the markup was taken from its editor.
/// </summary>
public static class AzureHtmlReader
{
    public static RichDocument Read(string? html, RichTextHooks? hooks = null)
    {
        if (string.IsNullOrWhiteSpace(html)) return RichDocument.Empty;
        var inlines = new HtmlInlineReader(hooks ?? RichTextHooks.None, AzureHtmlWriter.Dialect);
        var blocks = new HtmlBlockReader(inlines).Read(HtmlTree.Parse(html));
        return blocks.Count == 0 ? RichDocument.Empty : new RichDocument(DepthLimit.Apply(blocks));
    }
}
