using Exalate.Core.RichText;
using Exalate.Tests.House;
using FsCheck;
using FsCheck.Fluent;

namespace Exalate.Tests.RichText;

/// <summary>
/// Marks and structure counted, judged against what went in: a converter that drops something, or that does more than the table says, fails.
/// </summary>
public class MatrixTests
{
    // Shown as a sign that its own reader takes for what it stands for: the counts come back, as those of "kept" do.
    private static readonly string[] Recognised = ["task list", "panel", "expandable section", "rule", "header cell"];

    // More may be there than went in: a card is a link elsewhere, a label is bold, a picture of a foreign file is a link, a heading 3 is a heading 2 in Asana.
    private static readonly string[] MayGrow = ["Bold", "link", "break", "heading2"];

    public static TheoryData<string> Names => [.. Dialects.All.Select(d => d.Name)];

    public static TheoryData<string, string> Pairs => DialectProperties.Pairs;

    private static void ForAll(int count, Action<RichDocument> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(seed => new RandomDocument(seed, plain: true).Make()).ToArbitrary(), check)
            .Check(Draws.Of(count));

    private static RichDocument Through(Dialect dialect, RichDocument document) => dialect.Read(dialect.Write(document, RichTextHooks.None), RichTextHooks.None);

    private static bool ComesBack(Constructs.Construct construct, Dialect dialect) =>
        dialect.Name != "text" && (construct.In(dialect) == "kept" || construct.In(dialect).StartsWith("kept (", StringComparison.Ordinal) || construct.In(dialect).StartsWith("kept, ", StringComparison.Ordinal)
            || (Recognised.Contains(construct.Name) && !(dialect.Name == "asana-comment" && construct.Name == "header cell")));

    // In comments of Asana a table is text, and in its notes a bold first row is a header: formats are counted beside tables there.
    private static RichDocument Fit(RichDocument document, params Dialect[] ways) =>
        ways.Any(d => d.Name.StartsWith("asana", StringComparison.Ordinal)) ? new RichDocument(document.Blocks.Where(b => b is not Table)) : document;

    private static void Same(string key, Census before, Census after, string where) =>
        Assert.True(MayGrow.Contains(key) ? after[key] >= before[key] : after[key] == before[key], $"{where}: {key} {before[key]} -> {after[key]}");

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_dialect_keeps_is_there_as_often_as_it_went_in(string name)
    {
        var dialect = Dialects.Find(name)!;
        ForAll(150, document =>
        {
            Census before = Census.Of(document), after = Census.Of(Through(dialect, document));
            var fit = Fit(document, dialect);
            Census fitBefore = Census.Of(fit), fitAfter = Census.Of(Through(dialect, fit));
            foreach (var construct in Constructs.All.Where(c => c.Name != "paragraph" && ComesBack(c, dialect)))
            {
                foreach (var key in construct.Keys)
                {
                    if (construct.Keys[0] is "table" or "header cell" or "span") Same(key, before, after, name);
                    else Same(key, fitBefore, fitAfter, name);
                }
            }
            Assert.Equal(before.UniqueWords.Order(), after.UniqueWords.Order());
            Assert.Equal(0, after["opaque"]);
            Assert.Equal(0, after["OpaqueInline"]);
        });
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_both_keep_is_there_after_the_way_there_and_back(string from, string to)
    {
        Dialect a = Dialects.Find(from)!, b = Dialects.Find(to)!;
        ForAll(12, all =>
        {
            var document = Fit(all, a, b);
            var standing = Through(a, document);
            var back = Through(a, Through(b, standing));
            Census before = Census.Of(document), after = Census.Of(back);
            foreach (var construct in Constructs.All.Where(c => c.Name != "paragraph" && ComesBack(c, a) && ComesBack(c, b)))
            {
                foreach (var key in construct.Keys) Same(key, before, after, $"{from} -> {to} -> {from}");
            }
            Assert.Equal(before.UniqueWords.Order(), after.UniqueWords.Order());
        });
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_paragraph_edited_there_changes_that_one_alone(string from, string to)
    {
        Dialect a = Dialects.Find(from)!, b = Dialects.Find(to)!;
        ForAll(12, document =>
        {
            var original = Through(a, document.Append(new Paragraph([new TextRun("These are "), new TextRun("the closing", MarkStyle.Bold), new TextRun(" words")])));
            var shown = Through(b, original);
            var html = b.Write(original, RichTextHooks.None);

            var edited = b.Read(html.Replace(" words", " words, and more", StringComparison.Ordinal), RichTextHooks.None);
            var merged = DocumentMerge.MergeBack(original, shown, edited);

            Assert.NotEqual(html, b.Write(edited, RichTextHooks.None));
            Assert.Equal(original.Blocks.SkipLast(1), merged.Blocks.SkipLast(1));
            Assert.Equal("These are the closing words, and more", new RichDocument([merged.Blocks[^1]]).ToPlainText());
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_other_vendor_tidies_is_no_change(string name)
    {
        var dialect = Dialects.Find(name)!;
        ForAll(60, document =>
        {
            var shown = Through(dialect, document);
            var tidied = Through(dialect, shown);

            Assert.True(DocumentMerge.SameContent(shown, tidied), $"{dialect.Write(shown, RichTextHooks.None)}\n---\n{dialect.Write(tidied, RichTextHooks.None)}");
            Assert.Equal(document, DocumentMerge.MergeBack(document, shown, tidied));
        });
    }

    [Fact]
    public void The_generator_makes_every_construct_of_the_table()
    {
        var made = Enumerable.Range(0, 200).SelectMany(seed => Census.Of(new RandomDocument(seed, plain: true).Make()).Keys).ToHashSet();

        Assert.All(Constructs.All.Where(c => c.Name != "paragraph").SelectMany(c => c.Keys), key => Assert.Contains(key, made));
    }

    [Fact]
    public void Where_the_table_says_that_a_construct_is_not_kept_it_is_not()
    {
        var documents = Enumerable.Range(0, 300).Select(seed => new RandomDocument(seed, plain: true).Make()).ToList();
        foreach (var dialect in Dialects.All)
        {
            var pairs = documents.ConvertAll(d => (Before: Census.Of(d), After: Census.Of(Through(dialect, d))));
            foreach (var construct in Constructs.All.Where(c => c.Name is not "paragraph" && !ComesBack(c, dialect)))
                Assert.True(construct.Keys.All(key => pairs.Any(p => p.Before[key] != p.After[key])), $"{dialect.Name} keeps the {construct.Name} now: say so in the table.");
        }
    }

    [Fact]
    public void The_page_holds_this_table()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/rich-text.md"));
        var head = $"| construct | {string.Join(" | ", Dialects.All.Select(d => $"`{d.Name}`"))} |";

        Assert.Equal(Constructs.Columns, Dialects.All.Select(d => d.Name));
        Assert.Contains(head, page, StringComparison.Ordinal);
        Assert.All(Constructs.All, c => Assert.Contains($"| {c.Name} | {string.Join(" | ", c.Cells)} |", page, StringComparison.Ordinal));
    }
}
