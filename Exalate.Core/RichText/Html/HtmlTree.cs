namespace Exalate.Core.RichText;

internal abstract class HtmlNode;

internal sealed class HtmlText(string text) : HtmlNode
{
    public string Text { get; } = text;
}

/// <summary>A block that was read before, at its place in the HTML: Markdown between tags.</summary>
/// <param name="block">Null: a border between two stretches of text, such as a blank line.</param>
internal sealed class HtmlGraft(RichBlock? block) : HtmlNode
{
    public RichBlock? Block { get; } = block;

    /// <summary>Its words, where only words may stand.</summary>
    public string Text => Block is null ? "\n" : string.Join('\n', PlainTextWriter.Lines([Block], tight: true)) + "\n";
}

/// <summary>A tag alone.</summary>
internal sealed record HtmlTag(string Name, List<KeyValuePair<string, string>> Attributes, bool Closes, bool SelfClosing);

internal sealed class HtmlElement(string name, List<KeyValuePair<string, string>> attributes) : HtmlNode
{
    public string Name { get; } = name;

    public List<KeyValuePair<string, string>> Attributes { get; } = attributes;

    public List<HtmlNode> Children { get; } = [];

    /// <summary>True when Markdown stands inside: that is never passed over, whatever the element is.</summary>
    public bool HoldsGrafts { get; set; }

    public string? this[string attribute]
    {
        get
        {
            foreach (var (name, value) in Attributes)
            {
                if (name == attribute) return value;
            }
            return null;
        }
    }

    /// <summary>All text inside.</summary>
    public string InnerText()
    {
        var text = new System.Text.StringBuilder();
        Collect(this, text);
        return text.ToString();
    }

    private static void Collect(HtmlElement element, System.Text.StringBuilder text)
    {
        foreach (var child in element.Children)
        {
            if (child is HtmlText run) text.Append(run.Text);
            else if (child is HtmlElement { Name: "br" }) text.Append('\n');
            else if (child is HtmlElement inner) Collect(inner, text);
            else if (child is HtmlGraft graft) text.Append(graft.Text);
        }
    }
}

/// <summary>
/// Builds a tree of HTML of any quality: closes what the standard closes by itself, opens formats again that were closed in the wrong order,
/// never nests deeper than <see cref="MaxDepth"/> and does a bounded amount of work for each tag.
/// </summary>
internal sealed class HtmlTree
{
    public const int MaxDepth = 240;

    private const int MaxReopened = 8;

