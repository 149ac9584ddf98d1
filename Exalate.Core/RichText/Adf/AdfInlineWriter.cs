using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Exalate.Core.RichText;

/// <summary>Writes what stands inside one line of ADF.</summary>
internal sealed class AdfInlineWriter(RichTextHooks hooks)
{
    private readonly string _realm = hooks.Realm ?? AdfBlockReader.Dialect;
    private (JsonObject? Node, Marks Marks, StringBuilder Text) _last;

    public JsonArray Write(IEnumerable<RichInline> content, MarkStyle also = MarkStyle.None)
    {
        var line = new InlineBuilder();
        foreach (var inline in content) line.Add(inline with { Marks = Allowed(inline.Marks.With(also)) });
        var nodes = new JsonArray();
        foreach (var inline in line.Take()) Inline(inline, inline.Marks, nodes);
        EndText();
        return nodes;
    }

    private void EndText()
    {
        if (_last.Node is not { } node) return;
        node["text"] = _last.Text.ToString();
        if (MarksOf(_last.Marks) is { Count: > 0 } list) node["marks"] = list;
        _last = default;
    }

    // Code goes with links alone; the schema refuses every other pair.
    private static Marks Allowed(Marks marks) =>
        marks.Has(MarkStyle.Code) && marks.Style != MarkStyle.Code | marks.Color is not null | marks.Background is not null
            ? new Marks { Style = MarkStyle.Code, Href = marks.Href, HrefTitle = marks.HrefTitle }
            : marks.Has(MarkStyle.Sub) ? marks.Without(MarkStyle.Sup) : marks;

    /// <summary>The media node of a picture that Jira can show: one of its own files, or one on the web; null for others.</summary>
    public JsonObject? Media(Image image)
    {
        var attrs = new JsonObject();
        if (hooks.IsOwn(image, AdfBlockReader.Dialect))
        {
            attrs["type"] = image.Extras?["type"] is "link" ? "link" : "file";
            attrs["id"] = image.Id;
            attrs["collection"] = image.Extras?["collection"] ?? "";
            if (image.Extras?["occurrenceKey"] is { } key) attrs["occurrenceKey"] = key;
        }
        // A media node can't refer to an attachment by its id or address: those get a link instead.
        else if (hooks.Attachments.Find(image) is null && image.Id is null && SafeLink.CleanWeb(image.Url) is { } url)
        {
            attrs["type"] = "external";
            attrs["url"] = url;
        }
        else
        {
            return null;
        }
        if (image.Alt is { Length: > 0 } alt) attrs["alt"] = alt;
        if (image.Width is > 0) attrs["width"] = image.Width;
        if (image.Height is > 0) attrs["height"] = image.Height;
        var media = new JsonObject { ["type"] = "media", ["attrs"] = attrs };
        var marks = new JsonArray();
        if (hooks.LinkFor(image.Marks.Href) is { } href) marks.Add(LinkMark(href, image.Marks.HrefTitle));
        if (AdfLooks.Border(image.Extras) is { } border) marks.Add(border);
        if (marks.Count > 0) media["marks"] = marks;
        return media;
    }

