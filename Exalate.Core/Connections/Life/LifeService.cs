using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Connections.Life;

/// <summary>Tells partners at once what has to be told, and again every ten seconds as far as it is due; looks after secrets and partners meanwhile.</summary>
internal sealed class LifeService(
    NoticeCourier courier, SecretRotation rotation, PartnerCheck partners, StorageHealth storage, INodeChanges changes, TimeProvider time, ILogger<LifeService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterAStumble = TimeSpan.FromSeconds(1);

    private readonly Bell work = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var subscription = changes.Subscribe(change =>
        {
            if (change == NodeChange.Connections)
            {
                work.Ring();
            }
        });
        await Task.WhenAll(LoopAsync(DeliverAsync, stoppingToken), LoopAsync(LookAfterAsync, stoppingToken));
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var next = work.Next;
        await courier.DeliverDueAsync(cancellationToken);
        await work.WaitAsync(next, Pause, cancellationToken);
    }

    private async Task LookAfterAsync(CancellationToken cancellationToken)
    {
        await rotation.DropOldAsync(cancellationToken);
        await partners.CheckDueAsync(cancellationToken);
        await Task.Delay(Pause, time, cancellationToken);
    }

    private async Task LoopAsync(Func<CancellationToken, Task> roundAsync, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await roundAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The entry point of this worker: a database that is away for a while must not end it.
                if (!storage.Notice(e))
                    LifeLog.RoundFailed(log, e);
                await Task.Delay(AfterAStumble, time, CancellationToken.None);
            }
        }
    }
}
