using Exalate.Core.Access;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

internal sealed class GetInvitationHandler(IDbContextFactory<ExalateDbContext> databases, InvitationMaker invitations, TimeProvider time)
    : IRequestHandler<GetInvitation, Result<InvitationView>>
{
    public async Task<Result<InvitationView>> Handle(GetInvitation request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.FindInvitationAsync(request.ConnectionId, cancellationToken);
        return found is { } pair
            ? new InvitationView(invitations.CodeOf(pair.Invitation), pair.Invitation.ExpiresAt, pair.Invitation.StateAt(time.GetUtcNow()), pair.Connection.Name)
            : InvitationRows.None;
    }
}

internal sealed class RevokeInvitationHandler(IDbContextFactory<ExalateDbContext> databases, TimeProvider time, INodeChanges changes) : IRequestHandler<RevokeInvitation, Result>
{
    public async Task<Result> Handle(RevokeInvitation request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.FindInvitationAsync(request.ConnectionId, cancellationToken) is not { } found)
        {
            return InvitationRows.None;
        }

        var (invitation, connection) = found;
        if (invitation.State == InvitationState.Used)
        {
            return InvitationRows.Used(connection);
        }

        if (invitation.State == InvitationState.Revoked)
        {
            return Result.Success;
        }

        invitation.Revoke(time.GetUtcNow(), request.By);
        db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = request.By, Action = AuditAction.InvitationRevoked, Subject = $"connection {connection.Name}" });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return InvitationRows.ChangedMeanwhile;
        }

        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}

internal sealed class ReissueInvitationHandler(
    IDbContextFactory<ExalateDbContext> databases, NodeSettingsStore settings, ITrackerFactory trackers, InvitationMaker invitations, TimeProvider time, INodeChanges changes)
    : IRequestHandler<ReissueInvitation, Result<InvitationView>>
{
    public async Task<Result<InvitationView>> Handle(ReissueInvitation request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.FindInvitationAsync(request.ConnectionId, cancellationToken) is not { } found)
        {
            return InvitationRows.None;
        }

        var (old, connection) = found;
        if (connection.Status != ConnectionStatus.Pending || old.State == InvitationState.Used)
        {
            return InvitationRows.Used(connection);
        }

        var own = await settings.ReadAsync(cancellationToken);
        var missing = SettingsRules.Missing(own, own.TrackerKind is { } kind ? trackers.Describe(kind) : null);
        if (missing.Count > 0)
        {
            return new Invalid("General Settings are not complete. " + string.Join(' ', missing));
        }

        // Also a revoked one is written again: of two who replace it at once, one is told.
        old.Revoke(time.GetUtcNow(), request.By);
        var fresh = invitations.Make(connection, old.Number + 1, own, old.InvitedNodeUid, request.By, old);
        db.Add(fresh);
        db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = request.By, Action = AuditAction.InvitationReissued, Subject = $"connection {connection.Name}" });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsDuplicate())
        {
            return InvitationRows.ChangedMeanwhile;
        }

        changes.Ring(NodeChange.Connections);
        return new InvitationView(invitations.CodeOf(fresh), fresh.ExpiresAt, InvitationState.Open, connection.Name);
    }
}

internal static class InvitationRows
{
    public static readonly NotFound None = new("This connection has no invitation on this node.");

    public static readonly Conflict ChangedMeanwhile = new("The invitation was accepted or changed by someone else at this very moment. Look at the connection again.");

    public static Conflict Used(Connection connection) => new($"The invitation of '{connection.Name}' was accepted already.");

    /// <summary>The newest invitation of a connection that was initiated here.</summary>
    public static async Task<(Invitation Invitation, Connection Connection)?> FindInvitationAsync(this ExalateDbContext db, Guid connectionId, CancellationToken cancellationToken)
    {
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == connectionId && c.IsInviter, cancellationToken);
        var newest = await db.Set<Invitation>().Where(i => i.ConnectionId == connectionId).OrderByDescending(i => i.Number).FirstOrDefaultAsync(cancellationToken);
        return connection is null || newest is null ? null : (newest, connection);
    }

    public static void Revoke(this Invitation invitation, DateTimeOffset at, string? by)
    {
        invitation.State = InvitationState.Revoked;
        invitation.RevokedAt ??= at;
        invitation.RevokedBy ??= by;
        invitation.ProtectedCode = null;
        invitation.Revision++;
    }
}
