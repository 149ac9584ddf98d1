using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Peers;

/// <summary>What has to be done between nodes without anybody asking: go on with acceptances, forget nonces and offers whose time is over.</summary>
internal sealed class PeerChores(IDbContextFactory<ExalateDbContext> databases, Acceptor acceptor, TimeProvider time)
{
    private static readonly TimeSpan KeepAnswers = TimeSpan.FromDays(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await acceptor.ResumeDueAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow().UtcTicks;
        // EF Core 6 has no bulk delete; times are stored as UTC ticks.
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM \"PeerNonces\" WHERE \"ExpiresAt\" < {now}", cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"DELETE FROM \"ReceivedOffers\" WHERE \"ExpiresAt\" < {now} AND (\"ConfirmBefore\" IS NULL OR \"ConfirmBefore\" < {now})", cancellationToken);
        // An answer that was not fetched by then is not going to be; what is under way is found again by the next question.
        var old = (time.GetUtcNow() - KeepAnswers).UtcTicks;
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM \"RegisteredInvitations\" WHERE \"ExpiresAt\" < {old}", cancellationToken);
    }
}

/// <summary>Runs the chores at start and then every ten seconds.</summary>
internal sealed class PeerChoresService(PeerChores chores, AttachmentSpool spool, StorageHealth storage, TimeProvider time, ILogger<PeerChoresService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(spool.SweepAsync, stoppingToken);
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            await TryAsync(chores.RunAsync, stoppingToken);
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> chore, CancellationToken stoppingToken)
    {
        try
        {
            await chore(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; what is open is taken up at its next start.
        }
        catch (Exception e)
        {
            // The entry point of this worker: a database that is away for a while must not end it.
            if (!storage.Notice(e))
                PeersLog.ChoreFailed(log, e);
        }
    }
}

/// <summary>Looks for answers to the invitations of a node that can't be called.</summary>
internal sealed class AnswerFetcherService(AnswerFetcher fetcher, INodeChanges changes, StorageHealth storage, TimeProvider time, ILogger<AnswerFetcherService> log) : BackgroundService
{
    private readonly Bell bell = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host's start is not held up by the first look at the database.
        await Task.Yield();
        using var subscription = changes.Subscribe(_ => bell.Ring());
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = bell.Next;
            try
            {
                var pause = await fetcher.LookAsync(stoppingToken);
                await bell.WaitAsync(next, pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The entry point of this worker: a database that is away for a while must not end it.
                if (!storage.Notice(e))
                    PeersLog.ChoreFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None);
            }
        }
    }
}
