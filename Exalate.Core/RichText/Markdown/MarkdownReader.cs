namespace Exalate.Core.RichText;

/// <summary>
/// Reads CommonMark with GitHub's additions, or Azure DevOps' Markdown. Never throws; HTML inside is read as far as it is harmless.
/// Sources: https://spec.commonmark.org/0.31.2/, https://github.github.com/gfm/,
/// https://learn.microsoft.com/azure/devops/project/wiki/markdown-guidance.
/// </summary>
public static class MarkdownReader
{
    public static RichDocument Read(string? markdown, MarkdownFlavor flavor = MarkdownFlavor.Common, RichTextHooks? hooks = null)
    {
        if (string.IsNullOrWhiteSpace(markdown)) return RichDocument.Empty;
        var parser = new MdBlockParser(flavor == MarkdownFlavor.Azure);
        var root = parser.Parse(markdown.TrimStart('\ufeff'));
        var blocks = new MdConverter(hooks ?? RichTextHooks.None, flavor, parser.Definitions).Blocks(root.Children);
        return blocks.Count == 0 ? RichDocument.Empty : new RichDocument(DepthLimit.Apply(blocks));
    }
}
