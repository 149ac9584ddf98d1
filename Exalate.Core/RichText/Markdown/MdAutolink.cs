namespace Exalate.Core.RichText;

/// <summary>Links whose words are their address: written without brackets, or in angle ones.</summary>
internal static class MdAutolink
{
    /// <summary>The short form, or null when the link needs the long one.</summary>
    /// <param name="words">What is shown.</param>
    /// <param name="href">Where it leads.</param>
    /// <param name="before">What stands in front of it.</param>
    /// <param name="after">What stands behind it.</param>
    public static string? Of(string words, string href, char before, char after)
    {
        var found = MdBareLinks.In(words);
        var bare = found.Count == 1 && found[0].Length == words.Length && found[0].Href == href;
        var mail = href == "mailto:" + words;
        if (words.Contains('&', StringComparison.Ordinal) && words.Contains(';', StringComparison.Ordinal)) return null;
        if (bare && (char.IsWhiteSpace(before) || before == '(') && char.IsWhiteSpace(after) && (!words.Contains('@', StringComparison.Ordinal) || MdEscape.Text(words, before, after) == words)) return words;
        if (href == words ? IsAddress(words) : mail && IsMail(words)) return "<" + words + ">";
        return null;
    }

    /// <summary>True for an address with a scheme that may stand in angle brackets.</summary>
    public static bool IsAddress(ReadOnlySpan<char> text)
    {
        var scheme = text.IndexOf(':');
        if (scheme is < 2 or > 32 || !char.IsAsciiLetter(text[0])) return false;
        foreach (var c in text[..scheme])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '.' or '-')) return false;
        }
        foreach (var c in text[scheme..])
        {
            if (c <= ' ' || c is '<' or '>' or '\u007f') return false;
        }
        return true;
    }

    /// <summary>True for an address of mail that may stand in angle brackets.</summary>
    public static bool IsMail(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        if (at <= 0) return false;
        foreach (var c in text[..at])
        {
            if (!char.IsAsciiLetterOrDigit(c) && !".!#$%&'*+/=?^_`{|}~-".Contains(c)) return false;
        }
        foreach (var label in text[(at + 1)..].Split('.'))
        {
            var name = text[(at + 1)..][label];
            if (name.Length is 0 or > 63 || name[0] == '-' || name[^1] == '-') return false;
            foreach (var c in name)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
            }
        }
        return true;
    }
}
