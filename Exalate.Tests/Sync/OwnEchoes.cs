using Exalate.Core.Connections;
using Exalate.Core.Sync;
using Exalate.Core.Trackers;

namespace Exalate.Tests.Sync;

/// <summary>The tracker reports what the node itself has written: that costs no look where a look has seen it already, and only there.</summary>
public sealed class OwnEchoes
{
    private const string Person = "ben";

    [Fact]
    public async Task Report_OfOurWrite_CostsNothing()
    {
        await using var pair = await EnginePair.CreateAsync();
        var (_, copy) = await pair.ExalateAsync(pair.A.Tracker.Add("summary").Id);

        Assert.Equal(0, await CallsOfReportAsync(pair, copy, new ChangeStamp(FakeTracker.Account, pair.B.Tracker[copy].Updated)));
    }

    [Fact]
    public async Task Report_ThatArrivesWhileWeWrite_CostsNothing()
    {
        await using var pair = await EnginePair.CreateAsync();
        var (_, copy) = await pair.ExalateAsync(pair.A.Tracker.Add("summary").Id);
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        pair.A.Tracker.Edit(pair.A.Tracker.Entities.Single().Id, entity => entity with { Summary = "edited" });
        await pair.A.ReportAsync(pair.A.Tracker.Entities.Single().Id);
        pair.B.Tracker.Changed = id => pair.B.ReportAsync(id, new ChangeStamp(FakeTracker.Account, pair.B.Tracker[id].Updated)).GetAwaiter().GetResult();
        var before = pair.B.Tracker.Calls.Count(call => call.StartsWith("read", StringComparison.Ordinal));

        await pair.SettleAsync();

        Assert.Equal("edited", pair.B.Tracker[copy].Summary);
        // Right before the write; the write's answer shows what then stands there.
        Assert.Equal(1, pair.B.Tracker.Calls.Count(call => call.StartsWith("read", StringComparison.Ordinal)) - before);
    }

    [Fact]
    public async Task Report_OfALaterChangeByOurAccount_IsLookedInto()
    {
        await using var pair = await EnginePair.CreateAsync();
        var original = pair.A.Tracker.Add("summary").Id;
        var (_, copy) = await pair.ExalateAsync(original);
        pair.Time.Advance(TimeSpan.FromMilliseconds(1));
        pair.B.Tracker.Edit(copy, entity => entity with { Summary = "by hand, as the node's account" });

        Assert.NotEqual(0, await CallsOfReportAsync(pair, copy, new ChangeStamp(FakeTracker.Account, pair.B.Tracker[copy].Updated)));
        Assert.Equal("by hand, as the node's account", pair.A.Tracker[original].Summary);
    }

    [Fact]
    public async Task Report_OfAPersonInTheSameMoment_IsLookedInto()
    {
        await using var pair = await EnginePair.CreateAsync();
        var original = pair.A.Tracker.Add("summary").Id;
        var (_, copy) = await pair.ExalateAsync(original);
        pair.B.Tracker.Edit(copy, entity => entity with { Summary = "at once" });

        Assert.NotEqual(0, await CallsOfReportAsync(pair, copy, new ChangeStamp(Person, pair.B.Tracker[copy].Updated)));
        Assert.Equal("at once", pair.A.Tracker[original].Summary);
    }

    [Fact]
    public async Task Report_OfOurWriteForOnePair_IsNewsToTheOtherPairOfTheEntity()
    {
        await using var pair = await EnginePair.CreateAsync();
        var (_, copy) = await pair.ExalateAsync(pair.A.Tracker.Add("summary").Id);
        var other = Ids.New();
        await using (var db = pair.B.Db())
        {
            var (first, connection) = (db.Twins.Single(), db.Connections.Single());
            var second = new Connection
            {
                Id = Ids.New(), LinkId = Ids.New(), Name = "b_to_c", Type = connection.Type, Reach = connection.Reach, Mode = connection.Mode, Status = connection.Status,
                IsInviter = true, LocalShortName = "here", RemoteShortName = "elsewhere", CreatedAt = connection.CreatedAt,
            };
            db.Connections.Add(second);
            db.Twins.Add(new Twin
            {
                Id = other, ConnectionId = second.Id, PairId = Ids.New(), LocalEntityId = copy, State = TwinState.Synchronized, StartedHere = true, CreatedAt = first.CreatedAt,
                LocalBase = first.LocalBase, SeenUntil = pair.Time.GetUtcNow() + TimeSpan.FromSeconds(1),
            });
            await db.SaveChangesAsync();
        }

        await pair.B.ReportAsync(copy, new ChangeStamp(FakeTracker.Account, pair.Time.GetUtcNow()));

        await using var told = pair.B.Db();
        Assert.Contains(told.SyncEvents.ToList(), row => row.TwinId == other);
    }

    private static async Task<int> CallsOfReportAsync(EnginePair pair, string entityId, ChangeStamp by)
    {
        var before = pair.B.Tracker.Calls.Count;
        await pair.B.ReportAsync(entityId, by);
        await pair.SettleAsync();
        return pair.B.Tracker.Calls.Count - before;
    }
}
