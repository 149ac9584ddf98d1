using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

public class DocumentMergeTests
{
    private static readonly RichDocument Original = new(
    [
        new Heading(3, [new TextRun("Plan", new Marks { Color = "#ff0000" })]),
        new Panel("warning", null, [new Paragraph([new TextRun("Do not "), new TextRun("touch", new Marks { Color = "#00ff00" })])]),
        new Paragraph([new Mention("557058:1", "Anna Bright", "adf"), new TextRun(" says "), new StatusLozenge("DONE", "green"), new TextRun(" on "), new DateStamp(new DateOnly(2026, 5, 3)), new TextRun(" with x"), new TextRun("2", MarkStyle.Sup)]),
        new Table(
        [
            new TableRow([Cell("Name", header: true), Cell("Count", header: true)]),
            new TableRow([Cell("Apple"), Cell("3")]),
            new TableRow([Cell("Pear"), Cell("5")]),
        ]),
        new ListBlock(ListKind.Task,
        [
            new ListItem([new Paragraph([new TextRun("first "), new TextRun("red", new Marks { Color = "#ff0000" })])], true),
            new ListItem([new Paragraph([new TextRun("second task")]), new ListBlock(ListKind.Bullet, [new ListItem([new Paragraph([new TextRun("nested "), new TextRun("blue", new Marks { Color = "#0000ff" })])])])], false),
        ]),
        new CodeBlock("var x = 1;", "csharp"),
        new OpaqueBlock("adf", """{"type":"extension"}""", []),
        new Paragraph([new TextRun("Last words")]),
    ]);

    private static TableCell Cell(string text, bool header = false) => new([new Paragraph([new TextRun(text)])], header);

    private static RichDocument Back(Func<string, string> edit, AsanaProfile profile = AsanaProfile.Story)
    {
        var html = AsanaHtmlWriter.Write(Original, profile);
        var changed = edit(html);
        Assert.NotEqual(html, changed);
        return DocumentMerge.MergeBack(Original, AsanaHtmlReader.Read(html), AsanaHtmlReader.Read(changed));
    }

    private static RichDocument Replace(int index, RichBlock block) => new(Original.Blocks.Select((b, i) => i == index ? block : b));

    [Fact]
    public void NothingEdited_IsTheOriginal()
    {
        var shown = AsanaHtmlReader.Read(AsanaHtmlWriter.Write(Original, AsanaProfile.Story));

        Assert.Same(Original, DocumentMerge.MergeBack(Original, shown, shown));
    }

    [Fact]
    public void OneParagraphEdited_OnlyThatOneChanges()
    {
        var merged = Back(html => html.Replace("Last words", "Last <strong>new</strong> words", StringComparison.Ordinal));

        Assert.Equal(Replace(7, new Paragraph([new TextRun("Last "), new TextRun("new", MarkStyle.Bold), new TextRun(" words")])), merged);
    }

    [Fact]
    public void WordAddedBesidePeopleAndLabels_TheyStayWhatTheyAre()
    {
        var merged = Back(html => html.Replace(" says ", " often says ", StringComparison.Ordinal));

        var line = ((Paragraph)Original.Blocks[2]).Content;
        Assert.Equal(Replace(2, new Paragraph([line[0], new TextRun(" often says "), .. line.Skip(2)])), merged);
    }

    [Fact]
    public void WordAddedInAColouredPart_GetsTheColour()
    {
        var merged = Back(html => html.Replace("Plan", "Grand Plan", StringComparison.Ordinal));

        Assert.Equal(Replace(0, new Heading(3, [new TextRun("Grand Plan", new Marks { Color = "#ff0000" })])), merged);
    }

    [Fact]
    public void TextOfAPanelEdited_ThePanelAndItsColoursStay()
    {
        var merged = Back(html => html.Replace("Do not ", "Never ", StringComparison.Ordinal));

        Assert.Equal(Replace(1, new Panel("warning", null, [new Paragraph([new TextRun("Never "), new TextRun("touch", new Marks { Color = "#00ff00" })])])), merged);
    }

    [Fact]
    public void CellEditedInATableShownAsText_OnlyThatCellChanges()
    {
        var merged = Back(html => html.Replace("| 5 ", "| 55", StringComparison.Ordinal));

        var table = (Table)Original.Blocks[3];
        Assert.Equal(Replace(3, new Table([table.Rows[0], table.Rows[1], new TableRow([Cell("Pear"), Cell("55")])])), merged);
    }

    [Fact]
    public void ItemsAddedCheckedAndNested_TheOthersStay()
    {
        var merged = Back(html => html
            .Replace("☐ second", "☑ second", StringComparison.Ordinal)
            .Replace("<li>☑ first", "<li>☐ zero</li><li>☑ first", StringComparison.Ordinal)
            .Replace("nested ", "still nested ", StringComparison.Ordinal));

        var list = (ListBlock)Original.Blocks[4];
        Assert.Equal(
            Replace(4, new ListBlock(ListKind.Task,
            [
                new ListItem([new Paragraph([new TextRun("zero")])], false),
                list.Items[0],
                new ListItem([list.Items[1].Content[0], new ListBlock(ListKind.Bullet, [new ListItem([new Paragraph([new TextRun("still nested "), new TextRun("blue", new Marks { Color = "#0000ff" })])])])], true),
            ])),
            merged);
    }

    [Fact]
    public void ParagraphsRemovedAndMoved_WhatWasNeverShownStays()
    {
        var merged = Back(html => html
            .Replace("\n\nLast words", "", StringComparison.Ordinal)
            .Replace("Last words", "", StringComparison.Ordinal)
            .Replace("<body>", "<body>Last words\n\n", StringComparison.Ordinal));

        Assert.Equal(new RichDocument([Original.Blocks[7], .. Original.Blocks.Take(7)]), merged);
    }

    [Fact]
    public void EverythingRewritten_TheNewTextIsThere()
    {
        var shown = AsanaHtmlReader.Read(AsanaHtmlWriter.Write(Original, AsanaProfile.Story));
        var edited = RichDocument.FromPlainText("Completely different\n\nfrom before");

        var merged = DocumentMerge.MergeBack(Original, shown, edited);

        Assert.Contains("Completely different", merged.ToPlainText(), StringComparison.Ordinal);
        Assert.Contains("from before", merged.ToPlainText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Apple", merged.ToPlainText(), StringComparison.Ordinal);
    }

    [Fact]
    public void SameContent_IgnoresWhatTrackersTidy()
    {
        var a = new RichDocument([new Paragraph([new TextRun("one ", MarkStyle.Bold), new TextRun("two"), new LineBreak()]), new Paragraph([])]);
        var b = new RichDocument([new Paragraph([new TextRun("on", MarkStyle.Bold), new TextRun("e", MarkStyle.Bold), new TextRun(" two ")])]);

        Assert.True(DocumentMerge.SameContent(a, b));
        Assert.False(DocumentMerge.SameContent(a, RichDocument.FromPlainText("one two")));
    }
}
