using System.Text;
using System.Text.Json;
using Exalate.Benchmarks.RichText;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;

namespace Exalate.Tests.Security;

/// <summary>Documents that a partner made to exhaust the node.</summary>
public sealed class HostileDocuments
{
    /// <summary>A pool thread's stack, or less.</summary>
    private const int StackBytes = 512 * 1024;

    /// <summary>A sign of one character can be a node of a hundred.</summary>
    private const int MostTimesAsLong = 200;

    public static TheoryData<string> Dialects => [.. Exalate.Core.RichText.Dialects.All.Select(dialect => dialect.Name)];

    /// <summary>Growth is measured by <c>richtext --hostile</c>; what is far from linear is far from done here, too.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public void Much_of_anything_is_read_and_written_on_a_small_stack_and_multiplies_nothing(string name)
    {
        var started = TimeProvider.System.GetTimestamp();
        // A failure on another thread would end the process.
        Assert.Null(OnSmallStack(() => Record.Exception(() => ReadAndWriteAll(Exalate.Core.RichText.Dialects.Find(name)!, 64 * 1024))));
        var took = TimeProvider.System.GetElapsedTime(started);
        Assert.True(took < TimeSpan.FromMinutes(5), $"It took {took}.");
    }

    [Fact]
    public void A_chain_of_references_does_not_exhaust_the_stack()
    {
        // Each part is nothing but a reference to the next one: 200,000 calls deep if it were followed naively, and the process would be gone.
        var parts = string.Join(',', Enumerable.Range(1, 200_000).Select(next => $$"""[{"type":"deep","ref":{{next}}}]"""));
        var json = $$"""{"v":1,"blocks":[{"type":"paragraph","content":["before"]},{"type":"deep","ref":0}],"deep":[{{parts}},[{"type":"paragraph","content":["end"]}]]}""";

        Assert.IsType<JsonException>(OnSmallStack(() => Record.Exception(() => RichDocumentJson.Deserialize(json))));
    }

    [Fact]
    public void What_nests_as_deep_as_it_may_still_travels_whole()
    {
        var blocks = (RichBlock)new Paragraph(new RichInline[] { new TextRun("bottom") }.ToNodeList());
        for (var depth = 1; depth < RichLimits.MaxDepth; depth++)
            blocks = new Quote(new[] { blocks }.ToNodeList());
        var document = new RichDocument([blocks]);

        Assert.Equal(document, OnSmallStack(() => RichDocumentJson.Deserialize(RichDocumentJson.Serialize(document))));
    }

    [Fact]
    public void Unknown_blocks_in_unknown_blocks_are_not_kept_once_for_each_level()
    {
        var json = new StringBuilder("{\"v\":1,\"blocks\":[");
        for (var depth = 0; depth < 90; depth++)
            json.Append("{\"type\":\"later\",\"blocks\":[");
        json.Append("{\"type\":\"paragraph\",\"content\":[\"").Append('x', 1_000_000).Append("\"]}");
        for (var depth = 0; depth < 90; depth++)
            json.Append("]}");
        json.Append("]}");

        var again = RichDocumentJson.Serialize(RichDocumentJson.Deserialize(json.ToString()));

        Assert.InRange(again.Length, 1_000_000, 20_000_000);
    }

    [Theory]
    [InlineData("""{"blocks":5}""")]
    [InlineData("""{"blocks":[[[]],7,{"type":7},{"type":"heading","level":"x"},{"type":"table","rows":[[1,{"colspan":1e300}]]}],"deep":{}}""")]
    [InlineData("""{"blocks":[{"type":"paragraph","content":[{"type":"text","text":"\ud800"}]}]}""")]
    [InlineData("""{"blocks":[{"type":"paragraph","content":[{"type":"text","text":"x","href":"javascript:alert(1)"}]}]}""")]
    public void Nonsense_becomes_a_document_or_a_refusal_and_never_a_link_that_runs(string description)
    {
        var json = "{\"eventId\":\"e\",\"pairId\":\"5f0f8fad-d9cb-469f-a165-70867728950e\",\"kind\":\"Upsert\",\"version\":1,\"basedOn\":0,\"replica\":{\"entityId\":\"1\",\"key\":\"K\",\"link\":\"\",\"type\":\"T\","
            + "\"summary\":\"S\",\"description\":" + description + "}}";

        var read = ReplicaJson.Read<SyncRequestMessage>(json);

        Assert.DoesNotContain("javascript:", ReplicaJson.Write(read));
        Assert.DoesNotContain("javascript:", HtmlView.Render(read.Replica!.Description));
    }

    [Fact]
    public void Half_a_character_in_a_summary_is_malformed_json() =>
        Assert.Throws<JsonException>(() => ReplicaJson.Read<CopyTrace>("""{"originalId":"\ud800","copyId":"x"}"""));

    private static void ReadAndWriteAll(Dialect dialect, int size)
    {
        foreach (var (what, make) in HostileInputs.For(dialect.Name))
        {
            var document = dialect.Read(make(size), RichTextHooks.None);
            foreach (var to in Exalate.Core.RichText.Dialects.All)
            {
                var written = to.Write(document, RichTextHooks.None).Length;
                Assert.True(written <= MostTimesAsLong * size, $"{size} characters of '{what}' became {written} in {to.Name}.");
            }
        }
    }

    private static T OnSmallStack<T>(Func<T> work)
    {
        T? result = default;
        var thread = new Thread(() => result = work(), StackBytes);
        thread.Start();
        thread.Join();
        return result!;
    }
}
