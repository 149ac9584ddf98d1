using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Writes what stands inside one line of HTML.</summary>
internal sealed class HtmlInlineWriter(StringBuilder text, RichTextHooks hooks)
{
    /// <summary>Pictures without an address by the name of their file, as Markdown shows attachments.</summary>
    public bool FileNames { get; init; }

    public void Write(IEnumerable<RichInline> content)
    {
        var tags = new TagWriter(text);
        var blank = true;
        foreach (var inline in content)
        {
            switch (inline)
            {
                case LineBreak:
                    text.Append("<br>");
                    blank = true;
                    continue;
                case Mention mention when hooks.MentionIdFor(mention, AzureHtmlWriter.Dialect) is { } id:
                    tags.Open(TagsOf(mention.Marks with { Href = null }));
                    text.Append("<a href=\"#\" data-vss-mention=\"version:2.0,").Append(TagWriter.Escaped(id, attribute: true)).Append("\">@");
                    TagWriter.Escape(text, mention.Name);
                    text.Append("</a>");
                    break;
                case Image image when Picture(image) is { } tag:
                    tags.Open(TagsOf(image.Marks));
                    text.Append(tag);
                    break;
                case Card card:
                    Run(card.Url, card.Marks with { Href = card.Url }, tags, ref blank);
                    continue;
                case StatusLozenge status:
                    Run(RichNodes.DisplayText(status), status.Marks.With(MarkStyle.Bold), tags, ref blank);
                    continue;
                default:
                    Run(RichNodes.DisplayText(inline), inline.Marks, tags, ref blank);
                    continue;
            }
            blank = false;
        }
        tags.CloseAll();
    }

    // Blanks that a browser would swallow (at the start, and behind another one) are written as hard ones.
    private void Run(string run, Marks marks, TagWriter tags, ref bool blank)
    {
        if (run.Length == 0) return;
        tags.Open(TagsOf(marks));
        var first = true;
        foreach (var line in TagWriter.Escaped(run).Split('\n'))
        {
            if (!first)
            {
                text.Append("<br>");
                blank = true;
            }
            first = false;
            foreach (var c in line)
            {
                text.Append(c is not (' ' or '\t') ? c : blank ? '\u00a0' : ' ');
                blank = c is ' ' or '\t';
            }
        }
    }

    private string? Picture(Image image)
    {
        var file = hooks.Attachments.Find(image);
        var name = FileNames && (file?.Name ?? image.Name) is { Length: > 0 } known ? MdEscape.FileName(known) : null;
        if ((SafeLink.CleanWeb(file?.Url ?? image.Url) ?? name) is not { } url) return null;
        var tag = new StringBuilder("<img src=\"").Append(TagWriter.Escaped(url, attribute: true)).Append("\" alt=\"");
        tag.Append(TagWriter.Escaped(image.Alt ?? file?.Name ?? image.Name ?? "", attribute: true)).Append('"');
        if (image.Width is > 0) tag.Append(CultureInfo.InvariantCulture, $" width=\"{image.Width}\"");
        if (image.Height is > 0) tag.Append(CultureInfo.InvariantCulture, $" height=\"{image.Height}\"");
        return tag.Append('>').ToString();
    }

    private List<(string, string)> TagsOf(Marks marks)
    {
        var tags = new List<(string, string)>();
        if (hooks.LinkFor(marks.Href) is { } href)
        {
            var title = string.IsNullOrEmpty(marks.HrefTitle) ? "" : $" title=\"{TagWriter.Escaped(marks.HrefTitle, attribute: true)}\"";
            tags.Add(($"<a href=\"{TagWriter.Escaped(href, attribute: true)}\"{title}>", "</a>"));
        }
        var style = (Colors.Parse(marks.Color) is { } color ? $"color:{color};" : "") + (Colors.Parse(marks.Background) is { } back ? $"background-color:{back};" : "");
        if (style.Length > 0) tags.Add(($"<span style=\"{style}\">", "</span>"));
        foreach (var (flag, name) in HtmlMarks.Names)
        {
            if (marks.Has(flag)) tags.Add(($"<{name}>", $"</{name}>"));
        }
        return tags;
    }
}
