using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Rules;
using Exalate.Core.Settings;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Outgoing;

/// <summary>Reads the entity, runs the outgoing rules, and stores the replica when it says something that the partner does not know. All queued events of the pair become one.</summary>
internal sealed class PrepareEvent(NodeTracker trackers, IRuleSet rules, PeopleKeys people, LeftInDoubt left, MassChangeGuard guard)
{
    public async Task RunAsync(PairContext pair, IReadOnlyList<SyncEvent> queued, CancellationToken cancellationToken)
    {
        var last = queued[^1];
        if (pair.Twin.State is TwinState.RemoteRemoved or TwinState.LocalRemoved or TwinState.Ended)
        {
            Fold(pair, queued);
            Finish(last, EventStage.Ignored, pair.Now);
            await pair.CommitAsync(cancellationToken);
            return;
        }

        if (queued.All(row => Twin.IsEcho(pair.Twin.State, pair.Twin.LocalGoneAt, pair.Twin.SeenUntil, row.OwnUntil)))
        {
            Fold(pair, queued);
            Finish(last, EventStage.NoChange, pair.Now);
            await pair.CommitAsync(cancellationToken);
            return;
        }

        var tracker = await trackers.GetAsync(cancellationToken);
        await left.SettleAsync(pair, tracker, cancellationToken);
        var entity = await tracker.ReadAsync(pair.Twin.LocalEntityId!, cancellationToken);
        if (entity is null && (Waits(pair, queued[0]) || await guard.HoldsRemovalAsync(pair, cancellationToken)))
        {
            await pair.CommitAsync(cancellationToken);
            return;
        }

        if (entity is null)
            Removed(pair, last);
        else if (!await ChangedAsync(pair, last, tracker, entity, queued.Any(row => row.ChangedFields is not null), cancellationToken))
            return;
        Fold(pair, queued);
        await pair.CommitAsync(cancellationToken);
    }

    private static void Fold(PairContext pair, IReadOnlyList<SyncEvent> queued)
    {
        foreach (var folded in queued.Take(queued.Count - 1))
            Finish(folded, EventStage.NoChange, pair.Now);
    }

    /// <summary>A deletion is looked at once more a little later, with the others that belong to it.</summary>
    private bool Waits(PairContext pair, SyncEvent first)
    {
        pair.Twin.LocalGoneAt ??= pair.Now;
        var until = pair.Twin.LocalGoneAt + guard.RemovalDelay;
        if (until <= pair.Now)
            return false;
        first.NextAttemptAt = until;
        return true;
    }

    private static void Removed(PairContext pair, SyncEvent row)
    {
        pair.Twin.State = TwinState.LocalRemoved;
        pair.Twin.Note = $"{pair.Twin.LocalKey} was deleted here; its twin stays.";
        // A pair that the partner started is known to it, even when nothing was ever sent from here.
        if (pair.Twin is { StartedHere: true, SentVersion: 0 })
        {
            Finish(row, EventStage.Ignored, pair.Now);
            return;
        }

        Prepared(pair, row, SyncRequestKind.Removed, null, []);
    }

    /// <returns>False: the connection is held now, and nothing of the change is stored.</returns>
    private async Task<bool> ChangedAsync(PairContext pair, SyncEvent row, ITracker tracker, TrackerEntity entity, bool isSentAnyway, CancellationToken cancellationToken)
    {
        var twin = pair.Twin;
        twin.LocalGoneAt = null;
        (twin.LocalKey, twin.LocalLink, twin.LocalProjectId) = (entity.Key, entity.Link, entity.Project?.Id ?? twin.LocalProjectId);
        var traces = await pair.TracesAsync(cancellationToken);
        CopyWatch.Look(twin, entity, traces);
        var replica = rules.MakeReplica(entity, CopyWatch.CopiesHere(traces));
        var before = twin.LocalBase is null ? null : ReplicaJson.Read<Replica>(twin.LocalBase);
        var changed = ReplicaDiff.ChangedFields(before, replica);
        // A pair that is taken up again is sent even when nothing changed meanwhile: the partner has to hear of it.
        if (changed.Count == 0 && twin.State != TwinState.FirstSync && !isSentAnyway)
            Finish(row, EventStage.NoChange, pair.Now);
        else if (twin.State == TwinState.Synchronized && await guard.HoldsChangeAsync(pair, outgoing: true, cancellationToken))
            return false;
        else
            Prepared(pair, row, SyncRequestKind.Upsert, await people.AddAsync(pair.Connection, replica, tracker, twin.LocalProjectId, cancellationToken), changed);
        return true;
    }

    private static void Prepared(PairContext pair, SyncEvent row, SyncRequestKind kind, Replica? replica, IReadOnlyList<string> changed)
    {
        var version = ++pair.Twin.SentVersion;
        var versions = FieldVersions.Read(pair.Twin);
        foreach (var field in changed)
            versions[field] = version;
        FieldVersions.Write(pair.Twin, versions);
        var message = new SyncRequestMessage
        {
            EventId = row.EventId,
            PairId = pair.Twin.PairId,
            Kind = kind,
            Version = version,
            BasedOn = pair.Twin.ReceivedVersion,
            Changed = changed,
            Replica = replica,
            YourEntityId = pair.Twin.State == TwinState.FirstSync ? pair.Twin.RemoteEntityId : null,
        };
        row.MessageJson = ReplicaJson.Write(message);
        row.ChangedFields = string.Join(',', changed);
        row.Version = version;
        Move(row, EventStage.Prepared);
    }

    private static void Move(SyncEvent row, EventStage stage)
    {
        row.Stage = stage;
        row.ClearProblem();
    }

    private static void Finish(SyncEvent row, EventStage stage, DateTimeOffset now)
    {
        Move(row, stage);
        row.FinishedAt = now;
    }
}
