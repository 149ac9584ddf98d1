using System.Globalization;

namespace Exalate.Core.RichText;

internal static class HtmlNumbers
{
    /// <summary>1 to 1000; 1 for anything else.</summary>
    public static int Span(string? value) =>
        int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var span) && span > 1 ? Math.Min(span, 1000) : 1;

    /// <summary>"120", "120px", "120.5", "120pt": 120. Null for percentages and everything else.</summary>
    public static int? Pixels(string? value)
    {
        if (value is null) return null;
        var text = value.AsSpan().Trim();
        if (text.EndsWith("px", StringComparison.OrdinalIgnoreCase) || text.EndsWith("pt", StringComparison.OrdinalIgnoreCase)) text = text[..^2].TrimEnd();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 100_000 ? (int)number : null;
    }
}
