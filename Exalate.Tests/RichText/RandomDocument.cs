using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

/// <summary>Makes documents that hold every construct of the model, nested as far as any tracker's editor lets people nest.</summary>
/// <param name="seed">Equal seeds make equal documents.</param>
/// <param name="plain">Every construct, but none inside another but lines (and lists in lists): what each dialect shows of it can be counted.</param>
internal sealed class RandomDocument(int seed, bool plain = false)
{
    private static readonly string[] Words =
    [
        "alpha", "Beta", "gamma", "naïve", "日本語", "שלום", "مرحبا", "😀", "👩‍👩‍👧", "x<y", "a&b", "&amp;", "*star*", "under_score", "_lead", "back\\slash", "[brackets]",
        "`tick", "~tilde~", "#hash", "1.", "-", "+", ">", "|pipe|", "\"quoted\"", "'single'", "<b>", "</p>", "100%", "(paren)", "!", "![no](image)", "end.", "C:\\dir\\file",
        "**", "__init__", "~~~", "```", "---", "===", "{code}", "@someone", ":smile:", "http", "a*b*c", "5*3=15", "_", "*", "&lt;", "&#65;", "\\", "\\*", "]", "[x]", "[ ]",
    ];

    private readonly Random _random = new(seed);
    private int _counter;

    public RichDocument Make()
    {
        var blocks = new List<RichBlock>();
        var count = plain ? 8 : _random.Next(1, 7);
        for (var i = 0; i < count; i++) blocks.Add(Block(0));
        return new RichDocument(blocks);
    }

    private bool Chance(double of) => _random.NextDouble() < of;

    private RichBlock Block(int depth)
    {
        var kind = _random.Next(depth >= 3 ? 5 : 13);
        return kind switch
        {
            0 or 1 or 2 => new Paragraph(Line(breaks: true)),
            3 => new CodeBlock(Code(), Chance(0.5) ? "csharp" : null),
            4 => new ImageBlock(Picture()),
            5 => new Heading(_random.Next(1, 7), Line(breaks: false)),
            6 or 7 => List(depth),
            8 => new Quote(Blocks(depth + 1)),
            9 => new Rule(),
            10 => Table(depth),
            11 => new Panel(Pick("info", "note", "tip", "warning", "error", "success", "custom"), Chance(0.5) ? "Title " + Unique() : null, Blocks(depth + 1)),
            _ => new Expand("Section " + Unique(), Blocks(depth + 1)),
        };
    }

    private NodeList<RichBlock> Blocks(int depth) => plain ? [new Paragraph(Line(breaks: true)), new Paragraph(Line(breaks: false))] : Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Block(depth)).ToNodeList();

    private ListBlock List(int depth)
    {
        var kind = Pick(ListKind.Bullet, ListKind.Ordered, ListKind.Task);
        var items = Enumerable.Range(0, _random.Next(1, 4)).Select(_ =>
        {
            var content = new List<RichBlock> { new Paragraph(Line(breaks: Chance(0.2))) };
            if (depth < 3 && Chance(0.4)) content.Add(plain || Chance(0.7) ? List(depth + 1) : Block(depth + 1));
            return new ListItem(content.ToNodeList(), kind == ListKind.Task ? Chance(0.5) : null);
        });
        return new ListBlock(kind, items.ToNodeList(), kind == ListKind.Ordered && Chance(0.3) ? _random.Next(2, 20) : 1);
    }

    private Table Table(int depth)
    {
        int rows = _random.Next(1, 4), columns = _random.Next(1, 4);
        var header = rows > 1 && Chance(0.7);
        var spans = Chance(0.2);
        return new Table(Enumerable.Range(0, rows).Select(r => new TableRow(Enumerable.Range(0, columns).Select(c =>
        {
            var content = plain || Chance(0.75) ? [new Paragraph(Line(breaks: false))] : Chance(0.3) ? [] : Blocks(depth + 2);
            return new TableCell(content, header && r == 0, spans && c == 0 && r > 0 ? 2 : 1) { Background = Chance(0.1) ? "#ffeeaa" : null };
        }).ToNodeList())).ToNodeList());
    }

    private NodeList<RichInline> Line(bool breaks)
    {
        var line = new List<RichInline> { new TextRun($"w{Unique()}q", Look()) };
        var count = _random.Next(1, 7);
        for (var i = 0; i < count; i++)
        {
            if (Chance(0.8)) line.Add(new TextRun(" ", Chance(0.3) ? Look() : Marks.None));
            line.Add(_random.Next(20) switch
            {
                0 => new Mention("557058:" + Unique(), "Person " + Unique(), "adf"),
                1 => new Emoji(":smile:", "😄", "1f604"),
                2 => new DateStamp(new DateOnly(2026, 1, 1).AddDays(_random.Next(1000))),
                3 => new StatusLozenge("STATE " + Unique(), Pick("neutral", "green", "red")),
                4 => new Card("https://example.org/card/" + Unique()),
                5 => Picture(),
                6 when breaks => new LineBreak(),
                _ => new TextRun(Chance(0.6) ? Pick(Words) : $"t{Unique()}q", Look()),
            });
        }
        line.Add(new TextRun($" z{Unique()}q"));
        return Joined(line);
    }

    // As readers make it: neighbouring runs of one look are one run.
    private static NodeList<RichInline> Joined(List<RichInline> line)
    {
        var result = new List<RichInline>();
        foreach (var inline in line)
        {
            if (inline is TextRun run && result.Count > 0 && result[^1] is TextRun last && last.Marks == run.Marks) result[^1] = last with { Text = last.Text + run.Text };
            else result.Add(inline);
        }
        return result.ToNodeList();
    }

    private Marks Look()
    {
        if (Chance(0.55)) return Marks.None;
        var marks = Chance(0.1)
            ? Marks.Of(MarkStyle.Code)
            : Marks.Of(Pick(MarkStyle.Bold, MarkStyle.Italic, MarkStyle.Underline, MarkStyle.Strike, MarkStyle.Sub, MarkStyle.Sup, MarkStyle.Bold | MarkStyle.Italic, MarkStyle.None));
        if (!marks.Has(MarkStyle.Code) && Chance(0.15)) marks = marks with { Color = "#ff0000" };
        if (!marks.Has(MarkStyle.Code) && Chance(0.08)) marks = marks with { Background = "#00ff00" };
        if (Chance(0.15)) marks = marks with { Href = "https://example.org/" + Pick("a", "b?x=1&y=2", "c_(d)", "mailbox") };
        return marks;
    }

    private Image Picture() => Chance(0.5)
        ? new Image { Url = $"https://example.org/{Unique()}.png", Alt = Chance(0.5) ? "picture " + Unique() : null }
        : new Image { Name = $"file {Unique()}.png", Id = "media-" + Unique(), System = "adf", Alt = "shot " + Unique() };

    private string Code() => string.Join('\n', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick("var x = 1;", "  if (a < b && c) {", "```", "", "| a | b |", "# no heading", "\ttab") + Unique()));

    private string Unique() => (++_counter).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
