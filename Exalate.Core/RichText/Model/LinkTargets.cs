namespace Exalate.Core.RichText;

/// <summary>The addresses a document points to: links and cards.</summary>
public static class LinkTargets
{
    /// <summary>Each address once, in reading order.</summary>
    public static IEnumerable<string> Of(RichDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return RichNodes.Inlines(document.Nodes).Select(Target).OfType<string>().Distinct();
    }

    /// <summary>The document with other addresses; words that are the address itself change with it. What is not in the map stays.</summary>
    public static RichDocument Replace(RichDocument document, IReadOnlyDictionary<string, string> targets)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(targets);
        return targets.Count > 0 && Of(document).Any(targets.ContainsKey) ? new RichDocument(Blocks(document.Nodes, targets)) : document;
    }

    private static string? Target(RichInline inline) => inline is Card card ? card.Url : inline.Marks.Href;

    private static NodeList<RichBlock> Blocks(NodeList<RichBlock> blocks, IReadOnlyDictionary<string, string> targets) => blocks.Select(b => Block(b, targets)).ToNodeList();

    private static RichBlock Block(RichBlock block, IReadOnlyDictionary<string, string> targets) => block switch
    {
        Paragraph p => p with { Content = Line(p.Content, targets) },
        Heading h => h with { Content = Line(h.Content, targets) },
        ImageBlock image => image with { Image = (Image)Inline(image.Image, targets) },
        ListBlock list => list with { Items = list.Items.Select(i => i with { Content = Blocks(i.Content, targets) }).ToNodeList() },
        Quote quote => quote with { Content = Blocks(quote.Content, targets) },
        Panel panel => panel with { Content = Blocks(panel.Content, targets) },
        Expand expand => expand with { Content = Blocks(expand.Content, targets) },
        Table table => table with
        {
            Rows = table.Rows.Select(r => new TableRow(r.Cells.Select(c => c with { Content = Blocks(c.Content, targets) }).ToNodeList())).ToNodeList(),
        },
        OpaqueBlock opaque => opaque with { Fallback = Blocks(opaque.Fallback, targets) },
        _ => block,
    };

    private static NodeList<RichInline> Line(NodeList<RichInline> line, IReadOnlyDictionary<string, string> targets) => line.Select(i => Inline(i, targets)).ToNodeList();

    private static RichInline Inline(RichInline inline, IReadOnlyDictionary<string, string> targets)
    {
        if (Target(inline) is not { } old || !targets.TryGetValue(old, out var target)) return inline;
        if (inline is Card card) return card with { Url = target };
        var linked = inline with { Marks = inline.Marks with { Href = target } };
        return linked is TextRun run && run.Text == old ? run with { Text = target } : linked;
    }
}
