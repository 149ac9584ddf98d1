using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Watching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Sync;

/// <summary>What the engine does, and leaves alone, on connections that are deactivated or deleted.</summary>
public sealed class DeactivatedConnections : IAsyncLifetime
{
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Fact]
    public async Task What_changes_meanwhile_is_kept_and_arrives_in_order_afterwards()
    {
        var issue = A.Add("v0").Id;
        var (_, copy) = await pair.ExalateAsync(issue);
        await OkAsync(new DeactivateConnection(pair.A.ConnectionId, null));
        pair.A.Wire.Sent.Clear();

        for (var version = 1; version <= 3; version++)
        {
            A.Edit(issue, entity => entity with { Summary = $"v{version}" });
            A.Comment(issue, "anna", $"comment {version}");
            await pair.A.ReportAsync(issue);
            await pair.SettleAsync();
        }

        Assert.Equal("v0", B[copy].Summary);
        Assert.Empty(pair.A.Wire.Sent);
        await using (var db = pair.A.Db())
            Assert.Equal(3, await db.SyncEvents.CountAsync(row => row.Stage == EventStage.Queued));

        await OkAsync(new ActivateConnection(pair.A.ConnectionId, null));
        await pair.SettleAsync();

        Assert.Equal("v3", B[copy].Summary);
        Assert.Equal(["comment 1", "comment 2", "comment 3"], B[copy].Comments.Select(comment => comment.Body.ToPlainText().Split('\n')[^1]));
    }

    [Fact]
    public async Task The_partners_changes_wait_on_its_side_and_come_when_it_is_told()
    {
        var issue = A.Add("v0").Id;
        var (_, copy) = await pair.ExalateAsync(issue);
        pair.B.Wire.IsInactiveThere = true;
        B.Edit(copy, entity => entity with { Summary = "from B" });
        await pair.B.ReportAsync(copy);
        await pair.SettleForAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("v0", A[issue].Summary);

        pair.B.Wire.IsInactiveThere = false;
        await pair.A.Wire.SendNoticeAsync(
            new Connection
            {
                Id = default, LinkId = default, Name = "", Type = default, Mode = default, Status = default, IsInviter = true, LocalShortName = "", RemoteShortName = "", CreatedAt = default,
            },
            new Core.Peers.NoticeMessage { Number = 1, Kind = "Activated", At = pair.Time.GetUtcNow() }, default);
        await pair.SettleAsync();

        Assert.Equal("from B", A[issue].Summary);
    }

    [Fact]
    public async Task A_pair_in_work_stops_after_its_step_when_the_connection_is_deactivated()
    {
        await pair.A.ExalateAsync(A.Add("v0").Id);
        var once = false;
        A.BeforeAnyCall = () =>
        {
            if (once)
                return;
            once = true;
            using var db = pair.A.Db();
            db.Connections.Single().Status = ConnectionStatus.Deactivated;
            db.SaveChanges();
        };

        await pair.SettleAsync();

        Assert.True(once);
        Assert.Empty(pair.A.Wire.Sent);
        await using (var db = pair.A.Db())
        {
            Assert.Equal((EventStage.Prepared, null), (db.SyncEvents.Single().Stage, db.SyncEvents.Single().Problem));
            Assert.Null(db.Twins.Single().LeaseOwner);
        }

        await OkAsync(new ActivateConnection(pair.A.ConnectionId, null));
        await pair.SettleAsync();
        Assert.Single(B.Entities);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_in_the_middle_of_a_step_nothing_is_left_and_no_worker_stumbles(bool keepPairs)
    {
        var synced = A.Add("synced").Id;
        await pair.ExalateAsync(synced);
        await pair.A.ExalateAsync(A.Add("on its way").Id);
        var deleted = false;
        A.BeforeAnyCall = () =>
        {
            if (deleted)
                return;
            deleted = true;
            // The admin's patience with the running step is over: it ends by its lease.
            using var db = pair.A.Db();
            db.Database.ExecuteSqlRaw("UPDATE Twins SET LeaseUntil = 1");
            Assert.True(pair.A.SendAsync(new DeleteConnection(pair.A.ConnectionId, "a_to_b", keepPairs, "kim")).GetAwaiter().GetResult().IsSuccess);
        };

        await pair.SettleAsync();

        Assert.True(deleted);
        await using var after = pair.A.Db();
        Assert.Equal(
            (0, 0, 0, 0, 0, 0),
            (await after.Connections.CountAsync(), await after.Twins.CountAsync(), await after.SyncEvents.CountAsync(), await after.SyncRequests.CountAsync(),
                await after.Traces.CountAsync(), await after.Intents.CountAsync()));
        Assert.Equal(keepPairs ? 1 : 0, (await pair.A.SendAsync(new ListFormerPairs())).Count);
        Assert.Equal(2, A.Entities.Count);
    }

    [Fact]
    public async Task The_numbers_before_deleting_are_what_there_is()
    {
        var issue = A.Add("v0").Id;
        await pair.ExalateAsync(issue);
        await OkAsync(new DeactivateConnection(pair.A.ConnectionId, null));
        await pair.A.ReportAsync(issue);
        await pair.A.ReportAsync(issue);

        var preview = await pair.A.SendAsync(new GetDeletionPreview(pair.A.ConnectionId));

        Assert.Equal(new DeletionPreview("a_to_b", "there", 1, 2, 0, TellsPartner: false), preview);
    }

    [Fact]
    public async Task With_the_last_connection_the_watch_ends()
    {
        var watcher = pair.A.Services.GetRequiredService<TrackerWatcher>();
        await watcher.LookAsync(default);
        await using (var db = pair.A.Db())
        {
            var watch = Assert.Single(db.Watches);
            (watch.CallbackUrl, watch.StateJson) = ("https://a.example/hooks/x", "{\"registrations\":{\"*\":\"7\"}}");
            await db.SaveChangesAsync();
        }

        await OkAsync(new DeleteConnection(pair.A.ConnectionId, "a_to_b", false, null));
        await watcher.LookAsync(default);

        Assert.Equal([new Uri("https://a.example/hooks/x")], A.Unwatched);
        await using var after = pair.A.Db();
        Assert.Empty(after.Watches);
    }

    private async Task OkAsync(MediatR.IRequest<Result> message)
    {
        var result = await pair.A.SendAsync(message);
        Assert.True(result.IsSuccess, result.Error?.Sentence);
    }
}
