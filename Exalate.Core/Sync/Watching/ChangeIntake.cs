using Exalate.Core.Storage;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Watching;

/// <summary>Turns reported changes into queued events of the pairs they belong to. The caller commits.</summary>
internal sealed class ChangeIntake(IRandomSource random, TimeProvider time)
{
    /// <summary>Keeps the list of parameters short enough for both databases.</summary>
    private const int Batch = 200;

    /// <param name="ownAccountId">The tracker's id of the node's account: reports of what it changed need not be looked into; null: all are.</param>
    /// <returns>How many pairs were told.</returns>
    public async Task<int> StoreAsync(ExalateDbContext db, IReadOnlyList<ChangedEntity> changes, string? ownAccountId, CancellationToken cancellationToken)
    {
        var told = 0;
        foreach (var batch in changes.GroupBy(change => change.EntityId).Chunk(Batch))
        {
            var wanted = batch.ToDictionary(group => group.Key, group => OwnUntil(group, ownAccountId));
            var ids = wanted.Keys.ToList();
            var twins = await db.Twins
                .Where(twin => ids.Contains(twin.LocalEntityId!) && (twin.State == TwinState.FirstSync || twin.State == TwinState.Synchronized))
                .Select(twin => new { twin.Id, twin.ConnectionId, LocalEntityId = twin.LocalEntityId!, twin.State, twin.LocalGoneAt, twin.SeenUntil })
                .ToListAsync(cancellationToken);
            // What we wrote for one pair of an entity is news to its other pairs, and the look that followed their own write saw the fields alone.
            foreach (var shared in twins.GroupBy(twin => twin.LocalEntityId).Where(group => group.Count() > 1))
                wanted[shared.Key] = null;
            // What is seen already need not even be queued.
            twins.RemoveAll(twin => Twin.IsEcho(twin.State, twin.LocalGoneAt, twin.SeenUntil, wanted[twin.LocalEntityId]));
            foreach (var twin in twins)
            {
                db.SyncEvents.Add(ApplyRequest.NewEvent(twin.Id, twin.ConnectionId, random, time.GetUtcNow(), wanted[twin.LocalEntityId]));
                await db.SignalAsync(twin.Id, time.GetUtcNow(), cancellationToken);
            }

            told += twins.Count;
        }

        await db.SaveChangesAsync(cancellationToken);
        return told;
    }

    /// <summary>Null unless our own account made all of the changes.</summary>
    private static DateTimeOffset? OwnUntil(IEnumerable<ChangedEntity> reports, string? ownAccountId) =>
        ownAccountId is not null && reports.All(report => report.By?.AccountId == ownAccountId && !report.IsDeleted) ? reports.Max(report => report.By!.At) : null;
}
