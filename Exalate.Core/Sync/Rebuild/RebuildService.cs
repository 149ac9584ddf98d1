using Exalate.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync.Rebuild;

/// <summary>Drives the <see cref="Rebuilder"/> in a running node.</summary>
internal sealed class RebuildService(Rebuilder rebuilder, StorageHealth storage, INodeChanges changes, TimeProvider time, ILogger<RebuildService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Bell work = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start is not held up by the first look at the database.
        await Task.Yield();
        using var subscription = changes.Subscribe(change =>
        {
            if (change == NodeChange.Connections)
                work.Ring();
        });
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var next = work.Next;
                if (storage.Problem is not null || !await rebuilder.WorkAsync(stoppingToken))
                    await work.WaitAsync(next, Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The entry point of this worker: a database that is away for a while must not end it.
                if (!storage.Notice(exception))
                    SyncLog.WorkerStumbled(logger, exception);
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }
}
