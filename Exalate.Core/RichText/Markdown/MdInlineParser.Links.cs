namespace Exalate.Core.RichText;

/// <summary>Links, pictures, addresses, tags and people.</summary>
internal sealed partial class MdInlineParser
{
    private readonly Stack<(string Name, int Item, MdFormat Format)> _tags = new();
    private bool _noCommentEnd;

    private void OpenBracket(bool image)
    {
        FlushPlain();
        var sign = image ? "![" : "[";
        if (_brackets.Count < MaxBrackets) _brackets.Add(new Bracket(_items.Count, _at + sign.Length, image, _delimiters.Count));
        _items.Add(new Item(sign));
        _at += sign.Length;
    }

    private void CloseBracket()
    {
        FlushPlain();
        if (_brackets.Count == 0)
        {
            Literal();
            return;
        }
        var index = _brackets.Count - 1;
        var bracket = _brackets[index];
        _brackets.RemoveAt(index);
        var dead = !bracket.IsImage && index < _deadBrackets;
        _deadBrackets = Math.Min(_deadBrackets, index);
        var at = _at + 1;
        if (dead || Target(bracket, ref at) is not { } target)
        {
            Literal();
            return;
        }
        Emphasis(bracket.Delimiters);
        if (bracket.IsImage)
        {
            Picture(bracket, target);
        }
        else
        {
            _items[bracket.Item].Text = "";
            // What must not be opened is no link; its text stays.
            if (SafeLink.Clean(target.Href) is { } href) _ranges.Add(bracket.Item + 1, _items.Count, new MdFormat { Href = href, Title = target.Text });
            // No links inside links: the brackets around this one are text.
            _deadBrackets = _brackets.Count;
        }
        _at = at;

        void Literal()
        {
            _items.Add(new Item("]"));
            _at++;
        }
    }

    private MdTarget? Target(Bracket bracket, ref int at)
    {
        if (at < _text.Length && _text[at] == '(' && InlineTarget(ref at) is { } target) return target;
        if (definitions.IsEmpty) return null;
        var label = at < _text.Length && _text[at] == '[' ? MdLinkDefinitions.Label(_text, at) : 0;
        if (label > 2)
        {
            var found = definitions.Find(_text[(at + 1)..(at + label - 1)]);
            if (found is not null) at += label;
            return found;
        }
        var length = _at - bracket.TextStart;
        if (length is <= 0 or > 999) return null;
        var byText = definitions.Find(_text[bracket.TextStart.._at]);
        if (byText is not null) at += label;
        return byText;
    }

    private MdTarget? InlineTarget(ref int start)
    {
        var at = start + 1;
        MdTarget.SkipBlanks(_text, ref at);
        if (at < _text.Length && _text[at] == ')')
        {
            start = at + 1;
            return new MdTarget("", null);
        }
        if (MdTarget.Destination(_text, ref at) is not { } href) return null;
        var end = at;
        MdTarget.SkipBlanks(_text, ref at);
        string? title = null;
        if (at > end && at < _text.Length && _text[at] != ')')
        {
            title = flavor == MarkdownFlavor.Azure ? Size(ref at) : null;
            title ??= MdTarget.Title(_text, ref at);
            if (title is null) return null;
            MdTarget.SkipBlanks(_text, ref at);
        }
        if (at >= _text.Length || _text[at] != ')') return null;
        start = at + 1;
        return new MdTarget(href, title);
    }

    // Azure's size of a picture: "=200x100", "=200x", "=x100".
    private string? Size(ref int at)
    {
        if (_text[at] != '=') return null;
        var end = at + 1;
        while (end < _text.Length && end - at < 14 && (char.IsAsciiDigit(_text[end]) || _text[end] is 'x' or '%')) end++;
        var size = _text[at..end];
        if (!size.Contains('x')) return null;
        at = end;
        return size;
    }

    private void Picture(Bracket bracket, MdTarget target)
    {
        var alt = new System.Text.StringBuilder();
        for (var i = bracket.Item + 1; i < _items.Count; i++)
        {
            alt.Append(_items[i].Inline is { } inline ? inline is Image image ? image.Label : RichNodes.DisplayText(inline) : _items[i].Text);
            _items[i] = new Item("");
        }
        _items[bracket.Item].Text = "";
        if (MdImages.Of(alt.ToString(), target, hooks, flavor) is { } picture) _items.Add(new Item("", picture));
        else _items.Add(new Item(alt.ToString()));
    }

    private void Angle()
    {
        if (Autolink() || Comment()) return;
        var length = MdText.TagLength(_text.AsSpan(_at));
        if (length == 0)
        {
            _plain.Append('<');
            _at++;
            return;
        }
        var tag = _text.Substring(_at, length);
        var lexer = new HtmlLexer(tag);
        _at += length;
        var kind = lexer.Next();
        // "List<String>", "<your name>": no tag of HTML, and without it a word would be missing.
        if (kind is HtmlTokenKind.StartTag or HtmlTokenKind.EndTag && lexer.Attributes.Count == 0 && !MdHtml.IsTag(lexer.Name))
        {
            _plain.Append(tag);
            return;
        }
        FlushPlain();
        if (kind is HtmlTokenKind.StartTag or HtmlTokenKind.EndTag && MdHtml.IsBlock(lexer.Name))
        {
            _cuts.Add((_items.Count, new HtmlTag(lexer.Name, lexer.Attributes, kind == HtmlTokenKind.EndTag, lexer.SelfClosing)));
            return;
        }
        switch (kind)
        {
            case HtmlTokenKind.StartTag:
                Tag(new HtmlElement(lexer.Name, lexer.Attributes), lexer.SelfClosing);
                break;
            case HtmlTokenKind.EndTag:
                CloseTag(lexer.Name);
                break;
        }
    }

