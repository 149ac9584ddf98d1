using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>
/// Writes what stands inside one block of Markdown. Stars are used where they will be understood as formats; where they would not (inside words,
/// beside signs), tags of HTML are.
/// </summary>
internal sealed class MdInlineWriter(RichTextHooks hooks, MarkdownFlavor flavor)
{
    private enum Place
    {
        Paragraph,
        Line,
        Cell,
    }

    /// <summary>The formats, outermost first.</summary>
    private enum Layer
    {
        Link,
        Colour,
        Underline,
        Sub,
        Sup,
        Strike,
        Bold,
        Italic,
        Leaf,
    }

    public string Write(IEnumerable<RichInline> content) => Write(content, Place.Paragraph);

    /// <summary>On one line; for headings.</summary>
    public string WriteLine(IEnumerable<RichInline> content)
    {
        var line = Write(content, Place.Line);
        // Signs at the end of a heading would be taken for its closing ones.
        return line.EndsWith('#') ? line[..^1] + "\\#" : line;
    }

    public string WriteCell(IEnumerable<RichInline> content) => Write(content.SelectMany(PipesOutsideOfCode), Place.Cell).Replace("|", "\\|", StringComparison.Ordinal);

    // Behind a backslash a pipe would end the cell, and inside of code a backslash can't be escaped: there the pipe stands between two pieces of code.
    private static IEnumerable<RichInline> PipesOutsideOfCode(RichInline inline)
    {
        if (inline is not TextRun run || !run.Marks.Has(MarkStyle.Code) || !run.Text.Contains("\\|", StringComparison.Ordinal))
            return [inline];
        var pieces = run.Text.Split("\\|");
        return pieces.SelectMany((piece, i) => i == pieces.Length - 1
            ? new[] { run with { Text = piece } }
            : [run with { Text = piece + "\\" }, run with { Text = "|", Marks = run.Marks.Without(MarkStyle.Code) }])
            .Where(part => part.Text.Length > 0);
    }

    private string Write(IEnumerable<RichInline> content, Place place)
    {
        var parts = Prepared(content);
        var text = new StringBuilder();
        Span(parts, 0, parts.Count, Layer.Link, place, text, '\n', '\n');
        return place == Place.Paragraph ? MdEscape.LineStarts(text.ToString()) : text.ToString().Trim();
    }

    // Formats that Markdown's signs can't put around blanks leave them; breaks and blanks at the ends mean nothing.
    private static List<RichInline> Prepared(IEnumerable<RichInline> content)
    {
        var line = new InlineBuilder();
        foreach (var inline in content.SelectMany(MdBareLinks.Linked))
        {
            if (inline is not TextRun run)
            {
                line.Add(inline is LineBreak ? new LineBreak() : inline);
                continue;
            }
            var text = run.Text.Replace('\r', ' ');
            if (run.Marks.Has(MarkStyle.Code))
            {
                line.Text(text.Replace('\n', ' '), run.Marks);
                continue;
            }
            var loose = run.Marks.Without(MarkStyle.Bold | MarkStyle.Italic | MarkStyle.Strike);
            var start = text.Length - text.AsSpan().TrimStart().Length;
            var end = text.AsSpan().TrimEnd().Length;
            if (end <= start)
            {
                line.Lines(text, loose);
                continue;
            }
            line.Lines(text.AsSpan(0, start), loose);
            line.Lines(text.AsSpan(start, end - start), run.Marks);
            line.Lines(text.AsSpan(end), loose);
        }
        line.TrimEnd();
        return WithoutBlanksAtBreaks(line.Take());
    }

    private static List<RichInline> WithoutBlanksAtBreaks(NodeList<RichInline> line)
    {
        var parts = new List<RichInline>();
        for (var i = 0; i < line.Count; i++)
        {
            if (line[i] is LineBreak && parts.Count == 0) continue;
            if (line[i] is not TextRun run || run.Marks.Has(MarkStyle.Code))
            {
                parts.Add(line[i]);
                continue;
            }
            var text = run.Text;
            if (parts.Count == 0 || parts[^1] is LineBreak) text = text.TrimStart(' ', '\t', '\u00a0');
            if (i + 1 < line.Count && line[i + 1] is LineBreak) text = text.TrimEnd(' ', '\t', '\u00a0');
            if (text.Length > 0) parts.Add(run with { Text = text });
        }
        return parts;
    }

