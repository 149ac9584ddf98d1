using System.Text.Json;

namespace Exalate.Core.RichText;

/// <summary>Writes the JSON form of one document.</summary>
internal sealed class RichDocumentJsonWriter
{
    // System.Text.Json reads 64 levels unless told otherwise, and the document stands inside other JSON. One block needs at most six levels of its own.
    private const int MaxLevel = 34;

    private readonly Utf8JsonWriter _writer;
    private readonly Queue<NodeList<RichBlock>> _deep = new();
    private int _deepCount;

    private RichDocumentJsonWriter(Utf8JsonWriter writer) => _writer = writer;

    public static void Write(Utf8JsonWriter writer, RichDocument document) => new RichDocumentJsonWriter(writer).Document(document);

    private void Document(RichDocument document)
    {
        _writer.WriteStartObject();
        _writer.WriteNumber("v", RichDocumentJson.Version);
        _writer.WritePropertyName("blocks");
        Blocks(document.Nodes, 2);
        if (_deep.Count > 0)
        {
            _writer.WriteStartArray("deep");
            while (_deep.TryDequeue(out var blocks)) Blocks(blocks, 3);
            _writer.WriteEndArray();
        }
        _writer.WriteEndObject();
    }

    private void Blocks(NodeList<RichBlock> blocks, int level)
    {
        _writer.WriteStartArray();
        if (level > MaxLevel && blocks.Count > 0)
        {
            _writer.WriteStartObject();
            _writer.WriteString("type", "deep");
            _writer.WriteNumber("ref", _deepCount++);
            _writer.WriteEndObject();
            _deep.Enqueue(blocks);
        }
        else
        {
            foreach (var block in blocks) Block(block, level + 1);
        }
        _writer.WriteEndArray();
    }

    private void Block(RichBlock block, int level)
    {
        _writer.WriteStartObject();
        switch (block)
        {
            case Paragraph p:
                Type("paragraph");
                Content(p.Content);
                break;
            case Heading h:
                Type("heading");
                _writer.WriteNumber("level", h.Level);
                Content(h.Content);
                break;
            case ListBlock list:
                List(list, level);
                break;
            case Quote quote:
                Type("quote");
                Content(quote.Content, level);
                break;
            case CodeBlock code:
                Type("code");
                Optional("language", code.Language);
                _writer.WriteString("text", code.Code);
                break;
            case Rule:
                Type("rule");
                break;
            case Table table:
                Rows(table, level);
                break;
            case ImageBlock image:
                Type("imageBlock");
                _writer.WritePropertyName("image");
                Inline(image.Image);
                break;
            case Panel panel:
                Type("panel");
                _writer.WriteString("kind", panel.Kind);
                Optional("title", panel.Title);
                Content(panel.Content, level);
                break;
            case Expand expand:
                Type("expand");
                _writer.WriteString("title", expand.Title);
                Content(expand.Content, level);
                break;
            case OpaqueBlock opaque:
                Type("opaque");
                _writer.WriteString("dialect", opaque.Dialect);
                _writer.WriteString("raw", opaque.Raw);
                Content(opaque.Fallback, level);
                break;
        }
        Looks(block.Extras);
        _writer.WriteEndObject();
    }

    private void List(ListBlock list, int level)
    {
        Type(list.Kind switch { ListKind.Ordered => "orderedList", ListKind.Task => "taskList", _ => "bulletList" });
        if (list.Kind == ListKind.Ordered && list.Start != 1) _writer.WriteNumber("start", list.Start);
        _writer.WriteStartArray("items");
        foreach (var item in list.Items)
        {
            _writer.WriteStartObject();
            if (item.Checked is { } done) _writer.WriteBoolean("checked", done);
            Content(item.Content, level + 2);
            _writer.WriteEndObject();
        }
        _writer.WriteEndArray();
    }

    private void Rows(Table table, int level)
    {
        Type("table");
        _writer.WriteStartArray("rows");
        foreach (var row in table.Rows)
        {
            _writer.WriteStartArray();
            foreach (var cell in row.Cells)
            {
                _writer.WriteStartObject();
                if (cell.Header) _writer.WriteBoolean("header", true);
                if (cell.ColSpan != 1) _writer.WriteNumber("colspan", cell.ColSpan);
                if (cell.RowSpan != 1) _writer.WriteNumber("rowspan", cell.RowSpan);
                Optional("background", cell.Background);
                Content(cell.Content, level + 3);
                Looks(cell.Extras);
                _writer.WriteEndObject();
            }
            _writer.WriteEndArray();
        }
        _writer.WriteEndArray();
    }

    private void Content(NodeList<RichBlock> blocks, int level)
    {
        _writer.WritePropertyName("blocks");
        Blocks(blocks, level + 1);
    }

    private void Content(NodeList<RichInline> content)
    {
        _writer.WriteStartArray("content");
        foreach (var inline in content) Inline(inline);
        _writer.WriteEndArray();
    }

    private void Inline(RichInline inline)
    {
        _writer.WriteStartObject();
        switch (inline)
        {
            case TextRun run:
                Type("text");
                _writer.WriteString("text", run.Text);
                break;
            case LineBreak:
                Type("break");
                break;
            case Image image:
                ImageFields(image);
                break;
            case Mention mention:
                Type("mention");
                Optional("id", mention.Id);
                _writer.WriteString("name", mention.Name);
                Optional("system", mention.System);
                break;
            case Emoji emoji:
                Type("emoji");
                _writer.WriteString("shortName", emoji.ShortName);
                Optional("text", emoji.Text);
                Optional("id", emoji.Id);
                break;
            case DateStamp date:
                Type("date");
                _writer.WriteString("date", date.Display);
                break;
            case StatusLozenge status:
                Type("status");
                _writer.WriteString("text", status.Text);
                _writer.WriteString("color", status.Color);
                break;
            case Card card:
                Type("card");
                _writer.WriteString("url", card.Url);
                break;
            case OpaqueInline opaque:
                Type("opaque");
                _writer.WriteString("dialect", opaque.Dialect);
                _writer.WriteString("raw", opaque.Raw);
                _writer.WriteString("text", opaque.Text);
                break;
        }
        MarkFields(inline.Marks);
        _writer.WriteEndObject();
    }

    private void ImageFields(Image image)
    {
        Type("image");
        Optional("name", image.Name);
        Optional("id", image.Id);
        Optional("url", image.Url);
        Optional("alt", image.Alt);
        if (image.Width is { } width) _writer.WriteNumber("width", width);
        if (image.Height is { } height) _writer.WriteNumber("height", height);
        Optional("system", image.System);
        Looks(image.Extras);
    }

    private void MarkFields(Marks marks)
    {
        if (marks.Style != MarkStyle.None)
        {
            _writer.WriteStartArray("marks");
            foreach (var (style, name) in RichDocumentJsonReader.StyleNames)
            {
                if (marks.Has(style)) _writer.WriteStringValue(name);
            }
            _writer.WriteEndArray();
        }
        // Not "color": a status lozenge has one of its own.
        Optional("textColor", marks.Color);
        Optional("textBackground", marks.Background);
        Optional("href", marks.Href);
        Optional("hrefTitle", marks.HrefTitle);
    }

    private void Looks(Extras? extras)
    {
        if (extras is null) return;
        _writer.WriteStartObject("looks");
        foreach (var (name, value) in extras.Values) _writer.WriteString(name, value);
        _writer.WriteEndObject();
    }

    private void Type(string type) => _writer.WriteString("type", type);

    private void Optional(string name, string? value)
    {
        if (value is not null) _writer.WriteString(name, value);
    }
}
