namespace Exalate.Core.RichText;

/// <summary>Reads HTML as people's editors and mail programs write it into the model.</summary>
internal sealed class HtmlBlockReader(HtmlInlineReader inlines)
{
    /// <param name="root">What was parsed.</param>
    /// <param name="depth">How deep it stands in a document around it.</param>
    public NodeList<RichBlock> Read(HtmlElement root, int depth = 0) => Content(root, Marks.None, depth);

    private NodeList<RichBlock> Content(HtmlElement element, Marks marks, int depth)
    {
        var flow = new HtmlFlow();
        Children(element, marks, flow, depth);
        return flow.Take();
    }

    private void Children(HtmlElement element, Marks marks, HtmlFlow flow, int depth)
    {
        foreach (var child in element.Children) Child(child, marks, flow, depth);
    }

    private void Child(HtmlNode child, Marks marks, HtmlFlow flow, int depth)
    {
        if (child is HtmlText text) flow.Text(text.Text, marks);
        else if (child is HtmlElement inner) Element(inner, marks, flow, depth + 1);
        else if (child is HtmlGraft graft) flow.Graft(graft.Block, marks);
    }

    private void Element(HtmlElement element, Marks marks, HtmlFlow flow, int depth)
    {
        var style = CssStyle.Of(element);
        if ((style.IsHidden || element["hidden"] is not null) && !element.HoldsGrafts) return;
        if (inlines.TryInline(element, marks, style, flow, out var inner))
        {
            if (inner is not null) Children(element, inner, flow, depth);
            return;
        }
        if (depth >= RichLimits.MaxDepth && element.Name is "ul" or "ol" or "blockquote" or "table" or "details")
        {
            flow.EndLoose();
            Children(element, marks, flow, depth);
            flow.EndLoose();
            return;
        }
        Block(element, style.Apply(marks), style, flow, depth);
    }

    private void Block(HtmlElement element, Marks marks, CssStyle style, HtmlFlow flow, int depth)
    {
        switch (element.Name)
        {
            case "p" when OutlookItem.LevelOf(element) is { } level:
                ListLine(element, marks, level, flow, depth);
                break;
            case "p" or "div" or "center" or "address" or "dd" or "caption" or "figcaption":
                Paragraph(element, marks, style, flow, depth);
                break;
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                var line = new HtmlFlow();
                Children(element, marks.Without(MarkStyle.Bold), line, depth);
                flow.EndLoose();
                flow.Block(new Heading(element.Name[1] - '0', line.TakeLine()) { Extras = Extras.Single("align", style.Align) });
                break;
            case "ul" or "ol" or "menu":
                flow.EndLoose();
                if (List(element, marks, depth) is { } list) flow.Block(list);
                break;
            case "blockquote":
                flow.EndLoose();
                flow.Block(QuoteForms.Raise(new Quote(Content(element, marks, depth))));
                break;
            case "pre":
                flow.EndLoose();
                flow.Block(HtmlCode.Read(element));
                break;
            case "hr":
                flow.EndLoose();
                flow.Block(new Rule());
                break;
            case "table":
                flow.EndLoose();
                Table(element, marks, flow, depth);
                break;
            case "details":
                flow.EndLoose();
                flow.Block(Details(element, marks, depth));
                break;
            case "dt":
                Paragraph(element, marks.With(MarkStyle.Bold), style, flow, depth);
                break;
            case "head" or "object" or "canvas" or "datalist" when !element.HoldsGrafts:
                break;
            case "li" or "tr" or "td" or "th" or "summary" or "section" or "article" or "header" or "footer" or "main" or "nav" or "aside" or "figure"
                or "form" or "fieldset" or "legend" or "dl" or "tbody" or "thead":
                flow.EndLoose();
                Children(element, marks, flow, depth);
                flow.EndLoose();
                break;
            default:
                Children(element, marks, flow, depth);
                break;
        }
    }

    private void Paragraph(HtmlElement element, Marks marks, CssStyle style, HtmlFlow flow, int depth)
    {
        flow.EndLoose();
        Children(element, marks, flow, depth);
        var looks = new Dictionary<string, string>();
        if (style.Align is { } align || (element["align"] is { } old && (align = old is "center" ? "center" : old is "right" ? "end" : null) is not null) || (element.Name == "center" && (align = "center") is not null))
            looks["align"] = align!;
        if (element.Name == "div") looks["tag"] = "div";
        flow.EndParagraph(Extras.From(looks));
    }

    private void ListLine(HtmlElement element, Marks marks, int level, HtmlFlow flow, int depth)
    {
        var sign = HtmlSigns.TakeSign(element);
        var line = new HtmlFlow();
        Children(element, marks, line, depth);
        flow.EndLoose();
        flow.OutlookItem(new OutlookItem(level, OutlookItem.NumberOf(sign), line.TakeLine()));
    }

