namespace Exalate.Core.RichText;

/// <summary>Turns parsed Markdown into the model.</summary>
internal sealed class MdConverter(RichTextHooks hooks, MarkdownFlavor flavor, MdLinkDefinitions definitions)
{
    public NodeList<RichBlock> Blocks(List<MdBlock> blocks)
    {
        var result = new MdSections();
        foreach (var block in blocks)
        {
            if (block.Kind == MdKind.Html) Html(block.Text.ToString(), result);
            else if (block.Kind == MdKind.List) List(block, result);
            else if (Block(block) is { } converted) result.Add(converted);
        }
        return result.Take();
    }

    private RichBlock? Block(MdBlock block) => block.Kind switch
    {
        MdKind.Paragraph => Paragraph(block.Text.ToString()),
        MdKind.Heading => new Heading(block.Number, Inlines(block.Text.ToString())),
        MdKind.Quote => MdAlerts.Raise(new Quote(Blocks(block.Children))),
        MdKind.Fence => new CodeBlock(Code(block), Language(block.Info)) { Extras = Extras.Single("form", block.Sign switch { ':' => "colons", '$' => "dollars", _ => null }) },
        MdKind.Indented => new CodeBlock(Code(block).Trim('\n')),
        MdKind.Rule => new Rule(),
        MdKind.Table => Table(block),
        _ => null,
    };

    private RichBlock? Paragraph(string text)
    {
        if (flavor == MarkdownFlavor.Azure && MdAzure.Block(text) is { } own) return own;
        var content = Inlines(text);
        return content.Count == 0 ? null : RichNodes.ParagraphOrImage(content);
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
    private void List(MdBlock list, MdSections into)
    {
        var items = new List<ListItem>();
        var number = list.Number;
        foreach (var item in list.Children)
        {
            var next = Item(item);
            if (items.Count > 0 && items[^1].Checked is null != next.Checked is null) End();
            items.Add(next);
        }
        End();

        void End()
        {
            var ordered = list.Number >= 0;
            var kind = items[0].Checked is not null ? ListKind.Task : ordered ? ListKind.Ordered : ListKind.Bullet;
            into.Add(ListSigns.Raise(new ListBlock(kind, items.ToNodeList(), kind == ListKind.Ordered ? number : 1)));
            number += items.Count;
            items.Clear();
        }
    }

    private ListItem Item(MdBlock item)
    {
        if (item.Children is not [{ Kind: MdKind.Paragraph } first, ..]) return new ListItem(Blocks(item.Children));
        var text = first.Text;
        bool? done = null;
        if (text.Length >= 4 && text[0] == '[' && text[2] == ']' && text[3] is ' ' or '\t' or '\n')
            done = text[1] switch { ' ' => false, 'x' or 'X' => true, _ => null };
        if (done is not null) text.Remove(0, 4);
        if (done is not null && text.ToString().Trim() == MdTasks.NoWords) text.Clear();
        return new ListItem(Blocks(item.Children), done);
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

    private void Html(string html, MdSections into)
    {
        var inlines = new HtmlInlineReader(hooks, MdImages.Dialect(flavor));
        foreach (var part in MdDetails.Parts(html))
        {
            if (part.Opens) into.Open(part.Title);
            else if (part.Closes) into.Close();
            else foreach (var block in new HtmlBlockReader(inlines).Read(HtmlTree.Parse(part.Html))) into.Add(block);
        }
    }
}

/// <summary>Collects siblings; sections that open and close in separate blocks of HTML hold what is between.</summary>
internal sealed class MdSections
{
    private readonly Stack<(string Title, List<RichBlock> Outer)> _open = new();
    private List<RichBlock> _blocks = [];

    public void Add(RichBlock block) => _blocks.Add(block);

    public void Open(string title)
    {
        if (_open.Count >= RichLimits.MaxDepth) return;
        _open.Push((title, _blocks));
        _blocks = [];
    }

    public void Close()
    {
        if (!_open.TryPop(out var section)) return;
        section.Outer.Add(new Expand(section.Title, _blocks.ToNodeList()));
        _blocks = section.Outer;
    }

    public NodeList<RichBlock> Take()
    {
        while (_open.Count > 0) Close();
        return _blocks.ToNodeList();
    }
}

/// <summary>The tags of expandable sections in a block of HTML, whose content may be Markdown.</summary>
internal static class MdDetails
{
    private const int MaxTitle = 10_000;

    internal readonly record struct Part(string Html, string Title = "", bool Opens = false, bool Closes = false);

    public static List<Part> Parts(string html)
    {
        var parts = new List<Part>();
        var at = 0;
        for (var tag = Next(html, 0); tag >= 0; tag = Next(html, at))
        {
            var opens = html[tag + 1] != '/';
            var end = html.IndexOf('>', tag);
            if (end < 0) break;
            Plain(html[at..tag]);
            at = end + 1;
            if (opens) parts.Add(new Part("", Title(html, ref at), Opens: true));
            else parts.Add(new Part("", Closes: true));
        }
        Plain(html[at..]);
        return parts;

        void Plain(string text)
        {
            if (!string.IsNullOrWhiteSpace(text)) parts.Add(new Part(text));
        }
    }

    private static int Next(string html, int from)
    {
        for (var at = html.IndexOf('<', from); at >= 0; at = html.IndexOf('<', at + 1))
        {
            if (string.Compare(html, at, "<details", 0, 8, StringComparison.OrdinalIgnoreCase) == 0) return at;
            if (string.Compare(html, at, "</details", 0, 9, StringComparison.OrdinalIgnoreCase) == 0) return at;
        }
        return -1;
    }

    private static string Title(string html, ref int at)
    {
        var start = html.AsSpan(at);
        var lead = start.Length - start.TrimStart().Length;
        if (!start[lead..].StartsWith("<summary", StringComparison.OrdinalIgnoreCase)) return "";
        // The search for its end is bounded, since there may be as many sections as tags.
        var reach = Math.Min(html.Length, at + MaxTitle);
        var end = html.IndexOf("</summary>", at, reach - at, StringComparison.OrdinalIgnoreCase);
        if (end < 0) return "";
        var summary = HtmlTree.Parse(html[(at + lead)..end]).InnerText();
        at = end + "</summary>".Length;
        return string.Join(' ', summary.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
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
