using System.Buffers.Text;
using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Connections.Life;

/// <summary>What became of a partner's notice.</summary>
/// <param name="Later">Set when it can't be judged now: the sender is to repeat it.</param>
internal sealed record NoticeAnswer(InboxAnswer Answer, bool Later = false)
{
    public static readonly NoticeAnswer Stored = new(InboxAnswer.Stored);

    public static readonly NoticeAnswer AlreadyStored = new(InboxAnswer.AlreadyStored);

    public static NoticeAnswer Refused(string sentence) => new(InboxAnswer.Refused(sentence));

    public static NoticeAnswer NotNow(string sentence) => new(InboxAnswer.NotNow(sentence), Later: true);
}

/// <summary>Takes what a partner tells about its side of a connection. It changes that connection alone, and of it only what the notice is about.</summary>
internal sealed class NoticeDesk(
    IDbContextFactory<ExalateDbContext> databases, PeerHttp peers, SecretRotation rotation, TimeProvider time, INodeChanges changes, ILogger<NoticeDesk> log)
{
    private const int SecretLength = 43;

    /// <param name="connectionId">This side's id of the connection whose key signed the notice.</param>
    public async Task<NoticeAnswer> TakeAsync(Guid connectionId, KeyUse use, NoticeMessage message, string? fromAddress, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<NoticeKind>(message.Kind, out var kind) || !Enum.IsDefined(kind) || kind.ToString() != message.Kind)
        {
            return NoticeAnswer.Refused("This node does not know this kind of notice. Update the older of the two nodes.");
        }

        if (Objection(kind, use, message) is { } objection)
        {
            return NoticeAnswer.Refused(objection);
        }

        var (url, refusal) = kind == NoticeKind.Moved ? await VerifyAddressAsync(connectionId, message.Url!, cancellationToken) : (null, null);
        return refusal ?? await StoreAsync(connectionId, use, kind, message, url, fromAddress, cancellationToken);
    }

    private static string? Objection(NoticeKind kind, KeyUse use, NoticeMessage message) => kind switch
    {
        _ when message.Number < 1 => "A notice has a number from 1 up.",
        not NoticeKind.Deleted when use == KeyUse.Farewell => "The key of a deleted connection is good for telling so, and for nothing else.",
        NoticeKind.Moved when !WebAddress.TryReadOrigin(message.Url, out _, out _) => "The new address is not one that a node can have.",
        NoticeKind.SecretOffered when message.Secret is not { Length: SecretLength } secret || !Base64Url.IsValid(secret) => "The offered secret has not the right form.",
        _ => null,
    };

    private async Task<NoticeAnswer> StoreAsync(
        Guid connectionId, KeyUse use, NoticeKind kind, NoticeMessage message, string? url, string? fromAddress, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // One statement: of two deliveries one is first, and an older notice that was held up on its way changes nothing any more. Nothing comes after "deleted", whatever its number.
        var isNew = kind == NoticeKind.Deleted
            ? await db.Connections.AnyAsync(c => c.Id == connectionId && c.PartnerDeletedAt == null, cancellationToken)
            : await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET PartnerNoticeNumber = {message.Number} WHERE Id = {connectionId} AND PartnerNoticeNumber < {message.Number}", cancellationToken) == 1;
        if (!isNew)
        {
            return NoticeAnswer.AlreadyStored;
        }

        var connection = await db.Connections.SingleAsync(c => c.Id == connectionId, cancellationToken);
        if (!await ApplyAsync(db, connection, use, kind, message, url, cancellationToken))
        {
            return NoticeAnswer.Refused("A change of the secret that this side began is under way; it goes before.");
        }

        db.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Action = AuditAction.PartnerNotice,
            Subject = PartnerIdentity.Line($"{connection.RemoteShortName} on connection {connection.Name}: {kind}{(url is null ? "" : " to " + url)}", AuditEntry.MaxTextLength),
            RemoteAddress = fromAddress,
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LifeLog.NoticeTaken(log, connectionId, kind.ToString());
        changes.Ring(NodeChange.Connections);
        return NoticeAnswer.Stored;
    }

    private async Task<bool> ApplyAsync(
        ExalateDbContext db, Connection connection, KeyUse use, NoticeKind kind, NoticeMessage message, string? url, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        switch (kind)
        {
            case NoticeKind.Activated:
                connection.PartnerDeactivatedAt = null;
                GoOn(connection);
                return true;
            case NoticeKind.Deactivated:
                connection.PartnerDeactivatedAt = Believable(message.At, connection, now);
                return true;
            case NoticeKind.Deleted:
                await EndAsync(db, connection, Believable(message.At, connection, now), cancellationToken);
                return true;
            case NoticeKind.Moved:
                connection.RemoteUrl = url;
                GoOn(connection);
                return true;
            case NoticeKind.SecretWanted:
                await rotation.OfferWantedAsync(db, connection, cancellationToken);
                return true;
            case NoticeKind.SecretOffered:
                return await rotation.TakeOfferAsync(db, connection, message.Secret!, cancellationToken);
            default:
                // Seen by its key already where the call came straight; carried by a mailbox it is the word itself that counts.
                if (use != KeyUse.Next && connection is { NextSecretIsOurs: false, ProtectedNextSecret: { } next })
                {
                    (connection.ProtectedPreviousSecret, connection.PreviousSecretUntil) = (connection.ProtectedSecret, now + SecretRotation.Overlap);
                    (connection.ProtectedSecret, connection.ProtectedNextSecret, connection.SecretRotatedAt) = (next, null, now);
                }

                return true;
        }
    }

    /// <summary>The partner is gone for good: what was to be told to it goes.</summary>
    internal static Task EndAsync(ExalateDbContext db, Connection connection, DateTimeOffset at, CancellationToken cancellationToken)
    {
        connection.EndedByPartner(at);
        return db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM ConnectionNotices WHERE ConnectionId = {connection.Id}", cancellationToken);
    }

    /// <summary>Whatever pause the partner's silence had earned is over: the pairs that wait for it are due with the commit.</summary>
    private static void GoOn(Connection connection) =>
        connection.PartnerIsWell();

    /// <summary>The partner's clock, as far as it can be true.</summary>
    private static DateTimeOffset Believable(DateTimeOffset said, Connection connection, DateTimeOffset now) =>
        said > now ? now : said < connection.CreatedAt ? connection.CreatedAt : said.ToUniversalTime();

    /// <summary>The same node must answer at the new address before calls go there.</summary>
    private async Task<(string? Url, NoticeAnswer? Answer)> VerifyAddressAsync(Guid connectionId, string said, CancellationToken cancellationToken)
    {
        WebAddress.TryReadOrigin(said, out var url, out _);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var uid = await db.Connections.Where(c => c.Id == connectionId).Select(c => c.RemoteNodeUid).SingleOrDefaultAsync(cancellationToken);
        try
        {
            return (await peers.AboutAsync(url!, cancellationToken)).Uid == uid
                ? (url, null)
                : (null, NoticeAnswer.NotNow("Another node answers at the new address."));
        }
        catch (PeerException)
        {
            // The partner learns that it did not work, not what our network looks like.
            return (null, NoticeAnswer.NotNow("The new address does not answer from here yet."));
        }
    }
}
