using Exalate.Core.Access;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

internal sealed class GetDeletionPreviewHandler(IDbContextFactory<ExalateDbContext> databases) : IRequestHandler<GetDeletionPreview, DeletionPreview?>
{
    public async Task<DeletionPreview?> Handle(GetDeletionPreview request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return null;
        }

        var pairs = await db.Twins.CountAsync(t => t.ConnectionId == connection.Id, cancellationToken);
        var outgoing = await db.SyncEvents.CountAsync(e => e.ConnectionId == connection.Id && e.FinishedAt == null, cancellationToken);
        var incoming = await db.SyncRequests.CountAsync(
            r => r.ConnectionId == connection.Id && (r.Stage == RequestStage.Received || r.Stage == RequestStage.Applying), cancellationToken);
        return new DeletionPreview(connection.Name, connection.RemoteShortName, pairs, outgoing, incoming, connection is { ProtectedSecret: not null, PartnerDeletedAt: null });
    }
}

/// <summary>
/// In two commits: first no worker takes up anything new, then, once none is in the middle of a step, everything goes at once. Killed in between, the connection is merely deactivated.
/// A step that takes longer than the patience here ends at its next commit, which finds its lease gone.
/// </summary>
internal sealed class DeleteConnectionHandler(
    IDbContextFactory<ExalateDbContext> databases, ISecretProtector secrets, IRandomSource random, TimeProvider time, INodeChanges changes)
    : IRequestHandler<DeleteConnection, Result>
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private const int MostLooks = 50;

    public async Task<Result> Handle(DeleteConnection request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            // A second press, or another admin: what was wanted is so.
            return Result.Success;
        }

        if (request.TypedName.Trim() != connection.Name)
        {
            return new Invalid($"Type the connection's name, {connection.Name}, to delete it.", nameof(request.TypedName));
        }

        if (connection.Status == ConnectionStatus.Active)
        {
            await db.DeactivateAsync(connection, request.By, time.GetUtcNow(), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        await WaitForWorkersAsync(db, connection.Id, cancellationToken);
        if (await db.OtherHalfAsync(connection, cancellationToken) is { } half)
        {
            await WaitForWorkersAsync(db, half.Id, cancellationToken);
        }

        await RemoveAsync(request, cancellationToken);
        changes.Ring(NodeChange.Connections);
        changes.Ring(NodeChange.Twins);
        return Result.Success;
    }

    private async Task WaitForWorkersAsync(ExalateDbContext db, Guid connectionId, CancellationToken cancellationToken)
    {
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var now = time.GetUtcNow();
            if (!await db.Twins.AnyAsync(t => t.ConnectionId == connectionId && t.LeaseUntil >= now, cancellationToken))
            {
                return;
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private async Task RemoveAsync(DeleteConnection request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var pairs = await db.Twins.CountAsync(t => t.ConnectionId == connection.Id, cancellationToken);
        if (FarewellTo(connection, now) is { } farewell)
        {
            db.Add(farewell);
        }

        if (request.KeepPairs)
        {
            await KeepPairsAsync(db, connection, now, cancellationToken);
        }

        db.Add(new AuditEntry
        {
            At = now,
            Actor = request.By,
            Action = AuditAction.ConnectionDeleted,
            Subject = $"connection {connection.Name} with {connection.RemoteShortName}; {pairs} pairs {(request.KeepPairs ? "kept as a list" : "removed")}",
        });
        // Pairs first: they restrict, and take their queue rows, traces and intents along.
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM Twins WHERE ConnectionId = {connection.Id}", cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM PeerNonces WHERE LinkId = {connection.LinkId}", cancellationToken);
        if (await db.OtherHalfAsync(connection, cancellationToken, tracked: true) is { } half)
        {
            await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM Twins WHERE ConnectionId = {half.Id}", cancellationToken);
            db.Remove(half);
        }

        db.Remove(connection);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Null when there is nobody to tell.</summary>
    private Farewell? FarewellTo(Connection connection, DateTimeOffset now)
    {
        if (connection is not { ProtectedSecret: { } secret, RemoteNodeUid: { } uid, PartnerDeletedAt: null })
        {
            return null;
        }

        try
        {
            return new Farewell
            {
                Id = random.NewGuid(),
                LinkId = connection.LinkId,
                ConnectionName = connection.Name,
                RemoteUrl = connection.RemoteUrl,
                RemoteNodeUid = uid,
                ProtectedKey = secrets.Protect(Farewells.KeyOf(secrets.Unprotect(secret))),
                DeletedAt = now,
                NextAttemptAt = now,
            };
        }
        catch (SecretUnreadableException)
        {
            // Without its key the node can't tell the partner anything; the partner learns of it when it calls.
            return null;
        }
    }

    private static async Task KeepPairsAsync(ExalateDbContext db, Connection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var partner = connection.RemoteNodeName ?? connection.RemoteShortName;
        await db.Database.ExecuteSqlInterpolatedAsync(
            $@"INSERT INTO FormerPairs (ConnectionName, PartnerName, LocalEntityId, LocalKey, LocalLink, RemoteEntityId, RemoteKey, RemoteLink, KeptAt)
               SELECT {connection.Name}, {partner}, LocalEntityId, LocalKey, LocalLink, RemoteEntityId, RemoteKey, RemoteLink, {now.UtcTicks}
               FROM Twins WHERE ConnectionId = {connection.Id} AND LocalEntityId IS NOT NULL AND RemoteEntityId IS NOT NULL",
            cancellationToken);
    }
}

internal sealed class ListFormerPairsHandler(IDbContextFactory<ExalateDbContext> databases)
    : IRequestHandler<ListFormerPairs, IReadOnlyList<FormerPairView>>, IRequestHandler<CountFormerPairs, int>
{
    public async Task<int> Handle(CountFormerPairs request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<FormerPair>().CountAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<FormerPairView>> Handle(ListFormerPairs request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<FormerPair>().AsNoTracking().OrderBy(p => p.Id)
            .Select(p => new FormerPairView(p.ConnectionName, p.PartnerName, p.LocalKey, p.LocalLink, p.RemoteKey, p.RemoteLink, p.KeptAt))
            .ToListAsync(cancellationToken);
    }
}
