using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync;

internal sealed class ExalateEntityHandler(
    IDbContextFactory<ExalateDbContext> contexts, ITrackerProvider trackers, INodeChanges changes, PairHold hold, IRandomSource random, TimeProvider time)
    : IRequestHandler<ExalateEntity, Result<ExalateStarted>>
{
    public async Task<Result<ExalateStarted>> Handle(ExalateEntity request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.ConnectionId, cancellationToken);
        if (connection is null)
            return new NotFound("This connection does not exist any more. Reload the page.");
        if (connection.Status != ConnectionStatus.Active)
            return new Conflict($"The connection {connection.Name} is {connection.Status.ToString().ToLowerInvariant()}. Entities can be synced once it is active.");
        try
        {
            var otherHalf = await db.OtherHalfAsync(connection, cancellationToken);
            var found = await FindAsync(connection, otherHalf, request.Typed, cancellationToken);
            if (!found.IsSuccess)
                return found.Error;
            // The half of the project in which the entity lives.
            var (half, across) = otherHalf is not null && otherHalf.ProjectId == found.Value.Project?.Id ? (otherHalf, connection) : (connection, otherHalf);
            return across is not null && await db.Twins.AnyAsync(row => row.ConnectionId == across.Id && row.LocalEntityId == found.Value.Id, cancellationToken)
                ? await AlreadyAsync(across, found.Value, cancellationToken)
                : await StartAsync(db, half, found.Value, cancellationToken);
        }
        catch (TrackerException exception)
        {
            return new Unavailable(exception.Message);
        }
    }

    private async Task<Result<TrackerEntity>> FindAsync(Connection connection, Connection? otherHalf, string typed, CancellationToken cancellationToken)
    {
        if (await trackers.GetAsync(cancellationToken) is not { } tracker)
            return new Invalid("No tracker is set for this node. Enter its address and token in General Settings.");
        var words = tracker.Description;
        if (string.IsNullOrWhiteSpace(typed))
            return new Invalid($"Enter the {words.KeyWord}, for example {words.SampleKey}.", nameof(ExalateEntity.Typed));
        if (tracker.ParseReference(typed) is not { } reference)
            return new Invalid($"'{Short(typed)}' is no {words.KeyWord} of {tracker.InstanceUrl}. An example: {words.SampleKey}.", nameof(ExalateEntity.Typed));
        if (await tracker.ReadAsync(reference, cancellationToken) is not { } entity)
            return new NotFound($"{words.ProductName} shows no {words.EntityWord} '{reference}' to the node's account. Check the {words.KeyWord}, and that the account may see it.");
        if (connection.ProjectId is { } project && entity.Project?.Id != project && (otherHalf is null || entity.Project?.Id != otherHalf.ProjectId))
            return new Invalid(
                $"{entity.Key} belongs to the project {entity.Project?.Name ?? "(none)"}, and this connection syncs {connection.ProjectName} ({connection.ProjectKey}){(otherHalf is null ? "" : $" and {otherHalf.ProjectName} ({otherHalf.ProjectKey})")}. Enter {Article(words.EntityWord)} of that project.",
                nameof(ExalateEntity.Typed));
        return entity;
    }

    private async Task<Result<ExalateStarted>> StartAsync(ExalateDbContext db, Connection connection, TrackerEntity entity, CancellationToken cancellationToken)
    {
        var over = await db.Twins.AsNoTracking().SingleOrDefaultAsync(
            row => row.ConnectionId == connection.Id && row.LocalEntityId == entity.Id && row.State != TwinState.FirstSync && row.State != TwinState.Synchronized, cancellationToken);
        if (over is not null)
            return await ResumeAsync(over.Id, entity, cancellationToken);
        var twin = new Twin
        {
            Id = random.NewGuid(),
            ConnectionId = connection.Id,
            PairId = random.NewGuid(),
            LocalEntityId = entity.Id,
            LocalKey = entity.Key,
            LocalLink = entity.Link,
            LocalProjectId = entity.Project?.Id,
            State = TwinState.FirstSync,
            StartedHere = true,
            CreatedAt = time.GetUtcNow(),
            DueAt = time.GetUtcNow(),
        };
        db.Twins.Add(twin);
        db.SyncEvents.Add(ApplyRequest.NewEvent(twin, random, time.GetUtcNow()));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsDuplicate())
        {
            return await AlreadyAsync(connection, entity, cancellationToken);
        }

        changes.Ring(NodeChange.Twins);
        changes.Ring(NodeChange.Connections);
        return new ExalateStarted(twin.Id, entity.Key);
    }

    /// <summary>The entity had a twin on this connection: it goes on with that one.</summary>
    private async Task<Result<ExalateStarted>> ResumeAsync(Guid twinId, TrackerEntity entity, CancellationToken cancellationToken)
    {
        var result = await hold.WithAsync(
            twinId,
            async pair =>
            {
                var twin = pair.Twin;
                if (twin.State is TwinState.FirstSync or TwinState.Synchronized)
                    return new Conflict($"{entity.Key} is already under sync on this connection.");
                await PairEnding.ResumeAsync(pair.Db, twin, random.NewGuid(), startedHere: true, cancellationToken);
                (twin.LocalKey, twin.LocalLink, twin.LocalProjectId) = (entity.Key, entity.Link, entity.Project?.Id);
                pair.Db.SyncEvents.Add(ApplyRequest.NewEvent(twin, random, time.GetUtcNow()));
                return null;
            },
            cancellationToken);
        if (!result.IsSuccess)
            return result.Error;
        changes.Ring(NodeChange.Twins);
        changes.Ring(NodeChange.Connections);
        return new ExalateStarted(twinId, entity.Key);
    }

    private async Task<Result<ExalateStarted>> AlreadyAsync(Connection connection, TrackerEntity entity, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.Twins.AsNoTracking().SingleAsync(row => row.ConnectionId == connection.Id && row.LocalEntityId == entity.Id, cancellationToken);
        return new Conflict(known.RemoteKey is { } twin
            ? $"{entity.Key} is already under sync on this connection; its twin is {twin}."
            : $"{entity.Key} is already under sync on this connection; its first synchronization is under way.");
    }

    private static string Short(string typed) => typed.Length <= 60 ? typed.Trim() : typed.Trim()[..60] + "…";

    private static string Article(string word) => "aeiou".Contains(word[0]) ? $"an {word}" : $"a {word}";
}
