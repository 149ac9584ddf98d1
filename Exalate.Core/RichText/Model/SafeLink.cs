using System.Buffers;

namespace Exalate.Core.RichText;

/// <summary>Decides which addresses may pass from one system into another one's pages.</summary>
public static class SafeLink
{
    private const int MaxLength = 8_000;

    private static readonly string[] Schemes = ["http", "https", "mailto", "tel", "ftp", "ftps", "sftp", "sip", "sips", "xmpp", "news", "git", "ssh", "callto", "geo"];

    private static readonly string[] Dangerous = ["javascript:", "vbscript:", "data:"];

    private static readonly SearchValues<char> SchemeEnd = SearchValues.Create(":/?#");

    /// <summary>
    /// The address without surrounding blanks, or null when it must not pass. Harmless schemes only; an address without a scheme is
    /// taken when it can't be mistaken for one ("/browse/TEST-1", "#part", "notes.txt").
    /// </summary>
    public static string? Clean(string? href)
    {
        if (href is null) return null;
        href = Squeezed(href);
        if (href.Length is 0 or > MaxLength) return null;
        var end = href.AsSpan().IndexOfAny(SchemeEnd);
        if (end < 0 || href[end] != ':') return href;
        var scheme = href.AsSpan(0, end);
        foreach (var allowed in Schemes)
        {
            if (scheme.Equals(allowed, StringComparison.OrdinalIgnoreCase)) return href;
        }
        return null;
    }

    /// <summary>As <see cref="Clean"/>, for whole addresses only: what a reader outside the page could open.</summary>
    public static string? CleanAbsolute(string? href) =>
        Clean(href) is { } safe && safe.AsSpan().IndexOfAny(SchemeEnd) is >= 0 and var end && safe[end] == ':' ? safe : null;

    /// <summary>Web addresses only: what a picture may be loaded from.</summary>
    public static string? CleanWeb(string? href) =>
        Clean(href) is { } safe && (safe.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || safe.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ? safe
            : null;

    /// <summary>True for a text that would run or load something from itself, were it an address; for attributes of which it is not known what they do.</summary>
    internal static bool IsDangerous(string value)
    {
        var squeezed = Squeezed(value);
        return Array.Exists(Dangerous, scheme => squeezed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }

    // Browsers ignore control characters and line breaks inside a scheme ("java\nscript:"): so do we, before looking. Blanks within the address are encoded.
    private static string Squeezed(string href)
    {
        var trimmed = href.AsSpan().Trim();
        var clean = true;
        foreach (var c in trimmed)
        {
            if (c <= ' ' || char.IsControl(c) || c is '\u200b' or '\ufeff' or '\u2028' or '\u2029') clean = false;
        }
        if (clean) return trimmed.Length == href.Length ? href : trimmed.ToString();
        var text = new System.Text.StringBuilder(trimmed.Length);
        foreach (var c in trimmed)
        {
            if (c == ' ') text.Append("%20");
            else if (c > ' ' && !char.IsControl(c) && c is not ('\u200b' or '\ufeff' or '\u2028' or '\u2029')) text.Append(c);
        }
        return text.ToString();
    }
}
