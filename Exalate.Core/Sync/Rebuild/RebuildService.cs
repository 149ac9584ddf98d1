using Exalate.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync.Rebuild;

/// <summary>Drives the <see cref="Rebuilder"/> in a running node.</summary>
internal sealed class RebuildService(Rebuilder rebuilder, StorageHealth storage, Rounds rounds, INodeChanges changes, TimeProvider time, ILogger<RebuildService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Bell work = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = changes.Subscribe(change =>
        {
            if (change == NodeChange.Connections)
                work.Ring();
        });
        await rounds.RepeatAsync(RoundAsync, failure => SyncLog.WorkerStumbled(logger, failure), stoppingToken);
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        var next = work.Next;
        if (storage.Problem is not null || !await rebuilder.WorkAsync(stoppingToken))
            await work.WaitAsync(next, Pause, stoppingToken);
    }
}
