namespace Exalate.Core.RichText;

/// <summary>Reads the elements of HTML that stand inside a line.</summary>
internal class HtmlInlineReader(RichTextHooks hooks, string dialect)
{
    private const string MentionAttribute = "data-vss-mention";

    protected string Realm { get; } = hooks.Realm ?? dialect;

    /// <summary>
    /// True for an inline element. Then <paramref name="inner"/> is how its content looks, or null when it was dealt with.
    /// </summary>
    public bool TryInline(HtmlElement element, Marks marks, CssStyle style, HtmlFlow flow, out Marks? inner)
    {
        inner = null;
        switch (element.Name)
        {
            case "br":
                flow.Inline(new LineBreak());
                return true;
            case "img" or "emoji" when element["alt"] is { } sign && Pictograms.Are(sign):
                flow.Text(sign, marks);
                return true;
            case "video" or "audio" when !element.HoldsGrafts:
                if (Recording(element) is { } recording) flow.Inline(new TextRun(element["title"] is { Length: > 0 } words ? words : recording, marks with { Href = recording }));
                return true;
            case "img":
                if (ImageOf(element, style) is { } image) flow.Inline(image with { Marks = style.Apply(marks) with { Color = null } });
                else if (element["alt"] is { Length: > 0 } alt && !IsPixel(element, style)) flow.Text(alt, marks);
                return true;
            case "input":
                return true;
            case "a":
                inner = Anchor(element, marks, style, flow);
                return true;
            case "font":
                inner = style.Apply(Colors.Parse(element["color"]) is { } color and not "#000000" ? marks with { Color = color } : marks);
                return true;
            case "q":
                inner = style.Apply(marks);
                return true;
            case "wbr":
                return true;
        }
        if (StyleOf(element.Name) is not { } known)
        {
            if (!IsInline(element.Name)) return false;
            inner = style.Apply(element.Name == "mark" ? marks with { Background = "#ffff00" } : marks);
            return true;
        }
        inner = style.Apply(marks.With(known));
        return true;
    }

    // Where the film or sound is: nothing shows it here, but people can open it.
    private static string? Recording(HtmlElement element) =>
        SafeLink.CleanWeb(element["src"] ?? element.Children.OfType<HtmlElement>().FirstOrDefault(c => c.Name == "source")?["src"]);

    public static MarkStyle? StyleOf(string name) => name switch
    {
        "b" or "strong" => MarkStyle.Bold,
        "i" or "em" or "cite" or "dfn" or "var" => MarkStyle.Italic,
        "u" or "ins" => MarkStyle.Underline,
        "s" or "strike" or "del" => MarkStyle.Strike,
        "code" or "tt" or "kbd" or "samp" => MarkStyle.Code,
        "sub" => MarkStyle.Sub,
        "sup" => MarkStyle.Sup,
        _ => null,
    };

    private static bool IsInline(string name) =>
        name is "span" or "mark" or "small" or "big" or "abbr" or "acronym" or "label" or "time" or "bdi" or "bdo" or "ruby" or "data" or "output" or "button" or "o:p" or "font";

    private Marks? Anchor(HtmlElement element, Marks marks, CssStyle style, HtmlFlow flow)
    {
        if (!element.HoldsGrafts && element[MentionAttribute] is { } mention && GuidOf(mention) is { } id)
        {
            var name = element.InnerText().Trim().TrimStart('@');
            flow.Inline(new Mention(id, name.Length > 0 ? name : hooks.FindName?.Invoke(id) ?? Mention.Unknown, Realm) { Marks = style.Apply(marks) });
            return null;
        }
        var href = SafeLink.Clean(element["href"]);
        if (href is null or "#") return style.Apply(marks);
        var title = element["title"] is { Length: > 0 } words ? words : null;
        return style.Apply(marks with { Href = href, HrefTitle = title });
    }

    // "version:2.0,{guid}" is a person; "version:1.0" with a number in the text is a work item and stays a link.
    private static string? GuidOf(string mention)
    {
        var comma = mention.IndexOf(',', StringComparison.Ordinal);
        var id = (comma < 0 ? mention : mention[(comma + 1)..]).Trim().Trim('{', '}');
        return Guid.TryParse(id, out _) ? id : null;
    }

