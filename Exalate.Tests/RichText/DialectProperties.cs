using System.Xml.Linq;
using Exalate.Core.RichText;
using Exalate.Sandbox.Jira.Documents;
using FsCheck;
using FsCheck.Fluent;

namespace Exalate.Tests.RichText;

/// <summary>Random documents through every dialect and every pair of dialects, judged against what went in.</summary>
public class DialectProperties
{
    private static readonly RichTextHooks Hooks = RichTextHooks.None;

    public static TheoryData<string> Names => [.. Dialects.All.Select(d => d.Name)];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var a in Dialects.All)
            {
                foreach (var b in Dialects.All) pairs.Add(a.Name, b.Name);
            }
            return pairs;
        }
    }

    private static void ForAll(int count, Action<RichDocument> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(seed => new RandomDocument(seed).Make()).ToArbitrary(), check)
            .Check(Draws.Of(count));

    [Theory]
    [MemberData(nameof(Names))]
    public void WriteReadWrite_IsTheSameText(string name)
    {
        var dialect = Dialects.Find(name)!;
        ForAll(150, document =>
        {
            var text = dialect.Write(document, Hooks);

            Assert.Equal(text, dialect.Write(dialect.Read(text, Hooks), Hooks));
        });
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ThereAndBack_EveryWordIsStillThereOnce(string from, string to)
    {
        Dialect a = Dialects.Find(from)!, b = Dialects.Find(to)!;
        ForAll(25, document =>
        {
            var standing = a.Read(a.Write(document, Hooks), Hooks);
            var there = b.Read(b.Write(standing, Hooks), Hooks);
            var back = a.Read(a.Write(there, Hooks), Hooks);

            var words = Census.Of(document).UniqueWords;
            Assert.Equal(words.Order(), Census.Of(there).UniqueWords.Order());
            Assert.Equal(words.Order(), Census.Of(back).UniqueWords.Order());
        });
    }

    [Fact]
    public void MarkdownCell_KeepsAPipeBehindABackslashInCode()
    {
        var cell = new TableCell([new Paragraph([new TextRun(@"a \| b") { Marks = Marks.Of(MarkStyle.Code) }])]);
        var markdown = Dialects.Find("markdown")!;

        var back = markdown.Read(markdown.Write(new RichDocument([new Table([new TableRow([cell])])]), Hooks), Hooks);

        var read = Assert.Single(Assert.IsType<Table>(back.Blocks[^1]).Rows[^1].Cells);
        Assert.Equal(@"a \| b", string.Concat(Assert.IsType<Paragraph>(Assert.Single(read.Content)).Content.Cast<TextRun>().Select(run => run.Text)));
    }

    [Fact]
    public void Json_ComesBackEqual() =>
        ForAll(200, document => Assert.Equal(document, RichDocumentJson.Deserialize(RichDocumentJson.Serialize(document))));

    [Fact]
    public void Adf_IsWhatJiraTakes() => ForAll(300, document =>
    {
        var adf = AdfWriter.Write(document);

        Assert.True(AdfSchema.IsDocument(adf), adf.ToJsonString());
    });

    [Theory]
    [InlineData(AsanaProfile.Notes, "body strong em u s code ol ul li a h1 h2 hr img table tr td blockquote pre")]
    [InlineData(AsanaProfile.Story, "body strong em u s code ol ul li a blockquote pre")]
    public void Asana_IsWhatAsanaTakes(AsanaProfile profile, string tags) => ForAll(300, document =>
    {
        var root = XElement.Parse(AsanaHtmlWriter.Write(document, profile), LoadOptions.PreserveWhitespace);

        Assert.Equal("body", root.Name.LocalName);
        foreach (var element in root.DescendantsAndSelf())
        {
            Assert.Contains(element.Name.LocalName, tags.Split(' '));
            Assert.True(!element.HasAttributes || element.Name.LocalName is "a" or "img" or "td", element.ToString());
            var place = element.Parent?.Name.LocalName;
            if (element.Name.LocalName is "h1" or "h2" or "blockquote" or "pre" or "table" or "hr") Assert.Equal("body", place);
            if (element.Name.LocalName is "ul" or "ol") Assert.True(place is "body" or "li", place);
            if (element.Name.LocalName is "h1" or "h2") Assert.DoesNotContain('\n', element.Value);
        }
    });
}
