using System.Security.Cryptography;
using System.Text;
using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

/// <summary>Why a partner's unsigned call is refused: status and code, nothing else.</summary>
internal sealed record PeerRefusal(int Status, string Code) : Error(Code);

/// <summary>The inviting side of the exchange: what partners ask with the token of an invitation.</summary>
internal sealed class InviterDesk(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ISecretProtector secrets, IRandomSource random, TimeProvider time,
    PeerHttp peers, INodeChanges changes)
{
    private const int MaxTries = 5;
    private static readonly PeerRefusal Malformed = new(400, PeerCodes.Malformed);
    private static readonly PeerRefusal UnknownInvitation = new(404, PeerCodes.InvitationUnknown);
    private static readonly PeerRefusal AlreadyUsed = new(409, PeerCodes.InvitationUsed);

    public async Task<Result<InvitationStanding>> InspectAsync(InspectInvitation question, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (invitation, _) = await FindAsync(db, question.LinkId, question.Token, cancellationToken);
        return invitation is null
            ? UnknownInvitation
            : new InvitationStanding(invitation.StateAt(time.GetUtcNow()).ToString().ToLowerInvariant(), invitation.ExpiresAt);
    }

    /// <summary>Exchanges the token for the connection's secret. Exactly one acceptance wins; the winner may repeat it.</summary>
    public async Task<Result<InvitationExchanged>> ExchangeAsync(ExchangeInvitation question, string? fromAddress, CancellationToken cancellationToken)
    {
        if (question.AcceptId is not { Length: >= 16 and <= 64 } || question.Token is not { Length: > 0 and <= 200 } || question.Node is null
            || !PartnerIdentity.TryCheck(question.Node, out var partner))
        {
            return Malformed;
        }

        string? unreachable = null;
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var (invitation, connection) = await FindAsync(db, question.LinkId, question.Token, cancellationToken);
            if (invitation is null || connection is null)
            {
                return UnknownInvitation;
            }

            var own = await settings.ReadAsync(cancellationToken);
            if (IsRepeat(invitation, question, partner))
            {
                return Answer(connection, own);
            }

            // On a private connection nobody calls the accepter, whatever address it names.
            partner = connection.Type == ConnectionType.Private ? partner with { Url = null } : partner;
            if (Objection(invitation, connection, partner, own) is { } objection)
            {
                return objection;
            }

            if (attempt == 1 && partner.Url is { } partnerUrl)
            {
                var reached = await ReachBackAsync(partner, partnerUrl, cancellationToken);
                if (!reached.IsSuccess)
                {
                    return reached.Error;
                }

                unreachable = reached.Value;
            }

            Use(db, invitation, question.AcceptId, partner, fromAddress);
            await ActivateAsync(db, connection, partner, unreachable, cancellationToken);
            if (await TrySaveAsync(db, attempt, cancellationToken))
            {
                changes.Ring(NodeChange.Connections);
                return Answer(connection, own);
            }
        }
    }

    private static async Task<(Invitation? Invitation, Connection? Connection)> FindAsync(ExalateDbContext db, Guid linkId, string? token, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token))
        {
            return (null, null);
        }

        // The token has 256 random bits and is looked up by its hash, so the index tells nothing by its timing.
        var hash = Tokens.Hash(token);
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.TokenHash == hash, cancellationToken);
        var connection = invitation is null ? null : await db.Connections.SingleOrDefaultAsync(c => c.Id == invitation.ConnectionId && c.LinkId == linkId, cancellationToken);
        return connection is null ? (null, null) : (invitation, connection);
    }

    private static bool IsRepeat(Invitation invitation, ExchangeInvitation question, PeerIdentity partner) =>
        invitation is { State: InvitationState.Used, AcceptId: { } first }
        && invitation.UsedByNodeUid == partner.Uid
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(question.AcceptId));

    private PeerRefusal? Objection(Invitation invitation, Connection connection, PeerIdentity partner, NodeSettings own) => invitation.StateAt(time.GetUtcNow()) switch
    {
        InvitationState.Used => AlreadyUsed,
        InvitationState.Revoked => new(410, PeerCodes.InvitationRevoked),
        InvitationState.Expired => new(410, PeerCodes.InvitationExpired),
        _ when partner.Uid == own.NodeUid => new(409, PeerCodes.InvitationOwn),
        _ when invitation.InvitedNodeUid is { } invited && invited != partner.Uid => new(403, PeerCodes.InvitationForAnotherNode),
        _ when connection.Type == ConnectionType.Public && partner.Url is null => new(422, PeerCodes.UrlNeeded),
        _ when NodeIdentity.Of(own) is null => new(503, PeerCodes.NotReady),
        _ => null,
    };

    /// <summary>Null when the accepter's node answers at its address; a sentence when it can't be reached; fails when another node answers there.</summary>
    private async Task<Result<string?>> ReachBackAsync(PeerIdentity partner, string partnerUrl, CancellationToken cancellationToken)
    {
        try
        {
            var about = await peers.AboutAsync(partnerUrl, cancellationToken);
            return about.Uid == partner.Uid ? Result.Of<string?>(null) : new PeerRefusal(422, PeerCodes.IdentityMismatch);
        }
        catch (PeerException e)
        {
            // The partner reached us, so the agreement stands; what can't work yet is our way to it.
            return Result.Of<string?>($"{partner.ShortName} accepted, but this node can't call it. {e.Sentence} What changes here goes out once it can be reached.");
        }
    }

    private void Use(ExalateDbContext db, Invitation invitation, string acceptId, PeerIdentity partner, string? fromAddress)
    {
        invitation.State = InvitationState.Used;
        invitation.AcceptId = acceptId;
        invitation.UsedAt = time.GetUtcNow();
        invitation.UsedByNodeUid = partner.Uid;
        invitation.UsedFromAddress = fromAddress;
        invitation.ProtectedCode = null;
        invitation.Revision++;
        db.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Action = AuditAction.InvitationUsed,
            Subject = PartnerIdentity.Line($"invitation accepted by {partner.ShortName} at {partner.Url ?? "no address"}", AuditEntry.MaxTextLength),
            RemoteAddress = fromAddress,
        });
    }

    private async Task ActivateAsync(ExalateDbContext db, Connection connection, PeerIdentity partner, string? problem, CancellationToken cancellationToken)
    {
        connection.Apply(partner);
        connection.ProtectedSecret = secrets.Protect(Tokens.NewSecret(random));
        connection.Status = ConnectionStatus.Active;
        connection.ActivatedAt = time.GetUtcNow();
        connection.Problem = problem;
        connection.ProblemSince = problem is null ? null : time.GetUtcNow();
        if (connection.NameIsGenerated)
        {
            connection.Name = await ConnectionNames.FreeAsync(db, connection.LocalShortName, connection.RemoteShortName, connection.Id, cancellationToken);
        }
    }

    private static async Task<bool> TrySaveAsync(ExalateDbContext db, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException) when (attempt < MaxTries)
        {
            // Accepted, revoked or replaced in the meantime: look again who was first.
            return false;
        }
        catch (DbUpdateException e) when (attempt < MaxTries && e.IsDuplicate())
        {
            // The generated name was taken in the meantime.
            return false;
        }
    }

    private Result<InvitationExchanged> Answer(Connection connection, NodeSettings own)
    {
        if (NodeIdentity.Of(own) is not { } node || connection.ProtectedSecret is not { } secret)
        {
            return new PeerRefusal(503, PeerCodes.NotReady);
        }

        try
        {
            return new InvitationExchanged(secrets.Unprotect(secret), node);
        }
        catch (SecretUnreadableException)
        {
            return new PeerRefusal(503, PeerCodes.SecretUnreadable);
        }
    }
}
