using Exalate.Core.Connections;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Errors;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync;

internal sealed class GetTwinProgressHandler(IDbContextFactory<ExalateDbContext> contexts, TimeProvider time) : IRequestHandler<GetTwinProgress, TwinProgress?>
{
    public async Task<TwinProgress?> Handle(GetTwinProgress request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var twin = await db.Twins.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.TwinId, cancellationToken);
        return twin is null ? null : (await TwinProgressReader.ReadAsync(db, [twin], time.GetUtcNow(), cancellationToken))[0];
    }
}

internal sealed class ListTwinsHandler(IDbContextFactory<ExalateDbContext> contexts, TimeProvider time) : IRequestHandler<ListTwins, IReadOnlyList<TwinProgress>>
{
    private const int PageSize = 50;

    public async Task<IReadOnlyList<TwinProgress>> Handle(ListTwins request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var twins = await db.Twins.AsNoTracking()
            .Where(row => row.ConnectionId == request.ConnectionId)
            .OrderByDescending(row => row.CreatedAt)
            .Skip((request.Page - 1) * PageSize).Take(PageSize)
            .ToListAsync(cancellationToken);
        return await TwinProgressReader.ReadAsync(db, twins, time.GetUtcNow(), cancellationToken);
    }
}

/// <summary>Where a pair stands, from its open rows.</summary>
internal static class TwinProgressReader
{
    public static async Task<IReadOnlyList<TwinProgress>> ReadAsync(ExalateDbContext db, IReadOnlyList<Twin> twins, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = twins.Select(twin => twin.Id).ToList();
        var connections = twins.Select(twin => twin.ConnectionId).Distinct().ToList();
        var rows = await db.Connections.AsNoTracking().Where(row => connections.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var events = await db.SyncEvents.AsNoTracking()
            .Where(row => ids.Contains(row.TwinId)
                && (row.Stage == EventStage.Queued || row.Stage == EventStage.Prepared || row.Stage == EventStage.Sent || row.Stage == EventStage.ResultArrived))
            .OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var requests = await db.SyncRequests.AsNoTracking()
            .Where(row => ids.Contains(row.TwinId) && (row.Stage == RequestStage.Received || row.Stage == RequestStage.Applying))
            .OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var sent = events.Where(row => row.Stage == EventStage.Sent).Select(row => row.EventId).ToList();
        var unfetched = sent.Count == 0
            ? []
            : await db.Set<PeerMail>().Where(mail => connections.Contains(mail.ConnectionId) && mail.Kind == MailKinds.Request && sent.Contains(mail.Key))
                .Select(mail => mail.Key).ToListAsync(cancellationToken);
        return [.. twins.Select(twin => Read(
            twin, events.FirstOrDefault(row => row.TwinId == twin.Id), requests.FirstOrDefault(row => row.TwinId == twin.Id), rows[twin.ConnectionId], now, unfetched))];
    }

    private static TwinProgress Read(Twin twin, SyncEvent? outgoing, SyncRequest? incoming, Connection connection, DateTimeOffset now, IReadOnlyCollection<string> unfetched) =>
        Read(twin, outgoing, incoming, connection.Problem ?? MailWord.NotAsked(connection, now), unfetched) with
        {
            Held = connection.HoldWord(),
            HeldError = connection.HeldSince is null ? null : new ErrorId(ErrorKind.Held, ConnectionId: connection.Id).ToString(),
        };

    private static TwinProgress Read(Twin twin, SyncEvent? outgoing, SyncRequest? incoming, string? connectionProblem, IReadOnlyCollection<string> unfetched) => new()
    {
        TwinId = twin.Id,
        ConnectionId = twin.ConnectionId,
        // What the partner has not fetched is still on our side.
        Phase = outgoing is { Stage: EventStage.Sent } && unfetched.Contains(outgoing.EventId) ? SyncPhase.Sending : Phase(twin, outgoing, incoming, connectionProblem),
        LocalKey = twin.LocalKey,
        LocalLink = twin.LocalLink,
        RemoteKey = twin.RemoteKey,
        RemoteLink = twin.RemoteLink,
        Problem = outgoing?.Problem ?? incoming?.Problem ?? (outgoing?.Stage is EventStage.Prepared or EventStage.Sent ? connectionProblem : null),
        NeedsAttention = outgoing?.NeedsAttention == true || incoming?.NeedsAttention == true,
        Note = twin.Note,
    };

    private static SyncPhase Phase(Twin twin, SyncEvent? outgoing, SyncRequest? incoming, string? connectionProblem) => outgoing?.Stage switch
    {
        EventStage.Queued => SyncPhase.Preparing,
        // The partner does not answer: from here on it is its turn that we wait for.
        EventStage.Prepared => outgoing.Attempts > 0 || connectionProblem is not null ? SyncPhase.WaitingForRemote : SyncPhase.Sending,
        EventStage.Sent => SyncPhase.WaitingForRemote,
        EventStage.ResultArrived => SyncPhase.Finalizing,
        _ when incoming is not null => SyncPhase.Finalizing,
        _ => twin.State == TwinState.FirstSync ? SyncPhase.Preparing : SyncPhase.Synchronized,
    };
}

internal sealed class RetryTwinHandler(IDbContextFactory<ExalateDbContext> contexts, INodeChanges changes, TimeProvider time) : IRequestHandler<RetryTwin, Result>
{
    public async Task<Result> Handle(RetryTwin request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var twin = await db.Twins.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.TwinId, cancellationToken);
        if (twin is null)
            return new NotFound("This pair is not under sync any more.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.EndPauseAsync(twin.ConnectionId, cancellationToken);
        await db.RetryPairAsync(twin.Id, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        changes.Ring(NodeChange.Twins);
        return Result.Success;
    }
}
