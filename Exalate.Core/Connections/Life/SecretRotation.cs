using Exalate.Core.Peers;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

/// <summary>Which of a connection's keys a partner's signature was made with.</summary>
internal enum KeyUse
{
    Current,

    /// <summary>The one that the partner offered: its first use.</summary>
    Next,

    /// <summary>The one before the last rotation.</summary>
    Previous,

    /// <summary>Only good for saying "deleted".</summary>
    Farewell,
}

/// <summary>
/// The steps of a rotation, each one conditional statement, so that a crash, a lost answer or a second delivery between any two leaves both sides with a key in common:
/// the offer goes out under the old secret, the offerer signs with the new one once the partner has stored it, the partner follows with its first sight of it, and the old one
/// is dropped only after the new one was seen in use.
/// </summary>
internal sealed class SecretRotation(IDbContextFactory<ExalateDbContext> databases, ISecretProtector secrets, IRandomSource random, TimeProvider time, INodeChanges changes)
{
    /// <summary>How long calls that were signed with the old secret just before may still arrive.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    /// <summary>The keys with which the partner may sign now, the likeliest first.</summary>
    public IEnumerable<(KeyUse Use, PeerKey Key)> KeysOf(Connection connection)
    {
        var current = Key(connection, connection.ProtectedSecret!);
        yield return (KeyUse.Current, current);
        if (connection is { NextSecretIsOurs: false, ProtectedNextSecret: { } next })
        {
            yield return (KeyUse.Next, Key(connection, next));
        }

        if (connection.ProtectedPreviousSecret is { } previous && !(connection.PreviousSecretUntil < time.GetUtcNow()))
        {
            var old = Key(connection, previous);
            yield return (KeyUse.Previous, old);
            yield return (KeyUse.Farewell, Farewells.KeyOf(old));
        }

        yield return (KeyUse.Farewell, Farewells.KeyOf(current));
        if (connection is { NextSecretIsOurs: false, ProtectedNextSecret: { } offered })
        {
            yield return (KeyUse.Farewell, Farewells.KeyOf(Key(connection, offered)));
        }
    }

    /// <summary>The partner's call is good. What its key tells about the rotation is stored before the call is acted on.</summary>
    public async Task SawAsync(Connection connection, KeyUse use, CancellationToken cancellationToken)
    {
        if (use == KeyUse.Next)
        {
            await FollowAsync(connection.Id, connection.ProtectedNextSecret!, cancellationToken);
        }
        else if (use == KeyUse.Current && connection is { ProtectedPreviousSecret: not null, PreviousSecretUntil: null })
        {
            await ConfirmedAsync(connection.Id, cancellationToken);
        }
    }

    /// <summary>Stores the new secret and the offer, in the caller's transaction. False: a rotation is under way already.</summary>
    public static async Task<bool> BeginAsync(ExalateDbContext db, Connection connection, string protectedNext, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Database.ExecuteSqlInterpolatedAsync(
            $@"UPDATE Connections SET ProtectedNextSecret = {protectedNext}, NextSecretIsOurs = 1
               WHERE Id = {connection.Id} AND ProtectedSecret IS NOT NULL AND ProtectedNextSecret IS NULL AND (ProtectedPreviousSecret IS NULL OR PreviousSecretUntil IS NOT NULL)",
            cancellationToken) != 1)
        {
            return false;
        }

