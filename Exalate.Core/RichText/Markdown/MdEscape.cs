using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Keeps text from being taken for Markdown.</summary>
internal static class MdEscape
{
    /// <param name="text">As a person reads it.</param>
    /// <param name="before">What stands in front of it.</param>
    /// <param name="after">What stands behind it.</param>
    /// <param name="azure">Also from what Azure DevOps makes of numbers and formulas.</param>
    public static string Text(string text, char before, char after, bool azure = false)
    {
        var result = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var previous = i == 0 ? before : text[i - 1];
            var next = i + 1 < text.Length ? text[i + 1] : after;
            if (NeedsBackslash(c, previous, next, text, i) || (azure && MdAzure.NeedsBackslash(previous, c, next))) result.Append('\\');
            // A blank before the break would count, and one at the ends would be lost.
            result.Append(c);
        }
        return result.ToString();
    }

    private static bool NeedsBackslash(char c, char previous, char next, string text, int at) => c switch
    {
        '\\' => MdText.IsAsciiPunctuation(next) || next is '\n',
        '`' or '*' or '[' or ']' or '~' => true,
        '!' => next == '[',
        '_' => !(char.IsLetterOrDigit(previous) && char.IsLetterOrDigit(next)),
        // "@<id>" addresses a person in Azure DevOps: running text must not.
        '<' => char.IsAsciiLetter(next) || next is '/' or '!' or '?' || previous == '@',
        '&' => MdText.Entity(text, at, out _) is not null || at + 1 == text.Length,
        _ => false,
    };

    /// <summary>Signs that mean something at the start of a line only.</summary>
    public static string LineStarts(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++) lines[i] = LineStart(lines[i].TrimStart(' ', '\t'), i == 0);
        return string.Join('\n', lines);
    }

    private static string LineStart(string line, bool first)
    {
        if (line.Length == 0) return line;
        var c = line[0];
        switch (c)
        {
            case '#' or '>' or '|' or ':':
                return "\\" + line;
            case '-' or '+' or '=':
                return line.Length == 1 || line[1] is ' ' or '-' or '=' or '\t' || line.AsSpan().TrimEnd().Length == 1 ? "\\" + line : line;
        }
        if (c == '<' && MdHtml.Starts(line) is > 0 and var kind && (kind < 7 || first)) return "&#8203;" + line;
        if (!char.IsAsciiDigit(c)) return line;
        var digits = 1;
        while (digits < line.Length && digits < 10 && char.IsAsciiDigit(line[digits])) digits++;
        return digits < line.Length && line[digits] is '.' or ')' && (digits + 1 == line.Length || line[digits + 1] is ' ' or '\t')
            ? line[..digits] + "\\" + line[digits..]
            : line;
    }

    public static string Code(string text)
    {
        if (text.Length == 0) return "";
        int longest = 0, run = 0;
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        var fence = new string('`', longest + 1);
        var blank = text[0] == '`' || text[^1] == '`' || (text[0] == ' ' && text[^1] == ' ' && text.AsSpan().ContainsAnyExcept(' ')) ? " " : "";
        return fence + blank + text + blank + fence;
    }

    public static string Destination(string href)
    {
        if (href.Length == 0) return "<>";
        var plain = true;
        var open = 0;
        foreach (var c in href)
        {
            if (c == '(') open++;
            else if (c == ')' && --open < 0) plain = false;
            else if (c <= ' ' || c is '<' or '>') plain = false;
        }
        var escaped = new StringBuilder(href.Length);
        foreach (var c in href)
        {
            if (c is '\\' or '<' or '>') escaped.Append('\\');
            escaped.Append(c is '\n' ? ' ' : c);
        }
        var text = escaped.Replace("&", "&amp;").ToString();
        // A bare ampersand is no entity unless a name and a semicolon follow.
        if (!href.Contains(';')) text = text.Replace("&amp;", "&", StringComparison.Ordinal);
        return plain && open == 0 && href[0] != '<' ? text : "<" + text + ">";
    }

    public static string Title(string? title) =>
        string.IsNullOrEmpty(title) ? "" : $" \"{title.Replace('\n', ' ').Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("&", "&amp;", StringComparison.Ordinal)}\"";

    /// <summary>The name of an attachment as an address that no browser mistakes for a path or a scheme.</summary>
    public static string FileName(string name) => Uri.EscapeDataString(name);
}
