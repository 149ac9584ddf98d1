using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync;

/// <summary>The few columns of a pair that others change while a worker holds it: always by statement, never through a loaded row.</summary>
internal static class TwinSignals
{
    /// <summary>Says that something came for the pair. In the transaction that adds the row.</summary>
    public static Task SignalAsync(this ExalateDbContext db, Guid twinId, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Twins SET Signal = Signal + 1, DueAt = {now.UtcTicks}, AwaitsPartner = 0 WHERE Id = {twinId}", cancellationToken);

    /// <summary>Takes one certain pair, unless somebody works on it. It is due meanwhile: should whoever takes it die, before or after storing something, a worker looks at it once the lease is over.</summary>
    public static async Task<bool> TakeAsync(
        this ExalateDbContext db, Guid twinId, string owner, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Twins SET LeaseOwner = {owner}, LeaseUntil = {(now + lease).UtcTicks}, DueAt = {now.UtcTicks}, AwaitsPartner = 0 WHERE Id = {twinId} AND (LeaseUntil IS NULL OR LeaseUntil < {now.UtcTicks})",
            cancellationToken) == 1;

    /// <summary>Keeps the pair for its worker. False: the lease was lost, and nothing may be written for it any more.</summary>
    public static async Task<bool> RenewAsync(this ExalateDbContext db, Guid twinId, string owner, DateTimeOffset until, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Twins SET LeaseUntil = {until.UtcTicks} WHERE Id = {twinId} AND LeaseOwner = {owner}", cancellationToken) == 1;

    /// <summary>Renews all leases of a worker process.</summary>
    public static Task RenewAllAsync(this ExalateDbContext db, string owner, DateTimeOffset until, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Twins SET LeaseUntil = {until.UtcTicks} WHERE LeaseUntil IS NOT NULL AND LeaseOwner = {owner}", cancellationToken);

    /// <summary>Gives the pair back. What was signalled since <paramref name="seen"/> makes it due at once. False: the lease was lost.</summary>
    public static async Task<bool> ReleaseAsync(
        this ExalateDbContext db, Guid twinId, string owner, long seen, DateTimeOffset? dueAt, bool awaitsPartner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // No parameter for null: neither provider can guess its type.
        return await (dueAt is { } due
            ? db.Database.ExecuteSqlInterpolatedAsync(
                $"""
                UPDATE Twins SET LeaseOwner = NULL, LeaseUntil = NULL, DueAt = CASE WHEN Signal = {seen} THEN {due.UtcTicks} ELSE {now.UtcTicks} END,
                    AwaitsPartner = CASE WHEN Signal = {seen} THEN {(awaitsPartner ? 1 : 0)} ELSE 0 END
                WHERE Id = {twinId} AND LeaseOwner = {owner}
                """,
                cancellationToken)
            : db.Database.ExecuteSqlInterpolatedAsync(
                $"""
                UPDATE Twins SET LeaseOwner = NULL, LeaseUntil = NULL, DueAt = CASE WHEN Signal = {seen} THEN NULL ELSE {now.UtcTicks} END, AwaitsPartner = 0
                WHERE Id = {twinId} AND LeaseOwner = {owner}
                """,
                cancellationToken)) == 1;
    }

    /// <summary>Gives the pair back, due no sooner than then.</summary>
    public static Task PostponeAsync(this ExalateDbContext db, Guid twinId, string owner, DateTimeOffset until, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Twins SET LeaseOwner = NULL, LeaseUntil = NULL, DueAt = {until.UtcTicks} WHERE Id = {twinId} AND LeaseOwner = {owner}", cancellationToken);

    /// <summary>All of a pair that waits for its next try, or for an admin, is tried now. What the partner has is its own affair.</summary>
    public static async Task RetryPairAsync(this ExalateDbContext db, Guid twinId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE SyncEvents SET NextAttemptAt = NULL, NeedsAttention = 0 WHERE TwinId = {twinId} AND FinishedAt IS NULL AND Stage <> 'Sent'", cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE SyncRequests SET NextAttemptAt = NULL, NeedsAttention = 0 WHERE TwinId = {twinId} AND FinishedAt IS NULL", cancellationToken);
        await db.SignalAsync(twinId, now, cancellationToken);
    }
}
