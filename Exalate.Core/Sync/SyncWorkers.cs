using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Watching;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync;

/// <summary>Drives the engine in a running node: workers, the heartbeat of their leases, the watcher, the retention.</summary>
internal sealed class SyncWorkers(
    SyncEngine engine, TrackerWatcher watcher, Retention retention, Rounds rounds, StorageHealth storage, IDbContextFactory<ExalateDbContext> contexts, INodeChanges changes, TimeProvider time, IOptions<SyncOptions> options, ILogger<SyncWorkers> logger)
    : BackgroundService
{
    private static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetentionPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(3);
    private const int HeartbeatsPerLease = 4;

    private readonly Bell work = new(time);
    private readonly Bell watching = new(time);
    private readonly SemaphoreSlim looking = new(1, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = changes.Subscribe(OnChange);
        var loops = Enumerable.Repeat(WorkAsync, options.Value.Workers).Concat([HeartbeatAsync, WatchAsync, RetainAsync, ProbeAsync]);
        await Task.WhenAll(loops.Select(roundAsync => rounds.RepeatAsync(roundAsync, failure => SyncLog.WorkerStumbled(logger, failure), stoppingToken)));
    }

    private void OnChange(NodeChange change)
    {
        // Progress of a pair is something to show, and no work.
        if (change == NodeChange.Progress)
            return;
        work.Ring();
        if (change != NodeChange.Twins)
            watching.Ring();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var pair = await NextPairAsync(cancellationToken);
        try
        {
            await engine.WorkOnAsync(pair, cancellationToken);
        }
        finally
        {
            // A place is free: another pair of the same connection may be taken now.
            work.Ring();
        }
    }

    /// <summary>One worker looks and, when nothing is due, listens for the bell; the others wait for their turn to look. Else each ring would cost a look of every idle worker.</summary>
    private async Task<Guid> NextPairAsync(CancellationToken cancellationToken)
    {
        await looking.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                var next = work.Next;
                if (await engine.ClaimAsync(cancellationToken) is { } pair)
                    return pair;
                await work.WaitAsync(next, options.Value.Idle, cancellationToken);
            }
        }
        finally
        {
            looking.Release();
        }
    }

    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.Lease / HeartbeatsPerLease, time, cancellationToken);
        if (storage.Problem is null)
            await engine.RenewLeasesAsync(cancellationToken);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var next = watching.Next;
        var pause = options.Value.PollInterval < WatchPause ? options.Value.PollInterval : WatchPause;
        try
        {
            if (storage.Problem is null)
                await watcher.LookAsync(cancellationToken);
        }
        catch (TrackerException exception)
        {
            SyncLog.PollFailed(logger, exception.Message);
        }

        await watching.WaitAsync(next, pause, cancellationToken);
    }

    /// <summary>The other loops rest while nothing can be stored; this one finds out when that is over.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(ProbePause, time, cancellationToken);
        await storage.ProbeAsync(contexts, cancellationToken);
    }

    private async Task RetainAsync(CancellationToken cancellationToken)
    {
        await retention.SweepAsync(cancellationToken);
        await Task.Delay(RetentionPause, time, cancellationToken);
    }
}
