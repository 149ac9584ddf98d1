using Exalate.Core.Access;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Errors;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Sync.Rebuild;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Guards;

/// <summary>What an admin decides about a held connection.</summary>
internal sealed class HeldConnections(IDbContextFactory<ExalateDbContext> contexts, PairHold hold, IgnoredWork ignored, MassChangeGuard guard, Epochs epochs, Rebuilder rebuilder, INodeChanges changes, TimeProvider time)
{
    private const string RemovedKind = "\"kind\":\"Removed\"";

    /// <summary>As the admin saw them: the first old copy that goes on has all others rebuilt, and to let one of those go on in the same breath would skip that.</summary>
    public async Task GoOnAsync(IReadOnlyList<Guid> connectionIds, string? by, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var old = await db.Connections.Where(row => connectionIds.Contains(row.Id) && row.HeldKind == HoldKind.OldCopy).Select(row => row.Id).ToListAsync(cancellationToken);
        foreach (var id in connectionIds.Except(old.Skip(1)))
            await GoOnAsync(id, by, cancellationToken);
    }

    /// <summary>It goes on with all that waits; an old copy with what its partners know. False: it was not held.</summary>
    public async Task<bool> GoOnAsync(Guid connectionId, string? by, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(row => row.Id == connectionId && row.HeldSince != null, cancellationToken);
        if (connection is null)
            return false;
        if (connection.HeldKind == HoldKind.OldCopy)
        {
            await epochs.BeginAsync(db, cancellationToken);
            Audit(db, connection, AuditAction.GuardReleased, by);
            await db.SaveChangesAsync(cancellationToken);
            // Between two projects of this node there is nobody to ask.
            foreach (var local in await db.Connections.Where(row => row.Type == ConnectionType.Local).Select(row => row.Id).ToListAsync(cancellationToken))
                await rebuilder.LookAtAllAsync(local, cancellationToken);
            changes.Ring(NodeChange.Connections);
            return true;
        }

        // Without the partner's help: what it does not know it will not learn.
        if (connection.HeldKind == HoldKind.Rebuilding)
            await rebuilder.LookAtAllAsync(connectionId, cancellationToken);
        Release(db, connection, AuditAction.GuardReleased, by);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Gives up what made it stop, pair by pair, and goes on with the rest. False: it was not held.</summary>
    public async Task<bool> DiscardAsync(Guid connectionId, string? by, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(row => row.Id == connectionId && row.HeldSince != null && row.HeldKind != HoldKind.OldCopy && row.HeldKind != HoldKind.Rebuilding, cancellationToken);
        if (connection is null)
            return false;
        foreach (var twinId in await ConcernedAsync(db, connection, cancellationToken))
            await hold.WithAsync(twinId, pair => DiscardAsync(pair, connection.HeldKind!.Value, cancellationToken), cancellationToken);
        Release(db, connection, AuditAction.GuardDiscarded, by);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static async Task<List<Guid>> ConcernedAsync(ExalateDbContext db, Connection connection, CancellationToken cancellationToken) => connection.HeldKind switch
    {
        HoldKind.OutgoingRemovals => await db.Twins
            .Where(row => row.ConnectionId == connection.Id && row.LocalGoneAt != null && (row.State == TwinState.Synchronized || row.State == TwinState.FirstSync))
            .Select(row => row.Id).ToListAsync(cancellationToken),
        HoldKind.OutgoingChanges => await db.SyncEvents
            .Where(row => row.ConnectionId == connection.Id && (row.Stage == EventStage.Queued || row.Stage == EventStage.Prepared))
            .Select(row => row.TwinId).Distinct().ToListAsync(cancellationToken),
        _ => await db.SyncRequests
            .Where(row => row.ConnectionId == connection.Id && (row.Stage == RequestStage.Received || row.Stage == RequestStage.Applying))
            .Select(row => row.TwinId).Distinct().ToListAsync(cancellationToken),
    };

    private async Task<Error?> DiscardAsync(PairContext pair, HoldKind kind, CancellationToken cancellationToken)
    {
        if (kind == HoldKind.OutgoingRemovals)
        {
            // What the partner has sent is answered: it would wait for ever.
            await PairEnding.IgnoreEventsAsync(pair.Db, pair.Twin.Id, pair.Now, cancellationToken);
            (pair.Twin.State, pair.Twin.Note) = (TwinState.LocalRemoved, $"{pair.Twin.LocalKey} was deleted here. The other side was not told, by an admin's choice.");
            return null;
        }

        if (kind == HoldKind.OutgoingChanges)
        {
            foreach (var row in await pair.Db.SyncEvents.Where(row => row.TwinId == pair.Twin.Id && (row.Stage == EventStage.Queued || row.Stage == EventStage.Prepared)).ToListAsync(cancellationToken))
                await ignored.EventAsync(pair, row, cancellationToken);
            return null;
        }

        foreach (var row in await pair.Db.SyncRequests.Where(row => row.TwinId == pair.Twin.Id && (row.Stage == RequestStage.Received || row.Stage == RequestStage.Applying)).ToListAsync(cancellationToken))
        {
            var isRemoval = row.MessageJson.Contains(RemovedKind, StringComparison.Ordinal);
            if (isRemoval && kind == HoldKind.IncomingRemovals)
                ApplyRequest.Finish(row, ApplyRequest.Result(pair, Replicas.ReplicaJson.Read<SyncRequestMessage>(row.MessageJson), SyncOutcome.Applied));
            else if (!isRemoval && kind == HoldKind.IncomingChanges)
                await ignored.RequestAsync(pair, row, cancellationToken);
        }

        return null;
    }

    private void Release(ExalateDbContext db, Connection connection, AuditAction action, string? by)
    {
        (connection.HeldSince, connection.HeldKind, connection.HeldSentence, connection.RebuildJson, connection.GuardFrom) = (null, null, null, null, time.GetUtcNow());
        connection.EndPause();
        guard.Forget(connection.Id);
        Audit(db, connection, action, by);
    }

    private void Audit(ExalateDbContext db, Connection connection, AuditAction action, string? by)
    {
        db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = by, Action = action, Subject = $"connection {connection.Name}" });
    }
}
