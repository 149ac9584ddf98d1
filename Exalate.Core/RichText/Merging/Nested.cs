namespace Exalate.Core.RichText;

/// <summary>What a dialect shows behind a list or a frame, since it allows it nowhere inside, in its place again.</summary>
internal static class Nested
{
    /// <summary>A list, and what stands behind it in its last item; null when no list begins.</summary>
    public static ListBlock? InOne(List<RichBlock> blocks)
    {
        if (blocks is not [ListBlock first, ..]) return null;
        var items = new List<ListItem>();
        foreach (var block in blocks)
        {
            if (block is ListBlock list && list.Kind == first.Kind) items.AddRange(list.Items);
            else if (items.Count == 0) return null;
            else items[^1] = items[^1] with { Content = [.. items[^1].Content, block] };
        }
        return first with { Items = items.ToNodeList() };
    }

    /// <summary>True when both hold the same words, item by item.</summary>
    public static bool IsShownAs(ListBlock original, ListBlock shown) =>
        original.Items.Select(i => Words.Of(i).Key).SequenceEqual(shown.Items.Select(i => Words.Of(i).Key));

    /// <summary>What is in the frames that stand for this one, with what stands before, between and behind them.</summary>
    public static List<RichBlock> Unframed(List<RichBlock> blocks, RichBlock original)
    {
        var frame = blocks.Find(b => IsFrame(b) && Empty(b).Equals(Empty(original))) ?? (IsFrame(blocks[0]) ? blocks[0] : null);
        return frame is null ? blocks : blocks.SelectMany(b => IsFrame(b) && Empty(b).Equals(Empty(frame)) ? RichNodes.Children(b) : [b]).ToList();
    }

    private static bool IsFrame(RichBlock block) => block is Quote or Panel or Expand;

    private static RichBlock Empty(RichBlock frame) => frame switch
    {
        Panel panel => panel with { Content = [] },
        Expand expand => expand with { Content = [] },
        _ => new Quote([]),
    };
}
