using System.Globalization;
using System.Text;
using AngleSharp.Html;

namespace Exalate.Core.RichText;

/// <summary>The names and numbers that stand for characters in HTML and Markdown: all that browsers know, found in one pass.</summary>
internal static class HtmlEntities
{
    private const int MaxName = 33;

    // What browsers make of the numbers that old mail programs take from Windows' code page.
    private const string Windows = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    /// <summary>What the entity at this place stands for, or null when there is none; it ends with a semicolon.</summary>
    public static string? At(string text, int at, out int length)
    {
        length = 0;
        var end = text.IndexOf(';', at, Math.Min(MaxName, text.Length - at));
        if (end < at + 2) return null;
        var name = text.AsSpan(at + 1, end - at - 1);
        if ((name[0] == '#' ? Number(name[1..]) : Named(name, end: ";")) is not { } decoded) return null;
        length = end - at + 1;
        return decoded;
    }

    /// <summary>HTML as browsers read it: the old names may lack their semicolon.</summary>
    public static string Decode(string html)
    {
        var at = html.IndexOf('&', StringComparison.Ordinal);
        if (at < 0) return html;
        var text = new StringBuilder(html.Length);
        var done = 0;
        for (; at >= 0; at = html.IndexOf('&', done))
        {
            text.Append(html, done, at - done);
            if ((At(html, at, out var length) ?? Unended(html, at, out length)) is not { } decoded)
            {
                text.Append('&');
                done = at + 1;
                continue;
            }
            text.Append(decoded is [>= '\u0080' and <= '\u009f'] ? Windows[decoded[0] - '\u0080'] : decoded);
            done = at + length;
        }
        return text.Append(html, done, html.Length - done).ToString();
    }

    // "?a=1&copy=2" is an address, no sign of copyright.
    private static string? Unended(string html, int at, out int length)
    {
        length = 0;
        var end = at + 1;
        while (end < html.Length && end - at < MaxName && char.IsAsciiLetterOrDigit(html[end])) end++;
        if (end < at + 3 || (end < html.Length && html[end] is '=' or ';')) return null;
        if (Named(html.AsSpan(at + 1, end - at - 1), end: "") is not { } decoded) return null;
        length = end - at;
        return decoded;
    }

    private static string? Named(ReadOnlySpan<char> name, string end)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c)) return null;
        }
        return HtmlEntityProvider.Resolver.GetSymbol(string.Concat(name, end));
    }

    private static string? Number(ReadOnlySpan<char> digits)
    {
        var hexadecimal = digits is ['x' or 'X', ..];
        if (hexadecimal) digits = digits[1..];
        if (digits.Length is 0 or > 8 || !int.TryParse(digits, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        return number > 0 && Rune.IsValid(number) ? new Rune(number).ToString() : "\ufffd";
    }
}
