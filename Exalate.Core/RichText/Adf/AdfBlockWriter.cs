using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exalate.Core.RichText;

/// <summary>Writes ADF blocks; what stands inside a line is written by <see cref="AdfInlineWriter"/>.</summary>
internal sealed partial class AdfBlockWriter(RichTextHooks hooks)
{
    private readonly AdfInlineWriter _inlines = new(hooks);

    /// <summary>A node that is written, or a block that may not stand here and that an outer level has to place.</summary>
    private readonly record struct Piece(JsonObject? Node, RichBlock? Lifted);

    public JsonArray Document(NodeList<RichBlock> blocks)
    {
        var content = new JsonArray();
        foreach (var piece in Blocks(blocks, AdfSlot.Doc, 1)) content.Add(piece.Node);
        return content;
    }

    private List<Piece> Blocks(IEnumerable<RichBlock> blocks, AdfSlot slot, int level)
    {
        var pieces = new List<Piece>();
        JsonObject? group = null;
        foreach (var block in blocks)
        {
            if (slot != AdfSlot.ListItem && block is ImageBlock { Extras: { } looks } image && looks["group"] is not null && _inlines.Media(image.Image) is { } media)
            {
                if (group is null) pieces.Add(new Piece(group = Node("mediaGroup", []), null));
                ((JsonArray)group["content"]!).Add(media);
                continue;
            }
            group = null;
            Block(block, slot, level, pieces);
        }
        return pieces;
    }

    private void Block(RichBlock block, AdfSlot slot, int level, List<Piece> into)
    {
        switch (block)
        {
            case Paragraph p:
                into.Add(new Piece(ParagraphOf(p, slot, into), null));
                if (into[^1].Node is null) into.RemoveAt(into.Count - 1);
                break;
            case Heading h when slot.Allows("heading"):
                into.Add(new Piece(Looks(Node("heading", _inlines.Write(h.Content), new JsonObject { ["level"] = h.Level }), h.Extras, slot), null));
                break;
            case Heading h:
                into.Add(new Piece(Node("paragraph", _inlines.Write(h.Content, MarkStyle.Bold)), null));
                break;
            case CodeBlock code:
                into.Add(new Piece(Wide(Code(code), code.Extras, slot), null));
                break;
            case ImageBlock image:
                Picture(image, into);
                break;
            case Rule when slot.Allows("rule"):
                into.Add(new Piece(new JsonObject { ["type"] = "rule" }, null));
                break;
            case OpaqueBlock opaque:
                Opaque(opaque, slot, level, into);
                break;
            case Rule:
                into.Add(new Piece(null, block));
                break;
            default:
                if (level >= AdfRules.MaxNodes) Flatten(block, slot, into, 0);
                else Container(block, slot, level, into);
                break;
        }
    }

    private void Container(RichBlock block, AdfSlot slot, int level, List<Piece> into)
    {
        switch (block)
        {
            case ListBlock { Kind: ListKind.Task } tasks when slot.Allows("taskList") && ListSigns.IsPlain(tasks):
                into.Add(new Piece(Tasks(tasks, level), null));
                break;
            case ListBlock list:
                List(list, slot, level, into);
                break;
            case Quote quote when slot.Allows("blockquote"):
                Wrap(quote.Content, () => Node("blockquote", []), AdfSlot.Quote, slot, level, into);
                break;
            case Quote quote when slot == AdfSlot.Quote:
                into.AddRange(Blocks(QuoteSigns.Signed(quote, linesOnly: false), slot, level));
                break;
            case Panel panel when slot.Allows("panel"):
                Wrap(PanelContent(panel), () => PanelNode(panel), AdfSlot.Panel, slot, level, into);
                break;
            case Expand expand when slot.Allows("expand"):
                Wrap(expand.Content, () => Wide(ExpandNode("expand", expand), expand.Extras, slot), AdfSlot.Expand, slot, level, into);
                break;
            case Expand expand when slot.Allows("nestedExpand"):
                Wrap(expand.Content, () => ExpandNode("nestedExpand", expand), AdfSlot.NestedExpand, slot, level, into);
                break;
            case Table table when slot.Allows("table"):
                if (TableNode(table, level) is { } node) into.Add(new Piece(node, null));
                break;
            case Table table when slot == AdfSlot.Cell:
                into.Add(new Piece(Code(new CodeBlock(string.Join('\n', TextTable.Lines(table)))), null));
                break;
            default:
                into.Add(new Piece(null, block));
                break;
        }
    }

    // A container whose content holds something that must stand outside: the part before, the lifted block, the part behind.
    private void Wrap(IEnumerable<RichBlock> content, Func<JsonObject> open, AdfSlot inner, AdfSlot outer, int level, List<Piece> into)
    {
        JsonObject? node = null;
        var any = false;
        foreach (var piece in Blocks(content, inner, level + 1))
        {
            any = true;
            if (piece.Lifted is { } lifted)
            {
                node = null;
                Block(lifted, outer, level, into);
                continue;
            }
            if (node is null) into.Add(new Piece(node = open(), null));
            ((JsonArray)node["content"]!).Add(piece.Node);
        }
        if (any) return;
        node = open();
        ((JsonArray)node["content"]!).Add(Node("paragraph", []));
        into.Add(new Piece(node, null));
    }

