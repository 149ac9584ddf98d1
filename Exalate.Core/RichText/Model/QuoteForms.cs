namespace Exalate.Core.RichText;

/// <summary>
/// Panels and expandable sections in dialects that have quotes only: a quote whose first line, in bold, announces them.
/// Readers of those dialects turn it back.
/// </summary>
internal static class QuoteForms
{
    public static Quote Lower(Panel panel) => new([Line(PanelKinds.Announce(panel)), .. panel.Content]);

    public static Quote Lower(Expand expand) => new([Line(PanelKinds.ExpandSign + expand.Title), .. expand.Content]);

    public static RichBlock Raise(Quote quote)
    {
        if (quote.Content is not [Paragraph first, ..] || first.Content is not [TextRun run, ..] || run.Marks != Marks.Of(MarkStyle.Bold)) return quote;
        if (Recognise(run.Text) is not { } found) return quote;
        NodeList<RichBlock> rest;
        if (first.Content.Count == 1) rest = quote.Content.Skip(1).ToNodeList();
        else if (first.Content[1] is LineBreak) rest = [new Paragraph(first.Content.Skip(2).ToNodeList()), .. quote.Content.Skip(1)];
        else return quote;
        return found(rest);
    }

    private static Func<NodeList<RichBlock>, RichBlock>? Recognise(string line)
    {
        if (line.StartsWith(PanelKinds.ExpandSign, StringComparison.Ordinal)) return content => new Expand(line[PanelKinds.ExpandSign.Length..], content);
        if (line == PanelKinds.ExpandSign.TrimEnd()) return content => new Expand("", content);
        return PanelKinds.Recognise(line) is var (kind, title) ? content => new Panel(kind, title, content) : null;
    }

    private static Paragraph Line(string text) => new([new TextRun(text, MarkStyle.Bold)]);
}

/// <summary>Header cells in dialects that have none: a first row in which everything is bold.</summary>
internal static class HeaderRows
{
    /// <param name="table">As it was read.</param>
    /// <param name="alone">Also when there is no row below.</param>
    public static Table Raise(Table table, bool alone = false)
    {
        if (table.Rows.Count < (alone ? 1 : 2) || table.Rows.Any(r => r.Cells.Any(c => c.Header))) return table;
        var first = table.Rows[0].Cells;
        if (!first.All(IsBold)) return table;
        var header = first.Select(c => c with { Header = true, Content = c.Content.Select(Plain).ToNodeList() }).ToNodeList();
        return new Table([new TableRow(header), .. table.Rows.Skip(1)]) { Extras = table.Extras };
    }

    private static bool IsBold(TableCell cell) =>
        cell.Content.Count > 0 && cell.Content.All(b => b is Paragraph { Content.Count: > 0 } p && p.Content.All(i => i is LineBreak || i.Marks.Has(MarkStyle.Bold)));

    private static RichBlock Plain(RichBlock block) =>
        block is Paragraph p ? p with { Content = p.Content.Select(i => i with { Marks = i.Marks.Without(MarkStyle.Bold) }).ToNodeList() } : block;
}
