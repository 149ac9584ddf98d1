namespace Exalate.Core.RichText;

/// <summary>Keeps documents within <see cref="RichLimits.MaxDepth"/>: what stands deeper loses its frames, and its lines stay one level up.</summary>
internal static class DepthLimit
{
    public static NodeList<RichBlock> Apply(NodeList<RichBlock> blocks) => IsDeep(blocks, 1) ? Shallow(blocks, 1) : blocks;

    private static bool IsDeep(IEnumerable<RichBlock> blocks, int depth)
    {
        foreach (var block in blocks)
        {
            if (depth > RichLimits.MaxDepth || IsDeep(RichNodes.Children(block), depth + 1)) return true;
        }
        return false;
    }

    private static NodeList<RichBlock> Shallow(NodeList<RichBlock> blocks, int depth) =>
        depth >= RichLimits.MaxDepth ? blocks.SelectMany(Leaves).ToNodeList() : blocks.Select(b => Inside(b, depth + 1)).ToNodeList();

    private static RichBlock Inside(RichBlock block, int depth) => block switch
    {
        ListBlock list => list with { Items = list.Items.Select(i => i with { Content = Shallow(i.Content, depth) }).ToNodeList() },
        Quote quote => quote with { Content = Shallow(quote.Content, depth) },
        Panel panel => panel with { Content = Shallow(panel.Content, depth) },
        Expand expand => expand with { Content = Shallow(expand.Content, depth) },
        Table table => table with { Rows = table.Rows.Select(r => new TableRow(r.Cells.Select(c => c with { Content = Shallow(c.Content, depth) }).ToNodeList())).ToNodeList() },
        OpaqueBlock opaque => opaque with { Fallback = Shallow(opaque.Fallback, depth) },
        _ => block,
    };

    private static IEnumerable<RichBlock> Leaves(RichBlock block) => block switch
    {
        Panel panel => [RichNodes.PlainParagraph(PanelKinds.Announce(panel)), .. panel.Content.SelectMany(Leaves)],
        Expand { Title.Length: > 0 } expand => [RichNodes.PlainParagraph(expand.Title), .. expand.Content.SelectMany(Leaves)],
        ListBlock or Quote or Expand or Table or OpaqueBlock => RichNodes.Children(block).SelectMany(Leaves),
        _ => [block],
    };
}
