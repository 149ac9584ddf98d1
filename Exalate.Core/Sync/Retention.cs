using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync;

/// <summary>Removes finished events and requests past their time. Twins, traces and what is still open stay.</summary>
internal sealed class Retention(IDbContextFactory<ExalateDbContext> contexts, TimeProvider time, IOptions<SyncOptions> options, ILogger<Retention> logger)
{
    /// <summary>Echoes of our own writes say nothing to anybody after a while.</summary>
    private static readonly TimeSpan OfNoChange = TimeSpan.FromDays(1);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var old = (time.GetUtcNow() - options.Value.Retention).UtcTicks;
        var echoes = (time.GetUtcNow() - OfNoChange).UtcTicks;
        // The newest of each connection stays: its number says how far this node had come.
        var events = await db.Database.ExecuteSqlInterpolatedAsync(
            $"DELETE FROM SyncEvents WHERE (FinishedAt < {old} OR (FinishedAt < {echoes} AND Stage = 'NoChange')) AND Id NOT IN (SELECT MAX(Id) FROM SyncEvents GROUP BY ConnectionId)", cancellationToken);
        // What a request left in doubt is settled by looking for what it would have made.
        var requests = await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM SyncRequests WHERE FinishedAt < {old} AND EventId NOT IN (SELECT EventId FROM Intents)", cancellationToken);
        if (events + requests > 0)
            SyncLog.Retained(logger, events, requests);
    }
}
