using Exalate.Core.Storage;
using Exalate.Core.Sync.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Pairs;

/// <summary>Holds a pair for an admin's decision as a worker would, so that no worker is in the middle of a step of it.</summary>
internal sealed class PairHold(IDbContextFactory<ExalateDbContext> contexts, IRandomSource random, TimeProvider time, IOptions<SyncOptions> options)
{
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs the decision and stores it; the pair is due afterwards.</summary>
    /// <param name="decideAsync">Answers why nothing is to be stored, or null.</param>
    /// <param name="waits">False: a pair that somebody holds is given up at once, for a caller that comes again by itself.</param>
    public async Task<Result> WithAsync(Guid twinId, Func<PairContext, Task<Error?>> decideAsync, CancellationToken cancellationToken, bool waits = true)
    {
        var owner = random.NewGuid().ToString("N");
        if (!await TakeAsync(twinId, owner, waits ? Tries : 1, cancellationToken))
            return new Conflict("This pair is being worked on right now, or is not under sync any more. Try again in a moment.");
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var twin = await db.Twins.SingleAsync(row => row.Id == twinId, cancellationToken);
            var connection = await db.Connections.SingleAsync(row => row.Id == twin.ConnectionId, cancellationToken);
            var pair = new PairContext(db, twin, connection, owner, options.Value.Lease, time);
            if (await decideAsync(pair) is { } error)
                return error;
            await pair.CommitAsync(cancellationToken);
            return Result.Success;
        }
        finally
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            await db.ReleaseAsync(twinId, owner, seen: -1, time.GetUtcNow(), awaitsPartner: false, time.GetUtcNow(), CancellationToken.None);
        }
    }

    private async Task<bool> TakeAsync(Guid twinId, string owner, int tries, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (await db.TakeAsync(twinId, owner, time.GetUtcNow(), options.Value.Lease, cancellationToken))
                return true;
            if (attempt == tries || !await db.Twins.AnyAsync(row => row.Id == twinId, cancellationToken))
                return false;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