    public Image? ImageOf(HtmlElement element, CssStyle style)
    {
        if (IsPixel(element, style)) return null;
        var source = AttachmentAddress.Whole(element["src"]);
        var url = SafeLink.CleanWeb(source);
        var path = url is null ? AttachmentAddress.Path(source) : null;
        var name = AttachmentAddress.FileName(source) ?? AttachmentAddress.NameIn(path);
        var id = AttachmentAddress.Id(source);
        if (url is null && name is null) return null;
        var alt = element["alt"] is { Length: > 0 } words ? words : null;
        var file = hooks.Attachments.Find(id) ?? hooks.Attachments.Find(url) ?? hooks.Attachments.Find(name) ?? hooks.Attachments.Find(alt);
        return new Image
        {
            Id = id,
            Url = url,
            Name = file?.Name ?? name,
            Alt = alt,
            Width = HtmlNumbers.Pixels(element["width"] ?? style["width"]),
            Height = HtmlNumbers.Pixels(element["height"] ?? style["height"]),
            System = id is null && path is null ? null : Realm,
            Extras = Extras.Single("path", path),
        };
    }

    private static bool IsPixel(HtmlElement element, CssStyle style) =>
        style.IsOutOfSight || TrackingPixel.Is(HtmlNumbers.Pixels(element["width"] ?? style["width"]), HtmlNumbers.Pixels(element["height"] ?? style["height"]));
}

/// <summary>What the address of a picture tells about the file behind it.</summary>
internal static class AttachmentAddress
{
    private const string Folder = "/_apis/wit/attachments/";

    /// <summary>Id of an attachment of Azure DevOps, else null.</summary>
    public static string? Id(string? url)
    {
        var at = url?.IndexOf(Folder, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0) return null;
        var rest = url!.AsSpan(at + Folder.Length);
        var end = rest.IndexOfAny('?', '/', '#');
        if (end >= 0) rest = rest[..end];
        return Guid.TryParse(rest, out _) ? rest.ToString() : null;
    }

    /// <summary>With a scheme, where the page's own was meant: "//example.org/a.png".</summary>
    public static string? Whole(string? url) => url?.TrimStart() is { } address && address.StartsWith("//", StringComparison.Ordinal) ? "https:" + address : url;

    /// <summary>An address below the document's own place ("images/a.png", "/.attachments/a.png"), else null.</summary>
    public static string? Path(string? url) =>
        SafeLink.Clean(url) is { Length: < 1000 } path && path.Contains('/', StringComparison.Ordinal) && path[0] is not ('#' or '\\') && SafeLink.CleanAbsolute(path) is null && !path.StartsWith("//", StringComparison.Ordinal)
            ? path
            : null;

    /// <summary>The last part of such an address.</summary>
    public static string? NameIn(string? path)
    {
        if (path is null) return null;
        var end = path.IndexOfAny(['?', '#']);
        if (end >= 0) path = path[..end];
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length is > 0 and < 300 ? Uri.UnescapeDataString(name) : null;
    }

    /// <summary>The file's name: of an attachment's address, of a picture inside a mail ("cid:image001.png@…"), or of a bare name.</summary>
    public static string? FileName(string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return null;
        if (url.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
        {
            var name = url[4..].Split('@')[0];
            return name.Length is > 0 and < 300 ? Uri.UnescapeDataString(name) : null;
        }
        var query = url.IndexOf("fileName=", StringComparison.OrdinalIgnoreCase);
        if (query >= 0 && url.Contains(Folder, StringComparison.OrdinalIgnoreCase))
        {
            var value = url[(query + 9)..].Split('&', '#')[0];
            return value.Length is > 0 and < 1000 ? Uri.UnescapeDataString(value.Replace('+', ' ')) : null;
        }
        if (url.StartsWith("attachment:", StringComparison.OrdinalIgnoreCase)) url = url[11..];
        return url.Length < 1000 && url.IndexOfAny([':', '/', '?', '#', '\\', '<', '>']) < 0 ? Uri.UnescapeDataString(url) : null;
    }
}
