using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

/// <summary>Ends what <see cref="Connection.PausedUntil"/> holds back, for rows that are not loaded: an update of its own takes nothing back that another worker writes meanwhile.</summary>
internal static class Pauses
{
    /// <summary>The next call is made at once; what was wrong stays to be read until one succeeds.</summary>
    public static Task EndPauseAsync(this ExalateDbContext db, Guid connectionId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Connections SET PausedUntil = NULL WHERE Id = {connectionId} AND PausedUntil IS NOT NULL", cancellationToken);

    /// <summary>As <see cref="Connection.PartnerIsWell"/>.</summary>
    /// <returns>Whether anything had been wrong.</returns>
    public static async Task<bool> PartnerIsWellAsync(this ExalateDbContext db, Guid connectionId, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"""
            UPDATE Connections SET Problem = NULL, ProblemSince = NULL, PausedUntil = NULL, FailedCalls = 0, PartnerProblem = NULL
            WHERE Id = {connectionId} AND (Problem IS NOT NULL OR ProblemSince IS NOT NULL OR PausedUntil IS NOT NULL OR FailedCalls <> 0 OR PartnerProblem IS NOT NULL)
            """,
            cancellationToken) > 0;
}
