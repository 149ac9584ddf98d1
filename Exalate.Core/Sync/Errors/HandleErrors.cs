using Exalate.Core.Access;
using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Pairs;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Errors;

internal sealed class RetryErrorsHandler(IDbContextFactory<ExalateDbContext> contexts, HeldConnections held, INodeChanges changes, TimeProvider time)
    : IRequestHandler<RetryErrors, Result<ErrorsHandled>>
{
    public async Task<Result<ErrorsHandled>> Handle(RetryErrors request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var chosen = await SelectedErrors.ReadAsync(db, request.Selection, cancellationToken);
        await held.GoOnAsync([.. chosen.Wide.Where(id => id.Kind == ErrorKind.Held).Select(id => id.ConnectionId)], request.By, cancellationToken);
        foreach (var id in chosen.Wide.Where(id => id.Kind != ErrorKind.Held))
            await WideAsync(db, id, cancellationToken);
        var now = time.GetUtcNow();
        foreach (var twins in chosen.Entities.Select(row => row.TwinId).Distinct().Chunk(SelectedErrors.Batch))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            foreach (var twin in twins)
                await db.RetryPairAsync(twin, now, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        var done = chosen.Wide.Count + chosen.Entities.Count;
        await SelectedErrors.AuditAsync(db, AuditAction.ErrorsRetried, done, request.By, now, cancellationToken);
        changes.Ring(NodeChange.Twins);
        changes.Ring(NodeChange.Connections);
        changes.Ring(NodeChange.Settings);
        return new ErrorsHandled(done, chosen.Unknown, chosen.Unknown > 0 ? SelectedErrors.Over : null);
    }

    private static async Task WideAsync(ExalateDbContext db, ErrorId id, CancellationToken cancellationToken)
    {
        if (id.Kind == ErrorKind.Tracker)
        {
            await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE TrackerWatches SET PolledAt = NULL", cancellationToken);
            return;
        }

        await db.EndPauseAsync(id.ConnectionId, cancellationToken);
    }
}

internal sealed class IgnoreErrorsHandler(IDbContextFactory<ExalateDbContext> contexts, PairHold hold, IgnoredWork ignored, HeldConnections held, INodeChanges changes, TimeProvider time)
    : IRequestHandler<IgnoreErrors, Result<ErrorsHandled>>
{
    public async Task<Result<ErrorsHandled>> Handle(IgnoreErrors request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var chosen = await SelectedErrors.ReadAsync(db, request.Selection, cancellationToken);
        var done = 0;
        foreach (var id in chosen.Wide.Where(id => id.Kind == ErrorKind.Held))
            done += await held.DiscardAsync(id.ConnectionId, request.By, cancellationToken) ? 1 : 0;
        var skipped = chosen.Wide.Count + chosen.Unknown - done;
        // A connection that another admin has let go on meanwhile is held no more.
        var reason = chosen.Wide.Any(id => id.Kind != ErrorKind.Held) ? "An error of a connection or of the tracker can't be ignored: it ends when they answer." : skipped > 0 ? SelectedErrors.Over : null;
        foreach (var row in chosen.Entities)
        {
            var result = await hold.WithAsync(row.TwinId, pair => IgnoreAsync(pair, row, cancellationToken), cancellationToken);
            if (result.IsSuccess)
                done++;
            else
                (skipped, reason) = (skipped + 1, reason ?? result.Error.Sentence);
        }

        await SelectedErrors.AuditAsync(db, AuditAction.ErrorsIgnored, done, request.By, time.GetUtcNow(), cancellationToken);
        changes.Ring(NodeChange.Twins);
        changes.Ring(NodeChange.Connections);
        return new ErrorsHandled(done, skipped, reason);
    }

    private async Task<Error?> IgnoreAsync(PairContext pair, ErrorQuery.Row chosen, CancellationToken cancellationToken)
    {
        if (chosen.IsRequest)
        {
            var request = await pair.Db.SyncRequests.SingleOrDefaultAsync(row => row.Id == chosen.Id && row.ProblemSince != null, cancellationToken);
            return request is null ? new NotFound(SelectedErrors.Over) : await ignored.RequestAsync(pair, request, cancellationToken);
        }

        var @event = await pair.Db.SyncEvents.SingleOrDefaultAsync(row => row.Id == chosen.Id && row.ProblemSince != null, cancellationToken);
        return @event is null ? new NotFound(SelectedErrors.Over) : await ignored.EventAsync(pair, @event, cancellationToken);
    }
}

/// <summary>The errors that an admin chose, as far as they are still open.</summary>
/// <param name="Wide">Of connections and of the tracker.</param>
/// <param name="Unknown">Chosen, but over by now.</param>
internal sealed record SelectedErrors(IReadOnlyList<ErrorId> Wide, IReadOnlyList<ErrorQuery.Row> Entities, int Unknown)
{
    /// <summary>Keeps transactions short and lists of parameters within what both databases take.</summary>
    public const int Batch = 200;

    public const string Over = "The error is over by now.";

    public static async Task<SelectedErrors> ReadAsync(ExalateDbContext db, ErrorSelection selection, CancellationToken cancellationToken)
    {
        if (selection.AllOf is { } filter)
        {
            var all = filter.Scope is null or ErrorScope.Entity ? await ErrorQuery.Of(db, filter).ToListAsync(cancellationToken) : [];
            return new SelectedErrors([], all, 0);
        }

        var ids = selection.Ids.Select(ErrorId.Read).OfType<ErrorId>().ToList();
        var rows = new List<ErrorQuery.Row>();
        foreach (var chunk in ids.Where(id => id.Kind is ErrorKind.Event or ErrorKind.Request).Chunk(Batch))
        {
            var events = chunk.Where(id => id.Kind == ErrorKind.Event).Select(id => id.Row).ToList();
            var requests = chunk.Where(id => id.Kind == ErrorKind.Request).Select(id => id.Row).ToList();
            rows.AddRange(await ErrorQuery.Of(db, new ErrorFilter())
                .Where(row => (!row.IsRequest && events.Contains(row.Id)) || (row.IsRequest && requests.Contains(row.Id))).ToListAsync(cancellationToken));
        }

        var wide = ids.FindAll(id => id.Kind is ErrorKind.Connection or ErrorKind.Held or ErrorKind.Tracker);
        return new SelectedErrors(wide, rows, selection.Ids.Count - wide.Count - rows.Count);
    }

    public static async Task AuditAsync(ExalateDbContext db, AuditAction action, int count, string? by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (count == 0)
            return;
        db.Add(new AuditEntry { At = now, Actor = by, Action = action, Subject = count == 1 ? "1 error" : $"{count} errors" });
        await db.SaveChangesAsync(cancellationToken);
    }
}