        await db.QueueNoticeAsync(connection, NoticeKind.SecretOffered, now, cancellationToken);
        return true;
    }

    /// <summary>The partner, which makes no calls, wants another secret: this side offers one. One that is under way already will do.</summary>
    public Task OfferWantedAsync(ExalateDbContext db, Connection connection, CancellationToken cancellationToken) =>
        connection.Reach == Reach.OnlyTheyCall
            ? Task.CompletedTask
            : BeginAsync(db, connection, secrets.Protect(Tokens.NewSecret(random)), time.GetUtcNow(), cancellationToken);

    /// <summary>The partner took our offer: from now on we sign with it, and say so.</summary>
    public async Task SwitchAsync(Connection connection, ConnectionNotice offer, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var switched = await db.Database.ExecuteSqlInterpolatedAsync(
            $@"UPDATE Connections SET ProtectedPreviousSecret = ProtectedSecret, PreviousSecretUntil = NULL, ProtectedSecret = ProtectedNextSecret, ProtectedNextSecret = NULL,
               NextSecretIsOurs = 0, SecretRotatedAt = {now.UtcTicks}
               WHERE Id = {connection.Id} AND NextSecretIsOurs = 1 AND ProtectedNextSecret = {connection.ProtectedNextSecret}",
            cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM ConnectionNotices WHERE Id = {offer.Id}", cancellationToken);
        if (switched == 1)
        {
            var fresh = await db.Connections.SingleAsync(c => c.Id == connection.Id, cancellationToken);
            await db.QueueNoticeAsync(fresh, NoticeKind.SecretInUse, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The partner's offer is stored; it is used here with the partner's first use of it. False when one of ours is under way and goes before.</summary>
    public async Task<bool> TakeOfferAsync(ExalateDbContext db, Connection connection, string secret, CancellationToken cancellationToken)
    {
        var next = secrets.Protect(secret);
        if (connection.IsInviter)
        {
            return await db.Database.ExecuteSqlInterpolatedAsync(
                $"UPDATE Connections SET ProtectedNextSecret = {next}, NextSecretIsOurs = 0 WHERE Id = {connection.Id} AND (ProtectedNextSecret IS NULL OR NextSecretIsOurs = 0)", cancellationToken) == 1;
        }

        // Both offered at once: the inviter's counts, as both know. Its partner refuses ours.
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET ProtectedNextSecret = {next}, NextSecretIsOurs = 0 WHERE Id = {connection.Id}", cancellationToken);
        var offered = nameof(NoticeKind.SecretOffered);
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM ConnectionNotices WHERE ConnectionId = {connection.Id} AND Kind = {offered}", cancellationToken);
        return true;
    }

    /// <summary>The partner uses what it offered: so do we, and the old secret stays for what is still on its way.</summary>
    public async Task FollowAsync(Guid connectionId, string protectedNext, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await db.Database.ExecuteSqlInterpolatedAsync(
            $@"UPDATE Connections SET ProtectedPreviousSecret = ProtectedSecret, PreviousSecretUntil = {(now + Overlap).UtcTicks}, ProtectedSecret = ProtectedNextSecret,
               ProtectedNextSecret = NULL, NextSecretIsOurs = 0, SecretRotatedAt = {now.UtcTicks}
               WHERE Id = {connectionId} AND NextSecretIsOurs = 0 AND ProtectedNextSecret = {protectedNext}",
            cancellationToken);
        changes.Ring(NodeChange.Connections);
    }

    /// <summary>The partner was seen to use the new secret: the old one ends soon.</summary>
    public async Task ConfirmedAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET PreviousSecretUntil = {(time.GetUtcNow() + Overlap).UtcTicks} WHERE Id = {connectionId} AND ProtectedPreviousSecret IS NOT NULL AND PreviousSecretUntil IS NULL",
            cancellationToken);
        changes.Ring(NodeChange.Connections);
    }

    /// <summary>The partner will not take our offer: the present secret stays.</summary>
    public async Task GiveUpAsync(Connection connection, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET ProtectedNextSecret = NULL, NextSecretIsOurs = 0 WHERE Id = {connection.Id} AND NextSecretIsOurs = 1 AND ProtectedNextSecret = {connection.ProtectedNextSecret}",
            cancellationToken);
    }

    /// <summary>Forgets old secrets whose time is over.</summary>
    public async Task DropOldAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET ProtectedPreviousSecret = NULL, PreviousSecretUntil = NULL WHERE PreviousSecretUntil < {time.GetUtcNow().UtcTicks}", cancellationToken);
    }

    /// <exception cref="PeerException">The stored secret can't be decrypted.</exception>
    public string Reveal(Connection connection, string protectedSecret)
    {
        try
        {
            return secrets.Unprotect(protectedSecret);
        }
        catch (SecretUnreadableException e)
        {
            throw new PeerException(FailureCategory.Misconfigured, $"The new secret of the connection '{connection.Name}' can't be read. {e.Message}", e);
        }
    }

    private PeerKey Key(Connection connection, string protectedSecret) => PeerKey.Of(connection.LinkId, secrets.Unprotect(protectedSecret));
}
