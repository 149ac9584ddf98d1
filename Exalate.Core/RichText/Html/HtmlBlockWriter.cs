using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Writes blocks as plain HTML: what it has no tag for is shown in words.</summary>
internal sealed class HtmlBlockWriter(StringBuilder text, HtmlInlineWriter inlines)
{
    /// <summary>Line breaks in code as entities, so that no blank line stands in the HTML: one would end an HTML block in Markdown.</summary>
    public bool NoBlankLines { get; init; }

    public void Blocks(NodeList<RichBlock> blocks)
    {
        foreach (var block in blocks) Block(block);
    }

    private void Block(RichBlock block)
    {
        switch (block)
        {
            case Paragraph p:
                Line(p.Extras?["tag"] == "div" ? "div" : "p", p.Content, p.Extras);
                break;
            case Heading h:
                Line("h" + h.Level.ToString(CultureInfo.InvariantCulture), h.Content, h.Extras);
                break;
            case ListBlock list:
                List(list);
                break;
            case Quote quote:
                Wrap("<blockquote>", quote.Content, "</blockquote>");
                break;
            case CodeBlock code:
                Code(code);
                break;
            case Rule:
                text.Append("<hr>");
                break;
            case Table table:
                Rows(table);
                break;
            case ImageBlock image:
                Line(image.Extras?["tag"] == "div" ? "div" : "p", [image.Image], image.Extras);
                break;
            case Panel panel:
                Block(QuoteForms.Lower(panel));
                break;
            case Expand expand:
                Block(QuoteForms.Lower(expand));
                break;
            case OpaqueBlock opaque:
                Blocks(opaque.Fallback);
                break;
        }
    }

    private void Line(string tag, NodeList<RichInline> content, Extras? looks)
    {
        text.Append('<').Append(tag);
        if (looks?["align"] is "center" or "end") text.Append(" style=\"text-align:").Append(looks["align"] == "end" ? "right" : "center").Append('"');
        text.Append('>');
        Inlines(content);
        text.Append("</").Append(tag).Append('>');
    }

    // Blanks and breaks at the end are not shown, nor do readers keep them; a line without anything else is a break.
    private void Inlines(NodeList<RichInline> content)
    {
        var line = new InlineBuilder();
        line.AddRange(content);
        line.TrimEnd();
        if (line.IsEmpty) text.Append("<br>");
        else inlines.Write(line.Take());
    }

    // An item of one line is written without a paragraph, as editors do.
    private void Item(NodeList<RichBlock> content)
    {
        for (var i = 0; i < content.Count; i++)
        {
            var alone = i == 0 && (content.Count == 1 || content[1] is ListBlock);
            if (alone && content[0] is Paragraph { Extras: null } p && !RichNodes.IsBlank(p)) Inlines(p.Content);
            else if (alone && content[0] is ImageBlock image) Inlines([image.Image]);
            else Block(content[i]);
        }
    }

    private void List(ListBlock list)
    {
        var ordered = list.Kind == ListKind.Ordered;
        text.Append(ordered ? "<ol" : "<ul");
        if (ordered && list.Start != 1) text.Append(CultureInfo.InvariantCulture, $" start=\"{list.Start}\"");
        text.Append('>');
        foreach (var item in list.Items)
        {
            text.Append("<li>");
            Item(ListSigns.Signed(item));
            text.Append("</li>");
        }
        text.Append(ordered ? "</ol>" : "</ul>");
    }

    private void Code(CodeBlock code)
    {
        text.Append("<pre><code");
        // A blank would begin another class.
        if (code.Language is { } language && string.Concat(language.Where(c => c > ' ')) is { Length: > 0 } name) text.Append(" class=\"language-").Append(TagWriter.Escaped(name, attribute: true)).Append('"');
        text.Append('>');
        // The first line break behind the tag is not shown.
        if (code.Code.StartsWith('\n')) text.Append(NoBlankLines ? "&#10;" : "\n");
        var escaped = TagWriter.Escaped(code.Code);
        text.Append(NoBlankLines ? escaped.Replace("\n", "&#10;", StringComparison.Ordinal) : escaped);
        if (code.Code.EndsWith('\n')) text.Append(NoBlankLines ? "&#10;" : "\n");
        text.Append("</code></pre>");
    }

    private void Rows(Table table)
    {
        text.Append("<table border=\"1\">");
        foreach (var row in table.Rows)
        {
            text.Append("<tr>");
            foreach (var cell in row.Cells) Cell(cell);
            text.Append("</tr>");
        }
        text.Append("</table>");
    }

    private void Cell(TableCell cell)
    {
        var name = cell.Header ? "th" : "td";
        text.Append('<').Append(name);
        if (cell.ColSpan > 1) text.Append(CultureInfo.InvariantCulture, $" colspan=\"{cell.ColSpan}\"");
        if (cell.RowSpan > 1) text.Append(CultureInfo.InvariantCulture, $" rowspan=\"{cell.RowSpan}\"");
        if (Colors.Parse(cell.Background) is { } background) text.Append(CultureInfo.InvariantCulture, $" style=\"background-color:{background}\"");
        text.Append('>');
        if (cell.Content is [Paragraph { Extras: null } p] && !RichNodes.IsBlank(p)) Inlines(p.Content);
        else if (cell.Content is [ImageBlock image]) Inlines([image.Image]);
        else Blocks(cell.Content);
        text.Append("</").Append(name).Append('>');
    }

    private void Wrap(string open, NodeList<RichBlock> content, string close)
    {
        text.Append(open);
        Blocks(content);
        text.Append(close);
    }
}
