using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Incoming;

/// <summary>
/// Creates something exactly once although the outcome of a call may be unknown: an intent is stored before the call; where one stands already, the tracker is
/// searched for what the earlier call made, and only after its index lag has passed without a find is the call repeated.
/// </summary>
internal sealed class CreateOnce(IRandomSource random)
{
    /// <param name="knownIdsAsync">Asked for only where something is searched: in a bulk it may be long.</param>
    public async Task<T> RunAsync<T>(
        ApplySession session, IntentKind kind, string originalId, string contentHash,
        Func<CreateIntent, Task<T?>> findAsync, Func<string, Task<T>> createAsync, Func<Task<IReadOnlySet<string>>> knownIdsAsync, CancellationToken cancellationToken)
        where T : class
    {
        var db = session.Pair.Db;
        var intent = await db.Intents.SingleOrDefaultAsync(
            row => row.TwinId == session.Twin.Id && row.Kind == kind && row.OriginalId == originalId, cancellationToken);
        if (intent is null)
        {
            intent = NewIntent(session, kind, originalId, contentHash);
            db.Intents.Add(intent);
            await session.Pair.CommitAsync(cancellationToken);
        }
        else
        {
            var found = await findAsync(new CreateIntent { OriginMark = intent.OriginMark, StoredAt = intent.StoredAt, KnownIds = await knownIdsAsync() });
            if (found is not null)
            {
                db.Intents.Remove(intent);
                return found;
            }

            WaitForIndex(session, kind, intent);
            intent.StoredAt = session.Pair.Now;
            await session.Pair.CommitAsync(cancellationToken);
        }

        return await CreateAsync(session, intent, createAsync, cancellationToken);
    }

    private static async Task<T> CreateAsync<T>(ApplySession session, Intent intent, Func<string, Task<T>> createAsync, CancellationToken cancellationToken)
    {
        try
        {
            var created = await createAsync(intent.OriginMark);
            // Removed with the commit that stores what was created.
            session.Pair.Db.Intents.Remove(intent);
            return created;
        }
        catch (TrackerException exception) when (!exception.OutcomeUnknown)
        {
            session.Pair.Db.Intents.Remove(intent);
            await session.Pair.CommitAsync(cancellationToken);
            throw;
        }
    }

    private static void WaitForIndex(ApplySession session, IntentKind kind, Intent intent)
    {
        var wait = intent.StoredAt + session.Tracker.Description.IndexLag - session.Pair.Now;
        if (wait <= TimeSpan.Zero)
            return;
        throw new TrackerException(
            FailureCategory.Transient,
            $"It is not known whether the {kind.ToString().ToLowerInvariant()} was created before the last try ended. {session.Tracker.Description.ProductName} may show it up to "
            + $"{session.Tracker.Description.IndexLag.TotalSeconds:0} s late; looking again then, so that nothing is created twice.")
        {
            RetryAfter = wait < TimeSpan.FromSeconds(2) ? wait : TimeSpan.FromSeconds(2),
        };
    }

    private Intent NewIntent(ApplySession session, IntentKind kind, string originalId, string contentHash) => new()
    {
        Id = random.NewGuid(),
        TwinId = session.Twin.Id,
        Kind = kind,
        OriginalId = originalId,
        EventId = session.Request.EventId,
        OriginMark = session.Mark(kind, originalId),
        ContentHash = contentHash,
        StoredAt = session.Pair.Now,
    };
}
