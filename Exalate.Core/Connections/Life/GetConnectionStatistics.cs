using Exalate.Core.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

internal sealed class GetConnectionStatisticsHandler(IDbContextFactory<ExalateDbContext> databases, IMediator mediator, TimeProvider time)
    : IRequestHandler<GetConnectionStatistics, ConnectionStatistics?>
{
    private const int Days = 14;

    public async Task<ConnectionStatistics?> Handle(GetConnectionStatistics request, CancellationToken cancellationToken)
    {
        if (await mediator.Send(new GetConnection(request.ConnectionId), cancellationToken) is not { } view)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = today.AddDays(1 - Days);
        var outgoing = await db.CountByDayAsync(MessagesByDay.Outgoing, view.Id, first, cancellationToken);
        var incoming = await db.CountByDayAsync(MessagesByDay.Incoming, view.Id, first, cancellationToken);
        return new ConnectionStatistics
        {
            EntitiesInSync = view.EntitiesInSync,
            FirstSyncs = await db.Twins.CountAsync(t => t.ConnectionId == view.Id && t.State == Sync.TwinState.FirstSync, cancellationToken),
            Errors = view.Problems,
            LastSyncAt = view.LastSyncAt,
            Days = [.. Enumerable.Range(0, Days).Select(first.AddDays).Select(day => new MessagesOfDay(day, outgoing.GetValueOrDefault(day), incoming.GetValueOrDefault(day)))],
        };
    }
}
