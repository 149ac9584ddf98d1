using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Connections.Life;

/// <summary>Tells partners at once what has to be told, and again every ten seconds as far as it is due; looks after secrets and partners meanwhile.</summary>
internal sealed class LifeService(
    NoticeCourier courier, SecretRotation rotation, PartnerCheck partners, Pulses pulses, Rounds rounds, INodeChanges changes, TimeProvider time, ILogger<LifeService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Bell work = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = changes.Subscribe(change =>
        {
            if (change == NodeChange.Connections)
            {
                work.Ring();
            }
        });
        await Task.WhenAll(rounds.RepeatAsync(DeliverAsync, Log, stoppingToken), rounds.RepeatAsync(LookAfterAsync, Log, stoppingToken));
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
        await pulses.SendDueAsync(cancellationToken);
        await partners.CheckDueAsync(cancellationToken);
        await Task.Delay(Pause, time, cancellationToken);
    }

    private void Log(Exception failure) => LifeLog.RoundFailed(log, failure);
}