    private void Span(List<RichInline> parts, int from, int to, Layer layer, Place place, StringBuilder text, char before, char after)
    {
        if (layer == Layer.Leaf)
        {
            for (var i = from; i < to; i++)
                Leaf(parts[i], place, text, i + 1 < to ? FirstSign(parts[i + 1], Layer.Leaf) : after, i + 1 < parts.Count && parts[i + 1] is LineBreak);
            return;
        }
        for (var i = from; i < to;)
        {
            var key = Key(parts[i], layer);
            var end = i + 1;
            while (end < to && Equals(Key(parts[end], layer), key)) end++;
            var behind = end < to ? FirstSign(parts[end], layer) : after;
            if (key is null || IsBlank(parts, i, end))
            {
                Span(parts, i, end, layer + 1, place, text, text.Length > 0 ? text[^1] : before, behind);
            }
            else
            {
                var inner = new StringBuilder();
                var outer = text.Length > 0 ? text[^1] : before;
                if (layer == Layer.Link && end == i + 1 && Short(parts[i], outer, behind) is { } address)
                {
                    text.Append(address);
                    i = end;
                    continue;
                }
                Span(parts, i, end, layer + 1, place, inner, outer, layer == Layer.Link ? ']' : '<');
                var (open, close) = Around(layer, parts[i].Marks, inner, outer, text.Length > 0, behind);
                text.Append(open).Append(inner).Append(close);
            }
            i = end;
        }
    }

    private string? Short(RichInline inline, char before, char after) =>
        inline is TextRun run && run.Marks == new Marks { Href = run.Marks.Href } && hooks.LinkFor(run.Marks.Href) is { } href ? MdAutolink.Of(run.Text, href, before, after) : null;

    private object? Key(RichInline inline, Layer layer)
    {
        if (inline is LineBreak) return null;
        var marks = inline.Marks;
        return layer switch
        {
            Layer.Link => inline is Card ? null : hooks.LinkFor(marks.Href) is { } href ? (href, marks.HrefTitle) : null,
            Layer.Colour => marks.Color is null && marks.Background is null ? null : (marks.Color, marks.Background),
            Layer.Underline => On(marks, MarkStyle.Underline),
            Layer.Sub => On(marks, MarkStyle.Sub),
            Layer.Sup => On(marks, MarkStyle.Sup),
            Layer.Strike => On(marks, MarkStyle.Strike),
            Layer.Bold => On(inline is StatusLozenge ? marks.With(MarkStyle.Bold) : marks, MarkStyle.Bold),
            Layer.Italic => On(marks, MarkStyle.Italic),
            _ => null,
        };
    }

    private static object? On(Marks marks, MarkStyle style) => marks.Has(style) ? "on" : null;

