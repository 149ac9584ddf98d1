using System.Text;

namespace Exalate.Core.RichText;

internal enum MdKind
{
    Root,
    Quote,
    List,
    Item,
    Paragraph,
    Heading,
    Fence,
    Indented,
    Html,
    Rule,
    Table,
}

/// <summary>A block of Markdown while it is parsed.</summary>
internal sealed class MdBlock(MdKind kind)
{
    public MdKind Kind { get; set; } = kind;

    public List<MdBlock> Children { get; } = [];

    /// <summary>Lines of a leaf, each ended by "\n".</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>Where the last line begins in <see cref="Text"/>.</summary>
    public int LastLine { get; set; }

    /// <summary>Heading level, first number of a list, kind of an HTML block.</summary>
    public int Number { get; set; }

    /// <summary>List marker or fence character.</summary>
    public char Sign { get; set; }

    /// <summary>Fence length, or the columns that belong to an item's content.</summary>
    public int Width { get; set; }

    /// <summary>Columns before a fence.</summary>
    public int Indent { get; set; }

    /// <summary>Info string of a fence.</summary>
    public string Info { get; set; } = "";

    public List<List<string>>? Rows { get; set; }

    public string[]? Aligns { get; set; }

    public bool IsContainer => Kind is MdKind.Root or MdKind.Quote or MdKind.List or MdKind.Item;
}
