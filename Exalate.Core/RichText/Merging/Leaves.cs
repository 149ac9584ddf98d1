namespace Exalate.Core.RichText;

/// <summary>Blocks that another dialect shows in another order of frames: where only words in lines changed, they change in their places.</summary>
internal static class Leaves
{
    /// <summary>Null when more than the words of lines and code changed, or a line has no place in the original.</summary>
    public static List<RichBlock>? Merge(List<RichBlock> original, List<RichBlock> shown, List<RichBlock> edited, Func<RichBlock, RichBlock, RichBlock, RichBlock?> merge)
    {
        if (!original.Exists(b => RichNodes.Children(b).Any()) || !shown.ConvertAll(Frame).SequenceEqual(edited.ConvertAll(Frame))) return null;
        List<RichBlock> own = Of(original).ToList(), before = Of(shown).ToList(), after = Of(edited).ToList();
        var match = Alignment.Match(before.ConvertAll(b => Words.Of(b).Key), own.ConvertAll(b => Words.Of(b).Key));
        var changed = new Dictionary<int, RichBlock>();
        for (var i = 0; i < before.Count; i++)
        {
            if (Canonical.Block(before[i]).Equals(Canonical.Block(after[i]))) continue;
            if (match[i] < 0 || merge(own[match[i]], before[i], after[i]) is not { } merged) return null;
            changed[match[i]] = merged;
        }
        var at = 0;
        return original.ConvertAll(b => With(b, changed, ref at));
    }

    private static IEnumerable<RichBlock> Of(IEnumerable<RichBlock> blocks) => blocks.SelectMany(b => IsLeaf(b) ? [b] : Of(RichNodes.Children(b)));

    private static bool IsLeaf(RichBlock block) => block is Paragraph or Heading or ImageBlock or CodeBlock or Rule;

    private static RichBlock Frame(RichBlock block)
    {
        var at = 0;
        return With(block, null, ref at);
    }

    // With other leaves by their number; without any, with blank ones.
    private static RichBlock With(RichBlock block, Dictionary<int, RichBlock>? leaves, ref int at)
    {
        if (IsLeaf(block)) return leaves is null ? new Rule() : leaves.GetValueOrDefault(at++, block);
        switch (block)
        {
            case ListBlock list:
                var items = new List<ListItem>();
                foreach (var item in list.Items) items.Add(item with { Content = With(item.Content, leaves, ref at) });
                return list with { Items = items.ToNodeList() };
            case Table table:
                var rows = new List<TableRow>();
                foreach (var row in table.Rows)
                {
                    var cells = new List<TableCell>();
                    foreach (var cell in row.Cells) cells.Add(cell with { Content = With(cell.Content, leaves, ref at) });
                    rows.Add(new TableRow(cells.ToNodeList()));
                }
                return table with { Rows = rows.ToNodeList() };
            case Quote quote:
                return quote with { Content = With(quote.Content, leaves, ref at) };
            case Panel panel:
                return panel with { Content = With(panel.Content, leaves, ref at) };
            case Expand expand:
                return expand with { Content = With(expand.Content, leaves, ref at) };
            case OpaqueBlock opaque:
                return opaque with { Fallback = With(opaque.Fallback, leaves, ref at) };
            default:
                return block;
        }
    }

    private static NodeList<RichBlock> With(NodeList<RichBlock> blocks, Dictionary<int, RichBlock>? leaves, ref int at)
    {
        var result = new List<RichBlock>(blocks.Count);
        foreach (var block in blocks) result.Add(With(block, leaves, ref at));
        return result.ToNodeList();
    }
}
