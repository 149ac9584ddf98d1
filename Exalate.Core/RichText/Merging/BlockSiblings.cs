namespace Exalate.Core.RichText;

/// <summary>Merges blocks, and what is in them.</summary>
internal sealed class BlockSiblings : Siblings<RichBlock>
{
    private readonly Dictionary<NodeList<RichInline>, NodeList<RichInline>> _lines = [];
    private readonly ItemSiblings _items;
    private readonly RowSiblings _rows;

    public BlockSiblings(NodeList<RichBlock> original, NodeList<RichBlock> shown)
    {
        _items = new ItemSiblings(this);
        _rows = new RowSiblings(this);
        LearnLines(original, shown);
    }

    public NodeList<RichBlock> Run(NodeList<RichBlock> original, NodeList<RichBlock> shown, NodeList<RichBlock> edited) =>
        RichText.Canonical.Blocks(shown).Equals(RichText.Canonical.Blocks(edited))
            ? original
            : new SequenceMerge<RichBlock>(this, original, Solid(shown), Solid(edited)).Run().ToNodeList();

    public override Words WordsOf(RichBlock item) => Words.Of(item);

    public override object Canonical(RichBlock item) => RichText.Canonical.Block(item);

    public override bool Alike(RichBlock a, RichBlock b) => Sort(a) == Sort(b) || (a is Panel or Expand or Quote && b is Panel or Expand or Quote);

    public override IEnumerable<RichBlock> Merge(RichBlock original, RichBlock shown, RichBlock edited)
    {
        if (Line(original) is { } o && Line(shown) is { } s && Line(edited) is { } e) return [Reshaped(original, shown, edited, InlineMerge.Merge(o, s, e))];
        if (Raised([original], [shown], [edited]) is { } raised) return raised;
        return (original, shown, edited) switch
        {
            (ListBlock ol, ListBlock sl, ListBlock el) => [List(ol, sl, el)],
            (Table ot, Table st, Table et) => [Rows(ot, st, et)],
            (Table ot, CodeBlock sc, CodeBlock ec) when TextTable.Parse(sc.Code) is { } st && TextTable.Parse(ec.Code) is { } et => [Rows(ot, st, et)],
            (CodeBlock oc, CodeBlock sc, CodeBlock ec) => [oc with
            {
                Code = sc.Code == ec.Code ? oc.Code : ec.Code,
                Language = sc.Language == ec.Language ? oc.Language : ec.Language,
            }],
            (OpaqueBlock, _, _) => MergeGroup([original], [shown], [edited]),
            (Quote or Panel or Expand, Quote or Panel or Expand, Quote or Panel or Expand) => [Framed(original, shown, edited)],
            (Quote or Panel or Expand, not (Quote or Panel or Expand), not (Quote or Panel or Expand)) => [Inside(original, [shown], [edited])],
            _ => [Enrich(edited)],
        };
    }

    public override IEnumerable<RichBlock> MergeGroup(List<RichBlock> original, List<RichBlock> shown, List<RichBlock> edited)
    {
        if (original is [OpaqueBlock { Fallback.Count: > 0 } opaque]) return Run(opaque.Fallback, shown.ToNodeList(), edited.ToNodeList());
        if (original.Count == 0) return edited.Select(Enrich);
        if (LineGroup.Together(original) is { } o && LineGroup.Together(shown) is { } s && LineGroup.Together(edited, now: true) is { } e)
            return LineGroup.Apart(InlineMerge.Merge(o, s, e), original, shown, edited, Reshaped);
        if (Raised(original, shown, edited) is { } raised) return raised;
        if (original is [ListBlock list] && Nested.InOne(shown) is { } shownList && Nested.InOne(edited) is { } editedList && Nested.IsShownAs(list, shownList))
            return [List(list, shownList, editedList)];
        if (Leaves.Merge(original, shown, edited, Leaf) is { } inPlace) return inPlace;
        if (original is [Quote or Panel or Expand] && shown.Count > 1) return [Inside(original[0], shown, edited)];
        if (original.Count > 1 && original.TrueForAll(b => b is ListBlock) && shown is [ListBlock shownOne] && edited is [ListBlock editedOne])
            return [List(((ListBlock)original[0]) with { Items = original.Cast<ListBlock>().SelectMany(l => l.Items).ToNodeList() }, shownOne, editedOne)];
        return edited.Select(Enrich);
    }

    private RichBlock? Leaf(RichBlock original, RichBlock shown, RichBlock edited) =>
        (Line(original) is not null && Line(shown) is not null && Line(edited) is not null) || (original, shown, edited) is (CodeBlock, CodeBlock, CodeBlock)
            ? Merge(original, shown, edited).Single()
            : null;

    // What was shown as lines of text.
    private IEnumerable<RichBlock>? Raised(List<RichBlock> original, List<RichBlock> shown, List<RichBlock> edited)
    {
        if (original is [CodeBlock code] && LineGroup.Together(shown) is not null && LineGroup.Together(edited) is not null)
        {
            var text = InlineMerge.Merge([new TextRun(code.Code)], [new TextRun(TextForms.Code(shown))], [new TextRun(TextForms.Code(edited))]);
            return [code with { Code = RichNodes.DisplayText(text) }];
        }
        return TextForms.Raise(original, shown, edited) is var (before, after) ? Run(original.ToNodeList(), before, after) : null;
    }

