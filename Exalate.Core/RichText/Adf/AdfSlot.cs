namespace Exalate.Core.RichText;

/// <summary>Where a block stands in ADF, which decides what it may be.</summary>
internal enum AdfSlot
{
    Doc,
    Expand,
    NestedExpand,
    Panel,
    Quote,
    Cell,
    ListItem,
}

/// <summary>What ADF's schema allows where. Paragraphs, lists, code blocks and single media may stand everywhere.</summary>
internal static class AdfRules
{
    /// <summary>ADF nodes below each other; two JSON levels each, and lists and tables need several.</summary>
    public const int MaxNodes = 22;

    public static bool Allows(this AdfSlot slot, string type) => type switch
    {
        "heading" or "taskList" or "rule" or "decisionList" or "blockCard" => slot is not (AdfSlot.Quote or AdfSlot.ListItem),
        "blockquote" or "panel" => slot is AdfSlot.Doc or AdfSlot.Expand or AdfSlot.NestedExpand or AdfSlot.Cell,
        "table" => slot is AdfSlot.Doc or AdfSlot.Expand,
        "expand" or "layoutSection" or "bodiedExtension" or "multiBodiedExtension" => slot is AdfSlot.Doc,
        "nestedExpand" => slot is AdfSlot.Cell or AdfSlot.Expand,
        "embedCard" => slot is AdfSlot.Doc or AdfSlot.Expand or AdfSlot.Cell,
        _ => true,
    };
}
