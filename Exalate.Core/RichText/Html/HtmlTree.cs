namespace Exalate.Core.RichText;

internal abstract class HtmlNode;

internal sealed class HtmlText(string text) : HtmlNode
{
    public string Text { get; } = text;
}

internal sealed class HtmlElement(string name, List<KeyValuePair<string, string>> attributes) : HtmlNode
{
    public string Name { get; } = name;

    public List<KeyValuePair<string, string>> Attributes { get; } = attributes;

    public List<HtmlNode> Children { get; } = [];

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

    private readonly List<HtmlElement> _open;
    private readonly Dictionary<string, int> _ignored = [];

    private HtmlTree(HtmlElement root) => _open = [root];

    public static HtmlElement Parse(string html)
    {
        var root = new HtmlElement("#root", []);
        var tree = new HtmlTree(root);
        var lexer = new HtmlLexer(html);
        while (true)
        {
            switch (lexer.Next())
            {
                case HtmlTokenKind.End:
                    return root;
                case HtmlTokenKind.Text:
                    tree.Current.Children.Add(new HtmlText(lexer.Text));
                    break;
                case HtmlTokenKind.StartTag:
                    tree.Start(lexer.Name, lexer.Attributes, lexer.SelfClosing);
                    break;
                case HtmlTokenKind.EndTag:
                    tree.End(lexer.Name);
                    break;
            }
        }
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
        if (_open.Count >= MaxDepth)
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
        if (ClosesParagraph.Contains(name) && Find("p") is > 0 and var p) CloseTo(p, reopen: true);
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