    private bool Autolink()
    {
        var end = _at + 1;
        while (end < _text.Length && end - _at < 2_000 && _text[end] is not ('>' or '<' or ' ' or '\n')) end++;
        if (end >= _text.Length || _text[end] != '>') return false;
        var address = _text[(_at + 1)..end];
        if (MdAutolink.IsAddress(address)) LinkTo(address, SafeLink.Clean(address));
        else if (MdAutolink.IsMail(address)) LinkTo(address, "mailto:" + address);
        else return false;
        _at = end + 1;
        return true;
    }

    private void LinkTo(string text, string? href) => Atom(new TextRun(text, href is null ? Marks.None : new Marks { Href = href }));

    private bool Comment()
    {
        if (_at + 1 >= _text.Length || _text[_at + 1] is not ('!' or '?')) return false;
        if (_noCommentEnd) return false;
        // "<!-->" is a whole comment.
        var end = string.CompareOrdinal(_text, _at, "<!--", 0, 4) == 0 ? _text.IndexOf("-->", _at + 2, StringComparison.Ordinal) + 2
            : string.CompareOrdinal(_text, _at, "<![CDATA[", 0, 9) == 0 ? _text.IndexOf("]]>", _at + 9, StringComparison.Ordinal) + 2
            : _text[_at + 1] == '?' ? _text.IndexOf("?>", _at + 2, StringComparison.Ordinal) + 1
            : _at + 2 < _text.Length && char.IsAsciiLetter(_text[_at + 2]) ? _text.IndexOf('>', _at) : -1;
        if (end <= _at + 2)
        {
            _noCommentEnd = true;
            return false;
        }
        _at = end + 1;
        return true;
    }

    private void Tag(HtmlElement element, bool selfClosing)
    {
        if (element.Name == "br")
        {
            _items.Add(new Item("", new LineBreak()));
            return;
        }
        if (element.Name == "img")
        {
            if (new HtmlInlineReader(hooks, MdImages.Dialect(flavor)).ImageOf(element, CssStyle.Of(element)) is { } image) _items.Add(new Item("", image));
            else if (element["alt"] is { Length: > 0 } alt && !TrackingPixel.Is(HtmlNumbers.Pixels(element["width"]), HtmlNumbers.Pixels(element["height"]))) _items.Add(new Item(alt));
            return;
        }
        if (selfClosing || _tags.Count >= HtmlTree.MaxDepth) return;
        var marks = CssStyle.Of(element).Apply(Marks.Of(HtmlInlineReader.StyleOf(element.Name) ?? MarkStyle.None));
        _tags.Push((element.Name, _items.Count, new MdFormat
        {
            Style = marks.Style,
            Color = marks.Color ?? (element.Name == "font" ? Colors.Parse(element["color"]) : null),
            Background = marks.Background ?? (element.Name == "mark" ? "#ffff00" : null),
            Href = element.Name == "a" ? SafeLink.Clean(element["href"]) : null,
            Title = element.Name == "a" && element["title"] is { Length: > 0 } title ? title : null,
        }));
    }

    private void CloseTag(string name)
    {
        if (_tags.All(t => t.Name != name)) return;
        while (_tags.TryPop(out var tag))
        {
            _ranges.Add(tag.Item, _items.Count, tag.Format);
            if (tag.Name == name) return;
        }
    }

    private bool Person()
    {
        // @<8-4-4-4-12>
        const int Length = 39;
        if (_at + Length > _text.Length || _text[_at + 1] != '<' || _text[_at + Length - 1] != '>') return false;
        var id = _text.Substring(_at + 2, 36);
        if (!Guid.TryParseExact(id, "D", out _)) return false;
        Atom(new Mention(id, hooks.FindName?.Invoke(id) ?? Mention.Unknown, hooks.Realm ?? AzureHtmlWriter.Dialect));
        _at += Length;
        return true;
    }

    private bool BareLink(char c)
    {
        if (c is not ('h' or 'H' or 'w' or 'W')) return false;
        if (!MdBareLinks.Begins(_text, _at)) return false;
        var length = MdBareLinks.Length(_text.AsSpan(_at), inBrackets: _brackets.Count > 0);
        if (length == 0) return false;
        var address = _text.Substring(_at, length);
        // The text of a link, with signs in it that are written with a backslash.
        if (_brackets.Count > 0 && address.Contains('\\')) return false;
        LinkTo(address, SafeLink.Clean(MdBareLinks.Href(address)));
        _at += length;
        return true;
    }
}
