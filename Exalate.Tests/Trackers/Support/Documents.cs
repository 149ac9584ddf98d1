using Exalate.Core.RichText;

namespace Exalate.Tests.Trackers.Support;

/// <summary>Texts as people write them.</summary>
internal static class Documents
{
    public static RichDocument Rich() => new(
    [
        new Heading(1, [new TextRun("Steps")]),
        new Paragraph(
        [
            new TextRun("Press "), new TextRun("Save", MarkStyle.Bold), new TextRun(" & look <here>: "), new TextRun("the \"log\"", Marks.Link("https://example.com/a?b=1&c=2")), new TextRun("."),
        ]),
        new ListBlock(ListKind.Ordered, [new ListItem([new Paragraph([new TextRun("one")])]), new ListItem([new Paragraph([new TextRun("two", MarkStyle.Italic)])])]),
        new ListBlock(ListKind.Bullet, [new ListItem([new Paragraph([new TextRun("äöü 日本 😀")])])]),
        new CodeBlock("if (a < b && c)\n    return \"x\";"),
        new Paragraph([new TextRun("The end.")]),
    ]);

    public static RichDocument Comment() => new(
    [
        new Paragraph([new TextRun("Reproduced on "), new TextRun("staging", MarkStyle.Bold), new TextRun(" with <b>5 & 6</b>.")]),
        new ListBlock(ListKind.Bullet, [new ListItem([new Paragraph([new TextRun("first")])]), new ListItem([new Paragraph([new TextRun("second")])])]),
    ]);
}
