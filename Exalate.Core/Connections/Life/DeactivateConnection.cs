using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

internal sealed class DeactivateConnectionHandler(IDbContextFactory<ExalateDbContext> databases, TimeProvider time, INodeChanges changes)
    : IRequestHandler<DeactivateConnection, Result>
{
    public async Task<Result> Handle(DeactivateConnection request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return LifeErrors.Gone;
        }

        if (connection.Status == ConnectionStatus.Deactivated)
        {
            return Result.Success;
        }

        if (connection.Status == ConnectionStatus.Pending)
        {
            return new Conflict($"'{connection.Name}' is Pending: nothing is synchronized yet. Revoke its invitation, or delete the connection.");
        }

        await db.DeactivateAsync(connection, request.By, time.GetUtcNow(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}

internal sealed class ActivateConnectionHandler(IDbContextFactory<ExalateDbContext> databases, TimeProvider time, INodeChanges changes)
    : IRequestHandler<ActivateConnection, Result>
{
    public async Task<Result> Handle(ActivateConnection request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        switch (connection)
        {
            case null:
                return LifeErrors.Gone;
            case { Status: ConnectionStatus.Active }:
                return Result.Success;
            case { Status: ConnectionStatus.Pending }:
                return new Conflict($"'{connection.Name}' is Pending: it becomes active when the invitation is accepted.");
            case { PartnerDeletedAt: not null }:
                return new Conflict($"{connection.RemoteShortName} deleted this connection, so it can't be activated again. Delete it here as well, and make a new one.");
        }

        var now = time.GetUtcNow();
        connection.Status = ConnectionStatus.Active;
        (connection.DeactivatedAt, connection.DeactivatedBy) = (null, null);
        connection.EndPause();
        if (await db.OtherHalfAsync(connection, cancellationToken, tracked: true) is { } half)
        {
            (half.Status, half.DeactivatedAt, half.DeactivatedBy) = (ConnectionStatus.Active, null, null);
            half.EndPause();
        }

        db.Add(new AuditEntry { At = now, Actor = request.By, Action = AuditAction.ConnectionActivated, Subject = $"connection {connection.Name}" });
        await db.QueueNoticeAsync(connection, NoticeKind.Activated, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}

internal static class LifeErrors
{
    public static readonly NotFound Gone = new("This connection does not exist any more. Reload the page.");
}

internal static class Deactivating
{
    /// <summary>The caller commits.</summary>
    public static async Task DeactivateAsync(this ExalateDbContext db, Connection connection, string? by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        connection.Status = ConnectionStatus.Deactivated;
        (connection.DeactivatedAt, connection.DeactivatedBy) = (now, by);
        db.Add(new AuditEntry { At = now, Actor = by, Action = AuditAction.ConnectionDeactivated, Subject = $"connection {connection.Name}" });
        if (await db.OtherHalfAsync(connection, cancellationToken, tracked: true) is { } half)
        {
            (half.Status, half.DeactivatedAt, half.DeactivatedBy) = (ConnectionStatus.Deactivated, now, by);
        }

        await db.QueueNoticeAsync(connection, NoticeKind.Deactivated, now, cancellationToken);
    }
}
