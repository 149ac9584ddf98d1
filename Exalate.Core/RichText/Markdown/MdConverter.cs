namespace Exalate.Core.RichText;

/// <summary>Turns parsed Markdown into the model.</summary>
internal sealed class MdConverter(RichTextHooks hooks, MarkdownFlavor flavor, MdLinkDefinitions definitions)
{
    private readonly HtmlInlineReader _html = new(hooks, MdImages.Dialect(flavor));

    /// <summary>As a page would show them: what is opened by one tag and closed by another holds the Markdown between them.</summary>
    /// <param name="blocks">What stands in one place.</param>
    /// <param name="depth">How deep that place is.</param>
    public NodeList<RichBlock> Blocks(List<MdBlock> blocks, int depth = 0)
    {
        var page = new HtmlTree(Math.Max(1, HtmlTree.MaxDepth - depth));
        foreach (var block in blocks)
        {
            if (block.Kind == MdKind.Html) page.Add(block.Text.ToString());
            else if (block.Kind == MdKind.Paragraph) Paragraph(block.Text.ToString(), page);
            else if (block.Kind == MdKind.List) List(block, depth + page.Depth).ForEach(page.Add);
            else page.Add(Block(block, depth + page.Depth));
        }
        return new HtmlBlockReader(_html).Read(page.Root, depth);
    }

    private RichBlock Block(MdBlock block, int depth) => block.Kind switch
    {
        MdKind.Heading => new Heading(block.Number, Inlines(block.Text.ToString())),
        MdKind.Quote => MdAlerts.Raise(new Quote(Blocks(block.Children, depth + 1))),
        MdKind.Fence => new CodeBlock(Code(block), Language(block.Info)) { Extras = Extras.Single("form", block.Sign switch { ':' => "colons", '$' => "dollars", _ => null }) },
        MdKind.Indented => new CodeBlock(Code(block).Trim('\n')),
        MdKind.Rule => new Rule(),
        MdKind.Table => Table(block),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block.Kind, "No block of its own."),
    };

    private void Paragraph(string text, HtmlTree page)
    {
        if (flavor == MarkdownFlavor.Azure && MdAzure.Block(text) is { } own)
        {
            page.Add(own);
            return;
        }
        foreach (var part in new MdInlineParser(hooks, flavor, definitions).Parts(text))
        {
            if (part.Line.Count > 0) page.Add(RichNodes.ParagraphOrImage(part.Line));
            if (part.Tag is { } tag) page.Add(tag);
        }
    }

    private NodeList<RichInline> Inlines(string text) => new MdInlineParser(hooks, flavor, definitions).Parse(text);

    private static string Code(MdBlock block)
    {
        var text = block.Text.ToString();
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    private static string? Language(string info)
    {
        var end = info.AsSpan().IndexOfAny(" \t{");
        var name = end < 0 ? info : info[..end];
        return name.Length is > 0 and < 60 ? name : null;
    }

    // A list may mix tasks and other items: each stretch is a list of its own.
    private List<RichBlock> List(MdBlock list, int depth)
    {
        var lists = new List<RichBlock>();
        var items = new List<ListItem>();
        var number = list.Number;
        foreach (var item in list.Children)
        {
            var next = Item(item, depth + 1);
            if (items.Count > 0 && items[^1].Checked is null != next.Checked is null) End();
            items.Add(next);
        }
        End();
        return lists;

        void End()
        {
            var ordered = list.Number >= 0;
            var kind = items[0].Checked is not null ? ListKind.Task : ordered ? ListKind.Ordered : ListKind.Bullet;
            lists.Add(ListSigns.Raise(new ListBlock(kind, items.ToNodeList(), kind == ListKind.Ordered ? number : 1)));
            number += items.Count;
            items.Clear();
        }
    }

    private ListItem Item(MdBlock item, int depth)
    {
        if (item.Children is not [{ Kind: MdKind.Paragraph } first, ..]) return new ListItem(Blocks(item.Children, depth));
        var text = first.Text;
        bool? done = null;
        if (text.Length >= 4 && text[0] == '[' && text[2] == ']' && text[3] is ' ' or '\t' or '\n')
            done = text[1] switch { ' ' => false, 'x' or 'X' => true, _ => null };
        if (done is not null) text.Remove(0, 4);
        if (done is not null && text.ToString().Trim() == MdTasks.NoWords) text.Clear();
        return new ListItem(Blocks(item.Children, depth), done);
    }

    private Table Table(MdBlock block)
    {
        var rows = new List<TableRow>();
        for (var r = 0; r < block.Rows!.Count; r++)
        {
            var row = block.Rows[r];
            // No header is written as an empty one, since the format wants one.
            if (r == 0 && block.Rows.Count > 1 && row.TrueForAll(c => c.Length == 0)) continue;
            var cells = new List<TableCell>();
            for (var c = 0; c < block.Aligns!.Length; c++)
            {
                var content = c < row.Count ? Inlines(row[c]) : [];
                cells.Add(new TableCell(content.Count == 0 ? [] : MdCells.Raise(content), Header: r == 0));
            }
            rows.Add(new TableRow(cells.ToNodeList()));
        }
        var aligns = string.Join(',', block.Aligns!);
        return new Table(rows.ToNodeList()) { Extras = aligns.Trim(',').Length > 0 ? Extras.Single("columns", aligns) : null };
    }
}

