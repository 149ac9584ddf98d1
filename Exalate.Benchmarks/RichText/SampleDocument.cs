using Exalate.Core.RichText;

namespace Exalate.Benchmarks.RichText;

/// <summary>A document as people write it: mostly paragraphs, with some of everything else.</summary>
internal static class SampleDocument
{
    /// <summary>About as long as asked when it is written in that dialect, in characters.</summary>
    public static RichDocument OfSize(Dialect dialect, int size)
    {
        var part = dialect.Write(new RichDocument(Part(0)), RichTextHooks.None).Length;
        return new RichDocument(Enumerable.Range(0, Math.Max(1, size / part)).SelectMany(Part));
    }

    private static IEnumerable<RichBlock> Part(int number) =>
    [
        new Heading(2, [new TextRun($"Chapter {number}")]),
        new Paragraph([new TextRun("The quick brown fox "), new TextRun("jumps over", MarkStyle.Bold), new TextRun(" the lazy dog, then it reads "), new TextRun("the manual", Marks.Link("https://example.org/manual?page=2&lang=en")), new TextRun(" (a & b < c) and goes "), new TextRun("home", MarkStyle.Italic), new TextRun(".")]),
        new Paragraph([new TextRun("Second line of thought, asked by "), new Mention("557058:1", "Anna Bright", "adf"), new TextRun(" on "), new DateStamp(new DateOnly(2026, 5, 3)), new LineBreak(), new TextRun("with a break and "), new TextRun("some code();", MarkStyle.Code)]),
        new ListBlock(ListKind.Bullet, [Item("first"), Item("second", new ListBlock(ListKind.Ordered, [Item("nested one"), Item("nested two")])), Item("third")]),
        new ListBlock(ListKind.Task, [new ListItem([Text("open task")], false), new ListItem([Text("done task")], true)]),
        new Table([Row(true, "Name", "Count", "Remark"), Row(false, "Apples", "3", "green ones | sour"), Row(false, "Pears", "5", "*ripe*")]),
        new Panel("warning", null, [Text("Mind the gap between the platform and the train.")]),
        new CodeBlock("for (var i = 0; i < 10; i++)\n{\n    Console.WriteLine(i);\n}", "csharp"),
        new Quote([Text("Simplicity is prerequisite for reliability.")]),
        new Rule(),
    ];

    private static Paragraph Text(string text) => new([new TextRun(text)]);

    private static ListItem Item(string text, params RichBlock[] below) => new([Text(text), .. below]);

    private static TableRow Row(bool header, params string[] cells) => new(cells.Select(c => new TableCell([Text(c)], header)).ToNodeList());
}
