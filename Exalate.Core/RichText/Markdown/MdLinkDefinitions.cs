using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Targets that are named once in a document and used by name: <c>[label]: https://example.org "Title"</c>.</summary>
internal sealed class MdLinkDefinitions
{
    private const int MaxLabel = 999;

    private readonly Dictionary<string, MdTarget> _targets = new(StringComparer.OrdinalIgnoreCase);

    public bool IsEmpty => _targets.Count == 0;

    public MdTarget? Find(string label) => _targets.GetValueOrDefault(Normal(label));

    /// <summary>Takes the definitions a paragraph begins with out of it.</summary>
    public void TakeFrom(StringBuilder paragraph)
    {
        if (paragraph.Length == 0 || paragraph[0] != '[') return;
        var text = paragraph.ToString();
        var at = 0;
        while (at < text.Length && text[at] == '[' && Definition(text, ref at))
        {
        }
        if (at > 0) paragraph.Remove(0, at);
    }

    private bool Definition(string text, ref int start)
    {
        var label = Label(text, start);
        if (label <= 2 || start + label >= text.Length || text[start + label] != ':') return false;
        var name = text[(start + 1)..(start + label - 1)];
        // "[^1]: …" is GitHub's footnote, no address.
        if (string.IsNullOrWhiteSpace(name) || name[0] == '^') return false;
        var at = start + label + 1;
        MdTarget.SkipBlanks(text, ref at);
        if (MdTarget.Destination(text, ref at) is not { } href) return false;
        var end = at;
        MdTarget.SkipBlanks(text, ref at);
        var title = at > end ? MdTarget.Title(text, ref at) : null;
        if (title is null || !EndOfLine(text, ref at))
        {
            at = end;
            title = null;
            if (!EndOfLine(text, ref at)) return false;
        }
        _targets.TryAdd(Normal(name), new MdTarget(href, title));
        start = at;
        return true;
    }

    /// <summary>Length of "[…]" at this place; 0 when there is none.</summary>
    public static int Label(string text, int at)
    {
        var end = Math.Min(text.Length, at + MaxLabel);
        for (var i = at + 1; i < end; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '[') return 0;
            else if (text[i] == ']') return i - at + 1;
        }
        return 0;
    }

    private static bool EndOfLine(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        if (at >= text.Length) return true;
        if (text[at] != '\n') return false;
        at++;
        return true;
    }

    private static string Normal(string label) => string.Join(' ', label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("ẞ", "ss", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal);
}

/// <summary>Where a link leads.</summary>
internal sealed record MdTarget(string Href, string? Text)
{
    private const int MaxHref = 8_000;
    private const int MaxTitle = 1_000;
    private const int MaxParentheses = 32;

    public static void SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n') at++;
    }

    public static string? Destination(string text, ref int at)
    {
        if (at >= text.Length) return null;
        var end = Math.Min(text.Length, at + MaxHref);
        if (text[at] == '<')
        {
            for (var i = at + 1; i < end; i++)
            {
                if (text[i] == '\\') i++;
                else if (text[i] is '<' or '\n') return null;
                else if (text[i] == '>')
                {
                    var pointed = MdText.Unescape(text[(at + 1)..i]);
                    at = i + 1;
                    return pointed;
                }
            }
            return null;
        }
        var open = 0;
        var stop = at;
        for (; stop < end; stop++)
        {
            var c = text[stop];
            if (c <= ' ') break;
            if (c == '\\' && stop + 1 < end && MdText.IsAsciiPunctuation(text[stop + 1])) stop++;
            else if (c == '(' && ++open > MaxParentheses) return null;
            else if (c == ')' && --open < 0) break;
        }
        if (stop == at || open > 0) return null;
        var href = MdText.Unescape(text[at..Math.Min(stop, text.Length)]);
        at = stop;
        return href;
    }

    public static string? Title(string text, ref int at)
    {
        if (at >= text.Length || text[at] is not ('"' or '\'' or '(')) return null;
        var close = text[at] == '(' ? ')' : text[at];
        var end = Math.Min(text.Length, at + MaxTitle);
        for (var i = at + 1; i < end; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == close)
            {
                var title = MdText.Unescape(text[(at + 1)..i]);
                at = i + 1;
                return title;
            }
        }
        return null;
    }
}
