namespace Exalate.Core.RichText;

/// <summary>Writes the HTML of Azure DevOps' multi-line fields and comments: only tags and attributes that its sanitiser leaves alone.</summary>
public static class AzureHtmlWriter
{
    internal const string Dialect = "azure";

    public static string Write(RichDocument document, RichTextHooks? hooks = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        var text = new System.Text.StringBuilder();
        var writer = new HtmlBlockWriter(text, new HtmlInlineWriter(text, hooks ?? RichTextHooks.None));
        writer.Blocks(document.Nodes);
        return text.ToString();
    }
}
