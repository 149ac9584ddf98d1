namespace Exalate.Core.RichText;

/// <summary>A part of a document that stands on lines of its own.</summary>
public abstract record RichBlock
{
    private protected RichBlock()
    {
    }

    /// <summary>Looks that only some dialects have (alignment, column widths). Never counts as content; null for none.</summary>
    public Extras? Extras { get; init; }
}

public sealed record Paragraph(NodeList<RichInline> Content) : RichBlock;

/// <param name="Level">1 to 6.</param>
/// <param name="Content">What it says.</param>
public sealed record Heading(int Level, NodeList<RichInline> Content) : RichBlock;

public enum ListKind
{
    Bullet,
    Ordered,
    Task,
}

/// <param name="Kind">Task lists hold items whose <see cref="ListItem.Checked"/> is set.</param>
/// <param name="Items">At least one in documents that readers made.</param>
/// <param name="Start">First number of an ordered list.</param>
public sealed record ListBlock(ListKind Kind, NodeList<ListItem> Items, int Start = 1) : RichBlock;

/// <param name="Content">Usually a paragraph, possibly followed by nested lists.</param>
/// <param name="Checked">Done or open; null when it is no task.</param>
public sealed record ListItem(NodeList<RichBlock> Content, bool? Checked = null);

public sealed record Quote(NodeList<RichBlock> Content) : RichBlock;

/// <param name="Code">Lines are separated by "\n".</param>
/// <param name="Language">Lower case, as the dialect names it. Example: "csharp". Null when unknown.</param>
public sealed record CodeBlock(string Code, string? Language = null) : RichBlock;

public sealed record Rule : RichBlock;

public sealed record Table(NodeList<TableRow> Rows) : RichBlock;

public sealed record TableRow(NodeList<TableCell> Cells);

public sealed record TableCell(NodeList<RichBlock> Content, bool Header = false, int ColSpan = 1, int RowSpan = 1)
{
    /// <summary>"#rrggbb" or null.</summary>
    public string? Background { get; init; }

    public Extras? Extras { get; init; }
}

/// <summary>A picture on a line of its own. Readers turn a paragraph that holds one picture and nothing else into this.</summary>
public sealed record ImageBlock(Image Image) : RichBlock;

/// <summary>A framed, coloured box.</summary>
/// <param name="Kind">One of info, note, tip, warning, error, success, custom.</param>
/// <param name="Title">Null where the dialect has no titles.</param>
/// <param name="Content">What is in the box.</param>
public sealed record Panel(string Kind, string? Title, NodeList<RichBlock> Content) : RichBlock;

/// <summary>A section that opens on click.</summary>
public sealed record Expand(string Title, NodeList<RichBlock> Content) : RichBlock;

/// <summary>Something a dialect has and the model has not; written back unchanged to the dialect it came from.</summary>
/// <param name="Dialect">Name of the dialect that can read <paramref name="Raw"/>. Example: "adf".</param>
/// <param name="Raw">As it was, in that dialect.</param>
/// <param name="Fallback">What other dialects show instead.</param>
public sealed record OpaqueBlock(string Dialect, string Raw, NodeList<RichBlock> Fallback) : RichBlock;