    private static readonly HashSet<string> Void = ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "param", "source", "track", "wbr"];

    private static readonly HashSet<string> Formats =
        ["a", "b", "big", "code", "em", "font", "i", "ins", "del", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "mark", "kbd"];

    private static readonly HashSet<string> ClosesParagraph =
    [
        "address", "article", "aside", "blockquote", "center", "details", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
    ];

    private readonly List<HtmlElement> _open = [new HtmlElement("#root", [])];
    private readonly Dictionary<string, int> _ignored = [];
    private readonly int _maxDepth;

    /// <param name="maxDepth">Tags that would nest deeper are passed over; their content stays.</param>
    public HtmlTree(int maxDepth = MaxDepth) => _maxDepth = maxDepth;

    public HtmlElement Root => _open[0];

    /// <summary>How many elements are open.</summary>
    public int Depth => _open.Count - 1;

    public static HtmlElement Parse(string html)
    {
        var tree = new HtmlTree();
        tree.Add(html);
        return tree.Root;
    }

    /// <summary>More HTML, into what is open.</summary>
    public void Add(string html)
    {
        if (Depth > 0 || Root.Children.Count > 0) Current.Children.Add(new HtmlGraft(null));
        // As browsers do before they read: line ends are one sign, and what marks the order of bytes is no text.
        var lexer = new HtmlLexer(html.TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\f', ' '));
        while (true)
        {
            switch (lexer.Next())
            {
                case HtmlTokenKind.End:
                    return;
                case HtmlTokenKind.Text:
                    Current.Children.Add(new HtmlText(lexer.Text));
                    break;
                case HtmlTokenKind.StartTag:
                    Start(lexer.Name, lexer.Attributes, lexer.SelfClosing);
                    break;
                case HtmlTokenKind.EndTag:
                    End(lexer.Name);
                    break;
            }
        }
    }

    public void Add(HtmlTag tag)
    {
        if (tag.Closes) End(tag.Name);
        else Start(tag.Name, tag.Attributes, tag.SelfClosing);
    }

    /// <summary>A block that was read before, into what is open.</summary>
    public void Add(RichBlock block)
    {
        EndParagraph();
        Current.Children.Add(new HtmlGraft(block));
        for (var i = _open.Count - 1; i > 0 && !_open[i].HoldsGrafts; i--) _open[i].HoldsGrafts = true;
    }

    private HtmlElement Current => _open[^1];

    private void Start(string name, List<KeyValuePair<string, string>> attributes, bool selfClosing)
    {
        CloseImplied(name);
        var element = new HtmlElement(name, attributes);
        if (Void.Contains(name) || selfClosing)
        {
            Current.Children.Add(element);
            return;
        }
        if (_open.Count >= _maxDepth)
        {
            _ignored[name] = _ignored.GetValueOrDefault(name) + 1;
            return;
        }
        Current.Children.Add(element);
        _open.Add(element);
    }

    private void End(string name)
    {
        if (_ignored.TryGetValue(name, out var ignored) && ignored > 0)
        {
            _ignored[name] = ignored - 1;
            return;
        }
        if (name is "br" or "p" && Find(name) < 0)
        {
            Current.Children.Add(new HtmlElement(name, []));
            return;
        }
        var at = Find(name);
        if (at > 0) CloseTo(at, reopen: Formats.Contains(name) || name is "p");
    }

    private void CloseImplied(string name)
    {
        if (ClosesParagraph.Contains(name)) EndParagraph();
        switch (name)
        {
            case "li":
                CloseWithin("li", "ul", "ol", "menu");
                break;
            case "dt" or "dd":
                CloseWithin("dt", "dl");
                CloseWithin("dd", "dl");
                break;
            case "td" or "th":
                CloseWithin("td", "table", "tr");
                CloseWithin("th", "table", "tr");
                break;
            case "tr":
                CloseWithin("tr", "table");
                break;
            case "tbody" or "thead" or "tfoot":
                CloseWithin("tbody", "table");
                CloseWithin("thead", "table");
                CloseWithin("tfoot", "table");
                break;
            case "a" when Find("a") is > 0 and var a:
                CloseTo(a, reopen: true);
                break;
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6" when Current.Name is "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                _open.RemoveAt(_open.Count - 1);
                break;
        }
    }

    private void EndParagraph()
    {
        if (Find("p") is > 0 and var p) CloseTo(p, reopen: true);
    }

    private void CloseWithin(string name, params ReadOnlySpan<string> borders)
    {
        for (var i = _open.Count - 1; i > 0; i--)
        {
            if (_open[i].Name == name)
            {
                CloseTo(i, reopen: false);
                return;
            }
            if (borders.Contains(_open[i].Name)) return;
        }
    }

    // Cells are walls: what is opened in one is not closed from another.
    private int Find(string name)
    {
        for (var i = _open.Count - 1; i > 0; i--)
        {
            var open = _open[i].Name;
            if (open == name) return i;
            if (open is "td" or "th" && name is not ("table" or "tr" or "tbody" or "thead" or "tfoot")) return -1;
            if (open is "table" && name is not ("div" or "body" or "html")) return -1;
            if (name is "p" && open is "li" or "blockquote" or "details") return -1;
        }
        return -1;
    }

    private void CloseTo(int index, bool reopen)
    {
        List<HtmlElement>? again = null;
        if (reopen)
        {
            for (var i = index + 1; i < _open.Count; i++)
            {
                if (Formats.Contains(_open[i].Name)) (again ??= []).Add(_open[i]);
            }
        }
        _open.RemoveRange(index, _open.Count - index);
        if (again is null) return;
        foreach (var format in again.Skip(Math.Max(0, again.Count - MaxReopened)))
        {
            var copy = new HtmlElement(format.Name, format.Attributes);
            Current.Children.Add(copy);
            _open.Add(copy);
        }
    }
}
