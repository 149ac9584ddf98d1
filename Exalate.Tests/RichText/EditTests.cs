using Exalate.Core.RichText;
using FsCheck;
using FsCheck.Fluent;

namespace Exalate.Tests.RichText;

/// <summary>
/// Merge back, for every pair of dialects and every kind of edit, in random documents: a part that nobody touched is the same to the letter, in the
/// same frames and the same order, no word is lost or doubled, and people, labels and formats of what was edited are still there.
/// </summary>
public class EditTests
{
    public static TheoryData<string, string> Pairs => DialectProperties.Pairs;

    private static readonly OpaqueBlock Macro = new("adf", """{"type":"extension","attrs":{"extensionType":"com.example","extensionKey":"chart"}}""", []);

    private static readonly RandomEdit.Kind[] Removals = [RandomEdit.Kind.RemoveBlock, RandomEdit.Kind.RemoveItem, RandomEdit.Kind.RemoveRow];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_edit_there_changes_that_place_alone(string from, string to)
    {
        Dialect a = Dialects.Find(from)!, b = Dialects.Find(to)!;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var made = new RandomDocument(seed).Make();
            var original = Through(a, from == "adf" ? new RichDocument([.. made.Blocks.Take(1), Macro, .. made.Blocks.Skip(1)]) : made);
            var shown = Through(b, original);
            foreach (var kind in Enum.GetValues<RandomEdit.Kind>())
            {
                // In Jira a table inside an item stands behind the list: an edit of words is carried back, one of the list's form changes the list.
                if (to == "adf" && kind is not (RandomEdit.Kind.Words or RandomEdit.Kind.Code) && RandomEdit.HasBlocksInItems(original.Nodes)) continue;
                var edit = new RandomEdit(kind, seed);
                if (edit.Apply(shown) is not { } changed) continue;
                var edited = Through(b, changed);
                if (DocumentMerge.SameContent(shown, edited)) continue;

                var merged = DocumentMerge.MergeBack(original, shown, edited);

                if (Problem(original, edited, merged, kind, edit.Touched) is { } problem)
                {
                    Assert.Fail($"""
                        {from} -> {to} -> {kind} -> {from}, seed {seed}: {problem}
                        --- before
                        {b.Write(shown, RichTextHooks.None)}
                        --- edited
                        {b.Write(edited, RichTextHooks.None)}
                        --- merged
                        {Dialects.Markdown.Write(merged, RichTextHooks.None)}
                        """);
                }
            }
        }).Check(Draws.Of(6));
    }

    [Fact]
    public void Every_kind_of_edit_finds_a_place_and_changes_something()
    {
        var documents = Enumerable.Range(0, 40).Select(seed => (Seed: seed, Document: Through(Dialects.Adf, new RandomDocument(seed).Make()))).ToList();

        Assert.All(Enum.GetValues<RandomEdit.Kind>(), kind => Assert.Contains(documents, d =>
            new RandomEdit(kind, d.Seed).Apply(d.Document) is { } edited && !DocumentMerge.SameContent(d.Document, edited)));
    }

    private static RichDocument Through(Dialect dialect, RichDocument document) => dialect.Read(dialect.Write(document, RichTextHooks.None), RichTextHooks.None);

    private static string? Problem(RichDocument original, RichDocument edited, RichDocument merged, RandomEdit.Kind kind, List<RichBlock> touchedBlocks)
    {
        List<string> there = [.. Census.Of(edited).UniqueWords.Order()], here = [.. Census.Of(merged).UniqueWords.Order()];
        if (!there.SequenceEqual(here))
            return $"words lost: {string.Join(' ', there.Except(here))}, back again: {string.Join(' ', here.Except(there))}, doubled: {string.Join(' ', here.CountBy(w => w).Where(w => w.Value > 1).Select(w => w.Key))}";

        HashSet<string> touched = [RandomEdit.New, .. Census.Of(new RichDocument(touchedBlocks)).UniqueWords, .. Keys(touchedBlocks)];
        List<string> before = [], after = [];
        Leaves(original.Nodes, "", touched, kind, before);
        Leaves(merged.Nodes, "", touched, kind, after);
        if (kind is RandomEdit.Kind.MoveItem)
        {
            before.Sort(StringComparer.Ordinal);
            after.Sort(StringComparer.Ordinal);
        }
        if (!before.SequenceEqual(after)) return $"an untouched part changed:\n  - {string.Join("\n  - ", before.Except(after))}\n  + {string.Join("\n  + ", after.Except(before))}";

        if (Removals.Contains(kind)) return null;
        Census first = Census.Of(original), last = Census.Of(merged);
        return first.Keys.Where(key => IsCounted(key, kind) && last[key] < first[key]).Select(key => $"{key}: {first[key]} -> {last[key]}").FirstOrDefault();
    }

    // A title or code that was shown as a line and put together with the next one is no title and no code any more.
    private static bool IsCounted(string key, RandomEdit.Kind kind) => kind switch
    {
        RandomEdit.Kind.Join => key is not ("break" or "code block" or "language" or "Code" or "Bold") && !key.StartsWith("heading", StringComparison.Ordinal),
        RandomEdit.Kind.JoinItems => key is not ("break" or "done") && !key.EndsWith(" item", StringComparison.Ordinal),
        _ => key != "break",
    };

    private static IEnumerable<string> Keys(IEnumerable<RichBlock> blocks) =>
        blocks.SelectMany(b => RichNodes.Children(b).Any() ? Keys(RichNodes.Children(b)) : [Key(b)]);

    private static string Key(RichBlock block) => Words.Of(block is ImageBlock image ? RichNodes.PlainParagraph(RichNodes.DisplayText(image.Image)) : block).Key;

    // Every part that holds no others, with the frames it stands in; without those that the edit touched.
    private static void Leaves(IEnumerable<RichBlock> blocks, string frames, HashSet<string> touched, RandomEdit.Kind kind, List<string> into)
    {
        foreach (var block in blocks)
        {
            switch (block)
            {
                case ListBlock list:
                    foreach (var item in list.Items) Leaves(item.Content, $"{frames}{list.Kind} {item.Checked}/", touched, kind, into);
                    break;
                case Quote quote:
                    Leaves(quote.Content, $"{frames}quote/", touched, kind, into);
                    break;
                case Panel panel:
                    Leaves(panel.Content, $"{frames}{panel.Kind} {panel.Title}/", touched, kind, into);
                    break;
                case Expand expand:
                    Leaves(expand.Content, $"{frames}section {expand.Title}/", touched, kind, into);
                    break;
                case Table table:
                    foreach (var cell in table.Rows.SelectMany(r => r.Cells))
                        Leaves(cell.Content, $"{frames}{(cell.Header ? "header" : "cell")} {cell.ColSpan} {cell.RowSpan} {cell.Background}/", touched, kind, into);
                    break;
                case OpaqueBlock opaque:
                    into.Add(frames + opaque.Raw);
                    break;
                default:
                    if (!RichNodes.IsBlank(block) && !IsTouched(block, touched, kind)) into.Add(frames + RichDocumentJson.Serialize(new RichDocument([block])));
                    break;
            }
        }
    }

    // What has none of the generator's words can't be told from its like, when some of it is taken away.
    private static bool IsTouched(RichBlock block, HashSet<string> touched, RandomEdit.Kind kind)
    {
        var words = Census.Of(new RichDocument([block])).UniqueWords;
        return words.Any(touched.Contains) || touched.Contains(Key(block)) || (words.Count == 0 && (Removals.Contains(kind) || kind == RandomEdit.Kind.Join));
    }
}