    private ListBlock? List(HtmlElement element, Marks marks, int depth)
    {
        var items = new List<ListItem>();
        foreach (var child in element.Children)
        {
            if (child is HtmlElement { Name: "ul" or "ol" } loose)
            {
                // Editors put a nested list beside the item it belongs to.
                if (depth >= RichLimits.MaxDepth || List(loose, marks, depth + 1) is not { } nested) continue;
                if (items.Count == 0) items.Add(new ListItem([nested]));
                else items[^1] = items[^1] with { Content = [.. items[^1].Content, nested] };
            }
            else if (child is HtmlElement item)
            {
                var style = CssStyle.Of(item);
                if (!style.IsHidden || item.HoldsGrafts) items.Add(new ListItem(Content(item, style.Apply(marks), depth + 1), HtmlSigns.Checkbox(item)));
            }
            else if (child is HtmlText text && !string.IsNullOrWhiteSpace(text.Text))
            {
                items.Add(new ListItem([RichNodes.PlainParagraph(text.Text.Trim())]));
            }
            else if (child is HtmlGraft { Block: { } block })
            {
                if (block is ListBlock && items.Count > 0) items[^1] = items[^1] with { Content = [.. items[^1].Content, block] };
                else items.Add(new ListItem([block]));
            }
        }
        if (items.Count == 0) return null;
        if (items.TrueForAll(i => i.Checked is not null)) return new ListBlock(ListKind.Task, items.ToNodeList());
        var start = element.Name == "ol" && int.TryParse(element["start"], out var first) ? Math.Clamp(first, 0, 999_999_999) : 1;
        return ListSigns.Raise(new ListBlock(element.Name == "ol" ? ListKind.Ordered : ListKind.Bullet, items.ToNodeList(), start));
    }

    private Expand Details(HtmlElement element, Marks marks, int depth)
    {
        var summary = element.Children.OfType<HtmlElement>().FirstOrDefault(c => c.Name == "summary");
        var flow = new HtmlFlow();
        foreach (var child in element.Children)
        {
            if (ReferenceEquals(child, summary)) continue;
            Child(child, marks, flow, depth);
        }
        return new Expand(summary is null ? "" : string.Join(' ', summary.InnerText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), flow.Take());
    }

    private void Table(HtmlElement table, Marks marks, HtmlFlow flow, int depth)
    {
        var rows = new List<TableRow>();
        Rows(table, marks, rows, flow, depth, inHead: false);
        flow.EndLoose();
        if (rows.Count > 0) flow.Block(new Table(rows.ToNodeList()));
    }

    private void Rows(HtmlElement element, Marks marks, List<TableRow> rows, HtmlFlow flow, int depth, bool inHead)
    {
        foreach (var child in element.Children)
        {
            if (child is HtmlElement { Name: "tr" } row) Row(row, marks, rows, flow, depth + 1, inHead);
            else if (child is HtmlElement { Name: "tbody" or "thead" or "tfoot" } part) Rows(part, marks, rows, flow, depth + 1, part.Name == "thead");
            else if (child is HtmlElement { Name: "colgroup" or "col" }) continue;
            // What a table may not hold stands before it, as browsers show it.
            else Child(child, marks, flow, depth);
        }
    }

    private void Row(HtmlElement row, Marks marks, List<TableRow> rows, HtmlFlow flow, int depth, bool inHead)
    {
        flow.EndLoose();
        var rowStyle = CssStyle.Of(row);
        if (rowStyle.IsHidden && !row.HoldsGrafts) return;
        var cells = new List<TableCell>();
        foreach (var child in row.Children)
        {
            if (child is not HtmlElement { Name: "td" or "th" } cell)
            {
                Child(child, marks, flow, depth);
                continue;
            }
            var style = CssStyle.Of(cell);
            var background = Colors.Parse(style["background-color"] ?? style["background"] ?? cell["bgcolor"] ?? rowStyle["background-color"] ?? row["bgcolor"]);
            // The background of a cell is the cell's, not that of its words.
            var inside = style.Apply(marks) with { Background = marks.Background };
            cells.Add(new TableCell(
                Content(cell, cell.Name == "th" ? inside.Without(MarkStyle.Bold) : inside, depth + 1),
                cell.Name == "th" || inHead,
                HtmlNumbers.Span(cell["colspan"]),
                HtmlNumbers.Span(cell["rowspan"])) { Background = background is "#ffffff" ? null : background });
        }
        if (cells.Count > 0) rows.Add(new TableRow(cells.ToNodeList()));
    }
}
