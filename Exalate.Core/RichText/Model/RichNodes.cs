namespace Exalate.Core.RichText;

/// <summary>Small questions about nodes that several readers and writers ask.</summary>
internal static class RichNodes
{
    public static bool IsBlank(RichBlock block) => block is Paragraph p && IsBlank(p.Content);

    public static bool IsBlank(NodeList<RichInline> content)
    {
        foreach (var inline in content)
        {
            if (inline is LineBreak) continue;
            if (inline is TextRun run && string.IsNullOrWhiteSpace(run.Text)) continue;
            return false;
        }
        return true;
    }

    /// <summary>The line without the breaks it ends with, and perhaps those it begins with; none when it is blank.</summary>
    public static NodeList<RichInline> WithoutBreaksAtEnds(IEnumerable<RichInline> content, bool alsoAtStart)
    {
        var line = content.ToNodeList();
        if (IsBlank(line)) return [];
        int start = 0, end = line.Count;
        while (alsoAtStart && line[start] is LineBreak) start++;
        while (line[end - 1] is LineBreak) end--;
        return start == 0 && end == line.Count ? line : line.Take(end).Skip(start).ToNodeList();
    }

    /// <summary>A paragraph, or the picture that is all it holds.</summary>
    public static RichBlock ParagraphOrImage(NodeList<RichInline> content, Extras? extras = null) =>
        content.Count == 1 && content[0] is Image image
            ? new ImageBlock(image) { Extras = extras }
            : new Paragraph(content) { Extras = extras };

    public static Paragraph PlainParagraph(string text) => new(text.Length == 0 ? [] : [new TextRun(text)]);

    /// <summary>What a person would read where the inline can't be shown as what it is.</summary>
    public static string DisplayText(RichInline inline) => inline switch
    {
        TextRun run => run.Text,
        LineBreak => "\n",
        Image image => $"[image: {image.Label}]",
        Mention mention => "@" + mention.Name,
        Emoji emoji => emoji.Display,
        DateStamp date => date.Display,
        StatusLozenge status => $"[{status.Text}]",
        Card card => card.Url,
        OpaqueInline opaque => opaque.Text,
        _ => "",
    };

    public static string DisplayText(NodeList<RichInline> content)
    {
        if (content.Count == 1) return DisplayText(content[0]);
        var text = new System.Text.StringBuilder();
        foreach (var inline in content) text.Append(DisplayText(inline));
        return text.ToString();
    }

    /// <summary>The block, or what stands for one that only its own dialect can show.</summary>
    public static IEnumerable<RichBlock> Shown(RichBlock block) => block is OpaqueBlock opaque ? opaque.Fallback.SelectMany(Shown) : [block];

    /// <summary>Everything inside lines, in reading order, however deep.</summary>
    public static IEnumerable<RichInline> Inlines(IEnumerable<RichBlock> blocks)
    {
        foreach (var block in blocks)
        {
            IEnumerable<RichInline> own = block switch
            {
                Paragraph p => p.Content,
                Heading h => h.Content,
                ImageBlock image => [image.Image],
                _ => Inlines(Children(block)),
            };
            foreach (var inline in own) yield return inline;
        }
    }

    /// <summary>Blocks directly inside a block, in reading order.</summary>
    public static IEnumerable<RichBlock> Children(RichBlock block) => block switch
    {
        ListBlock list => list.Items.SelectMany(i => i.Content),
        Quote quote => quote.Content,
        Panel panel => panel.Content,
        Expand expand => expand.Content,
        Table table => table.Rows.SelectMany(r => r.Cells).SelectMany(c => c.Content),
        OpaqueBlock opaque => opaque.Fallback,
        _ => [],
    };
}
