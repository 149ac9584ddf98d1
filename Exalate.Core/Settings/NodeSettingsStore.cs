using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Settings;

/// <summary>The node's settings for the other features. Never cached: one row is read in well under a millisecond, and a change holds at once.</summary>
internal sealed class NodeSettingsStore(IDbContextFactory<ExalateDbContext> databases)
{
    private static readonly Func<ExalateDbContext, CancellationToken, Task<StoredAccess?>> AccessAsync = EF.CompileAsyncQuery((ExalateDbContext db, CancellationToken _) => db.Settings
        .Where(s => s.Id == NodeSettings.SingleId)
        .Select(s => new StoredAccess(s.TrackerKind, s.TrackerUrl, s.TrackerAccountName, s.ProtectedTrackerToken)).SingleOrDefault());

    /// <exception cref="InvalidOperationException">The database was never seeded (<see cref="SettingsSeeding.SeedSettingsAsync"/>).</exception>
    public async Task<NodeSettings> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<NodeSettings>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == NodeSettings.SingleId, cancellationToken)
            ?? throw new InvalidOperationException("The node has no settings yet: SeedSettingsAsync must run before anything else.");
    }

    /// <summary>What it takes to speak to the tracker; asked for at each step of a pair, so nothing else is read along.</summary>
    public async Task<StoredAccess?> ReadAccessAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await AccessAsync(db, cancellationToken);
    }
}

/// <summary>As it stands in the settings: null where nothing is entered yet.</summary>
internal sealed record StoredAccess(TrackerKind? Kind, string? Url, string? AccountName, string? ProtectedToken);
