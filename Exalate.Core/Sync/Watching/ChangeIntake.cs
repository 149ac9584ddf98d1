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

    /// <returns>How many pairs were told.</returns>
    public async Task<int> StoreAsync(ExalateDbContext db, IReadOnlyList<ChangedEntity> changes, CancellationToken cancellationToken)
    {
        var told = 0;
        foreach (var ids in changes.Select(change => change.EntityId).Distinct().Chunk(Batch))
        {
            var wanted = ids.ToList();
            var twins = await db.Twins.AsNoTracking()
                .Where(twin => wanted.Contains(twin.LocalEntityId!) && (twin.State == TwinState.FirstSync || twin.State == TwinState.Synchronized))
                .ToListAsync(cancellationToken);
            foreach (var twin in twins)
            {
                db.SyncEvents.Add(ApplyRequest.NewEvent(twin, random, time.GetUtcNow()));
                await db.SignalAsync(twin.Id, time.GetUtcNow(), cancellationToken);
            }

            told += twins.Count;
        }

        await db.SaveChangesAsync(cancellationToken);
        return told;
    }
}
