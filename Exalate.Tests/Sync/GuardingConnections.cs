using Exalate.Core.Sync;
using Exalate.Core.Sync.Entities;
using Exalate.Core.Sync.Errors;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Sync;

/// <summary>A connection that is about to delete or change unusually much stops and asks.</summary>
public sealed class GuardingConnections : IAsyncLifetime
{
    private readonly List<(string A, string B)> entities = [];
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync()
    {
        pair = await EnginePair.CreateAsync();
        for (var i = 0; i < 12; i++)
        {
            var entity = A.Add($"Number {i}");
            entities.Add((entity.Id, (await pair.ExalateAsync(entity.Key)).B));
        }
    }

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Fact]
    public async Task ManyDeletedHere_NothingIsSent_AndTheAdminIsAsked()
    {
        GuardRemovals(pair.A, delay: 10);
        await DeleteAsync(6);
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));

        var asked = await AskedAsync(pair.A);
        Assert.Contains("6 of 12 entities were deleted here within", asked.Sentence, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent.", asked.Sentence, StringComparison.Ordinal);
        Assert.Equal(12, await LiveAsync(pair.B));
        var progress = Assert.Single((await pair.A.SendAsync(new GetEntityStatus(A[entities[11].A].Key))).Pairs).Progress;
        Assert.Equal((asked.Id, $"Stopped: {asked.Sentence} Decide on the Errors page."), (progress.HeldError, progress.Held));
        Assert.Contains("is told of these deletions", asked.GoOnMeans, StringComparison.Ordinal);

        // What happens meanwhile is kept.
        A.Edit(entities[11].A, entity => entity with { Summary = "Edited meanwhile" });
        await pair.A.ReportAsync(entities[11].A);
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        Assert.Equal("Number 11", B[entities[11].B].Summary);

        await pair.A.SendAsync(new RetryErrors(new ErrorSelection([asked.Id]), "kim@a.example"));
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));
        Assert.Equal((6, "Edited meanwhile", 0), (await LiveAsync(pair.B), B[entities[11].B].Summary, await pair.A.SendAsync(new CountErrors())));
        Assert.Null(Assert.Single((await pair.A.SendAsync(new GetEntityStatus(A[entities[11].A].Key))).Pairs).Progress.Held);

        // Another admin still had the question open.
        Assert.Equal(new ErrorsHandled(0, 1, "The error is over by now."), (await pair.A.SendAsync(new IgnoreErrors(new ErrorSelection([asked.Id]), "lee@a.example"))).Value);
    }

    [Fact]
    public async Task Discard_TellsThePartnerNothing_AndTheRestGoesOn()
    {
        GuardRemovals(pair.A, delay: 10);
        await DeleteAsync(6);
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));
        var asked = await AskedAsync(pair.A);
        var handled = await pair.A.SendAsync(new IgnoreErrors(new ErrorSelection([asked.Id]), "kim@a.example"));
        Assert.Equal((1, 0), (handled.Value.Done, handled.Value.Skipped));
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(12, await LiveAsync(pair.B));
        A.Edit(entities[11].A, entity => entity with { Summary = "And on" });
        await pair.A.ReportAsync(entities[11].A);
        await pair.SettleAsync();
        Assert.Equal("And on", B[entities[11].B].Summary);
    }

    [Fact]
    public async Task Discard_StillAnswersWhatThePartnerHadSent()
    {
        GuardRemovals(pair.A, delay: 10);
        await DeleteAsync(6);
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));
        var asked = await AskedAsync(pair.A);
        B.Edit(entities[0].B, entity => entity with { Summary = "Of an entity that is gone over there" });
        await pair.B.ReportAsync(entities[0].B);
        await pair.SettleAsync();

        await pair.A.SendAsync(new IgnoreErrors(new ErrorSelection([asked.Id]), "kim@a.example"));
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));
        await using var db = pair.B.Db();
        Assert.DoesNotContain(await db.SyncEvents.ToListAsync(), row => row.IsOpen);
    }

    [Fact]
    public async Task AFewDeletions_AreToldAfterAWhile_AndOneThatCameBackIsNone()
    {
        GuardRemovals(pair.A, delay: 10);
        var back = A[entities[1].A];
        await DeleteAsync(2);
        await pair.SettleAsync();
        Assert.Equal(12, await LiveAsync(pair.B));
        A.Restore(back);
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));

        Assert.Equal((11, 11), (await LiveAsync(pair.A), await LiveAsync(pair.B)));
        Assert.Equal(0, await pair.A.SendAsync(new CountErrors()));
    }

    [Fact]
    public async Task ManyDeletedByThePartner_StopsToo_AndDiscardKeepsThePairs()
    {
        GuardRemovals(pair.B, delay: 0);
        await DeleteAsync(8);
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        var asked = await AskedAsync(pair.B);
        Assert.Contains("there deleted more than 4 of 12 entities", asked.Sentence, StringComparison.Ordinal);
        Assert.Equal(8, await LiveAsync(pair.B));

        await pair.B.SendAsync(new IgnoreErrors(new ErrorSelection([asked.Id]), null));
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((8, 12), (await LiveAsync(pair.B), B.Entities.Count));
        Assert.Equal(0, await pair.A.SendAsync(new CountErrors()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ManyEdits_StopTheConnection_UntilTheAdminLetsThemPass(bool outgoing)
    {
        var side = outgoing ? pair.A : pair.B;
        (side.Guards.Changes, side.Guards.ChangesPercent) = (10, 50);
        foreach (var (a, _) in entities)
        {
            A.Edit(a, entity => entity with { Summary = "Overwritten" });
            await pair.A.ReportAsync(a);
        }

        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(9, B.Entities.Count(entity => entity.Summary == "Overwritten"));
        var asked = await AskedAsync(side);
        Assert.Contains("10 of 12 entities", asked.Sentence, StringComparison.Ordinal);
        await side.SendAsync(new RetryErrors(new ErrorSelection([asked.Id]), null));
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(12, B.Entities.Count(entity => entity.Summary == "Overwritten"));
    }

    private static void GuardRemovals(EngineSide side, int delay) =>
        (side.Guards.Removals, side.Guards.RemovalsPercent, side.Guards.RemovalsAtLeast, side.Guards.RemovalDelay) = (50, 34, 5, TimeSpan.FromSeconds(delay));

    private static async Task<SyncErrorView> AskedAsync(EngineSide side)
    {
        var asked = Assert.Single((await side.SendAsync(new ListErrors(new ErrorFilter()))).Items);
        Assert.True(asked.IsHeld && asked.NeedsAttention);
        return asked;
    }

    private static async Task<int> LiveAsync(EngineSide side)
    {
        await using var db = side.Db();
        return db.Twins.Count(twin => twin.State == TwinState.Synchronized);
    }

    private async Task DeleteAsync(int count)
    {
        foreach (var (a, _) in entities.Take(count))
        {
            A.Delete(a);
            await pair.A.ReportAsync(a);
        }
    }
}
