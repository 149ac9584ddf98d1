using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Settings;

/// <summary>The node's settings for the other features. Never cached: one row is read in well under a millisecond, and a change holds at once.</summary>
internal sealed class NodeSettingsStore(IDbContextFactory<ExalateDbContext> databases)
{
    /// <exception cref="InvalidOperationException">The database was never seeded (<see cref="SettingsSeeding.SeedSettingsAsync"/>).</exception>
    public async Task<NodeSettings> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<NodeSettings>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == NodeSettings.SingleId, cancellationToken)
            ?? throw new InvalidOperationException("The node has no settings yet: SeedSettingsAsync must run before anything else.");
    }
}
