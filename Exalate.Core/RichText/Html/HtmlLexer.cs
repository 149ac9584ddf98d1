namespace Exalate.Core.RichText;

internal enum HtmlTokenKind
{
    End,
    Text,
    StartTag,
    EndTag,
}

/// <summary>
/// Cuts HTML of any quality into tags and decoded text, in one pass. Written for this purpose, since a document may be a megabyte of
/// unclosed tags: general parsers look back through everything that is open, again for each tag.
/// </summary>
internal sealed class HtmlLexer(string html)
{
    private const int MaxAttributes = 60;

    private static readonly string[] Skipped = ["script", "style", "noscript", "template", "iframe", "noembed", "noframes", "xmp", "svg", "math", "title", "textarea", "select"];

    private readonly int _lastClose = html.LastIndexOf('>');
    private readonly int _lastDouble = html.LastIndexOf('"');
    private readonly int _lastSingle = html.LastIndexOf('\'');
    private int _at;

    public string Text { get; private set; } = "";

    /// <summary>Lower case.</summary>
    public string Name { get; private set; } = "";

    public bool SelfClosing { get; private set; }

    public List<KeyValuePair<string, string>> Attributes { get; private set; } = [];

    public HtmlTokenKind Next()
    {
        while (_at < html.Length)
        {
            var open = NextTag(_at);
            if (open > _at || open < 0)
            {
                var end = open < 0 ? html.Length : open;
                Text = Decode(html[_at..end]);
                _at = end;
                return HtmlTokenKind.Text;
            }
            if (html[_at + 1] is '!' or '?')
            {
                SkipMarkup();
                continue;
            }
            var closing = html[_at + 1] == '/';
            _at += closing ? 2 : 1;
            ReadTag();
            if (!closing && !SelfClosing && Skipped.Contains(Name))
            {
                SkipElement(Name);
                continue;
            }
            return closing ? HtmlTokenKind.EndTag : HtmlTokenKind.StartTag;
        }
        return HtmlTokenKind.End;
    }

    // Where the next tag or comment begins; a "<" that begins neither is text. -1: no more.
    private int NextTag(int from)
    {
        while (true)
        {
            var at = html.IndexOf('<', from);
            if (at < 0 || at + 1 >= html.Length || at > _lastClose) return -1;
            var c = html[at + 1];
            if (char.IsAsciiLetter(c) || c is '!' or '?' || (c == '/' && at + 2 < html.Length && char.IsAsciiLetter(html[at + 2]))) return at;
            from = at + 1;
        }
    }

    private void SkipMarkup()
    {
        var comment = string.CompareOrdinal(html, _at, "<!--", 0, 4) == 0;
        if (string.CompareOrdinal(html, _at, "<![CDATA[", 0, 9) == 0)
        {
            Past("]]>", _at + 9);
            return;
        }
        if (comment) Past("-->", _at + 4);
        else Past(">", _at + 2);

        void Past(string end, int from)
        {
            var at = from > html.Length ? -1 : html.IndexOf(end, from, StringComparison.Ordinal);
            _at = at < 0 ? html.Length : at + end.Length;
        }
    }

    private void SkipElement(string name)
    {
        var end = html.IndexOf("</" + name, _at, StringComparison.OrdinalIgnoreCase);
        if (end < 0)
        {
            _at = html.Length;
            return;
        }
        var close = html.IndexOf('>', end);
        _at = close < 0 ? html.Length : close + 1;
    }

    private void ReadTag()
    {
        var start = _at;
        while (_at < html.Length && html[_at] is not ('>' or '/' or '<') && !char.IsWhiteSpace(html[_at])) _at++;
        Name = html[start.._at].ToLowerInvariant();
        Attributes = [];
        SelfClosing = false;
        while (_at < html.Length)
        {
            var c = html[_at];
            if (c == '>')
            {
                _at++;
                return;
            }
            // The tag was never closed; the next one begins here.
            if (c == '<') return;
            if (c == '/' || char.IsWhiteSpace(c))
            {
                SelfClosing = c == '/' && _at + 1 < html.Length && html[_at + 1] == '>';
                _at++;
                continue;
            }
            ReadAttribute();
        }
    }

    private void ReadAttribute()
    {
        var start = _at++;
        while (_at < html.Length && html[_at] is not ('=' or '>' or '/' or '<') && !char.IsWhiteSpace(html[_at])) _at++;
        var name = html[start.._at].ToLowerInvariant();
        while (_at < html.Length && char.IsWhiteSpace(html[_at])) _at++;
        var value = "";
        if (_at < html.Length && html[_at] == '=')
        {
            _at++;
            while (_at < html.Length && char.IsWhiteSpace(html[_at])) _at++;
            value = ReadValue();
        }
        if (Attributes.Count < MaxAttributes) Attributes.Add(KeyValuePair.Create(name, Decode(value)));
    }

    private string ReadValue()
    {
        if (_at >= html.Length) return "";
        var quote = html[_at];
        if ((quote == '"' && _at < _lastDouble) || (quote == '\'' && _at < _lastSingle))
        {
            var end = html.IndexOf(quote, _at + 1);
            var quoted = html[(_at + 1)..end];
            _at = end + 1;
            return quoted;
        }
        var start = _at;
        while (_at < html.Length && html[_at] != '>' && !char.IsWhiteSpace(html[_at])) _at++;
        return html[start.._at].Trim('"', '\'');
    }

    private static string Decode(string text) => TextClean.Line(HtmlEntities.Decode(text));
}