    private JsonObject? ParagraphOf(Paragraph p, AdfSlot slot, List<Piece> into)
    {
        if (p is { Content: [Card card], Extras: { } looks } && looks["card"] == "block" && slot.Allows("blockCard") && SafeLink.CleanAbsolute(hooks.LinkFor(card.Url)) is { } url)
            return new JsonObject { ["type"] = "blockCard", ["attrs"] = new JsonObject { ["url"] = url } };
        var content = _inlines.Write(p.Content);
        if (p.Extras?["caption"] is not null && into.Count > 0 && into[^1].Node is { } before && (string?)before["type"] == "mediaSingle")
        {
            // A caption holds no pictures.
            var caption = p.Content.Select(i => i is Image ? new TextRun(RichNodes.DisplayText(i), i.Marks) : i);
            ((JsonArray)before["content"]!).Add(Node("caption", _inlines.Write(caption)));
            return null;
        }
        return Looks(Node("paragraph", content), p.Extras, slot);
    }

    private void Picture(ImageBlock block, List<Piece> into)
    {
        if (_inlines.Media(block.Image) is not { } media)
        {
            into.Add(new Piece(Node("paragraph", _inlines.Write([block.Image])), null));
            return;
        }
        var attrs = new JsonObject();
        AdfLooks.MediaSingle(block.Extras, attrs);
        into.Add(new Piece(Node("mediaSingle", [media], attrs), null));
    }

    private void Opaque(OpaqueBlock opaque, AdfSlot slot, int level, List<Piece> into)
    {
        if (opaque.Dialect == (hooks.Realm ?? AdfBlockReader.Dialect)
            && AdfRaw.Parse(opaque.Raw) is { } raw && slot.Allows((string)raw["type"]!))
        {
            into.Add(new Piece(raw, null));
            return;
        }
        if (level >= AdfRules.MaxNodes) Flatten(opaque, slot, into, 0);
        else into.AddRange(Blocks(opaque.Fallback, slot, level + 1));
    }

    // Deeper than Jira's format is written: the lines stay, their frames go.
    private void Flatten(RichBlock block, AdfSlot slot, List<Piece> into, int depth)
    {
        if (block is ListBlock list)
        {
            var number = list.Start;
            foreach (var item in list.Items)
            {
                var sign = list.Kind == ListKind.Ordered ? (number++).ToString(CultureInfo.InvariantCulture) + ". " : item.Checked is null ? "• " : "";
                var content = ListSigns.Signed(item);
                if (sign.Length > 0 && content is [Paragraph p, ..]) content = [new Paragraph([new TextRun(sign), .. p.Content]), .. content.Skip(1)];
                foreach (var child in content) FlattenChild(child, slot, into, depth);
            }
            return;
        }
        if (block is Panel panel) into.Add(new Piece(Node("paragraph", _inlines.Write([new TextRun(PanelKinds.Announce(panel), MarkStyle.Bold)])), null));
        if (block is Expand { Title.Length: > 0 } expand) into.Add(new Piece(Node("paragraph", _inlines.Write([new TextRun(expand.Title, MarkStyle.Bold)])), null));
        foreach (var child in RichNodes.Children(block)) FlattenChild(child, slot, into, depth);
    }

    private void FlattenChild(RichBlock child, AdfSlot slot, List<Piece> into, int depth)
    {
        if (child is ListBlock or Quote or Panel or Expand or Table or OpaqueBlock) Flatten(child, slot, into, depth + 1);
        else if (child is not Rule) Block(child, slot, AdfRules.MaxNodes, into);
    }

    private static NodeList<RichBlock> PanelContent(Panel panel) =>
        string.IsNullOrEmpty(panel.Title) ? panel.Content : [new Paragraph([new TextRun(panel.Title, MarkStyle.Bold)]), .. panel.Content];

    private static JsonObject PanelNode(Panel panel)
    {
        var attrs = new JsonObject { ["panelType"] = panel.Kind };
        AdfLooks.Panel(panel.Extras, attrs);
        return Node("panel", [], attrs);
    }

    private static JsonObject ExpandNode(string type, Expand expand) => Node(type, [], new JsonObject { ["title"] = expand.Title });

    private static JsonObject Code(CodeBlock code)
    {
        JsonArray content = code.Code.Length == 0 ? [] : [new JsonObject { ["type"] = "text", ["text"] = code.Code }];
        return Node("codeBlock", content, code.Language is { } language ? new JsonObject { ["language"] = language } : null);
    }

    private static JsonObject Looks(JsonObject node, Extras? extras, AdfSlot slot)
    {
        // Elsewhere paragraphs may not be aligned, and nowhere but at the top indented.
        if (slot is AdfSlot.Doc or AdfSlot.Cell && AdfLooks.BlockMarks(extras, indent: slot == AdfSlot.Doc) is { } marks) node["marks"] = marks;
        return node;
    }

    // Wider than the text around it: at the top alone.
    private static JsonObject Wide(JsonObject node, Extras? extras, AdfSlot slot)
    {
        if (slot == AdfSlot.Doc && AdfLooks.Breakout(extras) is { } mark) node["marks"] = new JsonArray(mark);
        return node;
    }

    internal static JsonObject Node(string type, JsonArray content, JsonObject? attrs = null)
    {
        var node = new JsonObject { ["type"] = type };
        if (attrs is not null) node["attrs"] = attrs;
        node["content"] = content;
        return node;
    }
}
