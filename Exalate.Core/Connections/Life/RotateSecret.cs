using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

/// <summary>Stores the new secret and the offer; the rest is <see cref="SecretRotation"/>'s.</summary>
internal sealed class RotateSecretHandler(
    IDbContextFactory<ExalateDbContext> databases, ISecretProtector secrets, IRandomSource random, TimeProvider time, INodeChanges changes) : IRequestHandler<RotateSecret, Result>
{
    public async Task<Result> Handle(RotateSecret request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var next = secrets.Protect(Tokens.NewSecret(random));
        var began = await db.Database.ExecuteSqlInterpolatedAsync(
            $@"UPDATE Connections SET ProtectedNextSecret = {next}, NextSecretIsOurs = 1
               WHERE Id = {request.ConnectionId} AND ProtectedSecret IS NOT NULL AND ProtectedNextSecret IS NULL AND (ProtectedPreviousSecret IS NULL OR PreviousSecretUntil IS NOT NULL)",
            cancellationToken) == 1;
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return LifeErrors.Gone;
        }

        if (ConnectionWords.SecretFixedBecause(connection) is { } reason)
        {
            return new Conflict(reason);
        }

        if (!began)
        {
            return new Conflict($"The secret of '{connection.Name}' is being replaced already; that goes on by itself as soon as the partner answers.");
        }

        var now = time.GetUtcNow();
        await db.QueueNoticeAsync(connection, NoticeKind.SecretOffered, now, cancellationToken);
        db.Add(new AuditEntry { At = now, Actor = request.By, Action = AuditAction.SecretRotated, Subject = $"connection {connection.Name}" });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}
