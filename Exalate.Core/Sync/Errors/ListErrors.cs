using Exalate.Core.Connections;
using Exalate.Core.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Errors;

internal sealed class ListErrorsHandler(IDbContextFactory<ExalateDbContext> contexts, StorageHealth storage)
    : IRequestHandler<ListErrors, ErrorPage>, IRequestHandler<GetError, SyncErrorView?>, IRequestHandler<CountErrors, int>
{
    private const int PageSize = 25;

    public async Task<ErrorPage> Handle(ListErrors request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var wide = await WideAsync(db, request.Filter, cancellationToken);
        var ofEntities = request.Filter.Scope is null or ErrorScope.Entity;
        var rows = ErrorQuery.Of(db, request.Filter);
        var count = ofEntities ? await rows.CountAsync(cancellationToken) : 0;
        var start = (Math.Max(request.Page, 1) - 1) * PageSize;
        var items = wide.Skip(start).Take(PageSize).ToList();
        if (ofEntities && items.Count < PageSize)
        {
            var page = await rows.OrderByDescending(row => row.Since).ThenByDescending(row => row.Id)
                .Skip(Math.Max(start - wide.Count, 0)).Take(PageSize - items.Count).ToListAsync(cancellationToken);
            items.AddRange(await ErrorViews.OfEntitiesAsync(db, page, cancellationToken));
        }

        return new ErrorPage(items, wide.Count + count, PageSize, count);
    }

    public async Task<SyncErrorView?> Handle(GetError request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (ErrorId.Read(request.Id) is not { } id)
            return null;
        if (id.Kind is not (ErrorKind.Event or ErrorKind.Request))
            return (await WideAsync(db, new ErrorFilter(), cancellationToken)).FirstOrDefault(view => view.Id == request.Id);
        var isRequest = id.Kind == ErrorKind.Request;
        var row = await ErrorQuery.Of(db, new ErrorFilter()).Where(candidate => candidate.IsRequest == isRequest && candidate.Id == id.Row).ToListAsync(cancellationToken);
        return (await ErrorViews.OfEntitiesAsync(db, row, cancellationToken)).FirstOrDefault();
    }

    public async Task<int> Handle(CountErrors request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ErrorQuery.CountAsync(db, cancellationToken) + (storage.Problem is null ? 0 : 1);
    }

    /// <summary>What stands in the way of more than one entity. Never many.</summary>
    private async Task<List<SyncErrorView>> WideAsync(ExalateDbContext db, ErrorFilter filter, CancellationToken cancellationToken)
    {
        var views = new List<SyncErrorView>();
        if (filter.ConnectionId is null && storage.Problem is { } problem)
            views.Add(ErrorViews.OfNode(problem));
        if (filter.ConnectionId is null && await ErrorQuery.TrackerProblems(db).FirstOrDefaultAsync(cancellationToken) is { } watch)
            views.Add(ErrorViews.OfTracker(watch));
        var held = await db.Connections.AsNoTracking().Where(row => row.HeldSince != null).OrderByDescending(row => row.HeldSince).ToListAsync(cancellationToken);
        views.AddRange(held.Where(row => filter.ConnectionId is null || row.Id == filter.ConnectionId).Select(ErrorViews.OfHeld));
        var connections = await ErrorQuery.ConnectionProblems(db).OrderByDescending(row => row.ProblemSince).ToListAsync(cancellationToken);
        views.AddRange(connections.Where(row => filter.ConnectionId is null || row.Id == filter.ConnectionId).Select(ErrorViews.OfConnection));
        return views.FindAll(view => (filter.Scope is null || view.Scope == filter.Scope)
            && (!filter.WaitingForAdmin || view.NeedsAttention)
            && (string.IsNullOrWhiteSpace(filter.Text) || $"{view.ConnectionName} {view.Sentence}".Contains(filter.Text.Trim(), StringComparison.OrdinalIgnoreCase)));
    }
}
