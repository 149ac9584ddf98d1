using Exalate.Core.Connections;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync.Mail;

/// <summary>On the side that can't be called: one loop for each such connection fetches what waits at the partner.</summary>
internal sealed class MailFetcher(IDbContextFactory<ExalateDbContext> databases, MailLoop loop, Rounds rounds, INodeChanges changes, TimeProvider time, ILogger<MailFetcher> logger)
    : BackgroundService
{
    /// <summary>Another process on this database may have made a connection.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly Bell bell = new(time);
    private readonly Dictionary<Guid, (Task Loop, CancellationTokenSource Stop)> loops = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = changes.Subscribe(change =>
        {
            if (change == NodeChange.Connections)
                bell.Ring();
        });
        try
        {
            await rounds.RepeatAsync(RoundAsync, failure => SyncLog.MailStumbled(logger, failure), stoppingToken);
        }
        finally
        {
            await StopAllAsync();
        }
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        var next = bell.Next;
        await LookAsync(stoppingToken);
        await bell.WaitAsync(next, LookAgain, stoppingToken);
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        await using var db = await databases.CreateDbContextAsync(stoppingToken);
        var wanted = await db.Connections.AsNoTracking()
            .Where(row => row.Reach == Reach.OnlyWeCall && row.ProtectedSecret != null && row.PartnerDeletedAt == null && row.Status != ConnectionStatus.Pending)
            .Select(row => row.Id).ToListAsync(stoppingToken);
        foreach (var gone in loops.Keys.Except(wanted).ToList())
            await StopAsync(gone);
        foreach (var id in wanted.Where(id => !loops.ContainsKey(id)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            loops[id] = (loop.RunAsync(id, stop.Token), stop);
        }
    }

    private async Task StopAllAsync()
    {
        foreach (var id in loops.Keys.ToList())
            await StopAsync(id);
    }

    private async Task StopAsync(Guid id)
    {
        var (running, stop) = loops[id];
        loops.Remove(id);
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
