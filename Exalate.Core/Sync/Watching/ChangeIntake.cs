using Exalate.Core.Storage;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Watching;

/// <summary>Turns reported changes into queued events of the pairs they belong to.</summary>
internal sealed class ChangeIntake(INodeChanges nodeChanges, IRandomSource random, TimeProvider time)
{
    private static readonly Func<ExalateDbContext, string, IAsyncEnumerable<Told>> PairsOf = EF.CompileAsyncQuery((ExalateDbContext db, string entityId) => db.Twins
        .Where(twin => twin.LocalEntityId == entityId && (twin.State == TwinState.FirstSync || twin.State == TwinState.Synchronized))
        .Select(twin => new Told(twin.Id, twin.ConnectionId, twin.State, twin.LocalGoneAt, twin.SeenUntil)));

    /// <summary>Reads, stores and tells the workers. Where nobody has to look, nothing is written.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task TakeAsync(ExalateDbContext db, IReadOnlyList<ChangedEntity> changes, string? ownAccountId, CancellationToken cancellationToken)
    {
        var events = await ReadAsync(db, changes, ownAccountId, cancellationToken);
        if (events.Count == 0)
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await StoreAsync(db, events, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nodeChanges.Ring(NodeChange.Twins);
    }

    /// <summary>The pairs that have to look at their entity.</summary>
    /// <param name="ownAccountId">The tracker's id of the node's account: reports of what it changed need not be looked into; null: all are.</param>
    public async Task<IReadOnlyList<SyncEvent>> ReadAsync(ExalateDbContext db, IReadOnlyList<ChangedEntity> changes, string? ownAccountId, CancellationToken cancellationToken)
    {
        var events = new List<SyncEvent>();
        foreach (var reports in changes.GroupBy(change => change.EntityId))
        {
            var pairs = await PairsOf(db, reports.Key).ToListAsync(cancellationToken);
            // What we wrote for one pair of an entity is news to its other pairs, and the look that followed their own write saw the fields alone.
            var ownUntil = pairs.Count > 1 ? null : OwnUntil(reports, ownAccountId);
            // What is seen already need not even be queued.
            events.AddRange(pairs.Where(pair => !Twin.IsEcho(pair.State, pair.LocalGoneAt, pair.SeenUntil, ownUntil))
                .Select(pair => ApplyRequest.NewEvent(pair.TwinId, pair.ConnectionId, random, time.GetUtcNow(), ownUntil)));
        }

        return events;
    }

    /// <summary>In the caller's transaction, with whatever else the context holds.</summary>
    public async Task StoreAsync(ExalateDbContext db, IReadOnlyList<SyncEvent> events, CancellationToken cancellationToken)
    {
        db.SyncEvents.AddRange(events);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var row in events)
            await db.SignalAsync(row.TwinId, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Null unless our own account made all of the changes.</summary>
    private static DateTimeOffset? OwnUntil(IEnumerable<ChangedEntity> reports, string? ownAccountId) =>
        ownAccountId is not null && reports.All(report => report.By?.AccountId == ownAccountId && !report.IsDeleted) ? reports.Max(report => report.By!.At) : null;

    private sealed record Told(Guid TwinId, Guid ConnectionId, TwinState State, DateTimeOffset? LocalGoneAt, DateTimeOffset? SeenUntil);
}
