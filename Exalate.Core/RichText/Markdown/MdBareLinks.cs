namespace Exalate.Core.RichText;

/// <summary>Addresses in running text, as GitHub links them: no brackets around them.</summary>
internal static class MdBareLinks
{
    private const int MaxLength = 4_000;

    /// <summary>Length of the address the text begins with; 0 when it does not.</summary>
    public static int Length(ReadOnlySpan<char> text, bool inBrackets)
    {
        var prefix = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? 4 : 0;
        if (prefix == 0 || text.Length == prefix || !char.IsLetterOrDigit(text[prefix])) return 0;
        var end = prefix;
        while (end < text.Length && end < MaxLength && text[end] > ' ' && text[end] is not ('<' or '|' or '\u00a0' or '`' or '*') && !(inBrackets && text[end] == ']')) end++;
        end = TrimmedEnd(text, end);
        if (end <= prefix) return 0;
        return prefix == 4 && !text[4..end].Contains('.') ? 0 : end;
    }

    // Signs at the end belong to the sentence; a closing bracket too, unless it was opened inside.
    private static int TrimmedEnd(ReadOnlySpan<char> text, int end)
    {
        int open = 0, close = 0;
        foreach (var c in text[..end])
        {
            if (c == '(') open++;
            else if (c == ')') close++;
        }
        while (end > 0)
        {
            var c = text[end - 1];
            if (c == ')' && close > open) close--;
            else if (c is not ('?' or '!' or '.' or ',' or ':' or '*' or '_' or '~' or '\'' or '"' or ']' or ';' or '\\')) break;
            end--;
        }
        return end;
    }
}
