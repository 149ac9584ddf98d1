using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Connections;

/// <summary>The accepting side after <em>Confirm</em>: completes acceptances that are stored, again and again until the inviter has answered.</summary>
internal sealed class Acceptor(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ISecretProtector secrets, TimeProvider time, PeerHttp peers, INodeChanges changes,
    IOptions<PeerOptions> options)
{
    internal const int SecretLength = 43;
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    // After its expiry an invitation can still be repeated by the one who used it: the answer of the last minute may have been lost.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>Acceptances that a crash, a restart or an unreachable inviter left behind and whose pause is over.</summary>
    public async Task ResumeDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = await db.Set<Acceptance>().Where(a => a.NextAttemptAt <= now).OrderBy(a => a.NextAttemptAt).Select(a => a.ConnectionId).Take(20).ToListAsync(cancellationToken);
        foreach (var connectionId in due)
        {
            await CompleteAsync(connectionId, isPersonWaiting: false, cancellationToken);
        }
    }

    /// <summary>One try. Success when the connection is active, by this try or an earlier one.</summary>
    public async Task<Result> CompleteAsync(Guid connectionId, bool isPersonWaiting, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // In this order: activation ends the acceptance in the same commit, so a connection that is read after its acceptance was found gone shows how it ended.
        var acceptance = await db.Set<Acceptance>().SingleOrDefaultAsync(a => a.ConnectionId == connectionId, cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == connectionId, cancellationToken);
        if (connection is null || acceptance is null)
        {
            return connection is { Status: ConnectionStatus.Active } ? Result.Success : new NotFound("This acceptance was ended in the meantime. Paste the invitation code again.");
        }

        try
        {
            var answer = await ExchangeAsync(connection, acceptance, cancellationToken);
            return await ActivateAsync(db, connection, acceptance, answer, cancellationToken);
        }
        catch (PeerException e)
        {
            var final = InvitationFaults.Final(e, connection.RemoteShortName, acceptance.ExpiresAt)
                ?? (time.GetUtcNow() - Grace > acceptance.ExpiresAt ? InvitationFaults.Expired(connection.RemoteShortName, acceptance.ExpiresAt) : null);
            return final is null
                ? await PostponeAsync(db, connection, acceptance, e, cancellationToken)
                : await GiveUpAsync(db, connection, acceptance, final, isPersonWaiting, cancellationToken);
        }
    }

    private async Task<InvitationExchanged> ExchangeAsync(Connection connection, Acceptance acceptance, CancellationToken cancellationToken)
    {
        var own = NodeIdentity.Of(await settings.ReadAsync(cancellationToken))
            ?? throw new PeerException(Trackers.FailureCategory.Misconfigured, "General Settings lack the short name or the tracker; the invitation can't be accepted before they are set.");
        if (connection.Type == ConnectionType.Private)
        {
            // This side makes all requests: nobody needs to know where it stands.
            own = own with { Url = null };
        }

        var question = new ExchangeInvitation(connection.LinkId, Reveal(acceptance), acceptance.AcceptId, own);
        var answer = await peers.AskAsync<ExchangeInvitation, InvitationExchanged>(acceptance.InviterUrl, "/invitations/accept", question, options.Value.CallTimeout, cancellationToken);
        var isUsable = answer.Secret is { Length: SecretLength } && answer.Node is not null && answer.Node.Uid == acceptance.InviterUid && System.Buffers.Text.Base64Url.IsValid(answer.Secret);
        return isUsable ? answer : throw new PeerException(Trackers.FailureCategory.Unexpected, $"The node at {acceptance.InviterUrl} answered as another node than the one that invited.");
    }

    private string Reveal(Acceptance acceptance)
    {
        try
        {
            return secrets.Unprotect(acceptance.ProtectedToken);
        }
        catch (SecretUnreadableException e)
        {
            throw new PeerException(Trackers.FailureCategory.Misconfigured, $"The stored invitation can't be read. {e.Message} Paste the invitation code again.", e);
        }
    }

    private async Task<Result> ActivateAsync(ExalateDbContext db, Connection connection, Acceptance acceptance, InvitationExchanged answer, CancellationToken cancellationToken)
    {
        if (PartnerIdentity.TryCheck(answer.Node, out var partner))
        {
            // Calls go on to the address that was just reached, whatever the partner calls itself.
            connection.Apply(partner with { Url = acceptance.InviterUrl });
        }

        connection.ProtectedSecret = secrets.Protect(answer.Secret);
        connection.Status = ConnectionStatus.Active;
        connection.ActivatedAt = time.GetUtcNow();
        connection.Problem = null;
        connection.ProblemSince = null;
        db.Remove(acceptance);
        db.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = connection.CreatedBy,
            Action = AuditAction.ConnectionAccepted,
            Subject = $"connection {connection.Name}",
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another try of the same acceptance was faster; the inviter gave both the same secret.
            return await IsActiveAsync(connection.Id, cancellationToken) ? Result.Success : new NotFound("This acceptance was ended in the meantime. Paste the invitation code again.");
        }

        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }

    private async Task<bool> IsActiveAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Connections.AnyAsync(c => c.Id == connectionId && c.Status == ConnectionStatus.Active, cancellationToken);
    }

    private async Task<Result> PostponeAsync(ExalateDbContext db, Connection connection, Acceptance acceptance, PeerException failure, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        acceptance.NextAttemptAt = now + Pauses[Math.Min(acceptance.Attempts, Pauses.Length - 1)];
        acceptance.Attempts++;
        connection.Problem = $"Accepted here, but the inviting node has not answered yet. {failure.Sentence} This node keeps trying.";
        connection.ProblemSince ??= now;
        if (!await TrySaveAsync(db, cancellationToken))
        {
            return await IsActiveAsync(connection.Id, cancellationToken) ? Result.Success : new Unavailable(connection.Problem);
        }

        changes.Ring(NodeChange.Connections);
        return new Unavailable($"{failure.Sentence} The acceptance is stored: this node keeps trying by itself, and Confirm tries again at once.");
    }

    private async Task<Result> GiveUpAsync(ExalateDbContext db, Connection connection, Acceptance acceptance, Error final, bool isPersonWaiting, CancellationToken cancellationToken)
    {
        db.Remove(acceptance);
        if (isPersonWaiting)
        {
            // The person reads why; nothing was agreed, so nothing stays.
            db.Remove(connection);
        }
        else
        {
            connection.Problem = final.Sentence;
            connection.ProblemSince = time.GetUtcNow();
        }

        if (!await TrySaveAsync(db, cancellationToken) && await IsActiveAsync(connection.Id, cancellationToken))
        {
            return Result.Success;
        }

        changes.Ring(NodeChange.Connections);
        return final;
    }

    /// <summary>False when another try of the same acceptance ended it first.</summary>
    private static async Task<bool> TrySaveAsync(ExalateDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }
}
