namespace Exalate.Core.RichText;

/// <summary>One reading of an Asana fragment.</summary>
internal sealed class AsanaBlockReader(RichTextHooks hooks)
{
    public const string Dialect = "asana";

    private readonly string _realm = hooks.Realm ?? Dialect;

    public NodeList<RichBlock> Read(HtmlElement root) => Content(root, Marks.None, 0);

    private NodeList<RichBlock> Content(HtmlElement element, Marks marks, int depth)
    {
        var flow = new LineFlow();
        Children(element, marks, flow, depth);
        return flow.Take();
    }

    private void Children(HtmlElement element, Marks marks, LineFlow flow, int depth)
    {
        foreach (var child in element.Children)
        {
            if (child is HtmlText text) flow.Text(text.Text, marks);
            else if (child is HtmlElement inner) Element(inner, marks, flow, depth + 1);
        }
    }

    private void Element(HtmlElement element, Marks marks, LineFlow flow, int depth)
    {
        switch (element.Name)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                flow.Block(new Heading(element.Name[1] - '0', Line(element, marks, depth)));
                break;
            case "ul" or "ol":
                if (List(element, depth) is { } list) flow.Block(list);
                break;
            case "blockquote":
                flow.Block(QuoteForms.Raise(new Quote(LineLists.Raise(Content(element, Marks.None, depth)))));
                break;
            case "pre":
                flow.Block(new CodeBlock(element.InnerText()));
                break;
            case "hr":
                flow.Block(new Rule());
                break;
            case "table":
                flow.Block(TableOf(element, depth));
                break;
            case "img":
                Picture(element, marks, flow);
                break;
            case "a":
                Link(element, marks, flow, depth);
                break;
            case "br":
                flow.Text("\n", marks);
                break;
            case "p" or "div" or "li" or "td" or "tr":
                flow.BreakParagraph();
                Children(element, marks, flow, depth);
                flow.BreakParagraph();
                break;
            case "object":
                Unknown(element, marks, flow);
                break;
            case "body" or "html" or "span" or "tbody" or "thead" or "font":
                Children(element, marks, flow, depth);
                break;
            default:
                if (StyleOf(element.Name) is { } style) Children(element, marks.With(style), flow, depth);
                else if (AsanaRaw.MayStay(element)) Unknown(element, marks, flow);
                else Children(element, marks, flow, depth);
                break;
        }
    }

    private static MarkStyle? StyleOf(string name) => name switch
    {
        "strong" or "b" => MarkStyle.Bold,
        "em" or "i" => MarkStyle.Italic,
        "u" or "ins" => MarkStyle.Underline,
        "s" or "del" or "strike" => MarkStyle.Strike,
        "code" or "tt" => MarkStyle.Code,
        "sub" => MarkStyle.Sub,
        "sup" => MarkStyle.Sup,
        _ => null,
    };

    private NodeList<RichInline> Line(HtmlElement element, Marks marks, int depth)
    {
        var flow = new LineFlow();
        Children(element, marks, flow, depth);
        return flow.TakeLine();
    }

    private ListBlock? List(HtmlElement element, int depth)
    {
        var items = new List<ListItem>();
        foreach (var child in element.Children)
        {
            if (child is HtmlElement { Name: "ul" or "ol" } loose)
            {
                // Some editors put a nested list beside the item it belongs to.
                if (List(loose, depth + 1) is not { } nested) continue;
                if (items.Count == 0) items.Add(new ListItem([nested]));
                else items[^1] = items[^1] with { Content = [.. items[^1].Content, nested] };
            }
            else if (child is HtmlElement item)
            {
                items.Add(new ListItem(Content(item, Marks.None, depth + 1)));
            }
            else if (child is HtmlText text && !string.IsNullOrWhiteSpace(text.Text))
            {
                items.Add(new ListItem([RichNodes.PlainParagraph(text.Text.Trim())]));
            }
        }
        if (items.Count == 0) return null;
        return ListSigns.Raise(new ListBlock(element.Name == "ol" ? ListKind.Ordered : ListKind.Bullet, items.ToNodeList()));
    }

    private Table TableOf(HtmlElement table, int depth)
    {
        var rows = new List<TableRow>();
        Rows(table, rows, depth);
        return HeaderRows.Raise(new Table(rows.ToNodeList()));
    }

    private void Rows(HtmlElement element, List<TableRow> rows, int depth)
    {
        foreach (var child in element.Children)
        {
            if (child is not HtmlElement inner) continue;
            if (inner.Name != "tr")
            {
                if (inner.Name is "tbody" or "thead" or "tfoot") Rows(inner, rows, depth + 1);
                continue;
            }
            var cells = inner.Children.OfType<HtmlElement>().Where(c => c.Name is "td" or "th").Select(c => new TableCell(
                LineLists.Raise(Content(c, Marks.None, depth + 2)), c.Name == "th", HtmlNumbers.Span(c["colspan"]), HtmlNumbers.Span(c["rowspan"]))).ToNodeList();
            if (cells.Count > 0) rows.Add(new TableRow(cells));
        }
    }

    private void Picture(HtmlElement element, Marks marks, LineFlow flow)
    {
        var gid = element["data-asana-gid"];
        var file = hooks.Attachments.Find(gid) ?? hooks.Attachments.Find(element["alt"]);
        // The address expires within minutes: it is kept only for pictures that are no attachments.
        var url = gid is null ? SafeLink.CleanWeb(element["src"]) : null;
        int? width = HtmlNumbers.Pixels(element["data-src-width"] ?? element["width"]), height = HtmlNumbers.Pixels(element["data-src-height"] ?? element["height"]);
        if ((gid is null && url is null) || (gid is null && TrackingPixel.Is(width, height))) return;
        flow.Inline(new Image
        {
            Id = gid,
            Url = url,
            Name = file?.Name ?? (gid is null ? null : element["alt"]),
            Alt = element["alt"],
            Width = width,
            Height = height,
            System = gid is null ? null : _realm,
            Marks = marks,
        });
    }

    private void Link(HtmlElement element, Marks marks, LineFlow flow, int depth)
    {
        var gid = element["data-asana-gid"];
        var href = SafeLink.Clean(element["href"]);
        var type = element["data-asana-type"];
        if (gid is { Length: > 0 } && (type == "user" || (type is null && href is null)))
        {
            var name = element.InnerText().Trim().TrimStart('@');
            flow.Inline(new Mention(gid, name.Length > 0 ? name : hooks.FindName?.Invoke(gid) ?? Mention.Unknown, _realm) { Marks = marks });
            return;
        }
        if (gid is { Length: > 0 } && element.Children.Count == 0)
        {
            flow.Inline(new OpaqueInline(_realm, AsanaRaw.Write(element), href ?? ""));
            return;
        }
        Children(element, href is null ? marks : marks with { Href = href }, flow, depth);
    }

    private void Unknown(HtmlElement element, Marks marks, LineFlow flow) =>
        flow.Inline(new OpaqueInline(_realm, AsanaRaw.Write(element), element.InnerText()) { Marks = marks });
}
