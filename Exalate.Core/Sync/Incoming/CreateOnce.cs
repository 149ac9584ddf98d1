using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Incoming;

/// <summary>
/// Creates something exactly once although the outcome of a call may be unknown: an intent is stored before the call; where one stands already, the tracker is
/// searched for what the earlier call made, and only after its index lag has passed without a find is the call repeated.
/// </summary>
internal sealed class CreateOnce(IRandomSource random, IOptions<SyncOptions> options)
{
    private static readonly Func<ExalateDbContext, Guid, IntentKind, string, CancellationToken, Task<Intent?>> FindIntentAsync = EF.CompileAsyncQuery(
        (ExalateDbContext db, Guid twinId, IntentKind kind, string originalId, CancellationToken _) =>
            db.Intents.SingleOrDefault(row => row.TwinId == twinId && row.Kind == kind && row.OriginalId == originalId));

    /// <summary>A call that was waited for in vain may have taken effect that long before it was given up.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    /// <param name="knownIdsAsync">Asked for only where something is searched: in a bulk it may be long.</param>
    public async Task<T> RunAsync<T>(
        ApplySession session, IntentKind kind, string originalId, string contentHash,
        Func<CreateIntent, Task<T?>> findAsync, Func<string, Task<T>> createAsync, Func<Task<IReadOnlySet<string>>> knownIdsAsync, CancellationToken cancellationToken)
        where T : class
    {
        var db = session.Pair.Db;
        var intent = await IntentAsync(session, kind, originalId, cancellationToken);
        if (intent is null)
        {
            intent = NewIntent(session, kind, originalId, contentHash);
            db.Intents.Add(intent);
            await session.Pair.CommitAsync(cancellationToken);
        }
        else
        {
            if (await FindAsync(session, intent, findAsync, knownIdsAsync) is { } found)
                return found;
            (intent.StoredAt, intent.EventId) = (session.Pair.Now, session.Request.EventId);
            await session.Pair.CommitAsync(cancellationToken);
        }

        return await CreateAsync(session, intent, createAsync, cancellationToken);
    }

    /// <summary>What an earlier try made of an original that is gone since, and can't be created any more; null when it made nothing.</summary>
    public async Task<T?> FindLeftAsync<T>(
        ApplySession session, IntentKind kind, string originalId,
        Func<CreateIntent, Task<T?>> findAsync, Func<Task<IReadOnlySet<string>>> knownIdsAsync, CancellationToken cancellationToken)
        where T : class
    {
        if (await IntentAsync(session, kind, originalId, cancellationToken) is not { } intent)
            return null;
        if (await FindAsync(session, intent, findAsync, knownIdsAsync) is { } found)
            return found;
        session.Pair.Db.Intents.Remove(intent);
        await session.Pair.CommitAsync(cancellationToken);
        return null;
    }

    private static Task<Intent?> IntentAsync(ApplySession session, IntentKind kind, string originalId, CancellationToken cancellationToken) =>
        FindIntentAsync(session.Pair.Db, session.Twin.Id, kind, originalId, cancellationToken);

    /// <summary>Null only when enough time has passed for it to be seen. The intent of what is found is removed with the commit that stores it.</summary>
    private async Task<T?> FindAsync<T>(ApplySession session, Intent intent, Func<CreateIntent, Task<T?>> findAsync, Func<Task<IReadOnlySet<string>>> knownIdsAsync)
        where T : class
    {
        var found = await findAsync(new CreateIntent { OriginMark = intent.OriginMark, StoredAt = intent.StoredAt - LongestCall, KnownIds = await knownIdsAsync() });
        if (found is null)
            WaitForIndex(session, intent.Kind, intent);
        else
            session.Pair.Db.Intents.Remove(intent);
        return found;
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
        catch (TrackerException)
        {
            // It may have taken effect until this moment: from now on the tracker has its time to show it.
            intent.StoredAt = session.Pair.Now;
            await session.Pair.CommitAsync(cancellationToken);
            throw;
        }
    }

    private void WaitForIndex(ApplySession session, IntentKind kind, Intent intent)
    {
        var lag = session.Tracker.Description.IndexLag + options.Value.CreateSettles;
        var wait = intent.StoredAt + lag - session.Pair.Now;
        if (wait <= TimeSpan.Zero)
            return;
        throw new TrackerException(
            FailureCategory.Transient,
            $"It is not known whether the {kind.ToString().ToLowerInvariant()} was created before the last try ended. {session.Tracker.Description.ProductName} may show it up to "
            + $"{lag.TotalSeconds:0} s late; looking again then, so that nothing is created twice.")
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
