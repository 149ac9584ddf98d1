using System.Text.Json;
using System.Text.Json.Nodes;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Security;

/// <summary>A partner that holds the connection's secret and means harm: what it sends is refused with a word or does no more than it may, and nothing gets stuck.</summary>
public sealed class HostilePartner : IAsyncLifetime
{
    private static readonly string Long = new('x', 10_000);

    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Theory]
    [InlineData("replica", "null")]
    [InlineData("changed", "null")]
    [InlineData("changed", "[null]")]
    [InlineData("kind", "7")]
    [InlineData("version", "0")]
    [InlineData("basedOn", "-1")]
    [InlineData("pairId", "\"00000000-0000-0000-0000-000000000000\"")]
    [InlineData("replica.entityId", "null")]
    [InlineData("replica.entityId", "LONG")]
    [InlineData("replica.key", "null")]
    [InlineData("replica.key", "LONG")]
    [InlineData("replica.link", "null")]
    [InlineData("replica.type", "null")]
    [InlineData("replica.type", "LONG")]
    [InlineData("replica.summary", "null")]
    [InlineData("replica.comments", "null")]
    [InlineData("replica.comments", "[null]")]
    [InlineData("replica.comments", "[{}]")]
    [InlineData("replica.comments", "[{\"id\":null,\"author\":\"x\",\"body\":\"x\"}]")]
    [InlineData("replica.comments", "[{\"id\":LONG,\"author\":\"x\",\"body\":\"x\"}]")]
    [InlineData("replica.comments", "[{\"id\":\"1\",\"body\":\"x\"}]")]
    [InlineData("replica.comments", "[{\"id\":\"1\",\"author\":\"x\"}]")]
    [InlineData("replica.attachments", "null")]
    [InlineData("replica.attachments", "[null]")]
    [InlineData("replica.attachments", "[{\"id\":\"1\"}]")]
    [InlineData("replica.attachments", "[{\"id\":LONG,\"fileName\":\"x\",\"contentType\":\"x/y\"}]")]
    [InlineData("replica.attachments", "[{\"id\":\"\",\"fileName\":\"x\",\"contentType\":\"x/y\"}]")]
    [InlineData("replica.removedCopies", "null")]
    [InlineData("replica.removedCopies", "[null]")]
    public async Task A_request_that_is_not_whole_is_refused_and_leaves_nothing(string path, string value)
    {
        if (Altered(Request(), path, value) is not { } message)
            return;

        var answer = await pair.B.Inbox.StoreRequestAsync(pair.B.ConnectionId, message, default);

        Assert.Equal(InboxOutcome.Refused, answer.Outcome);
        Assert.NotEmpty(answer.Sentence!);
        await using var db = pair.B.Db();
        Assert.Equal((0, 0), (await db.SyncRequests.CountAsync(), await db.Twins.CountAsync()));
    }

    [Theory]
    [InlineData("outcome", "9")]
    [InlineData("category", "99")]
    [InlineData("entityId", "LONG")]
    [InlineData("entityId", "\"\"")]
    [InlineData("key", "LONG")]
    [InlineData("readback", "null")]
    [InlineData("readback.type", "LONG")]
    [InlineData("kept", "null")]
    [InlineData("kept", "[null]")]
    [InlineData("comments", "null")]
    [InlineData("comments", "[null]")]
    [InlineData("comments", "[{}]")]
    [InlineData("comments", "[{\"originalId\":\"1\",\"copyId\":LONG}]")]
    [InlineData("attachments", "null")]
    [InlineData("attachments", "[{\"originalId\":\"1\",\"copyId\":null}]")]
    [InlineData("removedCopies", "null")]
    [InlineData("removedCopies", "[null]")]
    public async Task A_result_that_is_not_whole_is_refused_and_the_honest_one_still_counts(string path, string value)
    {
        var (twin, sent) = await WaitingAsync();
        if (Altered(Result(sent), path, value) is { } message)
        {
            var answer = await pair.A.Inbox.StoreResultAsync(pair.A.ConnectionId, message, default);
            Assert.Equal(InboxOutcome.Refused, answer.Outcome);
        }

        await pair.SettleAsync();
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
    }

    [Fact]
    public async Task A_result_for_an_event_of_another_connection_changes_nothing()
    {
        var (twin, sent) = await WaitingAsync();

        await pair.A.Inbox.StoreResultAsync(Ids.New(), Result(sent) with { Key = "FORGED-1" }, default);
        await pair.A.WorkAsync();

        var progress = await pair.A.ProgressAsync(twin);
        Assert.Equal((SyncPhase.WaitingForRemote, null), (progress.Phase, progress.RemoteKey));
    }

    [Fact]
    public async Task Copies_that_claim_one_id_twice_do_not_stop_the_pair()
    {
        var entity = A.Add("Two comments");
        A.Comment(entity.Id, "anna", "one");
        A.Comment(entity.Id, "anna", "two");
        var (twin, sent) = await WaitingAsync(entity.Id);
        var ids = sent.Replica!.Comments.Select(comment => comment.Id).ToList();

        await pair.A.Inbox.StoreResultAsync(
            pair.A.ConnectionId, Result(sent) with { Comments = [.. ids.Select(id => new CopyTrace(id, "same")), new CopyTrace("never-offered", "x")] }, default);
        while (await pair.A.WorkAsync())
        {
        }

        Assert.Equal((SyncPhase.Synchronized, null), await StandingAsync(twin));
    }

    [Fact]
    public async Task An_entity_of_another_pair_can_not_be_claimed()
    {
        await pair.ExalateAsync(A.Add("First").Id);
        var (twin, sent) = await WaitingAsync(A.Add("Second").Id);
        var theirs = B.Entities.First().Id;

        var result = await pair.A.Inbox.StoreResultAsync(pair.A.ConnectionId, Result(sent) with { EntityId = theirs }, default);
        var request = await pair.B.Inbox.StoreRequestAsync(
            pair.B.ConnectionId, Request() with { Replica = Request().Replica! with { EntityId = A.Entities.First().Id } }, default);

        Assert.Equal((InboxOutcome.Refused, InboxOutcome.Refused), (result.Outcome, request.Outcome));
        Assert.Contains("another pair", request.Sentence);
        await pair.SettleAsync();
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
    }

    [Fact]
    public async Task Our_own_comment_offered_back_as_new_is_not_copied_and_does_not_stop_the_pair()
    {
        var entity = A.Add("Mirror");
        A.Comment(entity.Id, "anna", "ours");
        var (twin, b) = await pair.ExalateAsync(entity.Id);
        var copy = Assert.Single(B[b].Comments).Id;
        var pairId = await PairIdAsync(twin);

        var answer = await pair.A.Inbox.StoreRequestAsync(
            pair.A.ConnectionId,
            Request() with
            {
                PairId = pairId,
                BasedOn = 1,
                Changed = [Field.Comments],
                Replica = Request().Replica! with
                {
                    EntityId = b, Comments = [new ReplicaComment(copy, "mallory", RichDocument.FromPlainText("ours"), default)],
                },
            },
            default);
        await pair.SettleAsync();

        Assert.Equal(InboxOutcome.Stored, answer.Outcome);
        Assert.Single(A[entity.Id].Comments);
        Assert.Equal((SyncPhase.Synchronized, null), await StandingAsync(twin));
    }

    [Fact]
    public async Task What_a_partner_says_in_words_is_short_and_one_line()
    {
        var (twin, sent) = await WaitingAsync();

        await pair.A.Inbox.StoreResultAsync(
            pair.A.ConnectionId, new SyncResultMessage { EventId = sent.EventId, Outcome = SyncOutcome.Delayed, Problem = "why\r\n12:00:00 crit forged \u001b[31m" + Long }, default);

        var problem = (await pair.A.ProgressAsync(twin)).Problem!;
        Assert.StartsWith("why", problem);
        Assert.True(problem.Length <= 1_000);
        Assert.DoesNotContain(problem, char.IsControl);
    }

    [Fact]
    public async Task A_hostile_note_key_and_link_of_a_result_are_cut_to_what_a_page_may_show()
    {
        var (twin, sent) = await WaitingAsync();

        await pair.A.Inbox.StoreResultAsync(
            pair.A.ConnectionId,
            Result(sent) with { EntityId = "77", Key = "K\n<script>", Link = "javascript:alert(1)", Note = Long, Kept = [new string('x', 500), Field.Summary] },
            default);
        while (await pair.A.WorkAsync())
        {
        }

        var progress = await pair.A.ProgressAsync(twin);
        Assert.Equal((SyncPhase.Synchronized, null), (progress.Phase, progress.RemoteLink));
        Assert.DoesNotContain(progress.RemoteKey!, char.IsControl);
        Assert.True(progress.Note!.Length <= 1_000);
        await using var db = pair.A.Db();
        Assert.DoesNotContain("xxx", (await db.Twins.SingleAsync()).DivergedFields ?? "");
    }

    /// <summary>Null: the JSON of the message is refused already.</summary>
    private static T? Altered<T>(T message, string path, string value)
        where T : class
    {
        var root = JsonNode.Parse(ReplicaJson.Write(message))!;
        var parts = path.Split('.');
        var parent = parts.Length == 1 ? root : root[parts[0]] ??= new JsonObject();
        parent[parts[^1]] = JsonNode.Parse(value.Replace("LONG", $"\"{Long}\"", StringComparison.Ordinal));
        try
        {
            return ReplicaJson.Read<T>(root.ToJsonString());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SyncRequestMessage Request() => new()
    {
        EventId = Ids.New().ToString("N"),
        PairId = Ids.New(),
        Kind = SyncRequestKind.Upsert,
        Version = 1,
        BasedOn = 0,
        Changed = [Field.Summary],
        Replica = new Replica { EntityId = "900", Key = "A-900", Link = "https://a.example/A-900", Type = "Task", Summary = "Hostile", Description = RichDocument.Empty },
    };

    private static SyncResultMessage Result(SyncRequestMessage sent) => new() { EventId = sent.EventId, Outcome = SyncOutcome.Applied, EntityId = "5", Key = "B-5", Link = "https://b.example/B-5" };

    /// <summary>A has sent its entity; B has not looked at it yet.</summary>
    private async Task<(Guid TwinId, SyncRequestMessage Sent)> WaitingAsync(string? entityId = null)
    {
        var twin = await pair.A.ExalateAsync(entityId ?? A.Add("Summary").Id);
        while (await pair.A.WorkAsync())
        {
        }

        return (twin, pair.A.Wire.Sent.OfType<SyncRequestMessage>().Last());
    }

    private async Task<(SyncPhase Phase, string? Problem)> StandingAsync(Guid twin)
    {
        var progress = await pair.A.ProgressAsync(twin);
        return (progress.Phase, progress.Problem);
    }

    private async Task<Guid> PairIdAsync(Guid twin)
    {
        await using var db = pair.A.Db();
        return (await db.Twins.SingleAsync(row => row.Id == twin)).PairId;
    }
}
