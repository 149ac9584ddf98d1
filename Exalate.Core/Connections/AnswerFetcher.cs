using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Connections;

/// <summary>The inviting side without an address: leaves word of its invitations at the invited node, and fetches the answer there.</summary>
internal sealed class AnswerFetcher(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ISecretProtector secrets, TimeProvider time, PeerHttp peers, INodeChanges changes, IOptions<PeerOptions> options)
{
    /// <summary>Someone may sit before both consoles: right after the invitation was made the answer is looked for often.</summary>
    private static readonly TimeSpan Eager = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterTheEnd = TimeSpan.FromDays(1);
    private static readonly TimeSpan EagerPause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, (DateTimeOffset At, Guid Invitation, InvitationState State)> asked = [];

    /// <summary>Asks for every invitation whose turn it is.</summary>
    /// <returns>When to look again.</returns>
    public async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pending = await db.Connections.AsNoTracking()
            .Where(c => c.IsInviter && c.Reach == Reach.OnlyWeCall && c.Status == ConnectionStatus.Pending).Select(c => c.Id).ToListAsync(cancellationToken);
        var pause = Calm;
        foreach (var id in pending)
        {
            var newest = await db.Set<Invitation>().AsNoTracking().Where(i => i.ConnectionId == id).OrderByDescending(i => i.Number).FirstOrDefaultAsync(cancellationToken);
            var now = time.GetUtcNow();
            if (newest is null || now > newest.ExpiresAt + AfterTheEnd)
            {
                continue;
            }

            var wait = now - newest.CreatedAt < Eager ? EagerPause : Calm;
            pause = wait < pause ? wait : pause;
            // A new code, or a revocation, is told at once.
            if (asked.TryGetValue(id, out var last) && now - last.At < wait && (last.Invitation, last.State) == (newest.Id, newest.State))
            {
                continue;
            }

            asked[id] = (now, newest.Id, newest.State);
            await AskAsync(id, cancellationToken);
        }

        return pause;
    }

    /// <summary>Leaves word, or fetches the answer. What fails stands in the connection's row and is tried again.</summary>
    public async Task AskAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == connectionId, cancellationToken);
        var invitation = await db.Set<Invitation>().Where(i => i.ConnectionId == connectionId).OrderByDescending(i => i.Number).FirstOrDefaultAsync(cancellationToken);
        if (connection is not { Status: ConnectionStatus.Pending, RemoteUrl: { } url, RemoteNodeUid: { } uid } || invitation?.ProtectedAnswerKey is not { } key)
        {
            return;
        }

        try
        {
            var own = await settings.ReadAsync(cancellationToken);
            var question = new RegisterInvitation(
                connection.LinkId, invitation.TokenHash, secrets.Unprotect(key), own.NodeUid, uid, invitation.ExpiresAt, invitation.State == InvitationState.Revoked);
            var answer = await peers.AskAsync<RegisterInvitation, RegistrationStanding>(url, "/invitations/register", question, options.Value.QuestionTimeout, cancellationToken);
            await TakeAsync(db, connection, invitation, answer, cancellationToken);
        }
        catch (PeerException e)
        {
            await NoteAsync(db, connection, $"The invited node can't be asked whether the invitation was accepted. {Sentence(e)} This node keeps asking.", cancellationToken);
        }
        catch (SecretUnreadableException e)
        {
            await NoteAsync(db, connection, $"The invitation can't be read. {e.Message} Delete this connection and make a new one.", cancellationToken);
        }
    }

    private static string Sentence(PeerException failure) => failure.Code switch
    {
        PeerCodes.InvitationForAnotherNode => "Another node answers there now than before.",
        PeerCodes.InvitationUnknown => "It accepted the invitation, and the connection was deleted there since. Make a new one.",
        PeerCodes.InvitationUsed => "It knows an invitation of the same number from someone else. Make a new one.",
        PeerCodes.Malformed => "It can't read what this node asks; its version of Exalate may be too old.",
        _ => failure.Sentence,
    };

    private async Task TakeAsync(ExalateDbContext db, Connection connection, Invitation invitation, RegistrationStanding answer, CancellationToken cancellationToken)
    {
        if (answer.State != "used")
        {
            await NoteAsync(db, connection, null, cancellationToken);
            return;
        }

        if (answer is not { Secret.Length: Acceptor.SecretLength, Node: { } said } || !System.Buffers.Text.Base64Url.IsValid(answer.Secret) || !PartnerIdentity.TryCheck(said, out var partner) || partner.Uid != connection.RemoteNodeUid)
        {
            await NoteAsync(db, connection, "The invited node answered as another node than the one that was invited.", cancellationToken);
            return;
        }

        var now = time.GetUtcNow();
        connection.Apply(partner with { Url = connection.RemoteUrl });
        connection.ProtectedSecret = secrets.Protect(answer.Secret);
        (connection.Status, connection.ActivatedAt, connection.Problem, connection.ProblemSince) = (ConnectionStatus.Active, now, null, null);
        if (connection.NameIsGenerated)
        {
            connection.Name = await ConnectionNames.FreeAsync(db, connection.LocalShortName, connection.RemoteShortName, connection.Id, cancellationToken);
        }

        (invitation.State, invitation.UsedAt, invitation.UsedByNodeUid, invitation.ProtectedCode) = (InvitationState.Used, now, partner.Uid, null);
        invitation.Revision++;
        db.Add(new AuditEntry
        {
            At = now,
            Action = AuditAction.InvitationUsed,
            Subject = PartnerIdentity.Line($"invitation accepted by {partner.ShortName} at {connection.RemoteUrl}", AuditEntry.MaxTextLength),
        });
        await TrySaveAsync(db, cancellationToken);
        changes.Ring(NodeChange.Connections);
    }

    private async Task NoteAsync(ExalateDbContext db, Connection connection, string? problem, CancellationToken cancellationToken)
    {
        if (connection.Problem == problem)
        {
            return;
        }

        connection.Problem = problem;
        connection.ProblemSince = problem is null ? null : connection.ProblemSince ?? time.GetUtcNow();
        await TrySaveAsync(db, cancellationToken);
        changes.Ring(NodeChange.Connections);
    }

    /// <summary>Replaced, deleted or renamed meanwhile: the next look finds what holds then.</summary>
    private static async Task TrySaveAsync(ExalateDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsDuplicate())
        {
            db.ChangeTracker.Clear();
        }
    }
}
