namespace Exalate.Core.RichText;

/// <summary>
/// Writes Markdown that reads back as the same document: CommonMark with GitHub's tables, task lists and strike-through; HTML only for
/// what Markdown has no sign for. For Azure DevOps, people as <c>@&lt;guid&gt;</c> and line breaks as two blanks.
/// </summary>
public static class MarkdownWriter
{
    public static string Write(RichDocument document, MarkdownFlavor flavor = MarkdownFlavor.Common, RichTextHooks? hooks = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        var writer = new MdBlockWriter(hooks ?? RichTextHooks.None, flavor);
        return string.Join('\n', writer.Blocks(document.Nodes, inList: false)).TrimEnd('\n');
    }
}
