using System.Security.Cryptography;
using System.Text;
using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Connections;

/// <summary>The invited side of an inviter that can't be called: keeps word of its invitations, and the answer until it is fetched.</summary>
internal sealed class RegistrationDesk(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ISecretProtector secrets, IRandomSource random, TimeProvider time, INodeChanges changes,
    IOptions<PeerOptions> options)
{
    private const int MaxOfOneAddress = 20;
    private const int MaxTries = 5;
    private static readonly TimeSpan NoteAsked = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(91);
    private static readonly PeerRefusal Malformed = new(400, PeerCodes.Malformed);

    /// <summary>An inviter leaves word of its invitation, says that it was revoked, or asks for the answer: all the same call, repeated until there is one.</summary>
    public async Task<Result<RegistrationStanding>> AskAsync(RegisterInvitation question, string? fromAddress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (question is not { TokenHash.Length: 64, AnswerKey.Length: >= 32 and <= 100 } || question.LinkId == Guid.Empty || !PartnerIdentity.IsUid(question.Uid) || question.ExpiresAt > now + LongestLife)
        {
            return Malformed;
        }

        var own = await settings.ReadAsync(cancellationToken);
        if (question.For != own.NodeUid || question.Uid == own.NodeUid)
        {
            return question.Uid == own.NodeUid ? new PeerRefusal(409, PeerCodes.InvitationOwn) : new PeerRefusal(403, PeerCodes.InvitationForAnotherNode);
        }

        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var known = await db.Set<RegisteredInvitation>().SingleOrDefaultAsync(r => r.LinkId == question.LinkId, cancellationToken);
            if (known is null && await IsFullAsync(db, fromAddress, cancellationToken))
            {
                return new PeerRefusal(429, PeerCodes.TooManyOffers);
            }

            if (known is not null && !IsSame(known.AnswerKeyHash, Tokens.Hash(question.AnswerKey)))
            {
                return new PeerRefusal(409, PeerCodes.InvitationUsed);
            }

            var standing = known ?? Add(db, question, fromAddress, now);
            Take(standing, question, now);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return await AnswerAsync(db, standing, own, cancellationToken);
            }
            catch (DbUpdateException e) when (attempt < MaxTries && (e is DbUpdateConcurrencyException || e.IsDuplicate()))
            {
                // Accepted or registered at this very moment: look again.
            }
        }
    }

    /// <summary>What is known here of an invitation whose maker can't be asked; null: nothing.</summary>
    public async Task<RegisteredInvitation?> FindAsync(InvitationPayload payload, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hash = Tokens.Hash(payload.Token);
        return await db.Set<RegisteredInvitation>().AsNoTracking().SingleOrDefaultAsync(r => r.LinkId == payload.LinkId && r.TokenHash == hash, cancellationToken);
    }

    /// <summary><em>Confirm</em>: makes the secret and the active connection in one step; the inviter fetches its part. Repeated, it answers the same connection.</summary>
    public async Task<Result<Guid>> AcceptAsync(InvitationPayload payload, Func<ExalateDbContext, Task<Connection>> newConnection, CancellationToken cancellationToken)
    {
        var hash = Tokens.Hash(payload.Token);
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var standing = await db.Set<RegisteredInvitation>().SingleOrDefaultAsync(r => r.LinkId == payload.LinkId && r.TokenHash == hash, cancellationToken);
            if (standing is { State: InvitationState.Used, ConnectionId: { } made })
            {
                return made;
            }

            if (InvitationFaults.OfRegistered(standing, payload, time.GetUtcNow()) is { } objection)
            {
                return objection;
            }

            var connection = await newConnection(db);
            connection.ProtectedSecret = secrets.Protect(Tokens.NewSecret(random));
            connection.Status = ConnectionStatus.Active;
            connection.ActivatedAt = time.GetUtcNow();
            db.Add(connection);
            (standing!.State, standing.ConnectionId) = (InvitationState.Used, connection.Id);
            standing.Revision++;
            db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = connection.CreatedBy, Action = AuditAction.ConnectionAccepted, Subject = $"connection {connection.Name}" });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                changes.Ring(NodeChange.Connections);
                return connection.Id;
            }
            catch (DbUpdateException e) when (attempt < MaxTries && (e is DbUpdateConcurrencyException || e.IsDuplicate()))
            {
                // A second Confirm, a revocation, or the name was taken: look again.
            }
        }
    }

    private static bool IsSame(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));

    private async Task<bool> IsFullAsync(ExalateDbContext db, string? fromAddress, CancellationToken cancellationToken)
    {
        var open = db.Set<RegisteredInvitation>().Where(r => r.State != InvitationState.Used);
        return await open.CountAsync(cancellationToken) >= options.Value.MaxOffers || await open.CountAsync(r => r.FromAddress == fromAddress, cancellationToken) >= MaxOfOneAddress;
    }

    private static RegisteredInvitation Add(ExalateDbContext db, RegisterInvitation question, string? fromAddress, DateTimeOffset now)
    {
        var added = new RegisteredInvitation
        {
            LinkId = question.LinkId,
            TokenHash = question.TokenHash,
            AnswerKeyHash = Tokens.Hash(question.AnswerKey),
            InviterUid = question.Uid,
            State = InvitationState.Open,
            ExpiresAt = question.ExpiresAt,
            FromAddress = fromAddress,
            CreatedAt = now,
            AskedAt = now,
        };
        db.Add(added);
        return added;
    }

    private static void Take(RegisteredInvitation standing, RegisterInvitation question, DateTimeOffset now)
    {
        standing.AskedAt = now - standing.AskedAt > NoteAsked ? now : standing.AskedAt;
        var state = question.IsRevoked ? InvitationState.Revoked : InvitationState.Open;
        if (standing.State == InvitationState.Used || (standing.State == state && standing.TokenHash == question.TokenHash))
        {
            return;
        }

        (standing.TokenHash, standing.ExpiresAt, standing.State) = (question.TokenHash, question.ExpiresAt, state);
        standing.Revision++;
    }

    private async Task<Result<RegistrationStanding>> AnswerAsync(ExalateDbContext db, RegisteredInvitation standing, NodeSettings own, CancellationToken cancellationToken)
    {
        if (standing.State != InvitationState.Used)
        {
            return new RegistrationStanding(standing.StateAt(time.GetUtcNow()).ToString().ToLowerInvariant());
        }

        var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == standing.ConnectionId, cancellationToken);
        if (connection?.ProtectedSecret is not { } secret)
        {
            return new PeerRefusal(404, PeerCodes.InvitationUnknown);
        }

        try
        {
            return NodeIdentity.Of(own) is { } node ? new RegistrationStanding("used", secrets.Unprotect(secret), node) : new PeerRefusal(503, PeerCodes.NotReady);
        }
        catch (SecretUnreadableException)
        {
            return new PeerRefusal(503, PeerCodes.SecretUnreadable);
        }
    }
}
