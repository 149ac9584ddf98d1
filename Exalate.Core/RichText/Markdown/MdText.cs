using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Small questions about Markdown text.</summary>
internal static class MdText
{
    private const int MaxTag = 4_000;

    public static bool IsPunctuation(char c) => char.IsPunctuation(c) || char.IsSymbol(c);

    public static bool IsAsciiPunctuation(char c) => c is >= '!' and <= '/' or >= ':' and <= '@' or >= '[' and <= '`' or >= '{' and <= '~';

    /// <summary>Without backslashes before signs, and with entities as what they stand for.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\') && !text.Contains('&')) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && IsAsciiPunctuation(text[i + 1]))
            {
                result.Append(text[++i]);
            }
            else if (text[i] == '&' && Entity(text, i, out var length) is { } decoded)
            {
                result.Append(decoded);
                i += length - 1;
            }
            else
            {
                result.Append(text[i]);
            }
        }
        return result.ToString();
    }

    /// <summary>What an entity at this place stands for, or null when there is none.</summary>
    public static string? Entity(string text, int at, out int length) =>
        // A line break that is written as an entity is a blank like the one in the text.
        HtmlEntities.At(text, at, out length) is { } decoded ? TextClean.Line(decoded is "\n" or "\r" ? " " : decoded) : null;

    /// <summary>Length of the complete open or closing tag that the text begins with; 0 when it does not.</summary>
    public static int TagLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[0] != '<') return 0;
        if (text.Length > MaxTag) text = text[..MaxTag];
        var i = text[1] == '/' ? 2 : 1;
        if (i >= text.Length || !char.IsAsciiLetter(text[i])) return 0;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-')) i++;
        if (text[1] == '/')
        {
            while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
            return i < text.Length && text[i] == '>' ? i + 1 : 0;
        }
        while (true)
        {
            var before = i;
            while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
            if (i >= text.Length) return 0;
            if (text[i] == '>') return i + 1;
            if (text[i] == '/') return i + 1 < text.Length && text[i + 1] == '>' ? i + 2 : 0;
            if (i == before || !(char.IsAsciiLetter(text[i]) || text[i] is '_' or ':')) return 0;
            while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or ':' or '.' or '-')) i++;
            if (!Value(text, ref i)) return 0;
        }
    }

    private static bool Value(ReadOnlySpan<char> text, ref int i)
    {
        var at = i;
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        if (at >= text.Length || text[at] != '=') return true;
        at++;
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        if (at >= text.Length) return false;
        if (text[at] is '"' or '\'')
        {
            var end = text[(at + 1)..].IndexOf(text[at]);
            if (end < 0) return false;
            i = at + end + 2;
            return true;
        }
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('"' or '\'' or '=' or '<' or '>' or '`')) at++;
        i = at;
        return at > start;
    }
}
