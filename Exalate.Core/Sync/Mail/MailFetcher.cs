using Exalate.Core.Connections;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync.Mail;

/// <summary>On the side that can't be called: one loop for each such connection fetches what waits at the partner.</summary>
internal sealed class MailFetcher(IDbContextFactory<ExalateDbContext> databases, MailLoop loop, StorageHealth storage, INodeChanges changes, TimeProvider time, ILogger<MailFetcher> logger)
    : BackgroundService
{
    /// <summary>Another process on this database may have made a connection.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly Bell bell = new(time);
    private readonly Dictionary<Guid, (Task Loop, CancellationTokenSource Stop)> loops = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start is not held up by the first look at the database.
        await Task.Yield();
        using var subscription = changes.Subscribe(change =>
        {
            if (change == NodeChange.Connections)
                bell.Ring();
        });
        try
        {
            while (true)
            {
                var next = bell.Next;
                await LookAsync(stoppingToken);
                await bell.WaitAsync(next, LookAgain, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
        finally
        {
            await StopAllAsync();
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
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
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The entry point of this worker: a database that is away for a while must not end it.
            if (!storage.Notice(exception))
                SyncLog.MailStumbled(logger, exception);
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
