using System.Text.Json;
using Exalate.Core.RichText;

namespace Exalate.Tests.RichText;

public class RichDocumentJsonTests
{
    private sealed record Holder(string Name, RichDocument Body);

    [Fact]
    public void Serialize_InsideARecord_IsNeatAndComesBack()
    {
        var holder = new Holder("x", new RichDocument([new Paragraph([new TextRun("Hi", MarkStyle.Bold), new LineBreak()])]));

        var json = JsonSerializer.Serialize(holder);

        Assert.Equal("""{"Name":"x","Body":{"v":1,"blocks":[{"type":"paragraph","content":[{"type":"text","text":"Hi","marks":["bold"]},{"type":"break"}]}]}}""", json);
        Assert.Equal(holder, JsonSerializer.Deserialize<Holder>(json));
    }

    [Fact]
    public void Serialize_DeepNesting_StaysWithinTheDefaultDepthOfReaders()
    {
        RichBlock block = new Paragraph([new TextRun("bottom", MarkStyle.Italic)]);
        for (var i = 0; i < 90; i++) block = i % 2 == 0 ? new Quote([block]) : new ListBlock(ListKind.Bullet, [new ListItem([block])]);
        var holder = new Holder("deep", new RichDocument([block]));

        var json = JsonSerializer.Serialize(holder);

        Assert.Equal(holder, JsonSerializer.Deserialize<Holder>(json));
    }

    [Fact]
    public void Deserialize_NodeOfANewerVersion_KeepsItAndItsText()
    {
        var document = RichDocumentJson.Deserialize("""{"v":2,"blocks":[{"type":"chart","blocks":[{"type":"paragraph","content":[{"type":"sparkle","text":"word"}]}]}]}""");

        var opaque = Assert.IsType<OpaqueBlock>(Assert.Single(document.Blocks));
        Assert.Contains("chart", opaque.Raw, StringComparison.Ordinal);
        Assert.Equal("word", document.ToPlainText());
    }

    [Fact]
    public void Deserialize_DeepPartUsedTwice_IsTakenOnce()
    {
        var document = RichDocumentJson.Deserialize("""{"v":1,"blocks":[{"type":"deep","ref":0},{"type":"deep","ref":0}],"deep":[[{"type":"rule"},{"type":"deep","ref":0}]]}""");

        Assert.Equal([new Rule()], document.Blocks);
    }
}
