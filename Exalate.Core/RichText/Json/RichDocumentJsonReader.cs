using System.Text.Json;
using static Exalate.Core.RichText.JsonRead;

namespace Exalate.Core.RichText;

/// <summary>Reads the JSON form of one document. Trusts nothing: a peer wrote it.</summary>
internal sealed class RichDocumentJsonReader
{
    internal static readonly (MarkStyle Style, string Name)[] StyleNames =
    [
        (MarkStyle.Bold, "bold"), (MarkStyle.Italic, "italic"), (MarkStyle.Underline, "underline"), (MarkStyle.Strike, "strike"),
        (MarkStyle.Code, "code"), (MarkStyle.Sub, "sub"), (MarkStyle.Sup, "sup"),
    ];

    // What unknown nodes hold is kept as text, and again for each unknown node around them: together no more than this.
    private const int MaxRaw = 4 * 1024 * 1024;

    private List<JsonElement> _deep = [];
    private bool[] _used = [];
    private int _nodes;
    private int _following;
    private int _rawLeft = MaxRaw;

    public RichDocument Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.String) return RichDocument.FromPlainText(Str(root)!);
        if (root.ValueKind != JsonValueKind.Object) return RichDocument.Empty;
        if (root.TryGetProperty("deep", out var deep) && deep.ValueKind == JsonValueKind.Array)
        {
            _deep = [.. deep.EnumerateArray()];
            _used = new bool[_deep.Count];
        }
        var blocks = new List<RichBlock>();
        if (root.TryGetProperty("blocks", out var top)) Blocks(top, blocks, 0);
        return blocks.Count == 0 ? RichDocument.Empty : new RichDocument(blocks);
    }

    private NodeList<RichBlock> Content(JsonElement node, int depth)
    {
        var blocks = new List<RichBlock>();
        if (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("blocks", out var inner)) Blocks(inner, blocks, depth);
        return blocks.ToNodeList();
    }

    private void Blocks(JsonElement array, List<RichBlock> into, int depth)
    {
        if (array.ValueKind != JsonValueKind.Array) return;
        foreach (var element in array.EnumerateArray())
        {
            Count();
            if (element.ValueKind == JsonValueKind.String) into.Add(RichNodes.PlainParagraph(Str(element)!));
            else if (element.ValueKind == JsonValueKind.Object) Block(element, into, depth);
        }
    }

    private void Block(JsonElement node, List<RichBlock> into, int depth)
    {
        var type = Str(node, "type");
        if (type == "deep")
        {
            // Each part is taken once: two references to one part could multiply a small text without end.
            if (Int(node, "ref") is { } index && index >= 0 && index < _deep.Count && !_used[index])
            {
                _used[index] = true;
                // Our writer puts at least one block between two references; a chain of bare ones would exhaust the stack.
                if (_following >= RichLimits.MaxDepth) throw new JsonException("The document's parts refer to each other without end.");
                _following++;
                Blocks(_deep[index], into, depth);
                _following--;
            }
            return;
        }
        var before = into.Count;
        if (depth >= RichLimits.MaxDepth && (type is not ("paragraph" or "heading" or "code" or "rule" or "imageBlock")))
        {
            Flatten(node, into);
            return;
        }
        var block = Known(type, node, depth + 1) ?? Unknown(node, depth + 1);
        if (Looks(node) is { } looks) block = block with { Extras = looks };
        into.Insert(before, block);
    }

    private RichBlock? Known(string? type, JsonElement node, int depth) => type switch
    {
        "paragraph" => new Paragraph(Inlines(node)),
        "heading" => new Heading(Math.Clamp(Int(node, "level") ?? 1, 1, 6), Inlines(node)),
        "bulletList" => List(ListKind.Bullet, node, depth),
        "orderedList" => List(ListKind.Ordered, node, depth),
        "taskList" => List(ListKind.Task, node, depth),
        "quote" => new Quote(Content(node, depth)),
        "code" => new CodeBlock(Str(node, "text") ?? "", Str(node, "language")),
        "rule" => new Rule(),
        "table" => Rows(node, depth),
        "imageBlock" when node.TryGetProperty("image", out var image) && image.ValueKind == JsonValueKind.Object => new ImageBlock(ImageOf(image)),
        "panel" => new Panel(PanelKinds.Known(Str(node, "kind")), Str(node, "title"), Content(node, depth)),
        "expand" => new Expand(Str(node, "title") ?? "", Content(node, depth)),
        "opaque" => new OpaqueBlock(Str(node, "dialect") ?? "", Str(node, "raw") ?? "", Content(node, depth)),
        _ => null,
    };

    private OpaqueBlock Unknown(JsonElement node, int depth)
    {
        // Before what it holds: the outermost one says it all.
        var raw = Raw(node);
        var text = new List<RichBlock>();
        if (depth < RichLimits.MaxDepth && node.TryGetProperty("blocks", out var inner)) Blocks(inner, text, depth);
        if (node.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array) text.Add(new Paragraph(Inlines(node)));
        if (text.Count == 0 && Str(node, "text") is { Length: > 0 } plain) text.Add(RichNodes.PlainParagraph(plain));
        return new OpaqueBlock("exalate", raw, text.ToNodeList());
    }

    private ListBlock List(ListKind kind, JsonElement node, int depth)
    {
        var items = new List<ListItem>();
        foreach (var item in Items(node, "items"))
        {
            Count();
            bool? done = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("checked", out var c)
                ? c.ValueKind == JsonValueKind.True
                : kind == ListKind.Task ? false : null;
            items.Add(new ListItem(Content(item, depth), done));
        }
        return new ListBlock(kind, items.ToNodeList(), Math.Clamp(Int(node, "start") ?? 1, 0, 999_999_999));
    }

    private Table Rows(JsonElement node, int depth)
    {
        var rows = new List<TableRow>();
        foreach (var row in Items(node, "rows"))
        {
            if (row.ValueKind != JsonValueKind.Array) continue;
            var cells = new List<TableCell>();
            foreach (var cell in row.EnumerateArray())
            {
                Count();
                if (cell.ValueKind != JsonValueKind.Object) continue;
                cells.Add(new TableCell(
                    Content(cell, depth),
                    True(cell, "header"),
                    Math.Clamp(Int(cell, "colspan") ?? 1, 1, 1000),
                    Math.Clamp(Int(cell, "rowspan") ?? 1, 1, 1000)) { Background = Colors.Parse(Str(cell, "background")), Extras = Looks(cell) });
            }
            rows.Add(new TableRow(cells.ToNodeList()));
        }
        return new Table(rows.ToNodeList());
    }

    private NodeList<RichInline> Inlines(JsonElement node)
    {
        var result = new List<RichInline>();
        foreach (var element in Items(node, "content"))
        {
            Count();
            if (element.ValueKind == JsonValueKind.String) result.Add(new TextRun(Str(element)!));
            else if (element.ValueKind == JsonValueKind.Object) result.Add(Inline(element));
        }
        return result.ToNodeList();
    }

    private string Raw(JsonElement node)
    {
        var raw = node.GetRawText();
        if (raw.Length > _rawLeft) return "";
        _rawLeft -= raw.Length;
        return raw;
    }

    private static RichInline Inline(JsonElement node)
    {
        RichInline inline = Str(node, "type") switch
        {
            "text" => new TextRun(Str(node, "text") ?? ""),
            "break" => new LineBreak(),
            "image" => ImageOf(node),
            "mention" => new Mention(Str(node, "id"), Str(node, "name") ?? "", Str(node, "system")),
            "emoji" => new Emoji(Str(node, "shortName") ?? "", Str(node, "text"), Str(node, "id")),
            "date" when DateOnly.TryParseExact(Str(node, "date"), "yyyy-MM-dd", out var date) => new DateStamp(date),
            "date" => new TextRun(Str(node, "date") ?? ""),
            "status" => new StatusLozenge(Str(node, "text") ?? "", Str(node, "color") ?? "neutral"),
            "card" => SafeLink.Clean(Str(node, "url")) is { } url ? new Card(url) : new TextRun(Str(node, "url") ?? ""),
            "opaque" => new OpaqueInline(Str(node, "dialect") ?? "", Str(node, "raw") ?? "", Str(node, "text") ?? ""),
            _ => new OpaqueInline("exalate", node.GetRawText(), Str(node, "text") ?? ""),
        };
        return inline with { Marks = MarksOf(node) };
    }

    private static Image ImageOf(JsonElement node) => new()
    {
        Name = Str(node, "name"),
        Id = Str(node, "id"),
        Url = SafeLink.CleanWeb(Str(node, "url")),
        Alt = Str(node, "alt"),
        Width = Int(node, "width"),
        Height = Int(node, "height"),
        System = Str(node, "system"),
        Extras = Looks(node),
        Marks = MarksOf(node),
    };

    private static Marks MarksOf(JsonElement node)
    {
        var style = MarkStyle.None;
        foreach (var mark in Items(node, "marks"))
        {
            var word = Str(mark);
            foreach (var (known, name) in StyleNames)
            {
                if (word == name) style |= known;
            }
        }
        var marks = new Marks
        {
            Style = style,
            Color = Colors.Parse(Str(node, "textColor")),
            Background = Colors.Parse(Str(node, "textBackground")),
            Href = SafeLink.Clean(Str(node, "href")),
            HrefTitle = Str(node, "hrefTitle"),
        };
        return marks == Marks.None ? Marks.None : marks;
    }

    private static Extras? Looks(JsonElement node)
    {
        if (!node.TryGetProperty("looks", out var looks) || looks.ValueKind != JsonValueKind.Object) return null;
        var values = new Dictionary<string, string>();
        foreach (var value in looks.EnumerateObject())
        {
            if (value.Value.ValueKind == JsonValueKind.String && values.Count < 50) values[value.Name] = Str(value.Value)!;
        }
        return Extras.From(values);
    }

    // Below the deepest level: the texts, as paragraphs. An explicit stack, since the part may be as deep as the JSON parser allows.
    private void Flatten(JsonElement start, List<RichBlock> into)
    {
        var open = new Stack<JsonElement>([start]);
        while (open.TryPop(out var node))
        {
            Count();
            if (node.ValueKind == JsonValueKind.Array)
            {
                foreach (var element in Enumerable.Reverse(node.EnumerateArray().ToArray())) open.Push(element);
                continue;
            }
            if (node.ValueKind != JsonValueKind.Object) continue;
            var type = Str(node, "type");
            if (type == "deep" && Int(node, "ref") is { } index && index >= 0 && index < _deep.Count && !_used[index])
            {
                _used[index] = true;
                open.Push(_deep[index]);
            }
            else if (type is "paragraph" or "heading" or "code" or "rule" or "imageBlock")
            {
                if (Known(type, node, 0) is { } leaf) into.Add(leaf);
            }
            else
            {
                if (Str(node, "title") is { Length: > 0 } title) into.Add(RichNodes.PlainParagraph(title));
                foreach (var name in (string[])["blocks", "items", "rows"])
                {
                    if (node.TryGetProperty(name, out var inner)) open.Push(inner);
                }
            }
        }
    }

    private void Count()
    {
        if (++_nodes > RichLimits.MaxNodes) throw new JsonException($"The document has more than {RichLimits.MaxNodes} nodes.");
    }
}