    private void Inline(RichInline inline, Marks marks, JsonArray nodes)
    {
        switch (inline)
        {
            case TextRun run:
                Text(run.Text, marks, nodes);
                break;
            case LineBreak:
                nodes.Add(new JsonObject { ["type"] = "hardBreak" });
                break;
            case Image image:
                Picture(image, marks, nodes);
                break;
            case Mention mention when hooks.MentionIdFor(mention, AdfBlockReader.Dialect) is { } id:
                var person = new JsonObject { ["id"] = id };
                // Jira puts in the name of the account by itself.
                if (mention.Name != Mention.Unknown) person["text"] = "@" + mention.Name;
                nodes.Add(Node("mention", person));
                break;
            case Emoji emoji when emoji.ShortName.Length > 0:
                var attrs = new JsonObject { ["shortName"] = emoji.ShortName };
                if (emoji.Id is { Length: > 0 } emojiId) attrs["id"] = emojiId;
                attrs["text"] = emoji.Display;
                nodes.Add(Node("emoji", attrs));
                break;
            case DateStamp date:
                var ms = (date.Date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400_000L;
                nodes.Add(Node("date", new JsonObject { ["timestamp"] = ms.ToString(CultureInfo.InvariantCulture) }));
                break;
            case StatusLozenge { Text.Length: > 0 } status:
                nodes.Add(Node("status", new JsonObject { ["text"] = status.Text, ["color"] = status.Color }));
                break;
            case Card card when SafeLink.CleanAbsolute(hooks.LinkFor(card.Url)) is { } url:
                nodes.Add(Node("inlineCard", new JsonObject { ["url"] = url }));
                break;
            case OpaqueInline opaque when opaque.Dialect == _realm && AdfRaw.Parse(opaque.Raw) is { } raw:
                nodes.Add(raw);
                break;
            default:
                Text(RichNodes.DisplayText(inline), marks, nodes);
                break;
        }
    }

    private void Picture(Image image, Marks marks, JsonArray nodes)
    {
        if (hooks.IsOwn(image, AdfBlockReader.Dialect))
        {
            var attrs = new JsonObject { ["type"] = image.Extras?["type"] is "image" ? "image" : "file", ["id"] = image.Id, ["collection"] = image.Extras?["collection"] ?? "" };
            if (image.Alt is { Length: > 0 } alt) attrs["alt"] = alt;
            if (image.Width is > 0) attrs["width"] = image.Width;
            if (image.Height is > 0) attrs["height"] = image.Height;
            nodes.Add(Node("mediaInline", attrs));
            return;
        }
        var file = hooks.Attachments.Find(image);
        var url = SafeLink.CleanWeb(file?.Url ?? image.Url);
        if (url is not null) Text(image.Alt ?? file?.Name ?? image.Label, marks with { Href = marks.Href ?? url }, nodes);
        else Text(RichNodes.DisplayText(image with { Name = file?.Name ?? image.Name }), marks, nodes);
    }

    private void Text(string text, Marks marks, JsonArray nodes)
    {
        var first = true;
        foreach (var line in TextClean.Line(text).Split('\n'))
        {
            if (!first) nodes.Add(new JsonObject { ["type"] = "hardBreak" });
            first = false;
            if (line.Length == 0) continue;
            if (nodes.Count > 0 && ReferenceEquals(nodes[^1], _last.Node) && _last.Marks == marks)
            {
                // What was a person or a picture over there is text here, and runs on with its neighbours.
                _last.Text.Append(line);
                continue;
            }
            EndText();
            var node = new JsonObject { ["type"] = "text" };
            _last = (node, marks, new StringBuilder(line));
            nodes.Add(node);
        }
    }

    private JsonArray MarksOf(Marks marks)
    {
        var list = new JsonArray();
        if (hooks.LinkFor(marks.Href) is { } href) list.Add(LinkMark(href, marks.HrefTitle));
        if (marks.Has(MarkStyle.Code)) list.Add(Mark("code"));
        if (marks.Has(MarkStyle.Bold)) list.Add(Mark("strong"));
        if (marks.Has(MarkStyle.Italic)) list.Add(Mark("em"));
        if (marks.Has(MarkStyle.Underline)) list.Add(Mark("underline"));
        if (marks.Has(MarkStyle.Strike)) list.Add(Mark("strike"));
        if (marks.Has(MarkStyle.Sub)) list.Add(Mark("subsup", "type", "sub"));
        else if (marks.Has(MarkStyle.Sup)) list.Add(Mark("subsup", "type", "sup"));
        if (marks.Color is { } color) list.Add(Mark("textColor", "color", color));
        if (marks.Background is { } background) list.Add(Mark("backgroundColor", "color", background));
        return list;
    }

    private static JsonObject LinkMark(string href, string? title)
    {
        var attrs = new JsonObject { ["href"] = href };
        if (!string.IsNullOrEmpty(title)) attrs["title"] = title;
        return new JsonObject { ["type"] = "link", ["attrs"] = attrs };
    }

    private static JsonObject Mark(string type) => new() { ["type"] = type };

    private static JsonObject Mark(string type, string name, string value) => new() { ["type"] = type, ["attrs"] = new JsonObject { [name] = value } };

    private static JsonObject Node(string type, JsonObject attrs) => new() { ["type"] = type, ["attrs"] = attrs };
}
