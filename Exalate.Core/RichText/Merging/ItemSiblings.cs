namespace Exalate.Core.RichText;

/// <summary>Between two items of a list whose contents are merged as one.</summary>
internal sealed record ItemBorder : RichBlock;

/// <summary>Merges the items of a list.</summary>
internal sealed class ItemSiblings(BlockSiblings blocks) : Siblings<ListItem>
{
    public override Words WordsOf(ListItem item) => Words.Of(item);

    public override object Canonical(ListItem item) => new ListItem(RichText.Canonical.Blocks(item.Content), item.Checked);

    public override bool Alike(ListItem a, ListItem b) => true;

    public override IEnumerable<ListItem> Merge(ListItem original, ListItem shown, ListItem edited) =>
    [
        new ListItem(
            blocks.Run(original.Content, shown.Content, edited.Content),
            shown.Checked == edited.Checked ? original.Checked : edited.Checked),
    ];

    public override bool CanBeCut(ListItem item) => true;

    // As one text with borders between the items, so that lines may pass from one to another.
    public override IEnumerable<ListItem> MergeGroup(List<ListItem> original, List<ListItem> shown, List<ListItem> edited)
    {
        var parts = new List<List<RichBlock>> { new() };
        foreach (var block in blocks.Run(Flat(original), Flat(shown), Flat(edited)))
        {
            if (block is ItemBorder) parts.Add([]);
            else parts[^1].Add(block);
        }
        return parts.Count == edited.Count ? edited.Select((item, i) => item with { Content = parts[i].ToNodeList() }) : edited.Select(Enrich);
    }

    private static NodeList<RichBlock> Flat(List<ListItem> items) =>
        items.SelectMany((item, i) => i == 0 ? item.Content : item.Content.Prepend(new ItemBorder())).ToNodeList();

    public override ListItem Enrich(ListItem item) => item with { Content = item.Content.Select(blocks.Enrich).ToNodeList() };
}

/// <summary>Merges the rows of a table.</summary>
internal sealed class RowSiblings(BlockSiblings blocks) : Siblings<TableRow>
{
    private readonly CellSiblings _cells = new(blocks);

    public override Words WordsOf(TableRow item) => Words.Of(item);

    public override object Canonical(TableRow item) => new TableRow(item.Cells.Select(c => (TableCell)_cells.Canonical(c)).ToNodeList());

    public override bool Alike(TableRow a, TableRow b) => true;

    public override IEnumerable<TableRow> Merge(TableRow original, TableRow shown, TableRow edited)
    {
        if (original.Cells.Count != shown.Cells.Count || shown.Cells.Count != edited.Cells.Count)
            return [new TableRow(new SequenceMerge<TableCell>(_cells, original.Cells, shown.Cells, edited.Cells).Run().ToNodeList())];
        var cells = original.Cells.Select((cell, i) => _cells.Canonical(shown.Cells[i]).Equals(_cells.Canonical(edited.Cells[i]))
            ? cell
            : _cells.Merge(cell, shown.Cells[i], edited.Cells[i]).Single());
        return [new TableRow(cells.ToNodeList())];
    }

    public override IEnumerable<TableRow> MergeGroup(List<TableRow> original, List<TableRow> shown, List<TableRow> edited) => edited;

    public override TableRow Enrich(TableRow item) => item;
}

/// <summary>Merges the cells of a row.</summary>
internal sealed class CellSiblings(BlockSiblings blocks) : Siblings<TableCell>
{
    public override Words WordsOf(TableCell item) => Words.Of(item);

    public override object Canonical(TableCell item) =>
        new TableCell(RichText.Canonical.Blocks(item.Content), item.Header, item.ColSpan, item.RowSpan) { Background = item.Background };

    public override bool Alike(TableCell a, TableCell b) => true;

    public override IEnumerable<TableCell> Merge(TableCell original, TableCell shown, TableCell edited) =>
    [
        original with
        {
            Content = blocks.Run(original.Content, shown.Content, edited.Content),
            Header = shown.Header == edited.Header ? original.Header : edited.Header,
            ColSpan = shown.ColSpan == edited.ColSpan ? original.ColSpan : edited.ColSpan,
            RowSpan = shown.RowSpan == edited.RowSpan ? original.RowSpan : edited.RowSpan,
            Background = shown.Background == edited.Background ? original.Background : edited.Background,
        },
    ];

    public override IEnumerable<TableCell> MergeGroup(List<TableCell> original, List<TableCell> shown, List<TableCell> edited) => edited;

    public override TableCell Enrich(TableCell item) => item with { Content = item.Content.Select(blocks.Enrich).ToNodeList() };
}
