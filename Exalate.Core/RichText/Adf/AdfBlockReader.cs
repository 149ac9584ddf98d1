using System.Globalization;
using System.Text.Json;
using static Exalate.Core.RichText.JsonRead;

namespace Exalate.Core.RichText;

/// <summary>Reads ADF blocks; what stands inside a line is read by <see cref="AdfInlineReader"/>.</summary>
internal sealed class AdfBlockReader(RichTextHooks hooks)
{
    public const string Dialect = "adf";

    private readonly AdfInlineReader _inlines = new(hooks);
    private bool _inOpaque;

    public List<RichBlock> Read(JsonElement root)
    {
        var blocks = new List<RichBlock>();
        switch (root.ValueKind)
        {
            case JsonValueKind.String:
                blocks.AddRange(RichDocument.FromPlainText(Str(root)!).Blocks);
                break;
            case JsonValueKind.Array:
                Sequence(root.EnumerateArray(), blocks, 0);
                break;
            case JsonValueKind.Object when Str(root, "type") is null or "doc":
                Sequence(Items(root, "content"), blocks, 0);
                break;
            case JsonValueKind.Object:
                Sequence([root], blocks, 0);
                break;
        }
        return blocks;
    }

    // A block container may, against the format, hold inlines: they become a paragraph.
    private void Sequence(IEnumerable<JsonElement> nodes, List<RichBlock> into, int depth)
    {
        var line = new InlineBuilder();
        foreach (var node in nodes)
        {
            if (node.ValueKind != JsonValueKind.Object) continue;
            if (AdfInlineReader.IsInline(Str(node, "type")))
            {
                _inlines.Inline(node, line);
                continue;
            }
            if (!line.IsEmpty) into.Add(new Paragraph(line.Take()));
            if (depth >= RichLimits.MaxDepth) Flatten(node, into);
            else Block(node, into, depth + 1);
        }
        if (!line.IsEmpty) into.Add(new Paragraph(line.Take()));
    }

    private NodeList<RichBlock> Content(JsonElement node, int depth)
    {
        var blocks = new List<RichBlock>();
        Sequence(Items(node, "content"), blocks, depth);
        return blocks.ToNodeList();
    }

    private void Block(JsonElement node, List<RichBlock> into, int depth)
    {
        var attrs = Obj(node, "attrs");
        switch (Str(node, "type"))
        {
            case "paragraph":
                into.Add(new Paragraph(_inlines.Content(node)) { Extras = Looks(node) });
                break;
            case "heading":
                into.Add(new Heading(Math.Clamp(Int(attrs, "level") ?? 1, 1, 6), _inlines.Content(node)) { Extras = Looks(node) });
                break;
            case "bulletList":
                List(ListKind.Bullet, node, into, depth);
                break;
            case "orderedList":
                List(ListKind.Ordered, node, into, depth);
                break;
            case "taskList":
                Tasks(node, into, depth);
                break;
            case "blockquote":
                into.Add(new Quote(Content(node, depth)));
                break;
            case "codeBlock":
                into.Add(new CodeBlock(_inlines.PlainText(node), Str(attrs, "language") is { Length: > 0 } language ? language : null) { Extras = Looks(node) });
                break;
            case "rule":
                into.Add(new Rule());
                break;
            case "panel":
                into.Add(PanelOf(node, attrs, depth));
                break;
            case "expand" or "nestedExpand":
                into.Add(new Expand(TextClean.Line(Str(attrs, "title") ?? ""), Content(node, depth)) { Extras = Looks(node) });
                break;
            case "table":
                into.Add(TableOf(node, attrs, depth));
                break;
            case "mediaSingle" or "mediaGroup" or "media":
                Media(node, into);
                break;
            case "blockCard" when Obj(attrs, "datasource").ValueKind != JsonValueKind.Object && SafeLink.Clean(AdfInlineReader.CardUrl(attrs)) is { } url:
                into.Add(new Paragraph([new Card(url)]) { Extras = Extras.Single("card", "block") });
                break;
            default:
                Unknown(node, attrs, into, depth);
                break;
        }
    }

    private void Unknown(JsonElement node, JsonElement attrs, List<RichBlock> into, int depth)
    {
        var fallback = new List<RichBlock>();
        var outer = _inOpaque;
        _inOpaque = true;
        if (Str(node, "type") == "decisionList") List(ListKind.Bullet, node, fallback, depth);
        else Sequence(Items(node, "content"), fallback, depth);
        if (fallback.Count == 0 && SafeLink.Clean(AdfInlineReader.CardUrl(attrs)) is { } url) fallback.Add(new Paragraph([new Card(url)]));
        if (fallback.Count == 0 && (Str(attrs, "text") ?? Str(node, "text")) is { Length: > 0 } text) fallback.AddRange(RichDocument.FromPlainText(text).Blocks);
        _inOpaque = outer;
        // Inside one that is kept as a whole nothing has to be kept again.
        if (outer) into.AddRange(fallback);
        else into.Add(new OpaqueBlock(hooks.Realm ?? Dialect, node.GetRawText(), fallback.ToNodeList()));
    }

