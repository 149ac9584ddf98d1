namespace Exalate.Core.RichText;

/// <summary>A document with some of its nodes replaced by others, at the same places. Blocks nest as deep as <see cref="RichLimits.MaxDepth"/> allows.</summary>
internal sealed class NodeMap(Func<RichInline, RichInline> inline, Func<OpaqueBlock, OpaqueBlock>? opaque = null)
{
    public RichDocument Apply(RichDocument document) => new(Blocks(document.Nodes));

    private NodeList<RichBlock> Blocks(NodeList<RichBlock> blocks) => blocks.Select(Block).ToNodeList();

    private RichBlock Block(RichBlock block) => block switch
    {
        Paragraph p => p with { Content = Line(p.Content) },
        Heading h => h with { Content = Line(h.Content) },
        ImageBlock image => inline(image.Image) is var shown && shown is Image picture ? image with { Image = picture } : new Paragraph([shown]),
        ListBlock list => list with { Items = list.Items.Select(i => i with { Content = Blocks(i.Content) }).ToNodeList() },
        Quote quote => quote with { Content = Blocks(quote.Content) },
        Panel panel => panel with { Content = Blocks(panel.Content) },
        Expand expand => expand with { Content = Blocks(expand.Content) },
        Table table => table with
        {
            Rows = table.Rows.Select(r => new TableRow(r.Cells.Select(c => c with { Content = Blocks(c.Content) }).ToNodeList())).ToNodeList(),
        },
        OpaqueBlock raw => (opaque is null ? raw : opaque(raw)) with { Fallback = Blocks(raw.Fallback) },
        _ => block,
    };

    private NodeList<RichInline> Line(NodeList<RichInline> line) => line.Select(inline).ToNodeList();
}
