using System.Globalization;
using System.Text;
using System.Text.Json;
using static Exalate.Core.RichText.JsonRead;

namespace Exalate.Core.RichText;

/// <summary>Reads what stands inside one line of ADF.</summary>
internal sealed class AdfInlineReader(RichTextHooks hooks)
{
    private readonly string _realm = hooks.Realm ?? AdfBlockReader.Dialect;

    public static bool IsInline(string? type) =>
        type is "text" or "hardBreak" or "mention" or "emoji" or "date" or "status" or "inlineCard" or "mediaInline" or "inlineExtension" or "placeholder";

    public NodeList<RichInline> Content(JsonElement node)
    {
        var line = new InlineBuilder();
        foreach (var child in Items(node, "content")) Inline(child, line);
        return line.Take();
    }

    /// <summary>The text of a code block.</summary>
    public string PlainText(JsonElement node)
    {
        var text = new StringBuilder();
        foreach (var child in Items(node, "content"))
        {
            if (Str(child, "type") == "hardBreak") text.Append('\n');
            else text.Append(Str(child, "text"));
        }
        return TextClean.Line(text.Replace("\r\n", "\n").Replace('\r', '\n').ToString());
    }

    public void Inline(JsonElement node, InlineBuilder line)
    {
        if (node.ValueKind != JsonValueKind.Object) return;
        var attrs = Obj(node, "attrs");
        var marks = MarksOf(node);
        switch (Str(node, "type"))
        {
            case "text":
                line.Lines(TextClean.Line(Str(node, "text") ?? ""), marks);
                break;
            case "hardBreak":
                line.Add(new LineBreak());
                break;
            case "mention":
                var name = TextClean.Line(Str(attrs, "text") ?? "").Trim().TrimStart('@');
                var id = Str(attrs, "id");
                line.Add(new Mention(id, name.Length > 0 ? name : (id is null ? null : hooks.FindName?.Invoke(id)) ?? Mention.Unknown, _realm) { Marks = marks });
                break;
            case "emoji":
                line.Add(new Emoji(Str(attrs, "shortName") ?? ":emoji:", EmojiText(attrs), Str(attrs, "id")) { Marks = marks });
                break;
            case "date":
                Date(attrs, marks, line);
                break;
            case "status":
                line.Add(new StatusLozenge(TextClean.Line(Str(attrs, "text") ?? ""), StatusColors.Known(Str(attrs, "color"))) { Marks = marks });
                break;
            case "inlineCard" when SafeLink.Clean(CardUrl(attrs)) is { } url:
                line.Add(new Card(url) { Marks = marks });
                break;
            case "mediaInline" or "media":
                if (ImageOf(node) is { } image) line.Add(image);
                break;
            default:
                Unknown(node, attrs, line);
                break;
        }
    }

    public Image? ImageOf(JsonElement node)
    {
        var attrs = Obj(node, "attrs");
        var id = Str(attrs, "id") is { Length: > 0 } own ? own : null;
        var url = SafeLink.CleanWeb(Str(attrs, "url"));
        int? width = Int(attrs, "width"), height = Int(attrs, "height");
        if ((id is null && url is null) || (id is null && TrackingPixel.Is(width, height))) return null;
        var alt = Str(attrs, "alt") is { Length: > 0 } words ? TextClean.Line(words) : null;
        var file = hooks.Attachments.Find(id) ?? hooks.Attachments.Find(Str(attrs, "__fileName")) ?? hooks.Attachments.Find(alt);
        return new Image
        {
            Id = id,
            Name = file?.Name ?? (id is null ? null : Str(attrs, "__fileName") ?? alt),
            Url = url,
            Alt = alt,
            Width = width,
            Height = height,
            System = id is null ? null : _realm,
            Extras = id is null ? null : AdfLooks.Picture(node, attrs),
            Marks = MarksOf(node),
        };
    }

    public static string? CardUrl(JsonElement attrs) => Str(attrs, "url") ?? Str(Obj(attrs, "data"), "url");

    private void Unknown(JsonElement node, JsonElement attrs, InlineBuilder line)
    {
        var text = Str(node, "text") ?? Str(attrs, "text") ?? CardUrl(attrs) ?? TextsIn(node);
        line.Add(new OpaqueInline(_realm, node.GetRawText(), TextClean.Line(text)));
    }

    // What blocks stand inside a line, against the format, may be as deep as its parser allows: no recursion.
    private static string TextsIn(JsonElement start)
    {
        var text = new StringBuilder();
        var open = new Stack<JsonElement>([start]);
        while (open.TryPop(out var node))
        {
            if (node.ValueKind != JsonValueKind.Object) continue;
            text.Append(Str(node, "type") == "hardBreak" ? "\n" : Str(node, "text") ?? Str(Obj(node, "attrs"), "text"));
            foreach (var child in Items(node, "content").Reverse()) open.Push(child);
        }
        return text.ToString();
    }

    private static string? EmojiText(JsonElement attrs) =>
        Str(attrs, "text") is { Length: > 0 } text && !(text[0] == ':' && text[^1] == ':') ? text : null;

    private static void Date(JsonElement attrs, Marks marks, InlineBuilder line)
    {
        var stamp = Str(attrs, "timestamp");
        if (long.TryParse(stamp, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) && ms is > -62_135_596_800_000 and < 253_402_300_800_000)
            line.Add(new DateStamp(DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime)) { Marks = marks });
        else if (stamp is not null)
            line.Text(TextClean.Line(stamp), marks);
    }

    private static Marks MarksOf(JsonElement node)
    {
        var marks = Marks.None;
        foreach (var mark in Items(node, "marks"))
        {
            var attrs = Obj(mark, "attrs");
            marks = Str(mark, "type") switch
            {
                "strong" => marks.With(MarkStyle.Bold),
                "em" => marks.With(MarkStyle.Italic),
                "underline" => marks.With(MarkStyle.Underline),
                "strike" => marks.With(MarkStyle.Strike),
                "code" => marks.With(MarkStyle.Code),
                "subsup" => marks.With(Str(attrs, "type") == "sup" ? MarkStyle.Sup : MarkStyle.Sub),
                "textColor" => marks with { Color = Colors.Parse(Str(attrs, "color")) },
                "backgroundColor" => marks with { Background = Colors.Parse(Str(attrs, "color")) },
                "link" => marks with { Href = SafeLink.Clean(Str(attrs, "href")), HrefTitle = Str(attrs, "title") is { Length: > 0 } title ? title : null },
                _ => marks,
            };
        }
        return marks;
    }
}
