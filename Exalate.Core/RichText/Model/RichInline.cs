namespace Exalate.Core.RichText;

/// <summary>A piece of a line. Inlines do not nest: what surrounds them is in <see cref="Marks"/>.</summary>
public abstract record RichInline
{
    private protected RichInline()
    {
    }

    public Marks Marks { get; init; } = Marks.None;
}

/// <summary>Plain characters. Holds no line breaks in documents that readers made.</summary>
public sealed record TextRun(string Text) : RichInline
{
    public TextRun(string text, Marks marks)
        : this(text) => Marks = marks;

    public TextRun(string text, MarkStyle style)
        : this(text) => Marks = Marks.Of(style);
}

/// <summary>A new line inside the same paragraph.</summary>
public sealed record LineBreak : RichInline;

/// <summary>A picture, by reference: to an attachment of the entity (name, id), or to an address.</summary>
public sealed record Image : RichInline
{
    /// <summary>File name of the attachment. Example: "screenshot.png".</summary>
    public string? Name { get; init; }

    /// <summary>The tracker's id of the file, meaningful in <see cref="System"/> only. Jira: the media id, not the attachment id.</summary>
    public string? Id { get; init; }

    /// <summary>Address of the picture when that is stable; null where the tracker's addresses expire.</summary>
    public string? Url { get; init; }

    public string? Alt { get; init; }

    /// <summary>Pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Where <see cref="Id"/> is valid; see <see cref="RichTextHooks.Realm"/>.</summary>
    public string? System { get; init; }

    /// <summary>Looks that only some dialects have. Never counts as content; null for none.</summary>
    public Extras? Extras { get; init; }

    /// <summary>The best words for it: alternative text, else the file name, else "image".</summary>
    public string Label => FirstOf(Alt, Name) ?? "image";

    private static string? FirstOf(string? a, string? b) => !string.IsNullOrWhiteSpace(a) ? a : !string.IsNullOrWhiteSpace(b) ? b : null;
}

/// <summary>A person who is addressed.</summary>
/// <param name="Id">Account id, gid; meaningful in <paramref name="System"/> only. Null when only the name is known.</param>
/// <param name="Name">Display name without "@". Example: "Anna Bright".</param>
/// <param name="System">Where the id is valid; see <see cref="RichTextHooks.Realm"/>.</param>
public sealed record Mention(string? Id, string Name, string? System = null) : RichInline
{
    /// <summary>Stands for the name where a dialect gives the id alone and nobody knows whose it is.</summary>
    public const string Unknown = "unknown person";
}

/// <summary>A pictogram.</summary>
/// <param name="ShortName">With colons. Example: ":smile:".</param>
/// <param name="Text">The character; null for pictures of one site only.</param>
/// <param name="Id">The tracker's id, where it has one.</param>
public sealed record Emoji(string ShortName, string? Text = null, string? Id = null) : RichInline
{
    /// <summary>The character, else the short name.</summary>
    public string Display => string.IsNullOrEmpty(Text) ? ShortName : Text;
}

/// <summary>A day.</summary>
public sealed record DateStamp(DateOnly Date) : RichInline
{
    /// <summary>Example: "2026-05-03".</summary>
    public string Display => Date.ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A small coloured label.</summary>
/// <param name="Text">Example: "IN PROGRESS".</param>
/// <param name="Color">One of neutral, purple, blue, red, yellow, green.</param>
public sealed record StatusLozenge(string Text, string Color = "neutral") : RichInline;

/// <summary>A link that the tracker shows as a card of what is behind it.</summary>
public sealed record Card(string Url) : RichInline;

/// <summary>Something a dialect has inside a line and the model has not.</summary>
/// <param name="Dialect">Name of the dialect that can read <paramref name="Raw"/>. Example: "adf".</param>
/// <param name="Raw">As it was, in that dialect.</param>
/// <param name="Text">What people see elsewhere; may be empty.</param>
public sealed record OpaqueInline(string Dialect, string Raw, string Text) : RichInline;
