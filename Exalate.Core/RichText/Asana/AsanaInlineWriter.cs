using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Writes what stands inside one line of Asana's rich text.</summary>
internal sealed class AsanaInlineWriter(AsanaProfile profile, RichTextHooks hooks)
{
    private readonly string _realm = hooks.Realm ?? AsanaBlockReader.Dialect;

    public void Write(IEnumerable<RichInline> content, StringBuilder text, bool heading = false)
    {
        var tags = new TagWriter(text);
        var line = content.ToNodeList();
        for (var i = 0; i < line.Count; i++)
        {
            var inline = line[i];
            // Two breaks in a row end the paragraph: no format reaches from one into the next.
            if (inline is LineBreak && i + 1 < line.Count && line[i + 1] is LineBreak) tags.CloseAll();
            switch (inline)
            {
                case LineBreak:
                    text.Append('\n');
                    break;
                case Mention mention when hooks.MentionIdFor(mention, AsanaBlockReader.Dialect) is { } gid:
                    tags.CloseAll();
                    text.Append("<a data-asana-gid=\"").Append(TagWriter.Escaped(gid, attribute: true)).Append("\"/>");
                    break;
                case Image image:
                    Picture(image, tags, text, heading);
                    break;
                case Card card:
                    Run(card.Url, card.Marks with { Href = card.Url }, tags, text);
                    break;
                case StatusLozenge status:
                    Run(RichNodes.DisplayText(status), status.Marks.With(MarkStyle.Bold), tags, text);
                    break;
                // Comments take no tags but the known ones; a link to a task, a project is one.
                case OpaqueInline opaque when opaque.Dialect == _realm && AsanaRaw.Checked(opaque.Raw) is { } raw && (profile == AsanaProfile.Notes || (raw.StartsWith("<a ", StringComparison.Ordinal) && raw.LastIndexOf('<') == 0)):
                    tags.Open(TagsOf(opaque.Marks));
                    text.Append(raw);
                    break;
                default:
                    var words = RichNodes.DisplayText(inline);
                    // A heading is one line.
                    Run(heading ? words.Replace('\n', ' ') : words, inline.Marks, tags, text);
                    break;
            }
        }
        tags.CloseAll();
    }

    private void Picture(Image image, TagWriter tags, StringBuilder text, bool heading)
    {
        var file = hooks.Attachments.Find(image);
        var gid = file?.Id ?? (hooks.IsOwn(image, AsanaBlockReader.Dialect) ? image.Id : null);
        if (gid is { Length: > 0 } && profile == AsanaProfile.Notes && !heading)
        {
            tags.Open(TagsOf(new Marks { Href = image.Marks.Href }));
            text.Append("<img data-asana-gid=\"").Append(TagWriter.Escaped(gid, attribute: true)).Append('"');
            if ((image.Alt ?? file?.Name) is { Length: > 0 } alt) text.Append(" alt=\"").Append(TagWriter.Escaped(alt, attribute: true)).Append('"');
            text.Append("/>");
            return;
        }
        var url = image.Marks.Href ?? SafeLink.CleanAbsolute(file?.Url ?? image.Url);
        var label = url is null ? RichNodes.DisplayText(image with { Name = file?.Name ?? image.Name }) : image.Alt ?? file?.Name ?? image.Label;
        Run(label, image.Marks with { Href = url }, tags, text);
    }

    private void Run(string run, Marks marks, TagWriter tags, StringBuilder text)
    {
        if (run.Length == 0) return;
        tags.Open(TagsOf(marks));
        TagWriter.Escape(text, run);
    }

    // Sub, sup and colours have no tag and are left out: the words stay readable.
    private List<(string, string)> TagsOf(Marks marks)
    {
        var list = new List<(string, string)>();
        if (SafeLink.CleanAbsolute(hooks.LinkFor(marks.Href)) is { } href) list.Add(($"<a href=\"{TagWriter.Escaped(href, attribute: true)}\">", "</a>"));
        if (marks.Has(MarkStyle.Bold)) list.Add(("<strong>", "</strong>"));
        if (marks.Has(MarkStyle.Italic)) list.Add(("<em>", "</em>"));
        if (marks.Has(MarkStyle.Underline)) list.Add(("<u>", "</u>"));
        if (marks.Has(MarkStyle.Strike)) list.Add(("<s>", "</s>"));
        if (marks.Has(MarkStyle.Code)) list.Add(("<code>", "</code>"));
        return list;
    }
}
