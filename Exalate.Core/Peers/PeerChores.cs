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
internal sealed class PeerChoresService(PeerChores chores, AttachmentSpool spool, Rounds rounds, TimeProvider time, ILogger<PeerChoresService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await rounds.TryAsync(spool.SweepAsync, Log, stoppingToken);
        await rounds.RepeatAsync(RoundAsync, Log, stoppingToken);
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        await chores.RunAsync(cancellationToken);
        await Task.Delay(Pause, time, cancellationToken);
    }

    private void Log(Exception failure) => PeersLog.ChoreFailed(log, failure);
}

/// <summary>Looks for answers to the invitations of a node that can't be called.</summary>
internal sealed class AnswerFetcherService(AnswerFetcher fetcher, INodeChanges changes, Rounds rounds, TimeProvider time, ILogger<AnswerFetcherService> log) : BackgroundService
{
    private readonly Bell bell = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = changes.Subscribe(change =>
        {
            // Pairs at work are none of its business, and there are many.
            if (change is NodeChange.Connections or NodeChange.Settings)
                bell.Ring();
        });
        await rounds.RepeatAsync(RoundAsync, failure => PeersLog.ChoreFailed(log, failure), stoppingToken);
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        var next = bell.Next;
        var pause = await fetcher.LookAsync(cancellationToken);
        await bell.WaitAsync(next, pause, cancellationToken);
    }
}
