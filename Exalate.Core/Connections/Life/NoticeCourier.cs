using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Connections.Life;

/// <summary>Carries notices to the partners, in order and again until each is acknowledged. Keeps nothing in memory: killed anywhere, the next round goes on from the rows.</summary>
internal sealed class NoticeCourier(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, IPeerClient peers, SecretRotation rotation, TimeProvider time, INodeChanges changes,
    ILogger<NoticeCourier> log)
{
    /// <summary>A partner that was not told of a deletion by then learns of it when it calls.</summary>
    public static readonly TimeSpan FarewellLifetime = TimeSpan.FromDays(30);

    private const int AtOnce = 8;
    private const int MostInARow = 10;

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    /// <summary>One try for everything whose time has come. Partners that don't answer do not hold up the others for longer than one call.</summary>
    public async Task DeliverDueAsync(CancellationToken cancellationToken)
    {
        var (connections, farewells) = await DueAsync(cancellationToken);
        await Task.WhenAll(connections.Select(id => DeliverAsync(id, cancellationToken)).Concat(farewells.Select(id => BidFarewellAsync(id, cancellationToken))));
    }

    private async Task<(List<Guid> Connections, List<Guid> Farewells)> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM Farewells WHERE DeletedAt < {(now - FarewellLifetime).UtcTicks}", cancellationToken);
        var connections = await db.Set<ConnectionNotice>().Where(n => n.NextAttemptAt <= now).Select(n => n.ConnectionId).Distinct().Take(AtOnce).ToListAsync(cancellationToken);
        var farewells = await db.Set<Farewell>().Where(f => f.NextAttemptAt <= now && f.RemoteUrl != null).OrderBy(f => f.NextAttemptAt).Select(f => f.Id).Take(AtOnce).ToListAsync(cancellationToken);
        return (connections, farewells);
    }

    private async Task DeliverAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        for (var count = 0; count < MostInARow; count++)
        {
            if (!await DeliverNextAsync(connectionId, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>False when nothing more can be delivered to this partner now.</summary>
    private async Task<bool> DeliverNextAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == connectionId, cancellationToken);
        var notice = await db.Set<ConnectionNotice>().AsNoTracking().Where(n => n.ConnectionId == connectionId).OrderBy(n => n.Number).FirstOrDefaultAsync(cancellationToken);
        if (connection is null || notice is null || notice.NextAttemptAt > time.GetUtcNow())
        {
            return false;
        }

        try
        {
            if (await MessageAsync(notice, connection, cancellationToken) is not { } message)
            {
                await RemoveAsync(db, notice, cancellationToken);
                return true;
            }

            await peers.SendNoticeAsync(connection, message, cancellationToken);
            await AcknowledgedAsync(db, notice, connection, cancellationToken);
            return true;
        }
        catch (PeerException e) when (e.Code is PeerCodes.MessageRefused or PeerCodes.Malformed)
        {
            // The partner itself said that it will never take it: repeating would hold up what comes after.
            LifeLog.NoticeRefused(log, connection.Id, notice.Kind.ToString(), e.Sentence);
            if (notice.Kind == NoticeKind.SecretOffered)
            {
                await rotation.GiveUpAsync(connection, cancellationToken);
            }

            await RemoveAsync(db, notice, cancellationToken);
            return true;
        }
        catch (PeerException e)
        {
            await PostponeAsync(db, notice, e, cancellationToken);
            return false;
        }
    }

    /// <summary>Null when there is nothing to say any more.</summary>
    private async Task<NoticeMessage?> MessageAsync(ConnectionNotice notice, Connection connection, CancellationToken cancellationToken)
    {
        var message = new NoticeMessage { Number = notice.Number, Kind = notice.Kind.ToString(), At = notice.CreatedAt };
        return notice.Kind switch
        {
            NoticeKind.Moved => (await settings.ReadAsync(cancellationToken)).ExalateUrl is { } url ? message with { Url = url } : null,
            NoticeKind.SecretOffered => connection is { NextSecretIsOurs: true, ProtectedNextSecret: { } next } ? message with { Secret = rotation.Reveal(connection, next) } : null,
            _ => message,
        };
    }

    private async Task AcknowledgedAsync(ExalateDbContext db, ConnectionNotice notice, Connection connection, CancellationToken cancellationToken)
    {
        switch (notice.Kind)
        {
            case NoticeKind.SecretOffered:
                await rotation.SwitchAsync(connection, notice, cancellationToken);
                break;
            case NoticeKind.SecretInUse:
                await rotation.ConfirmedAsync(connection.Id, cancellationToken);
                await RemoveAsync(db, notice, cancellationToken);
                break;
            default:
                await RemoveAsync(db, notice, cancellationToken);
                break;
        }

        LifeLog.NoticeDelivered(log, connection.Id, notice.Kind.ToString());
        changes.Ring(NodeChange.Connections);
    }

    // By statement: an overtaking notice may have removed the row meanwhile.
    private static Task RemoveAsync(ExalateDbContext db, ConnectionNotice notice, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM ConnectionNotices WHERE Id = {notice.Id}", cancellationToken);

    private async Task PostponeAsync(ExalateDbContext db, ConnectionNotice notice, PeerException failure, CancellationToken cancellationToken)
    {
        var next = (time.GetUtcNow() + Pause(notice.Attempts, failure)).UtcTicks;
        var problem = failure.Sentence;
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE ConnectionNotices SET Attempts = Attempts + 1, NextAttemptAt = {next}, Problem = {problem} WHERE Id = {notice.Id}", cancellationToken);
        LifeLog.NoticeDelayed(log, notice.ConnectionId, notice.Kind.ToString(), notice.Attempts + 1, failure.Sentence);
        changes.Ring(NodeChange.Connections);
    }

    private async Task BidFarewellAsync(Guid farewellId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var farewell = await db.Set<Farewell>().AsNoTracking().SingleOrDefaultAsync(f => f.Id == farewellId, cancellationToken);
        if (farewell is null)
        {
            return;
        }

        try
        {
            await peers.SendNoticeAsync(
                Farewells.Ghost(farewell), new NoticeMessage { Number = farewell.DeletedAt.ToUnixTimeMilliseconds(), Kind = nameof(NoticeKind.Deleted), At = farewell.DeletedAt }, cancellationToken);
        }
        catch (PeerException e) when (!e.ConnectionGone && e.Code is not (PeerCodes.MessageRefused or PeerCodes.Malformed))
        {
            var next = (time.GetUtcNow() + Pause(farewell.Attempts, e)).UtcTicks;
            await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Farewells SET Attempts = Attempts + 1, NextAttemptAt = {next} WHERE Id = {farewell.Id}", cancellationToken);
            LifeLog.NoticeDelayed(log, farewell.Id, nameof(NoticeKind.Deleted), farewell.Attempts + 1, e.Sentence);
            return;
        }
        catch (PeerException e)
        {
            // It does not know the connection either, or will never take the notice.
            LifeLog.NoticeRefused(log, farewell.Id, nameof(NoticeKind.Deleted), e.Sentence);
        }

        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM Farewells WHERE Id = {farewell.Id}", cancellationToken);
    }

    private static TimeSpan Pause(int attempts, PeerException failure)
    {
        var pause = Pauses[Math.Min(attempts, Pauses.Length - 1)];
        return failure is { Category: FailureCategory.RateLimited, RetryAfter: { } asked } && asked > pause && asked < TimeSpan.FromHours(1) ? asked : pause;
    }
}
