namespace Exalate.Tests.Sync;

/// <summary>A machine that stands still for longer than a lease lasts, and two workers of one process.</summary>
public sealed class SlowWorkers : IAsyncLifetime
{
    private static readonly TimeSpan LongerThanALease = TimeSpan.FromSeconds(11);

    private EnginePair pair = null!;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Fact]
    public async Task ALeaseThatRanOutUnderAWorker_BringsNoSecondOneOfTheSameProcess()
    {
        var a = pair.A.Tracker.Add("First").Id;
        var (_, b) = await pair.ExalateAsync(a);
        pair.A.Tracker.Edit(a, entity => entity with { Summary = "Second" });
        var writes = 0;
        Task<bool>? colleague = null;
        pair.B.Tracker.BeforeWrite = _ =>
        {
            if (++writes > 1)
                return;
            pair.Time.Advance(LongerThanALease);
            colleague = pair.B.Engine.WorkAsync(default);
            Assert.True(colleague.IsCompleted, "The colleague works on a pair that is worked on.");
        };
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();

        Assert.True(await colleague!);
        Assert.Equal((1, "Second"), (writes, pair.B.Tracker[b].Summary));
        await using var db = pair.B.Db();
        Assert.All(db.SyncRequests, request => Assert.Equal((false, true), (request.NeedsAttention, request.FinishedAt is not null)));
    }
}
