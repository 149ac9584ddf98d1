namespace Exalate.Core.RichText;

/// <summary>Addresses in running text, as GitHub links them: no brackets around them.</summary>
internal static class MdBareLinks
{
    private const int MaxLength = 4_000;
    private const string Mailto = "mailto:";

    /// <summary>An address in a text, and where a link on it leads.</summary>
    internal readonly record struct Found(int Start, int Length, string Href);

    /// <summary>Every address of the web and of mail that is linked without being marked as a link.</summary>
    public static List<Found> In(string text)
    {
        var found = new List<Found>();
        var done = 0;
        for (var at = text.AsSpan().IndexOfAny("hHwW@"); at >= 0; at = Next(text, at + 1))
        {
            if (at < done) continue;
            if (text[at] == '@')
            {
                if (Mail(text, at, done) is not { } mail) continue;
                found.Add(mail);
                done = mail.Start + mail.Length;
            }
            else if (Begins(text, at) && Length(text.AsSpan(at), inBrackets: false) is > 0 and var length)
            {
                var address = text.Substring(at, length);
                done = at + length;
                if (SafeLink.Clean(Href(address)) is { } href) found.Add(new Found(at, length, href));
            }
        }
        return found;
    }

    /// <summary>Addresses of mail in runs of text that are no links become links.</summary>
    public static NodeList<RichInline> WithMail(NodeList<RichInline> line)
    {
        if (!line.Any(i => IsPlain(i) && ((TextRun)i).Text.Contains('@', StringComparison.Ordinal))) return line;
        return line.SelectMany(i => IsPlain(i) ? Split((TextRun)i, MailIn(((TextRun)i).Text)) : [i]).ToNodeList();
    }

    /// <summary>The run in pieces: what a reader will take for an address is a link.</summary>
    public static IEnumerable<RichInline> Linked(RichInline inline) => IsPlain(inline) ? Split((TextRun)inline, In(((TextRun)inline).Text)) : [inline];

    /// <summary>True where an address may begin: not inside a word or another address.</summary>
    public static bool Begins(string text, int at) =>
        at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '/' or ':' or '.' or '@' or '-');

    public static string Href(string address) => address[0] is 'w' or 'W' ? "http://" + address : address;

    /// <summary>Length of the address the text begins with; 0 when it does not.</summary>
    public static int Length(ReadOnlySpan<char> text, bool inBrackets)
    {
        var prefix = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? 4 : 0;
        if (prefix == 0 || text.Length == prefix || !char.IsLetterOrDigit(text[prefix])) return 0;
        var end = prefix;
        while (end < text.Length && end < MaxLength && text[end] > ' ' && text[end] is not ('<' or '>' or '|' or '\u00a0' or '`' or '*') && !(inBrackets && text[end] == ']')) end++;
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
            else if (c == ';') end -= EntityBefore(text[..(end - 1)]);
            else if (c is not ('?' or '!' or '.' or ',' or ':' or '*' or '_' or '~' or '\'' or '"' or ']' or '\\')) break;
            end--;
        }
        return end;
    }

    // "&amp;" at the end is no part of the address.
    private static int EntityBefore(ReadOnlySpan<char> text)
    {
        var start = text.Length;
        while (start > 0 && text.Length - start < 32 && char.IsAsciiLetterOrDigit(text[start - 1])) start--;
        return start > 0 && start < text.Length && text[start - 1] == '&' ? text.Length - start + 1 : 0;
    }

    private static bool IsPlain(RichInline inline) => inline is TextRun && inline.Marks.Href is null && !inline.Marks.Has(MarkStyle.Code);

    private static int Next(string text, int from)
    {
        var at = text.AsSpan(from).IndexOfAny("hHwW@");
        return at < 0 ? -1 : from + at;
    }

    private static List<Found> MailIn(string text)
    {
        var found = new List<Found>();
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
        {
            if (Mail(text, at, found.Count == 0 ? 0 : found[^1].Start + found[^1].Length) is { } mail) found.Add(mail);
        }
        return found;
    }

    private static Found? Mail(string text, int at, int from)
    {
        var start = at;
        while (start > from && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '+' or '-')) start--;
        if (start == at || (start > from && text[start - 1] == '/')) return null;
        var end = at + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_' or '-')) end++;
        while (end > at + 1 && text[end - 1] == '.') end--;
        var domain = text.AsSpan(at + 1, end - at - 1);
        if (domain.IsEmpty || domain[0] == '.' || domain.IndexOf('.') < 0 || domain.Contains("..", StringComparison.Ordinal) || domain[^1] is '-' or '_') return null;
        // Whole addresses of another kind hold an "@" too.
        if (end < text.Length && text[end] is '@' or '/') return null;
        if (start - Mailto.Length >= from && string.Compare(text, start - Mailto.Length, Mailto, 0, Mailto.Length, StringComparison.OrdinalIgnoreCase) == 0)
            return new Found(start - Mailto.Length, end - start + Mailto.Length, text[(start - Mailto.Length)..end]);
        return start > from && char.IsLetterOrDigit(text[start - 1]) ? null : new Found(start, end - start, Mailto + text[start..end]);
    }

    private static IEnumerable<RichInline> Split(TextRun run, List<Found> found)
    {
        if (found.Count == 0) return [run];
        var parts = new List<RichInline>();
        var done = 0;
        foreach (var (start, length, href) in found)
        {
            if (start > done) parts.Add(run with { Text = run.Text[done..start] });
            parts.Add(run with { Text = run.Text.Substring(start, length), Marks = run.Marks with { Href = href } });
            done = start + length;
        }
        if (done < run.Text.Length) parts.Add(run with { Text = run.Text[done..] });
        return parts;
    }
}
