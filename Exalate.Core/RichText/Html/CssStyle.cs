using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>The few style properties that carry meaning, read from a style attribute.</summary>
internal sealed class CssStyle
{
    private static readonly CssStyle None = new();

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    public string? this[string property] => _values.GetValueOrDefault(property);

    public bool IsHidden =>
        Is("display", "none") || Is("visibility", "hidden") || Is("mso-hide", "all");

    /// <summary>True for what is laid out and yet never seen: transparent, without size, or far beside the page.</summary>
    public bool IsOutOfSight =>
        IsHidden || IsZero(this["opacity"]) || IsTiny("max-width") || IsTiny("max-height")
        || IsFar("left") || IsFar("top") || IsFar("right") || IsFar("margin-left") || IsFar("margin-top") || IsFar("text-indent");

    private bool IsTiny(string property) => HtmlNumbers.Pixels(this[property]) is { } pixels && TrackingPixel.Is(pixels, null);

    private bool IsFar(string property) =>
        this[property] is ['-', .. var distance] && HtmlNumbers.Pixels(distance) is >= 500;

    private static bool IsZero(string? value) => double.TryParse(value?.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == 0;

    /// <summary>"center" or "end"; null for the usual side.</summary>
    public string? Align => this["text-align"]?.ToLowerInvariant() switch
    {
        "center" => "center",
        "right" or "end" => "end",
        _ => null,
    };

    public static CssStyle Of(HtmlElement element)
    {
        if (element["style"] is not { Length: > 0 } text) return None;
        var style = new CssStyle();
        foreach (var part in text.Length > 10_000 ? [] : text.Split(';'))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) style._values[part[..colon].Trim()] = part[(colon + 1)..].Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim();
        }
        return style;
    }

    public Marks Apply(Marks marks)
    {
        if (_values.Count == 0) return marks;
        if (this["font-weight"] is { } weight) marks = IsBold(weight) ? marks.With(MarkStyle.Bold) : IsNormalWeight(weight) ? marks.Without(MarkStyle.Bold) : marks;
        if (this["font-style"] is { } slant)
            marks = slant.StartsWith("italic", StringComparison.OrdinalIgnoreCase) || slant.StartsWith("oblique", StringComparison.OrdinalIgnoreCase)
                ? marks.With(MarkStyle.Italic)
                : slant.StartsWith("normal", StringComparison.OrdinalIgnoreCase) ? marks.Without(MarkStyle.Italic) : marks;
        marks = Decoration(marks, this["text-decoration"] ?? this["text-decoration-line"]);
        if (Is("vertical-align", "sub")) marks = marks.With(MarkStyle.Sub);
        else if (Is("vertical-align", "super")) marks = marks.With(MarkStyle.Sup);
        return Coloured(marks);
    }

    private static Marks Decoration(Marks marks, string? decoration)
    {
        if (decoration is null) return marks;
        if (decoration.Contains("line-through", StringComparison.OrdinalIgnoreCase)) marks = marks.With(MarkStyle.Strike);
        // Every link is underlined by somebody: that is no format of its own.
        if (decoration.Contains("underline", StringComparison.OrdinalIgnoreCase) && marks.Href is null) marks = marks.With(MarkStyle.Underline);
        return marks;
    }

    // Pasted text carries the page's own black on white, and the blue of its links, on every word: that is no colour a person chose.
    private Marks Coloured(Marks marks)
    {
        if (this["color"] is { } color)
        {
            var parsed = Colors.Parse(color);
            marks = marks with { Color = parsed is "#000000" || (marks.Href is not null && parsed is "#0563c1" or "#0000ff" or "#0000ee" or "#0078d4") ? null : parsed };
        }
        if ((this["background-color"] ?? this["background"] ?? this["mso-highlight"]) is { } back)
        {
            var parsed = Colors.Parse(back);
            if (parsed is not null || this["background-color"] is not null) marks = marks with { Background = parsed is "#ffffff" ? null : parsed };
        }
        return marks;
    }

    private bool Is(string property, string value) => string.Equals(this[property], value, StringComparison.OrdinalIgnoreCase);

    private static bool IsBold(string weight) =>
        weight.StartsWith("bold", StringComparison.OrdinalIgnoreCase)
        || (int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 600);

    private static bool IsNormalWeight(string weight) =>
        weight.Equals("normal", StringComparison.OrdinalIgnoreCase) || int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
