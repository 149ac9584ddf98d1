using Exalate.Core.Access;
using Exalate.Core.Peers;
using Exalate.Core.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

/// <summary>Stores the new secret and the offer, or the wish where only the partner makes calls; the rest is <see cref="SecretRotation"/>'s.</summary>
internal sealed class RotateSecretHandler(
    IDbContextFactory<ExalateDbContext> databases, ISecretProtector secrets, IRandomSource random, TimeProvider time, INodeChanges changes) : IRequestHandler<RotateSecret, Result>
{
    public async Task<Result> Handle(RotateSecret request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return LifeErrors.Gone;
        }

        if (ConnectionWords.SecretFixedBecause(connection) is { } reason)
        {
            return new Conflict(reason);
        }

        var now = time.GetUtcNow();
        if (connection.Reach == Reach.OnlyTheyCall)
        {
            // A secret never waits as mail: the side that makes the calls is asked to offer one.
            await db.QueueNoticeAsync(connection, NoticeKind.SecretWanted, now, cancellationToken);
        }
        else if (!await SecretRotation.BeginAsync(db, connection, secrets.Protect(Tokens.NewSecret(random)), now, cancellationToken))
        {
            return new Conflict($"The secret of '{connection.Name}' is being replaced already; that goes on by itself as soon as the partner answers.");
        }

        db.Add(new AuditEntry { At = now, Actor = request.By, Action = AuditAction.SecretRotated, Subject = $"connection {connection.Name}" });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }
}
