using Exalate.Core.Storage;
using Exalate.Core.Sync.Incoming;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Conflicts;

internal sealed class ListConflictsHandler(IDbContextFactory<ExalateDbContext> contexts) : IRequestHandler<ListConflicts, ConflictPage>
{
    private const int PageSize = 20;

    public async Task<ConflictPage> Handle(ListConflicts request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var conflicts = db.Conflicts.AsNoTracking().Where(row => request.TwinId == null || row.TwinId == request.TwinId);
        var rows = await (from row in conflicts
                          join twin in db.Twins on row.TwinId equals twin.Id
                          join connection in db.Connections on row.ConnectionId equals connection.Id
                          orderby row.At descending, row.Id
                          select new { row, twin.LocalKey, twin.LocalLink, twin.RemoteKey, twin.State, connection.Name })
            .Skip((Math.Max(request.Page, 1) - 1) * PageSize).Take(PageSize).ToListAsync(cancellationToken);
        return new ConflictPage(
            [.. rows.Select(found => new ConflictView
            {
                Id = found.row.Id,
                TwinId = found.row.TwinId,
                ConnectionName = found.Name,
                LocalKey = found.LocalKey,
                LocalLink = found.LocalLink,
                RemoteKey = found.RemoteKey,
                Field = found.row.Field,
                LocalValue = found.row.LocalValue,
                RemoteValue = found.row.RemoteValue,
                LocalWon = found.row.LocalWon,
                At = found.row.At,
                ReversedAt = found.row.ReversedAt,
                ReversedBy = found.row.ReversedBy,
                CanReverse = found.State == TwinState.Synchronized && found.row.ReversedAt is null && found.row.LocalValue != OverwrittenEdits.InHistory,
            })],
            await conflicts.CountAsync(cancellationToken),
            PageSize);
    }
}
