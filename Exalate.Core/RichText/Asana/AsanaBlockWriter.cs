using System.Text;

namespace Exalate.Core.RichText;

/// <summary>One writing of an Asana fragment.</summary>
internal sealed class AsanaBlockWriter(AsanaProfile profile, RichTextHooks hooks)
{
    private enum Place
    {
        Body,
        Item,

        /// <summary>A quote or a cell: lines alone.</summary>
        Lines,
    }

    /// <summary>What was written last at a place, which decides what must stand before the next block.</summary>
    private enum Before
    {
        Nothing,
        Text,
        Tag,
    }

    private readonly StringBuilder _text = new("<body>");
    private readonly AsanaInlineWriter _inlines = new(profile, hooks);

    public string Document(NodeList<RichBlock> blocks)
    {
        var before = Before.Nothing;
        Blocks(WithoutBlankEnds(blocks), Place.Body, ref before);
        return _text.Append("</body>").ToString();
    }

    // Blank lines at the ends of a text, a quote or a cell are not kept by anybody.
    private static IEnumerable<RichBlock> WithoutBlankEnds(NodeList<RichBlock> blocks)
    {
        var end = blocks.Count;
        while (end > 0 && RichNodes.IsBlank(blocks[end - 1])) end--;
        return blocks.Take(end).SkipWhile(RichNodes.IsBlank);
    }

    private void Blocks(IEnumerable<RichBlock> blocks, Place place, ref Before before)
    {
        foreach (var block in blocks) Block(block, place, ref before);
    }

    private void Block(RichBlock block, Place place, ref Before before)
    {
        switch (block)
        {
            case Paragraph p:
                Line(p.Content, ref before);
                break;
            case Heading h when RichNodes.IsBlank(h.Content):
                break;
            case Heading h when profile == AsanaProfile.Notes && place == Place.Body:
                // What it holds may have no words: a card of another site, kept for its own.
                var line = new StringBuilder();
                _inlines.Write(h.Content.Select(i => i is LineBreak ? new TextRun(" ") : i), line, heading: true);
                if (line.Length > 0) Tag(h.Level == 1 ? "h1" : "h2", () => _text.Append(line), ref before);
                break;
            case Heading h:
                Line(h.Content.Select(i => i with { Marks = i.Marks.With(MarkStyle.Bold) }), ref before);
                break;
            case ListBlock list when place != Place.Lines:
                List(list, ref before);
                break;
            case ListBlock list:
                Line(LineLists.Lower(list).Content, ref before);
                break;
            case Quote quote when place == Place.Body:
                Tag("blockquote", () => Nested(quote.Content), ref before);
                break;
            case Quote quote:
                Blocks(QuoteSigns.Signed(quote, linesOnly: true), place, ref before);
                break;
            case CodeBlock code when place == Place.Body:
                Tag("pre", () => TagWriter.Escape(_text, code.Code), ref before);
                break;
            case CodeBlock code:
                CodeLines(code.Code.Split('\n'), ref before);
                break;
            case Rule when profile == AsanaProfile.Notes && place == Place.Body:
                Before1(tag: true, ref before);
                _text.Append("<hr/>");
                break;
            case Rule:
                Line([new TextRun(RuleForm.Line)], ref before);
                break;
            case Table table when profile == AsanaProfile.Notes && place == Place.Body && table.Rows.Count > 0:
                Tag("table", () => Rows(table), ref before);
                break;
            case Table table when place == Place.Body:
                Tag("pre", () => TagWriter.Escape(_text, string.Join('\n', TextTable.Lines(table))), ref before);
                break;
            case Table table:
                CodeLines(TextTable.Lines(table), ref before);
                break;
            case ImageBlock image:
                Line([image.Image], ref before);
                break;
            case Panel panel:
                Block(QuoteForms.Lower(panel), place, ref before);
                break;
            case Expand expand:
                Block(QuoteForms.Lower(expand), place, ref before);
                break;
            case OpaqueBlock opaque:
                Blocks(opaque.Fallback, place, ref before);
                break;
        }
    }

    private void Line(IEnumerable<RichInline> content, ref Before before)
    {
        // Behind text a break makes the distance between two paragraphs wider; anywhere else it is not kept.
        var line = RichNodes.WithoutBreaksAtEnds(content, alsoAtStart: before != Before.Text);
        Before1(tag: false, ref before);
        _inlines.Write(line, _text);
    }

    private void CodeLines(IEnumerable<string> lines, ref Before before)
    {
        var line = new InlineBuilder();
        line.Lines(string.Join('\n', lines), Marks.Of(MarkStyle.Code));
        Line(line.Take(), ref before);
    }

    private void Tag(string name, Action content, ref Before before)
    {
        Before1(tag: true, ref before);
        _text.Append('<').Append(name).Append('>');
        content();
        _text.Append("</").Append(name).Append('>');
    }

    private void Before1(bool tag, ref Before before)
    {
        if (before == Before.Text) _text.Append(tag ? "\n" : "\n\n");
        before = tag ? Before.Tag : Before.Text;
    }

    private void Nested(NodeList<RichBlock> content)
    {
        var before = Before.Nothing;
        Blocks(WithoutBlankEnds(content), Place.Lines, ref before);
    }

    private void List(ListBlock list, ref Before before)
    {
        // Between the line of an item and its nested list Asana has no line break.
        before = before == Before.Text && _text[^1] != '\n' && _inItem ? Before.Tag : before;
        Tag(list.Kind == ListKind.Ordered ? "ol" : "ul", () => Items(list), ref before);
    }

    private bool _inItem;

    private void Items(ListBlock list)
    {
        var outer = _inItem;
        _inItem = true;
        foreach (var item in list.Items)
        {
            _text.Append("<li>");
            var before = Before.Nothing;
            Blocks(ListSigns.Signed(item).SkipWhile(RichNodes.IsBlank), Place.Item, ref before);
            _text.Append("</li>");
        }
        _inItem = outer;
    }

    private void Rows(Table table)
    {
        foreach (var row in table.Rows)
        {
            _text.Append("<tr>");
            foreach (var cell in row.Cells)
            {
                _text.Append("<td");
                if (cell.ColSpan > 1) _text.Append(" colspan=\"").Append(cell.ColSpan).Append('"');
                if (cell.RowSpan > 1) _text.Append(" rowspan=\"").Append(cell.RowSpan).Append('"');
                _text.Append('>');
                Nested(cell.Header ? Bold(cell.Content) : cell.Content);
                _text.Append("</td>");
            }
            _text.Append("</tr>");
        }
    }

    private static NodeList<RichBlock> Bold(NodeList<RichBlock> content) => content.Select(b => b is Paragraph p
        ? p with { Content = p.Content.Select(i => i is LineBreak ? i : i with { Marks = i.Marks.With(MarkStyle.Bold) }).ToNodeList() }
        : b).ToNodeList();
}

/// <summary>A rule where there are none: a line of dashes.</summary>
internal static class RuleForm
{
    public const string Line = "———";

    /// <summary>The same in text without formats.</summary>
    public const string TextLine = "----------";

    public static NodeList<RichBlock> Raise(NodeList<RichBlock> blocks) =>
        blocks.Any(IsLine) ? blocks.Select(b => IsLine(b) ? new Rule() : b).ToNodeList() : blocks;

    /// <summary>True for a rule and for what shows one.</summary>
    public static bool Is(RichBlock block) => block is Rule or Paragraph { Content: [TextRun { Text: Line or TextLine }] };

    private static bool IsLine(RichBlock block) => block is Paragraph { Content: [TextRun { Text: Line }] };
}
