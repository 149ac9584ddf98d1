using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Trackers;

namespace Exalate.Tests.Sync;

/// <summary>Many pairs have something for a partner that does not answer.</summary>
public sealed class PartnerAway
{
    private const int Pairs = 30;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pause_EachPauseCostsOneTry_HoweverManyPairsWait_AndAllGoOnWhenThePartnerAnswers()
    {
        await using var pair = await EnginePair.CreateAsync();
        pair.A.Wire.IsCut = true;
        for (var i = 0; i < Pairs; i++)
            await pair.A.ExalateAsync(pair.A.Tracker.Add($"summary {i}", "text").Id);
        await CountWorkAsync(pair);

        // 1 + 2 + 5 + 10 + 30 s of pauses, then every minute.
        var work = 0;
        for (var second = 0; second < 120; second++)
        {
            pair.Time.Advance(TimeSpan.FromSeconds(1));
            work += await CountWorkAsync(pair);
        }

        Assert.InRange(work, 3, 12);
        pair.A.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromSeconds(75));
        Assert.Equal(Pairs, pair.B.Tracker.Entities.Count);
    }

    [Fact]
    public async Task Pause_PartnerCalls_AllGoOnAtOnce()
    {
        await using var pair = await EnginePair.CreateAsync();
        var (_, copy) = await pair.ExalateAsync(pair.A.Tracker.Add("first", "text").Id);
        pair.A.Wire.IsCut = true;
        for (var i = 0; i < Pairs; i++)
            await pair.A.ExalateAsync(pair.A.Tracker.Add($"summary {i}", "text").Id);
        await pair.SettleForAsync(TimeSpan.FromSeconds(70));

        pair.A.Wire.IsCut = false;
        pair.B.Tracker.Comment(copy, "Ben", "back again");
        await pair.B.ReportAsync(copy);
        await pair.SettleAsync();

        Assert.Equal(Pairs + 1, pair.B.Tracker.Entities.Count);
    }

    [Fact]
    public async Task WhatTheLookAtThePartnerFound_IsNotSaidAnyMoreOnceItAnswers()
    {
        await using var pair = await EnginePair.CreateAsync();
        await using (var db = pair.A.Db())
        {
            db.Connections.Single().PartnerProblem = "The node could not be reached.";
            await db.SaveChangesAsync();
        }

        await pair.ExalateAsync(pair.A.Tracker.Add("first", "text").Id);

        await using var after = pair.A.Db();
        Assert.Null(after.Connections.Single().PartnerProblem);
    }

    [Fact]
    public void Pause_CallsThatFailTogether_CountOnce()
    {
        var connection = new Connection
        {
            Id = Ids.New(), LinkId = Ids.New(), Name = "c", Type = ConnectionType.Public, Mode = ConnectionMode.Basic, Status = ConnectionStatus.Active, IsInviter = true,
            LocalShortName = "here", RemoteShortName = "there", CreatedAt = Noon,
        };
        for (var i = 0; i < 8; i++)
            ConnectionPause.Begin(connection, new PeerException(FailureCategory.Unavailable, "No answer."), Noon, 0);

        Assert.Equal((1, Noon.AddSeconds(1)), (connection.FailedCalls, connection.PausedUntil));
        ConnectionPause.Begin(connection, new PeerException(FailureCategory.Unavailable, "No answer."), Noon.AddSeconds(1), 0);
        Assert.Equal((2, Noon.AddSeconds(3)), (connection.FailedCalls, connection.PausedUntil));
    }

    [Fact]
    public async Task Pause_WhatArrivesFromThePartnerIsAppliedMeanwhile()
    {
        await using var pair = await EnginePair.CreateAsync();
        var issue = pair.A.Tracker.Add("from A", "text");
        var (_, copy) = await pair.ExalateAsync(issue.Id);
        pair.A.Wire.IsCut = true;
        pair.A.Tracker.Edit(issue.Id, entity => entity with { Summary = "edited while B is away" });
        await pair.A.ReportAsync(issue.Id);
        await pair.SettleAsync();

        pair.B.Tracker.Comment(copy, "Ben", "said over there");
        await pair.B.ReportAsync(copy);
        await pair.SettleAsync();

        Assert.Contains("said over there", pair.A.Tracker.Entities.Single().Comments.Single().Body.ToPlainText(), StringComparison.Ordinal);
    }

    private static async Task<int> CountWorkAsync(EnginePair pair)
    {
        var count = 0;
        while (await pair.A.WorkAsync())
            count++;
        return count;
    }
}