    private void List(ListKind kind, JsonElement node, List<RichBlock> into, int depth)
    {
        var items = new List<ListItem>();
        foreach (var child in Items(node, "content"))
            items.Add(new ListItem(Content(child, depth).Select(b => b is ListBlock nested ? ListSigns.Raise(nested) : b).ToNodeList()));
        if (items.Count == 0) return;
        var start = kind == ListKind.Ordered ? Math.Clamp(Int(Obj(node, "attrs"), "order") ?? 1, 0, 999_999_999) : 1;
        into.Add(ListSigns.Raise(new ListBlock(kind, items.ToNodeList(), start), nested: false));
    }

    // A nested task list stands beside the item it belongs to, not in it.
    private void Tasks(JsonElement node, List<RichBlock> into, int depth)
    {
        var items = new List<ListItem>();
        foreach (var child in Items(node, "content"))
        {
            if (Str(child, "type") == "taskList")
            {
                var nested = new List<RichBlock>();
                if (depth >= RichLimits.MaxDepth) Flatten(child, nested);
                else Tasks(child, nested, depth + 1);
                if (items.Count == 0) items.Add(new ListItem([], false));
                items[^1] = items[^1] with { Content = [.. items[^1].Content, .. nested] };
                continue;
            }
            var content = Str(child, "type") == "blockTaskItem" ? Content(child, depth) : [new Paragraph(_inlines.Content(child))];
            items.Add(new ListItem(content, Str(Obj(child, "attrs"), "state") == "DONE"));
        }
        if (items.Count > 0) into.Add(new ListBlock(ListKind.Task, items.ToNodeList()));
    }

    private Panel PanelOf(JsonElement node, JsonElement attrs, int depth)
    {
        var content = Content(node, depth);
        var looks = AdfLooks.Read(attrs, "panelIcon", "panelIconId", "panelIconText", "panelColor");
        var kind = PanelKinds.Known(Str(attrs, "panelType"));
        if (content is [Paragraph { Content: [TextRun title], Extras: null }, _, ..] && title.Marks == Marks.Of(MarkStyle.Bold))
            return new Panel(kind, title.Text, content.Skip(1).ToNodeList()) { Extras = looks };
        return new Panel(kind, null, content) { Extras = looks };
    }

    private Table TableOf(JsonElement node, JsonElement attrs, int depth)
    {
        var rows = new List<TableRow>();
        foreach (var row in Items(node, "content"))
        {
            var cells = new List<TableCell>();
            foreach (var cell in Items(row, "content"))
            {
                var cellAttrs = Obj(cell, "attrs");
                cells.Add(new TableCell(
                    Content(cell, depth),
                    Str(cell, "type") == "tableHeader",
                    Math.Clamp(Int(cellAttrs, "colspan") ?? 1, 1, 1000),
                    Math.Clamp(Int(cellAttrs, "rowspan") ?? 1, 1, 1000))
                {
                    Background = Colors.Parse(Str(cellAttrs, "background")),
                    Extras = AdfLooks.ColumnWidths(cellAttrs),
                });
            }
            if (cells.Count > 0) rows.Add(new TableRow(cells.ToNodeList()));
        }
        return new Table(rows.ToNodeList()) { Extras = AdfLooks.Read(attrs, "layout", "width", "displayMode", "isNumberColumnEnabled") };
    }

    private void Media(JsonElement node, List<RichBlock> into)
    {
        var type = Str(node, "type");
        IEnumerable<JsonElement> parts = type == "media" ? [node] : Items(node, "content");
        foreach (var part in parts)
        {
            if (Str(part, "type") == "caption")
            {
                into.Add(new Paragraph(_inlines.Content(part)) { Extras = Extras.Single("caption", "true") });
                continue;
            }
            if (_inlines.ImageOf(part) is not { } image) continue;
            var looks = type == "mediaGroup" ? Extras.Single("group", "true") : AdfLooks.Read(Obj(node, "attrs"), "layout", "width", "widthType");
            into.Add(new ImageBlock(image) { Extras = looks });
        }
    }

    private static Extras? Looks(JsonElement node)
    {
        var values = new Dictionary<string, string>();
        foreach (var mark in Items(node, "marks"))
        {
            var attrs = Obj(mark, "attrs");
            if (Str(mark, "type") == "alignment" && Str(attrs, "align") is { } align) values["align"] = align;
            if (Str(mark, "type") == "indentation" && Int(attrs, "level") is { } level) values["indent"] = level.ToString(CultureInfo.InvariantCulture);
            if (Str(mark, "type") == "breakout" && Str(attrs, "mode") is "wide" or "full-width")
            {
                values["breakout"] = Str(attrs, "mode")!;
                if (Str(attrs, "width") is { Length: > 0 and < 20 } width) values["breakoutWidth"] = width;
            }
        }
        return Extras.From(values);
    }

    // Below the deepest level: the lines, one after the other. An explicit stack, since the JSON may be as deep as its parser allows.
    private void Flatten(JsonElement start, List<RichBlock> into)
    {
        var open = new Stack<JsonElement>([start]);
        var line = new InlineBuilder();
        while (open.TryPop(out var node))
        {
            var type = Str(node, "type");
            if (AdfInlineReader.IsInline(type))
            {
                _inlines.Inline(node, line);
                continue;
            }
            if (!line.IsEmpty) into.Add(new Paragraph(line.Take()));
            if (type == "codeBlock") into.Add(new CodeBlock(_inlines.PlainText(node)));
            else foreach (var child in Enumerable.Reverse(Items(node, "content").ToArray())) open.Push(child);
        }
        if (!line.IsEmpty) into.Add(new Paragraph(line.Take()));
    }
}
