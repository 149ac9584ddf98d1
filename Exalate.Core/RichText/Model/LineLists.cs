using System.Globalization;

namespace Exalate.Core.RichText;

/// <summary>
/// Lists where a dialect allows lines only (in Asana's quotes and cells): "• one", nested ones indented by two blanks, "1. one" for numbers.
/// </summary>
internal static class LineLists
{
    private const string Bullet = "• ";

    public static Paragraph Lower(ListBlock list)
    {
        var line = new InlineBuilder();
        Lower(list, line, "");
        return new Paragraph(line.Take());
    }

    /// <summary>Paragraphs of which every line is signed become lists again.</summary>
    public static NodeList<RichBlock> Raise(NodeList<RichBlock> blocks) =>
        blocks.Any(b => b is Paragraph p && Sign(First(p), out _, out _, out _)) ? blocks.Select(b => b is Paragraph p ? Raise(p) ?? b : b).ToNodeList() : blocks;

    private static void Lower(ListBlock list, InlineBuilder into, string indent)
    {
        var number = list.Start;
        foreach (var item in list.Items)
        {
            if (!into.IsEmpty) into.Add(new LineBreak());
            var sign = list.Kind == ListKind.Ordered ? (number++).ToString(CultureInfo.InvariantCulture) + ". " : Bullet;
            into.Text(indent + sign + (item.Checked is { } done ? TaskSigns.For(done) : ""), Marks.None);
            var first = true;
            foreach (var block in item.Content)
            {
                if (block is ListBlock nested)
                {
                    Lower(nested, into, indent + "  ");
                    continue;
                }
                if (!first) into.Text(" / ", Marks.None);
                first = false;
                if (block is Paragraph p) into.AddRange(p.Content.Select(i => i is LineBreak ? new TextRun(" ") : i));
                else if (block is Heading h) into.AddRange(h.Content.Select(i => i with { Marks = i.Marks.With(MarkStyle.Bold) }));
                else if (block is ImageBlock image) into.Add(image.Image);
                else into.Text(string.Join(" / ", PlainTextWriter.Lines([block], tight: true)), block is CodeBlock ? Marks.Of(MarkStyle.Code) : Marks.None);
            }
        }
    }

    private static ListBlock? Raise(Paragraph paragraph)
    {
        var lines = Lines(paragraph);
        var at = 0;
        var list = Take(lines, ref at, 0);
        return at == lines.Count ? list : null;
    }

    // The list whose lines are indented by this much, with the deeper ones inside.
    private static ListBlock? Take(List<List<RichInline>> lines, ref int at, int indent)
    {
        var items = new List<ListItem>();
        ListKind? kind = null;
        var start = 1;
        while (at < lines.Count && Sign(lines[at], out var depth, out var number, out var length))
        {
            if (depth < indent) break;
            if (depth > indent)
            {
                if (items.Count == 0 || depth > 100 || Take(lines, ref at, depth) is not { } nested) return null;
                items[^1] = items[^1] with { Content = [.. items[^1].Content, nested] };
                continue;
            }
            var own = number is null ? ListKind.Bullet : ListKind.Ordered;
            if (kind is { } known && known != own) break;
            if (kind is null && number is { } n) start = n;
            kind = own;
            items.Add(new ListItem([new Paragraph(Rest(lines[at], length))]));
            at++;
        }
        return items.Count == 0 ? null : ListSigns.Raise(new ListBlock(kind!.Value, items.ToNodeList(), start));
    }

    private static bool Sign(List<RichInline> line, out int indent, out int? number, out int length)
    {
        (indent, number, length) = (0, null, 0);
        if (line is not [TextRun run, ..] || run.Marks != Marks.None) return false;
        var text = run.Text;
        while (indent < text.Length && text[indent] == ' ') indent++;
        var rest = text.AsSpan(indent);
        if (rest.StartsWith(Bullet))
        {
            length = indent + Bullet.Length;
            return true;
        }
        var digits = 0;
        while (digits < rest.Length && digits < 9 && char.IsAsciiDigit(rest[digits])) digits++;
        if (digits == 0 || !rest[digits..].StartsWith(". ")) return false;
        number = int.Parse(rest[..digits], CultureInfo.InvariantCulture);
        length = indent + digits + 2;
        return true;
    }

    private static List<RichInline> First(Paragraph paragraph) => paragraph.Content.TakeWhile(i => i is not LineBreak).ToList();

    private static List<List<RichInline>> Lines(Paragraph paragraph)
    {
        List<List<RichInline>> lines = [[]];
        foreach (var inline in paragraph.Content)
        {
            if (inline is LineBreak) lines.Add([]);
            else lines[^1].Add(inline);
        }
        return lines;
    }

    private static NodeList<RichInline> Rest(List<RichInline> line, int length)
    {
        var run = (TextRun)line[0];
        return run.Text.Length > length ? [run with { Text = run.Text[length..] }, .. line.Skip(1)] : [.. line.Skip(1)];
    }
}
