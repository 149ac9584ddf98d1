using System.Security.Cryptography;
using System.Text;
using Exalate.Core.Trackers;
using Exalate.Core.Trackers.Asana;

namespace Exalate.Tests.Trackers.Asana;

public sealed class AsanaWebhookTests
{
    private const string Secret = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";

    private readonly AsanaParts parts = new();

    [Fact]
    public void Read_HandshakeWhileRegistering_GivesTheSecretBack()
    {
        var reading = AsanaWebhook.Read(Call("", ("x-hook-secret", Secret)) with { HandshakeExpected = true }, parts);

        Assert.Equal(new WebhookHandshake("X-Hook-Secret", Secret), reading.Handshake);
        Assert.Null(reading.Changes);
    }

    [Fact]
    public void Read_HandshakeNobodyAskedFor_IsRefused()
    {
        var reading = AsanaWebhook.Read(Call("", ("X-Hook-Secret", "attackers-own")), parts);

        Assert.NotNull(reading.RefusedBecause);
        Assert.Null(reading.Handshake);
    }

    [Fact]
    public void Read_SignedWithAnyKnownSecret_NamesTasks()
    {
        var reading = AsanaWebhook.Read(Signed("""
            {"events":[
              {"action":"changed","resource":{"gid":"12","resource_type":"task","resource_subtype":"default_task"},"parent":null,"change":{"field":"name"}},
              {"action":"added","resource":{"gid":"77","resource_type":"story"},"parent":{"gid":"13","resource_type":"task"}},
              {"action":"deleted","resource":{"gid":"14","resource_type":"task"},"parent":null},
              {"action":"added","resource":{"gid":"15","resource_type":"task"},"parent":{"gid":"900","resource_type":"project"}},
              {"action":"changed","resource":{"gid":"900","resource_type":"project"},"parent":null},
              {"action":"changed","resource":{"gid":"12","resource_type":"task"},"parent":null,"user":null}]}
            """), parts);

        Assert.Equal([new("12"), new("13"), new("14", true), new("15")], reading.Changes!);
        Assert.Empty(reading.Unplaced);
    }

    [Fact]
    public void Read_EditedCommentWithoutItsTask_IsPlacedOnlyWhenSeenBefore()
    {
        const string Edited = """{"events":[{"action":"changed","resource":{"gid":"77","resource_type":"story"},"parent":null}]}""";

        var unseen = AsanaWebhook.Read(Signed(Edited), parts);
        parts.Remember("77", "13");
        var seen = AsanaWebhook.Read(Signed(Edited), parts);

        Assert.Empty(unseen.Changes!);
        Assert.Equal(["story:77"], unseen.Unplaced);
        Assert.Equal([new ChangedEntity("13")], seen.Changes!);
        Assert.Empty(seen.Unplaced);
    }

    [Fact]
    public void Read_DeletedAndUndeleted_TheLastWordCounts()
    {
        var reading = AsanaWebhook.Read(Signed("""
            {"events":[{"action":"deleted","resource":{"gid":"12","resource_type":"task"}},{"action":"undeleted","resource":{"gid":"12","resource_type":"task"}}]}
            """), parts);

        Assert.Equal([new ChangedEntity("12")], reading.Changes!);
    }

    [Theory]
    [InlineData("""{"events":[]}""")]
    [InlineData("{}")]
    [InlineData("")]
    public void Read_Heartbeat_ChangesNothing(string body)
    {
        var reading = AsanaWebhook.Read(Signed(body), parts);

        Assert.Empty(reading.Changes!);
        Assert.Null(reading.RefusedBecause);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("not hex at all")]
    public void Read_WrongSignature_IsRefusedEvenDuringAHandshake(string signature)
    {
        var call = Call("""{"events":[]}""", ("X-Hook-Signature", signature), ("X-Hook-Secret", "x")) with { HandshakeExpected = true };

        Assert.NotNull(AsanaWebhook.Read(call, parts).RefusedBecause);
    }

    [Fact]
    public void Read_NeitherSignedNorHandshake_IsRefused() => Assert.NotNull(AsanaWebhook.Read(Call("""{"events":[]}"""), parts).RefusedBecause);

    private static WebhookCall Signed(string body) =>
        Call(body, ("X-Hook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)))));

    private static WebhookCall Call(string body, params (string Name, string Value)[] headers) => new()
    {
        Headers = headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase),
        Body = Encoding.UTF8.GetBytes(body),
        Secrets = ["another", Secret],
    };
}