/// <summary>Several lines in one cell: a double break separates paragraphs.</summary>
internal static class MdCells
{
    public static NodeList<RichBlock> Raise(NodeList<RichInline> content)
    {
        var blocks = new List<RichBlock>();
        var line = new InlineBuilder();
        for (var i = 0; i < content.Count; i++)
        {
            if (content[i] is LineBreak && i + 1 < content.Count && content[i + 1] is LineBreak)
            {
                i++;
                blocks.Add(RichNodes.ParagraphOrImage(line.Take()));
            }
            else
            {
                line.Add(content[i]);
            }
        }
        blocks.Add(RichNodes.ParagraphOrImage(line.Take()));
        return blocks.ToNodeList();
    }
}

/// <summary>GitHub's alerts, "&gt; [!WARNING]": panels that remember how they were written.</summary>
internal static class MdAlerts
{
    private static readonly (string Word, string Kind)[] Words =
        [("[!NOTE]", "note"), ("[!TIP]", "tip"), ("[!IMPORTANT]", "info"), ("[!WARNING]", "warning"), ("[!CAUTION]", "error")];

    /// <summary>The alert for a panel that was one.</summary>
    public static string? WordFor(Panel panel)
    {
        if (panel.Extras?["form"] != "alert" || panel.Title is not null) return null;
        foreach (var (word, kind) in Words)
        {
            if (kind == panel.Kind) return word;
        }
        return null;
    }

    public static RichBlock Raise(Quote quote)
    {
        if (quote.Content is [Paragraph { Content: [TextRun run, ..] } first, ..] && run.Text.StartsWith("[!", StringComparison.Ordinal))
        {
            foreach (var (word, kind) in Words)
            {
                if (!run.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
                var rest = run.Text[word.Length..];
                if (rest.Length > 0 && rest[0] != ' ') break;
                var line = new InlineBuilder();
                line.Text(rest.TrimStart(), run.Marks);
                line.AddRange(first.Content.Skip(first.Content.Count > 1 && first.Content[1] is LineBreak && rest.Length == 0 ? 2 : 1));
                var content = line.IsEmpty ? quote.Content.Skip(1) : [RichNodes.ParagraphOrImage(line.Take()), .. quote.Content.Skip(1)];
                return new Panel(kind, null, content.ToNodeList()) { Extras = Extras.Single("form", "alert") };
            }
        }
        return QuoteForms.Raise(quote);
    }
}
