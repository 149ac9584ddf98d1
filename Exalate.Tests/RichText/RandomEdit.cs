using System.Text.RegularExpressions;
using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

/// <summary>One edit of one kind, as a person makes it in an editor, at a random place of a document that allows it.</summary>
internal sealed class RandomEdit(RandomEdit.Kind kind, int seed)
{
    public enum Kind
    {
        Words,
        Split,
        Join,
        InsertParagraph,
        RemoveBlock,
        MoveBlock,
        InsertItem,
        RemoveItem,
        MoveItem,
        SplitItem,
        JoinItems,
        InsertRow,
        RemoveRow,
        Code,
    }

    /// <summary>The word that the edit adds, where it adds one.</summary>
    public const string New = "w999999q";

    private readonly Random _random = new(seed);
    private int _sites;
    private int _chosen = -1;

    /// <summary>The blocks, as they were shown, that the edit took, cut, put together or threw away.</summary>
    public List<RichBlock> Touched { get; } = [];

    /// <summary>Null when the document has no place for it.</summary>
    public RichDocument? Apply(RichDocument document)
    {
        Blocks(document.Nodes, top: true);
        if (_sites == 0) return null;
        (_chosen, _sites) = (_random.Next(_sites), 0);
        return new RichDocument(Blocks(document.Nodes, top: true));
    }

    /// <summary>True when an item of a list holds more than lines and lists.</summary>
    public static bool HasBlocksInItems(IEnumerable<RichBlock> blocks) => blocks.Any(b =>
        (b is ListBlock list && list.Items.Any(i => i.Content.Any(c => c is not (Paragraph or ListBlock)) || i.Content.Count(c => c is Paragraph) > 1)) || HasBlocksInItems(RichNodes.Children(b)));

    private bool Here() => _sites++ == _chosen;

    private NodeList<RichBlock> Blocks(NodeList<RichBlock> blocks, bool top = false, bool inItem = false)
    {
        var result = blocks.Select(Inside).ToList();
        for (var i = 0; i < blocks.Count; i++)
        {
            switch (kind)
            {
                case Kind.Words when Line(blocks[i]) is { } line && Spot(line) >= 0 && Here():
                    Touched.Add(blocks[i]);
                    result[i] = With(blocks[i], Typed(line));
                    break;
                case Kind.Split when blocks[i] is Paragraph p && !IsSigned(p) && Cut(p) is { } halves && Here():
                    Touched.Add(p);
                    result[i] = halves.First;
                    result.Insert(i + 1, halves.Second);
                    return result.ToNodeList();
                case Kind.Join when i + 1 < blocks.Count && blocks[i] is Paragraph p && blocks[i + 1] is Paragraph q && !IsSigned(p) && !IsSigned(q) && Here():
                    Touched.AddRange([p, q]);
                    result[i] = Joined(p, q);
                    result.RemoveAt(i + 1);
                    return result.ToNodeList();
                case Kind.InsertParagraph when !inItem && !(IsSigned(blocks[i]) && i > 0 && IsSigned(blocks[i - 1])) && Here():
                    result.Insert(i, Fresh());
                    return result.ToNodeList();
                case Kind.RemoveBlock when blocks.Count > 1 && blocks[i] is not OpaqueBlock && !IsSigned(blocks[i]) && !RichNodes.IsBlank(blocks[i]) && Here():
                    Touched.Add(blocks[i]);
                    result.RemoveAt(i);
                    return result.ToNodeList();
                case Kind.MoveBlock when top && blocks.Count > 2 && Line(blocks[i]) is { } moved && Spot(moved) >= 0 && Here():
                    Touched.Add(blocks[i]);
                    result.RemoveAt(i);
                    result.Insert((i + 1 + _random.Next(blocks.Count - 1)) % blocks.Count, blocks[i]);
                    return result.ToNodeList();
                case Kind.Code when blocks[i] is CodeBlock code && TextTable.Parse(code.Code) is null && Here():
                    result[i] = code with { Code = code.Code + New };
                    Touched.AddRange([code, result[i]]);
                    break;
            }
        }
        return result.ToNodeList();
    }

    private RichBlock Inside(RichBlock block) => block switch
    {
        ListBlock list => Items(list with { Items = list.Items.Select(i => i with { Content = Blocks(i.Content, inItem: true) }).ToNodeList() }, list),
        Quote quote => quote with { Content = Blocks(quote.Content) },
        Panel panel => panel with { Content = Blocks(panel.Content) },
        Expand expand => expand with { Content = Blocks(expand.Content) },
        Table table => Rows(new Table(table.Rows.Select(r => new TableRow(r.Cells.Select(c => c with { Content = Blocks(c.Content) }).ToNodeList())).ToNodeList()) { Extras = table.Extras }),
        _ => block,
    };

