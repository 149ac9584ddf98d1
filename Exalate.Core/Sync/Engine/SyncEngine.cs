using System.Collections.Concurrent;
using System.Data.Common;
using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Outgoing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Engine;

/// <summary>
/// Works on pairs, one <see cref="WorkAsync"/> at a time for each worker. Keeps nothing in memory between steps: killed anywhere, another call goes on from the rows.
/// Reaches the world through its ports alone and starts no thread or timer of its own.
/// </summary>
internal sealed class SyncEngine(
    IDbContextFactory<ExalateDbContext> contexts, IQueueStatements queue, PrepareEvent prepare, SendEvent send, FinalizeEvent finalize,
    ApplyRequest apply, DeliverResult deliver, FailureRecorder failures, INodeChanges changes, StorageHealth storage, IRandomSource random, TimeProvider time,
    IOptions<SyncOptions> options, ILogger<SyncEngine> logger)
{
    /// <summary>More steps than any pair needs in a row: a pair that is still not done gives its worker to the others.</summary>
    private const int MaxStepsInARow = 25;

    private static readonly TimeSpan AfterAStumble = TimeSpan.FromSeconds(10);

    private readonly string owner = random.NewGuid().ToString("N");

    private readonly ConcurrentQueue<Guid> unreleased = new();

    /// <summary>Pairs that a worker of this process is at.</summary>
    private readonly ConcurrentDictionary<Guid, bool> atWork = new();

    /// <summary>Takes the pair whose turn it is and does what can be done for it now. False when nothing is due.</summary>
    public async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } twinId)
            return false;
        await WorkOnAsync(twinId, cancellationToken);
        return true;
    }

    /// <summary>Takes the pair whose turn it is. Null when nothing is due.</summary>
    public async Task<Guid?> ClaimAsync(CancellationToken cancellationToken)
    {
        if (storage.Problem is not null)
            return null;
        while (unreleased.TryPeek(out var left))
        {
            await ReleaseAsync(left, seen: -1, new NextStep(StepKind.Wait, DueAt: time.GetUtcNow()), cancellationToken);
            unreleased.TryDequeue(out _);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        return await queue.ClaimTwinAsync(db.InPassing(), new Claim(owner, now, now + options.Value.Lease, options.Value.PairsPerConnection, options.Value.PairsPerTracker), cancellationToken);
    }

    /// <summary>Does what can be done now for a pair that was taken, and gives it back.</summary>
    public async Task WorkOnAsync(Guid twinId, CancellationToken cancellationToken)
    {
        // Its lease ran out under a worker of this very process, on a machine that stood still: that one goes on, under the lease that was just renewed. The fence could not tell
        // the two apart, for a lease names the process.
        if (!atWork.TryAdd(twinId, true))
            return;
        long seen = -1;
        var rest = new NextStep(StepKind.Wait, DueAt: time.GetUtcNow());
        OpenPair? open = null;
        var isBack = false;
        try
        {
            for (var steps = 0; steps < MaxStepsInARow; steps++)
            {
                open ??= await OpenPair.ReadAsync(contexts, twinId, owner, options.Value.Lease, time, cancellationToken);
                seen = open.Seen;
                var step = Next(open);
                if (step.Kind == StepKind.Wait)
                {
                    rest = step;
                    break;
                }

                // What is done next rests on what was read before the last step.
                if (open.HasWorked && !await open.IsCurrentAsync(cancellationToken))
                {
                    await open.DisposeAsync();
                    open = null;
                    continue;
                }

                var after = await StepAsync(open, step, cancellationToken);
                changes.Ring(NodeChange.Progress);
                isBack = after == AfterStep.GivenBack;
                if (isBack)
                    break;
                if (after == AfterStep.ReadAnew)
                {
                    await open.DisposeAsync();
                    open = null;
                }
            }
        }
        catch (LeaseLostException)
        {
            SyncLog.LeaseLost(logger, twinId);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Not even the failure could be recorded: later, so that one broken pair does not keep a worker from the others.
            if (!storage.Notice(exception))
                await PostponeAsync(twinId, CancellationToken.None);
            throw;
        }
        finally
        {
            if (open is not null)
                await open.DisposeAsync();
            // Given back even while stopping: the next start need not wait for the lease to run out.
            // No more at work before it is free: who takes it next must not find it taken.
            atWork.TryRemove(twinId, out _);
            if (!isBack)
                await GiveBackAsync(twinId, seen, rest);
        }
    }

    /// <summary>Keeps the pairs of this process's workers; call it several times in each <see cref="SyncOptions.Lease"/>.</summary>
    public async Task RenewLeasesAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InPassing().RenewAllAsync(owner, time.GetUtcNow() + options.Value.Lease, cancellationToken);
    }

    private async Task ReleaseAsync(Guid twinId, long seen, NextStep rest, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InPassing().ReleaseAsync(twinId, owner, seen, rest.DueAt, rest.AwaitsPartner, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Where nothing can be stored now, the pair is given back before the next one is taken: the heartbeat would keep it for ever.</summary>
    private async Task GiveBackAsync(Guid twinId, long seen, NextStep rest)
    {
        if (storage.Problem is null)
        {
            try
            {
                await ReleaseAsync(twinId, seen, rest, CancellationToken.None);
                return;
            }
            catch (DbException exception) when (storage.Notice(exception))
            {
                // Noted below.
            }
        }

        unreleased.Enqueue(twinId);
    }

    private async Task PostponeAsync(Guid twinId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InPassing().PostponeAsync(twinId, owner, time.GetUtcNow() + AfterAStumble, cancellationToken);
    }

    private NextStep Next(OpenPair open) =>
        // Deactivated meanwhile: the pair stays due, and is taken up when the connection is active again.
        // So it is with one that a guard holds.
        open.Pair.Connection is { Status: ConnectionStatus.Active, HeldSince: null }
            ? PairAgenda.Next(open.Pair, open.Events, open.Requests, options.Value.ResendAfter)
            : new NextStep(StepKind.Wait, DueAt: time.GetUtcNow());

    private async Task<AfterStep> StepAsync(OpenPair open, NextStep step, CancellationToken cancellationToken)
    {
        var twinId = open.Pair.Twin.Id;
        try
        {
            await RunAsync(open.Pair, step, open.Events, cancellationToken);
            var isCurrent = open.Worked();
            if (!open.Pair.HasPending)
                return isCurrent ? AfterStep.GoOn : AfterStep.ReadAnew;
            var next = Next(open);
            if (next.Kind != StepKind.Wait)
            {
                await open.Pair.CommitPendingAsync(cancellationToken);
                return AfterStep.GoOn;
            }

            // Given back even while stopping, and no more at work before it is free.
            atWork.TryRemove(twinId, out _);
            await open.Pair.GiveBackAsync(open.Seen, next, CancellationToken.None);
            return AfterStep.GivenBack;
        }
        // What could not be stored is no failure of the pair.
        catch (Exception exception) when (exception is not LeaseLostException && !storage.Notice(exception) && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            atWork.TryAdd(twinId, true);
            await failures.RecordAsync(twinId, owner, step, exception, cancellationToken);
            return AfterStep.ReadAnew;
        }
    }

    private enum AfterStep
    {
        GoOn,

        /// <summary>What was read of the pair is no good any more.</summary>
        ReadAnew,

        /// <summary>Nothing was left to do, and what the step changed is stored together with the pair's return.</summary>
        GivenBack,
    }

    private Task RunAsync(PairContext pair, NextStep step, IReadOnlyList<SyncEvent> events, CancellationToken cancellationToken) => step.Kind switch
    {
        StepKind.Prepare => prepare.RunAsync(pair, [.. events.Where(row => row.Stage == EventStage.Queued)], cancellationToken),
        StepKind.Send => send.RunAsync(pair, step.Event!, cancellationToken),
        StepKind.Finalize => finalize.RunAsync(pair, step.Event!, cancellationToken),
        StepKind.Apply => apply.RunAsync(pair, step.Request!, cancellationToken),
        StepKind.DeliverResult => deliver.RunAsync(pair, step.Request!, cancellationToken),
        _ => throw new InvalidOperationException($"The step {step.Kind} can't be run."),
    };
}
