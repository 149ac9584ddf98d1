namespace Exalate.Core.RichText;

/// <summary>Whose Markdown.</summary>
public enum MarkdownFlavor
{
    /// <summary>CommonMark with GitHub's tables, task lists, strike-through and bare links.</summary>
    Common,

    /// <summary>Azure DevOps': people as <c>@&lt;guid&gt;</c>, sizes of pictures, line breaks that count.</summary>
    Azure,
}