    private ListBlock Items(ListBlock list, ListBlock before)
    {
        var items = list.Items.ToList();
        for (var i = 0; i < before.Items.Count; i++)
        {
            var item = before.Items[i];
            switch (kind)
            {
                case Kind.InsertItem when Here():
                    items.Insert(i, new ListItem([Fresh()], item.Checked));
                    return list with { Items = items.ToNodeList() };
                case Kind.RemoveItem when items.Count > 1 && Here():
                    Touched.AddRange(item.Content);
                    items.RemoveAt(i);
                    return list with { Items = items.ToNodeList() };
                case Kind.MoveItem when items.Count > 1 && Here():
                    items.RemoveAt(i);
                    items.Insert((i + 1 + _random.Next(items.Count)) % (items.Count + 1), item);
                    return list with { Items = items.ToNodeList() };
                case Kind.SplitItem when item.Content is [Paragraph p, ..] && Cut(p) is { } halves && Here():
                    Touched.AddRange(item.Content);
                    items[i] = item with { Content = [halves.First] };
                    items.Insert(i + 1, item with { Content = [halves.Second, .. item.Content.Skip(1)] });
                    return list with { Items = items.ToNodeList() };
                case Kind.JoinItems when i + 1 < items.Count && item.Content is [Paragraph p] && items[i + 1].Content is [Paragraph q, ..] && Here():
                    Touched.AddRange([p, .. items[i + 1].Content]);
                    items[i] = item with { Content = [Joined(p, q), .. items[i + 1].Content.Skip(1)] };
                    items.RemoveAt(i + 1);
                    return list with { Items = items.ToNodeList() };
            }
        }
        return list;
    }

    private Table Rows(Table table)
    {
        var rows = table.Rows.ToList();
        for (var i = 1; i < table.Rows.Count; i++)
        {
            if (kind == Kind.InsertRow && Here())
            {
                rows.Insert(i, new TableRow(rows[i].Cells.Select((c, n) => new TableCell(n == 0 ? [Fresh()] : [], false, c.ColSpan)).ToNodeList()));
                return table with { Rows = rows.ToNodeList() };
            }
            if (kind == Kind.RemoveRow && Here())
            {
                Touched.AddRange(rows[i].Cells.SelectMany(c => c.Content));
                rows.RemoveAt(i);
                return table with { Rows = rows.ToNodeList() };
            }
        }
        return table;
    }

    // A line of a quote, a list or a table that is shown as text: put together with another one it is none any more.
    private static bool IsSigned(RichBlock block) => block is Paragraph p && (p.Content.All(i => i.Marks.Has(MarkStyle.Code) || i is LineBreak) || Regex.IsMatch(RichNodes.DisplayText(p.Content), @"(^|\n)\s*([>•☐☑|-]|\d+\. |-----|———|\[image)"));

    private static Paragraph Fresh() => new([new TextRun($"{New} typed here")]);

    private static NodeList<RichInline>? Line(RichBlock block) => block switch
    {
        Paragraph p => p.Content,
        Heading h => h.Content,
        _ => null,
    };

    private static RichBlock With(RichBlock block, NodeList<RichInline> line) => block is Heading h ? h with { Content = line } : ((Paragraph)block) with { Content = line };

    // A run with a word of the generator, behind which the new one is typed.
    private static int Spot(NodeList<RichInline> line)
    {
        for (var i = 0; i < line.Count; i++)
        {
            if (line[i] is TextRun run && End(run.Text) > 0) return i;
        }
        return -1;
    }

    private static int End(string text)
    {
        var match = Regex.Match(text, @"(?<![\p{L}\p{N}\p{Cs}])[wtz]\d+q(?![\p{L}\p{N}\p{Cs}])");
        return match.Success ? match.Index + match.Length : -1;
    }

    private NodeList<RichInline> Typed(NodeList<RichInline> line)
    {
        var spots = Enumerable.Range(0, line.Count).Where(i => line[i] is TextRun run && End(run.Text) > 0).ToList();
        var at = spots[_random.Next(spots.Count)];
        var run = (TextRun)line[at];
        var end = End(run.Text);
        return line.Select((i, n) => n == at ? run with { Text = run.Text[..end] + " " + New + run.Text[end..] } : i).ToNodeList();
    }

    private static Paragraph Joined(Paragraph p, Paragraph q) => p with { Content = [.. p.Content, new TextRun(" "), .. q.Content] };

    // Between two words, where a blank stands in a run.
    private (Paragraph First, Paragraph Second)? Cut(Paragraph p)
    {
        var spots = new List<(int Run, int At)>();
        for (var i = 0; i < p.Content.Count; i++)
        {
            if (p.Content[i] is not TextRun run) continue;
            for (var at = run.Text.IndexOf(' '); at >= 0; at = run.Text.IndexOf(' ', at + 1))
            {
                var beside = Regex.IsMatch(run.Text[..at], @"[wtz]\d+q$") || Regex.IsMatch(run.Text[(at + 1)..], @"^[wtz]\d+q");
                if (beside && (i > 0 || at > 0) && (i + 1 < p.Content.Count || at + 1 < run.Text.Length)) spots.Add((i, at));
            }
        }
        if (spots.Count == 0) return null;
        var spot = spots[_random.Next(spots.Count)];
        var cut = (TextRun)p.Content[spot.Run];
        var first = p.Content.Take(spot.Run).Append(cut with { Text = cut.Text[..spot.At] }).Where(i => i is not TextRun { Text: "" });
        var second = p.Content.Skip(spot.Run + 1).Prepend(cut with { Text = cut.Text[(spot.At + 1)..] }).Where(i => i is not TextRun { Text: "" });
        return (p with { Content = first.ToNodeList() }, p with { Content = second.ToNodeList() });
    }
}
