using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

/// <summary>Who is pinged: a person of this very site, and nobody by chance.</summary>
public class MentionTests
{
    private const string Id = "7d6c4fae-1111-2222-3333-444455556666";

    public static TheoryData<string> Names => [.. Dialects.All.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Running_text_that_looks_like_a_mention_pings_nobody(string name)
    {
        var dialect = Dialects.Find(name)!;
        string[] texts = [$"@<{Id}>", $"ask @<{Id}> please", $"<a href=\"#\" data-vss-mention=\"version:2.0,{Id}\">@Bob</a>", "<a data-asana-gid=\"77\"/>", """{"type":"mention","attrs":{"id":"1"}}"""];
        foreach (var text in texts)
        {
            var document = new RichDocument([new Paragraph([new TextRun(text)])]);

            var back = dialect.Read(dialect.Write(document, RichTextHooks.None), RichTextHooks.None);

            Assert.DoesNotContain(RichNodes.Inlines(back.Nodes), inline => inline is Mention);
            Assert.Equal(text, back.ToPlainText());
        }
    }

    [Theory]
    [InlineData("adf")]
    [InlineData("asana")]
    [InlineData("asana-comment")]
    [InlineData("azure")]
    [InlineData("azure-markdown")]
    public void A_person_of_this_site_stays_a_mention_and_one_of_another_site_is_a_name(string name)
    {
        var dialect = Dialects.Find(name)!;
        var hooks = new RichTextHooks { Realm = "here.example", FindName = _ => "Bob Lee" };
        RichDocument Saying(string realm) => new([new Paragraph([new TextRun("for "), new Mention(Id, "Bob Lee", realm)])]);

        var own = dialect.Read(dialect.Write(Saying("here.example"), hooks), hooks);
        var strange = dialect.Read(dialect.Write(Saying("there.example"), hooks), hooks);

        Assert.Equal(Saying("here.example"), own);
        Assert.Equal(new RichDocument([new Paragraph([new TextRun("for @Bob Lee")])]), strange);
    }
}