    private static bool IsBlank(List<RichInline> parts, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (RichNodes.DisplayText(parts[i]).Length > 0) return false;
        }
        return true;
    }

    private (string Open, string Close) Around(Layer layer, Marks marks, StringBuilder inner, char before, bool joined, char after) => layer switch
    {
        Layer.Link => ("[", $"]({MdEscape.Destination(hooks.LinkFor(marks.Href)!)}{MdEscape.Title(marks.HrefTitle)})"),
        Layer.Colour => ($"<span style=\"{Style(marks)}\">", "</span>"),
        Layer.Underline => ("<u>", "</u>"),
        Layer.Sub => ("<sub>", "</sub>"),
        Layer.Sup => ("<sup>", "</sup>"),
        Layer.Strike => Signs(inner, before, joined, after, "~~") ?? ("<s>", "</s>"),
        Layer.Bold => Signs(inner, before, joined, after, "**") ?? ("<b>", "</b>"),
        _ => Signs(inner, before, joined, after, "*") ?? ("<i>", "</i>"),
    };

    private static string Style(Marks marks) =>
        (Colors.Parse(marks.Color) is { } color ? $"color:{color};" : "") + (Colors.Parse(marks.Background) is { } back ? $"background-color:{back};" : "");

    // The rules of the specification about what may stand on either side of the signs.
    private static (string Open, string Close)? Signs(StringBuilder inner, char before, bool joined, char after, string signs)
    {
        if (inner.Length == 0) return ("", "");
        char first = inner[0], last = inner[^1];
        if (char.IsWhiteSpace(first) || char.IsWhiteSpace(last)) return null;
        if (joined && before == signs[0]) return null;
        if (MdText.IsPunctuation(first) && !char.IsWhiteSpace(before) && !MdText.IsPunctuation(before)) return null;
        if (MdText.IsPunctuation(last) && !char.IsWhiteSpace(after) && !MdText.IsPunctuation(after)) return null;
        // Runs that could open as well as close are counted by threes: not where signs meet signs inside a word.
        var inWord = !char.IsWhiteSpace(before) && !MdText.IsPunctuation(before) || !char.IsWhiteSpace(after) && !MdText.IsPunctuation(after);
        if (inWord && (first == signs[0] || last == signs[0])) return null;
        if (first == '~' && signs[0] == '~' || last == '~' && signs[0] == '~' || after == signs[0]) return null;
        return (signs, signs);
    }

    // The sign the next part will begin with, when formats from this layer on may open in front of it.
    private char FirstSign(RichInline next, Layer layer)
    {
        if (next is LineBreak) return '\n';
        for (; layer < Layer.Leaf; layer++)
        {
            if (Key(next, layer) is not null) return layer == Layer.Link ? '[' : '<';
        }
        if (next is Card) return '[';
        if (next is Image) return '!';
        if (next.Marks.Has(MarkStyle.Code)) return '`';
        var text = RichNodes.DisplayText(next);
        return text.Length == 0 ? '\n' : text[0];
    }

    private void Leaf(RichInline inline, Place place, StringBuilder text, char after, bool breakFollows)
    {
        switch (inline)
        {
            case LineBreak when place == Place.Paragraph:
                // There, a second break in a row would be a blank line.
                text.Append(flavor == MarkdownFlavor.Common ? "\\\n" : breakFollows ? "<br>" : "  \n");
                break;
            case LineBreak:
                text.Append("<br>");
                break;
            case TextRun run when run.Marks.Has(MarkStyle.Code):
                text.Append(MdEscape.Code(run.Text));
                break;
            case Image image:
                Picture(image, text);
                break;
            case Card card when hooks.LinkFor(card.Url) is { } url && MdAutolink.Of(url, url, text.Length > 0 ? text[^1] : '\n', after) is { } address:
                text.Append(address);
                break;
            case Card card when hooks.LinkFor(card.Url) is { } url:
                text.Append('[').Append(MdEscape.Text(url, ' ', ' ')).Append("](").Append(MdEscape.Destination(url)).Append(')');
                break;
            case OpaqueInline opaque when flavor == MarkdownFlavor.Azure && MdAzure.Checked(opaque) is { } raw:
                text.Append(raw);
                break;
            case Mention mention when flavor == MarkdownFlavor.Azure && hooks.MentionIdFor(mention, AzureHtmlWriter.Dialect) is { } id && Guid.TryParse(id, out _):
                text.Append("@<").Append(id).Append('>');
                break;
            default:
                text.Append(MdEscape.Text(RichNodes.DisplayText(inline).Replace("\n", place == Place.Paragraph ? "\n" : " ", StringComparison.Ordinal), text.Length > 0 ? text[^1] : '\n', after, flavor == MarkdownFlavor.Azure));
                break;
        }
    }

    private void Picture(Image image, StringBuilder text)
    {
        var file = hooks.Attachments.Find(image);
        var path = file is null ? hooks.PathOf(image, MdImages.Dialect(flavor)) : null;
        var target = SafeLink.CleanWeb(file?.Url ?? image.Url) ?? path ?? file?.Name ?? image.Name;
        if (target is null)
        {
            text.Append(MdEscape.Text(RichNodes.DisplayText(image), ' ', ' '));
            return;
        }
        var bare = target != path && SafeLink.CleanWeb(target) is null;
        text.Append("![").Append(MdEscape.Text(image.Alt ?? file?.Name ?? image.Name ?? "", ' ', ' ')).Append("](");
        text.Append(MdEscape.Destination(bare ? MdEscape.FileName(target) : target));
        if (flavor == MarkdownFlavor.Azure && MdImages.SizeOf(image) is { } size) text.Append(' ').Append(size);
        else text.Append(MdEscape.Title(image.Extras?["title"]));
        text.Append(')');
    }
}
