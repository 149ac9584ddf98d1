using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Shows a document to people in the console: plain, safe HTML without scripts, styles from outside, or pictures that load by themselves.</summary>
public static class HtmlView
{
    public static string Render(RichDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var text = new StringBuilder();
        foreach (var block in document.Blocks) Block(block, text);
        return text.ToString();
    }

    private static void Block(RichBlock block, StringBuilder text)
    {
        switch (block)
        {
            case Paragraph p:
                Tag("p", p.Content, text);
                break;
            case Heading h:
                Tag("h" + h.Level.ToString(CultureInfo.InvariantCulture), h.Content, text);
                break;
            case ListBlock list:
                List(list, text);
                break;
            case Quote quote:
                Wrap("<blockquote>", quote.Content, "</blockquote>", text);
                break;
            case CodeBlock code:
                text.Append("<pre><code>");
                TagWriter.Escape(text, code.Code);
                text.Append("</code></pre>");
                break;
            case Rule:
                text.Append("<hr>");
                break;
            case Table table:
                Rows(table, text);
                break;
            case ImageBlock image:
                Tag("p", [image.Image], text);
                break;
            case Panel panel:
                text.Append("<blockquote class=\"panel panel-").Append(PanelKinds.Known(panel.Kind)).Append("\"><p><strong>");
                TagWriter.Escape(text, PanelKinds.Announce(panel));
                Wrap("</strong></p>", panel.Content, "</blockquote>", text);
                break;
            case Expand expand:
                text.Append("<details><summary>");
                TagWriter.Escape(text, expand.Title);
                Wrap("</summary>", expand.Content, "</details>", text);
                break;
            case OpaqueBlock opaque:
                Wrap("<div class=\"opaque\">", opaque.Fallback, "</div>", text);
                break;
        }
    }

    private static void Wrap(string open, NodeList<RichBlock> content, string close, StringBuilder text)
    {
        text.Append(open);
        foreach (var block in content) Block(block, text);
        text.Append(close);
    }

    private static void List(ListBlock list, StringBuilder text)
    {
        var ordered = list.Kind == ListKind.Ordered;
        text.Append(ordered ? "<ol" : "<ul");
        if (ordered && list.Start != 1) text.Append(CultureInfo.InvariantCulture, $" start=\"{list.Start}\"");
        text.Append('>');
        foreach (var item in list.Items) Wrap("<li>", ListSigns.Signed(item), "</li>", text);
        text.Append(ordered ? "</ol>" : "</ul>");
    }

    private static void Rows(Table table, StringBuilder text)
    {
        text.Append("<table>");
        foreach (var row in table.Rows)
        {
            text.Append("<tr>");
            foreach (var cell in row.Cells)
            {
                var name = cell.Header ? "th" : "td";
                text.Append('<').Append(name);
                if (cell.ColSpan > 1) text.Append(CultureInfo.InvariantCulture, $" colspan=\"{cell.ColSpan}\"");
                if (cell.RowSpan > 1) text.Append(CultureInfo.InvariantCulture, $" rowspan=\"{cell.RowSpan}\"");
                Wrap(">", cell.Content, $"</{name}>", text);
            }
            text.Append("</tr>");
        }
        text.Append("</table>");
    }

    private static void Tag(string name, NodeList<RichInline> content, StringBuilder text)
    {
        text.Append('<').Append(name).Append('>');
        var tags = new TagWriter(text);
        foreach (var inline in content)
        {
            if (inline is LineBreak)
            {
                text.Append("<br>");
                continue;
            }
            var marks = inline is Card card ? inline.Marks with { Href = card.Url } : inline is StatusLozenge ? inline.Marks.With(MarkStyle.Bold) : inline.Marks;
            tags.Open(TagsOf(marks));
            TagWriter.Escape(text, RichNodes.DisplayText(inline));
        }
        tags.CloseAll();
        text.Append("</").Append(name).Append('>');
    }

    private static List<(string, string)> TagsOf(Marks marks)
    {
        var tags = new List<(string, string)>();
        if (SafeLink.CleanAbsolute(marks.Href) is { } href)
            tags.Add(($"<a href=\"{TagWriter.Escaped(href, attribute: true)}\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">", "</a>"));
        var style = (Colors.Parse(marks.Color) is { } color ? $"color:{color};" : "") + (Colors.Parse(marks.Background) is { } back ? $"background-color:{back};" : "");
        if (style.Length > 0) tags.Add(($"<span style=\"{style}\">", "</span>"));
        foreach (var (flag, name) in HtmlMarks.Names)
        {
            if (marks.Has(flag)) tags.Add(($"<{name}>", $"</{name}>"));
        }
        return tags;
    }
}
