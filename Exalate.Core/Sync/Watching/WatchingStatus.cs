using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Watching;

/// <summary>How changes arrive, in words for General Settings.</summary>
internal sealed class WatchingStatus(IDbContextFactory<ExalateDbContext> contexts, IOptions<SyncOptions> options) : IWatchingStatus
{
    public async Task<string?> DescribeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var url = await db.Settings.Select(row => row.TrackerUrl).SingleOrDefaultAsync(cancellationToken);
        var watch = await db.Watches.AsNoTracking().SingleOrDefaultAsync(row => row.TrackerUrl == url, cancellationToken);
        if (watch is null || (watch.CallbackUrl is null && watch.RefusedBecause is null))
            return null;
        return watch.RefusedBecause is { } reason ? $"Polling every {options.Value.PollInterval.TotalSeconds:0} s: {reason}" : "Webhooks";
    }
}
