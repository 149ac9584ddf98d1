namespace Exalate.Core.RichText;

/// <summary>Where blocks of HTML begin and end in Markdown: the seven kinds of the specification.</summary>
internal static class MdHtml
{
    private static readonly HashSet<string> BlockTags = new(StringComparer.OrdinalIgnoreCase)
    {
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
        "html", "iframe", "legend", "li", "link", "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "search", "section",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
    };

    private static readonly HashSet<string> InlineTags = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "abbr", "acronym", "applet", "area", "audio", "b", "bdi", "bdo", "bgsound", "big", "blink", "br", "button", "canvas", "cite", "code", "data", "datalist",
        "del", "dfn", "em", "embed", "font", "hgroup", "i", "image", "img", "input", "ins", "kbd", "keygen", "label", "map", "mark", "marquee", "math", "meta", "meter",
        "nobr", "noembed", "noscript", "object", "output", "param", "picture", "plaintext", "pre", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script",
        "select", "slot", "small", "source", "span", "strike", "strong", "style", "sub", "sup", "svg", "template", "textarea", "time", "tt", "u", "var", "video", "wbr", "xmp",
    };

    private static readonly string[] RawTags = ["script", "pre", "style", "textarea"];

    /// <summary>True for the name of an element of HTML.</summary>
    public static bool IsTag(string name) => BlockTags.Contains(name) || InlineTags.Contains(name);

    /// <summary>True for one that stands on lines of its own.</summary>
    public static bool IsBlock(string name) => BlockTags.Contains(name) || name is "pre";

    /// <summary>1 to 7, or 0 when no block of HTML begins here.</summary>
    public static int Starts(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        if (text.StartsWith("<!--")) return 2;
        if (text.StartsWith("<?")) return 3;
        if (text.StartsWith("<![CDATA[")) return 5;
        if (text[1] == '!') return text.Length > 2 && char.IsAsciiLetter(text[2]) ? 4 : 0;
        var closing = text[1] == '/';
        var start = closing ? 2 : 1;
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '-')) end++;
        if (end == start) return 0;
        var name = text[start..end].ToString();
        var border = end == text.Length || text[end] is ' ' or '\t' or '>' || (text[end] == '/' && end + 1 < text.Length && text[end + 1] == '>');
        if (!closing && border && RawTags.Contains(name, StringComparer.OrdinalIgnoreCase)) return 1;
        if (border && BlockTags.Contains(name)) return 6;
        var length = MdText.TagLength(text);
        return length > 0 && text[length..].IsWhiteSpace() ? 7 : 0;
    }

    public static bool Ends(int kind, ReadOnlySpan<char> line) => kind switch
    {
        1 => ClosesRaw(line),
        2 => line.Contains("-->", StringComparison.Ordinal),
        3 => line.Contains("?>", StringComparison.Ordinal),
        4 => line.Contains('>'),
        5 => line.Contains("]]>", StringComparison.Ordinal),
        _ => false,
    };

    private static bool ClosesRaw(ReadOnlySpan<char> line)
    {
        foreach (var tag in RawTags)
        {
            if (line.Contains("</" + tag + ">", StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
