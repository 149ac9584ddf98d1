using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>Reads the ways HTML and ADF name a colour.</summary>
internal static class Colors
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["black"] = "#000000", ["silver"] = "#c0c0c0", ["gray"] = "#808080", ["grey"] = "#808080", ["white"] = "#ffffff",
        ["maroon"] = "#800000", ["red"] = "#ff0000", ["purple"] = "#800080", ["fuchsia"] = "#ff00ff", ["magenta"] = "#ff00ff",
        ["green"] = "#008000", ["lime"] = "#00ff00", ["olive"] = "#808000", ["yellow"] = "#ffff00", ["navy"] = "#000080",
        ["blue"] = "#0000ff", ["teal"] = "#008080", ["aqua"] = "#00ffff", ["cyan"] = "#00ffff", ["orange"] = "#ffa500",
        ["pink"] = "#ffc0cb", ["brown"] = "#a52a2a", ["gold"] = "#ffd700", ["darkred"] = "#8b0000", ["darkgreen"] = "#006400",
        ["darkblue"] = "#00008b", ["darkorange"] = "#ff8c00", ["lightgray"] = "#d3d3d3", ["lightgrey"] = "#d3d3d3",
        ["lightblue"] = "#add8e6", ["lightgreen"] = "#90ee90", ["lightyellow"] = "#ffffe0", ["crimson"] = "#dc143c",
        ["indigo"] = "#4b0082", ["violet"] = "#ee82ee", ["tomato"] = "#ff6347", ["coral"] = "#ff7f50", ["salmon"] = "#fa8072",
        ["darkgray"] = "#a9a9a9", ["darkgrey"] = "#a9a9a9", ["dimgray"] = "#696969", ["steelblue"] = "#4682b4",
        ["royalblue"] = "#4169e1", ["dodgerblue"] = "#1e90ff", ["forestgreen"] = "#228b22", ["limegreen"] = "#32cd32",
        ["firebrick"] = "#b22222", ["chocolate"] = "#d2691e", ["khaki"] = "#f0e68c", ["orchid"] = "#da70d6", ["turquoise"] = "#40e0d0",
    };

    /// <summary>"#rrggbb" in lower case, or null when it is no colour (or a transparent or inherited one).</summary>
    public static string? Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return null;
        var text = value.AsSpan().Trim();
        if (text.Length > 64) return null;
        if (text[0] == '#') return Hex(text[1..]);
        if (text.StartsWith("rgb", StringComparison.OrdinalIgnoreCase)) return Rgb(text);
        return Names.GetValueOrDefault(text.ToString());
    }

    private static string? Hex(ReadOnlySpan<char> digits)
    {
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigit(c)) return null;
        }
        return digits.Length switch
        {
            3 or 4 => string.Create(CultureInfo.InvariantCulture, $"#{digits[0]}{digits[0]}{digits[1]}{digits[1]}{digits[2]}{digits[2]}").ToLowerInvariant(),
            6 or 8 => "#" + digits[..6].ToString().ToLowerInvariant(),
            _ => null,
        };
    }

    private static string? Rgb(ReadOnlySpan<char> text)
    {
        var open = text.IndexOf('(');
        var close = text.IndexOf(')');
        if (open < 0 || close < open) return null;
        var parts = text[(open + 1)..close].ToString().Split([',', ' ', '/'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length < 3) return null;
        if (parts.Length > 3 && double.TryParse(parts[3].TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var alpha) && alpha == 0) return null;
        var result = "#";
        for (var i = 0; i < 3; i++)
        {
            if (!double.TryParse(parts[i].TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var n)) return null;
            if (parts[i].EndsWith('%')) n = n * 255 / 100;
            result += ((int)Math.Clamp(Math.Round(n), 0, 255)).ToString("x2", CultureInfo.InvariantCulture);
        }
        return result;
    }
}
