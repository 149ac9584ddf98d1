using System.Text.Json;
using System.Text.Json.Nodes;
using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

public class AdfTests
{
    [Theory]
    [InlineData("""{"type":"paragraph","content":[{"type":"text","text":"Hi "},{"type":"text","text":"there","marks":[{"type":"strong"}]}]}""")]
    [InlineData("""{"type":"heading","attrs":{"level":3},"content":[{"type":"text","text":"Title"}]}""")]
    [InlineData("""{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},{"type":"orderedList","attrs":{"order":4},"content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"b"}]}]}]}]}]}""")]
    [InlineData("""{"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"q"}]}]}""")]
    [InlineData("""{"type":"codeBlock","attrs":{"language":"csharp"},"content":[{"type":"text","text":"var x = 1;\nvar y = 2;"}]}""")]
    [InlineData("""{"type":"rule"}""")]
    [InlineData("""{"type":"panel","attrs":{"panelType":"warning"},"content":[{"type":"paragraph","content":[{"type":"text","text":"careful"}]}]}""")]
    [InlineData("""{"type":"expand","attrs":{"title":"More"},"content":[{"type":"paragraph","content":[{"type":"text","text":"hidden"}]}]}""")]
    [InlineData("""{"type":"table","attrs":{"isNumberColumnEnabled":false,"layout":"wide"},"content":[{"type":"tableRow","content":[{"type":"tableHeader","attrs":{"colspan":2,"background":"#deebff"},"content":[{"type":"paragraph","content":[{"type":"text","text":"h"}]}]}]},{"type":"tableRow","content":[{"type":"tableCell","content":[{"type":"paragraph","content":[{"type":"text","text":"1"}]}]},{"type":"tableCell","content":[{"type":"paragraph","content":[]}]}]}]}""")]
    [InlineData("""{"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"file","id":"aa-bb","collection":"","alt":"shot.png","width":200,"height":100}}]}""")]
    [InlineData("""{"type":"paragraph","content":[{"type":"mention","attrs":{"id":"557058:1","text":"@Anna Bright"}},{"type":"emoji","attrs":{"shortName":":smile:","id":"1f604","text":"😄"}},{"type":"hardBreak"},{"type":"date","attrs":{"timestamp":"1714694400000"}},{"type":"status","attrs":{"text":"DONE","color":"green"}},{"type":"inlineCard","attrs":{"url":"https://acme.atlassian.net/browse/T-1"}}]}""")]
    [InlineData("""{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"link","attrs":{"href":"https://a.b/c"}},{"type":"em"},{"type":"underline"},{"type":"strike"},{"type":"subsup","attrs":{"type":"sup"}},{"type":"textColor","attrs":{"color":"#ff0000"}},{"type":"backgroundColor","attrs":{"color":"#00ff00"}}]},{"type":"text","text":"y","marks":[{"type":"code"}]}]}""")]
    [InlineData("""{"type":"layoutSection","content":[{"type":"layoutColumn","attrs":{"width":50},"content":[{"type":"paragraph","content":[{"type":"text","text":"left"}]}]},{"type":"layoutColumn","attrs":{"width":50},"content":[{"type":"paragraph","content":[]}]}]}""")]
    public void ReadWrite_KnownNode_IsTheSame(string node)
    {
        var adf = JsonNode.Parse($$"""{"version":1,"type":"doc","content":[{{node}}]}""");

        var written = AdfWriter.Write(AdfReader.Read(adf));

        Assert.True(JsonNode.DeepEquals(adf, written), written.ToJsonString());
    }

    [Fact]
    public void Write_TableInsideList_PutsItBehindTheItemAndGoesOnCounting()
    {
        var table = new Table([new TableRow([new TableCell([new Paragraph([new TextRun("cell")])])])]);
        var list = new ListBlock(ListKind.Ordered,
        [
            new ListItem([new Paragraph([new TextRun("one")]), table]),
            new ListItem([new Paragraph([new TextRun("two")])]),
        ]);

        var content = AdfWriter.Write(new RichDocument([list]))["content"]!.AsArray();

        Assert.Equal(["orderedList", "table", "orderedList"], content.Select(n => (string)n!["type"]!));
        Assert.Equal(2, (int)content[2]!["attrs"]!["order"]!);
    }

    [Theory]
    [InlineData("""{"type":"layoutSection","content":[{"type":"layoutColumn","attrs":{"width":100},"content":[{"type":"paragraph","content":[{"type":"text","text":"left","marks":[{"type":"link","attrs":{"href":"javascript:alert(1)"}}]}]}]}]}""")]
    [InlineData("""{"type":"made-up","attrs":{"parameters":[" java\nscript:alert(1)"]},"content":[{"type":"paragraph","content":[{"type":"text","text":"left"}]}]}""")]
    public void ReadWrite_NodeThatIsNotKnownAndHoldsWhatCouldRun_LeavesItsText(string node)
    {
        var written = AdfWriter.Write(AdfReader.Read(JsonNode.Parse($$"""{"version":1,"type":"doc","content":[{{node}}]}""")));

        Assert.Equal("""{"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"left"}]}]}""", written.ToJsonString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("""{"type":"doc","content":[{"type":"text","text":"\ud800"},null,3,{"type":{}},{"content":5},{"type":"table","content":[{"type":"tableRow","content":[{}]}]}]}""")]
    public void Read_OddInput_DoesNotThrow(string json)
    {
        using var parsed = JsonDocument.Parse(json);

        var written = AdfWriter.Write(AdfReader.Read(parsed.RootElement));

        Assert.Equal("doc", (string)written["type"]!);
    }
}
