namespace Exalate.Core.RichText;

/// <summary>Yes-or-no character formats.</summary>
[Flags]
public enum MarkStyle
{
    None = 0,
    Bold = 1,
    Italic = 2,
    Underline = 4,
    Strike = 8,
    Code = 16,
    Sub = 32,
    Sup = 64,
}

/// <summary>How a run of text looks, and where it leads. Links are a mark: neighbouring runs with the same target are one link.</summary>
public sealed record Marks
{
    public static readonly Marks None = new();

    public MarkStyle Style { get; init; }

    /// <summary>Text colour as lower-case "#rrggbb"; null for the default.</summary>
    public string? Color { get; init; }

    /// <summary>Background colour as lower-case "#rrggbb"; null for none.</summary>
    public string? Background { get; init; }

    /// <summary>Target of the link; always of a harmless scheme (see <see cref="SafeLink"/>). Null when it is no link.</summary>
    public string? Href { get; init; }

    /// <summary>Tooltip of the link.</summary>
    public string? HrefTitle { get; init; }

    public static Marks Of(MarkStyle style) => style == MarkStyle.None ? None : new Marks { Style = style };

    public static Marks Link(string href) => SafeLink.Clean(href) is { } safe ? new Marks { Href = safe } : None;

    public bool Has(MarkStyle style) => (Style & style) != 0;

    public Marks With(MarkStyle style) => Has(style) && (Style & style) == style ? this : this with { Style = Style | style };

    /// <summary>These, with those of what is around for what these leave open.</summary>
    internal Marks Within(Marks around) => this with
    {
        Style = Style | around.Style,
        Color = Color ?? around.Color,
        Background = Background ?? around.Background,
        Href = Href ?? around.Href,
        HrefTitle = Href is null ? around.HrefTitle : HrefTitle,
    };

    public Marks Without(MarkStyle style) => Has(style) ? this with { Style = Style & ~style } : this;
}
