namespace Exalate.Core.RichText;

/// <summary>
/// A document without what only trackers' own tidying changes: split runs, blanks at line ends, blank paragraphs, looks, local ids.
/// Two documents say the same when their canonical forms are equal.
/// </summary>
internal static class Canonical
{
    public static NodeList<RichBlock> Blocks(NodeList<RichBlock> blocks)
    {
        var result = new List<RichBlock>(blocks.Count);
        foreach (var block in blocks)
        {
            var canonical = Block(block);
            if (RichNodes.IsBlank(canonical)) continue;
            if (canonical is ListBlock list && result.Count > 0 && result[^1] is ListBlock before && Continues(before, list))
                result[^1] = before with { Items = [.. before.Items, .. list.Items] };
            else
                result.Add(canonical);
        }
        return result.ToNodeList();
    }

    public static RichBlock Block(RichBlock block) => block switch
    {
        Paragraph p => new Paragraph(Inlines(p.Content)),
        Heading h => new Heading(h.Level, Inlines(h.Content)),
        ListBlock list => new ListBlock(list.Kind, list.Items.Select(i => new ListItem(Blocks(i.Content), i.Checked)).ToNodeList(), list.Start),
        Quote quote => new Quote(Blocks(quote.Content)),
        CodeBlock code => new CodeBlock(code.Code.TrimEnd(), string.IsNullOrEmpty(code.Language) ? null : code.Language),
        Table table => new Table(table.Rows.Select(r => new TableRow(r.Cells.Select(Cell).ToNodeList())).ToNodeList()),
        ImageBlock image => new Paragraph([Picture(image.Image)]),
        Panel panel => new Panel(panel.Kind, string.IsNullOrWhiteSpace(panel.Title) ? null : panel.Title.Trim(), Blocks(panel.Content)),
        Expand expand => new Expand(expand.Title.Trim(), Blocks(expand.Content)),
        OpaqueBlock opaque => new OpaqueBlock(opaque.Dialect, opaque.Fallback.Count > 0 ? "" : opaque.Raw, Blocks(opaque.Fallback)),
        _ => block with { Extras = null },
    };

    public static NodeList<RichInline> Inlines(NodeList<RichInline> content)
    {
        var pieces = new List<RichInline>();
        foreach (var inline in content)
        {
            if (inline is TextRun run) Split(run, pieces);
            else pieces.Add(Atom(inline));
        }
        var line = new InlineBuilder();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (pieces[i] is not TextRun { Text: [' ', ..] } blank)
            {
                line.Add(pieces[i]);
                continue;
            }
            // Blanks at the end of a line, or its beginning, are not seen; those between words look like the words when both look alike.
            var before = i == 0 ? null : pieces[i - 1];
            var after = i + 1 == pieces.Count ? null : pieces[i + 1];
            if (before is null or LineBreak || after is null or LineBreak) continue;
            line.Text(blank.Text, before.Marks == after.Marks ? before.Marks : Marks.None);
        }
        line.TrimEnd();
        var result = line.Take();
        var start = 0;
        while (start < result.Count && result[start] is LineBreak) start++;
        return start == 0 ? result : result.Skip(start).ToNodeList();
    }

    private static void Split(TextRun run, List<RichInline> into)
    {
        var text = run.Text;
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\n')
            {
                into.Add(new LineBreak());
                i++;
                continue;
            }
            var start = i;
            var blank = IsBlank(text[i]);
            while (i < text.Length && text[i] != '\n' && IsBlank(text[i]) == blank) i++;
            // Runs of blanks are one blank, as every page shows them.
            if (!blank) into.Add(new TextRun(text[start..i], run.Marks));
            else if (into.Count == 0 || into[^1] is not TextRun { Text: " " }) into.Add(new TextRun(" ", run.Marks));
        }
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\u00a0' or '\u200b' or '\ufeff' or '\r';

    private static RichInline Atom(RichInline inline) => inline switch
    {
        LineBreak => new LineBreak(),
        Image image => Picture(image),
        Mention { Id: not null } mention => mention with { Name = "" },
        Emoji emoji => emoji with { Text = null, Id = null },
        OpaqueInline opaque when opaque.Text.Length > 0 => opaque with { Raw = "" },
        _ => inline,
    };

    // The size is a look; the address of an attachment differs from read to read.
    private static Image Picture(Image image) =>
        image with { Width = null, Height = null, Extras = null, Url = image.Id is null ? image.Url : null, Alt = image.Alt ?? image.Name };

    private static TableCell Cell(TableCell cell) => new(Blocks(cell.Content), cell.Header, cell.ColSpan, cell.RowSpan) { Background = cell.Background };

    private static bool Continues(ListBlock before, ListBlock list) =>
        before.Kind == list.Kind && (list.Kind != ListKind.Ordered || list.Start == before.Start + before.Items.Count);
}