    public override RichBlock Enrich(RichBlock item) => item switch
    {
        Paragraph p when Known(p.Content) is { } line => p with { Content = line },
        Heading h when Known(h.Content) is { } line => h with { Content = line },
        ListBlock list => list with { Items = list.Items.Select(i => i with { Content = i.Content.Select(Enrich).ToNodeList() }).ToNodeList() },
        Quote quote => quote with { Content = quote.Content.Select(Enrich).ToNodeList() },
        Panel panel => panel with { Content = panel.Content.Select(Enrich).ToNodeList() },
        Expand expand => expand with { Content = expand.Content.Select(Enrich).ToNodeList() },
        _ => item,
    };

    public override bool CanBeCut(RichBlock item) => Line(item) is not null;

    public override bool IsBorder(RichBlock item) => item is ItemBorder;

    private ListBlock List(ListBlock original, ListBlock shown, ListBlock edited)
    {
        var items = new SequenceMerge<ListItem>(_items, original.Items, shown.Items, edited.Items).Run();
        var kind = shown.Kind == edited.Kind ? original.Kind : edited.Kind;
        for (var i = 0; i < items.Count; i++)
        {
            if (kind == ListKind.Task) items[i] = items[i] with { Checked = items[i].Checked ?? false };
            else if (original.Kind == ListKind.Task) items[i] = items[i] with { Checked = null };
        }
        return original with { Kind = kind, Items = items.ToNodeList(), Start = shown.Start == edited.Start ? original.Start : edited.Start };
    }

    private Table Rows(Table original, Table shown, Table edited)
    {
        // Where a bold first row is a header, the last row that is left is none any more only because it stands alone.
        if (edited.Rows.Count == 1 && shown.Rows.Count > 1 && shown.Rows[0].Cells.All(c => c.Header)) edited = HeaderRows.Raise(edited, alone: true);
        return original with { Rows = new SequenceMerge<TableRow>(_rows, original.Rows, shown.Rows, edited.Rows).Run().ToNodeList() };
    }

    // A frame that was not shown, or in parts.
    private RichBlock Inside(RichBlock original, List<RichBlock> shown, List<RichBlock> edited)
    {
        var inner = new SequenceMerge<RichBlock>(this, RichNodes.Children(original).ToList(), Nested.Unframed(shown, original), Nested.Unframed(edited, original)).Run().ToNodeList();
        return original switch
        {
            Panel panel => panel with { Content = inner },
            Expand expand => expand with { Content = inner },
            _ => original is Quote quote ? quote with { Content = inner } : original,
        };
    }

    private RichBlock Framed(RichBlock original, RichBlock shown, RichBlock edited)
    {
        var inner = Run(RichNodes.Children(original).ToNodeList(), RichNodes.Children(shown).ToNodeList(), RichNodes.Children(edited).ToNodeList());
        if (shown.GetType() != edited.GetType())
        {
            return edited switch
            {
                Panel p => p with { Content = inner },
                Expand x => x with { Content = inner },
                _ => new Quote(inner),
            };
        }
        return (original, shown, edited) switch
        {
            (Panel o, Panel s, Panel e) => o with { Kind = s.Kind == e.Kind ? o.Kind : e.Kind, Title = s.Title == e.Title ? o.Title : e.Title, Content = inner },
            (Expand o, Expand s, Expand e) => o with { Title = s.Title == e.Title ? o.Title : e.Title, Content = inner },
            (Panel o, _, _) => o with { Content = inner },
            (Expand o, _, _) => o with { Content = inner },
            (Quote o, _, _) => o with { Content = inner },
            _ => edited,
        };
    }

    private static RichBlock Reshaped(RichBlock original, RichBlock shown, RichBlock edited, NodeList<RichInline> line)
    {
        var shape = Sort(shown) == Sort(edited) && (shown as Heading)?.Level == (edited as Heading)?.Level ? original : edited;
        return shape switch
        {
            Heading h => h with { Content = line },
            ImageBlock image when line is [Image one] => image with { Image = one },
            _ => RichNodes.ParagraphOrImage(line, shape.Extras),
        };
    }

    private NodeList<RichInline>? Known(NodeList<RichInline> line) => _lines.GetValueOrDefault(RichText.Canonical.Inlines(line));

    // Lines of both sides with the same words belong together, wherever a person puts them now.
    private void LearnLines(NodeList<RichBlock> original, NodeList<RichBlock> shown)
    {
        var o = TextLines(original).ToList();
        var s = TextLines(shown).ToList();
        var match = Alignment.Match(o.ConvertAll(b => Words.Of(b).Key), s.ConvertAll(b => Words.Of(b).Key));
        for (var i = 0; i < o.Count; i++)
        {
            if (match[i] >= 0) _lines.TryAdd(RichText.Canonical.Inlines(Line(s[match[i]])!), Line(o[i])!);
        }
    }

    private static IEnumerable<RichBlock> TextLines(IEnumerable<RichBlock> blocks) =>
        blocks.SelectMany(b => b is Paragraph or Heading ? [b] : TextLines(RichNodes.Children(b)));

    public static NodeList<RichInline>? Line(RichBlock block) => block switch
    {
        Paragraph p => p.Content,
        Heading h => h.Content,
        ImageBlock image => [image.Image],
        _ => null,
    };

    private static int Sort(RichBlock block) => block switch
    {
        _ when RuleForm.Is(block) => 6,
        Paragraph or ImageBlock => 0,
        Heading => 1,
        ListBlock => 2,
        Quote or Panel or Expand => 3,
        CodeBlock => 4,
        Table => 5,
        ItemBorder => 8,
        _ => 7,
    };

    private static List<RichBlock> Solid(NodeList<RichBlock> blocks) => blocks.Where(b => !RichNodes.IsBlank(b)).ToList();
}
