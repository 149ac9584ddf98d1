using Exalate.Core.Connections;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Conflicts;
using Exalate.Core.Sync.Errors;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Entities;

internal sealed class GetEntityStatusHandler(IDbContextFactory<ExalateDbContext> contexts, ITrackerProvider trackers, IMediator mediator, TimeProvider time)
    : IRequestHandler<GetEntityStatus, EntityStatusView>
{
    /// <summary>An entity is in one pair of a connection, and a node has few connections.</summary>
    private const int MaxPairs = 50;

    public async Task<EntityStatusView> Handle(GetEntityStatus request, CancellationToken cancellationToken)
    {
        var typed = request.Urn.Trim();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (entity, problem) = await LookAsync(typed, cancellationToken);
        var names = new[] { typed, entity?.Id, entity?.Key }.OfType<string>().Distinct().ToList();
        var twins = await db.Twins.AsNoTracking()
            .Where(row => names.Contains(row.LocalEntityId!) || names.Contains(row.LocalKey!) || names.Contains(row.LocalLink!)
                || names.Contains(row.RemoteEntityId!) || names.Contains(row.RemoteKey!) || names.Contains(row.RemoteLink!))
            .OrderByDescending(row => row.CreatedAt).Take(MaxPairs).ToListAsync(cancellationToken);
        // Deleted here, as far as the tracker can be asked: it has no page any more, and nothing can be sent from it.
        var isGone = entity is null && problem is null && twins.Count > 0 && twins.TrueForAll(twin => twin.State == TwinState.LocalRemoved);
        var key = entity?.Key ?? twins.Select(twin => twin.LocalKey).FirstOrDefault(name => name is not null);
        return new EntityStatusView
        {
            Key = key,
            IsGone = isGone,
            Link = isGone ? null : entity?.Link ?? twins.Select(twin => twin.LocalLink).FirstOrDefault(link => link is not null),
            Summary = entity?.Summary,
            Problem = problem ?? (key is null && twins.Count == 0 ? $"Neither this node's tracker nor any connection knows '{Short(typed)}'. Check the key, and that the node's account may see the entity." : null),
            Pairs = await PairsAsync(db, twins, cancellationToken),
            CanExalateOn = key is null || isGone ? [] : await ChoicesAsync(db, twins, cancellationToken),
        };
    }

    /// <summary>The tracker may be away: what the node itself knows is shown all the same.</summary>
    private async Task<(TrackerEntity? Entity, string? Problem)> LookAsync(string typed, CancellationToken cancellationToken)
    {
        try
        {
            return await trackers.GetAsync(cancellationToken) is { } tracker && tracker.ParseReference(typed) is { } reference
                ? (await tracker.ReadAsync(reference, cancellationToken), null)
                : (null, null);
        }
        catch (TrackerException exception)
        {
            return (null, exception.Message);
        }
    }

    private static async Task<IReadOnlyList<ConnectionChoice>> ChoicesAsync(ExalateDbContext db, List<Twin> twins, CancellationToken cancellationToken)
    {
        var taken = twins.Where(twin => twin.State is TwinState.FirstSync or TwinState.Synchronized).Select(twin => twin.ConnectionId).ToList();
        return await db.Connections.AsNoTracking()
            .Where(row => row.Status == ConnectionStatus.Active && !taken.Contains(row.Id))
            .OrderBy(row => row.Name).Select(row => new ConnectionChoice(row.Id, row.Name)).ToListAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<PairStatusView>> PairsAsync(ExalateDbContext db, List<Twin> twins, CancellationToken cancellationToken)
    {
        var progress = await TwinProgressReader.ReadAsync(db, twins, time.GetUtcNow(), cancellationToken);
        var pairs = new List<PairStatusView>();
        foreach (var (twin, where) in twins.Zip(progress))
        {
            var connection = await db.Connections.AsNoTracking().SingleAsync(row => row.Id == twin.ConnectionId, cancellationToken);
            var errors = await ErrorQuery.Of(db, new ErrorFilter()).Where(row => row.TwinId == twin.Id).ToListAsync(cancellationToken);
            pairs.Add(new PairStatusView
            {
                Progress = where,
                ConnectionName = connection.Name,
                LocalShortName = connection.LocalShortName,
                RemoteShortName = connection.RemoteShortName,
                State = twin.State,
                LastSyncAt = twin.LastSyncAt,
                CreatedAt = twin.CreatedAt,
                OpenOutgoing = await db.SyncEvents.CountAsync(row => row.TwinId == twin.Id && row.FinishedAt == null, cancellationToken),
                OpenIncoming = await db.SyncRequests.CountAsync(row => row.TwinId == twin.Id && row.FinishedAt == null, cancellationToken),
                UnseenWrites = twin.UnseenWrites,
                Fields = Compare(twin),
                Parts = Parts(twin),
                Errors = await ErrorViews.OfEntitiesAsync(db, errors, cancellationToken),
                Conflicts = (await mediator.Send(new ListConflicts(twin.Id), cancellationToken)).Items,
            });
        }

        return pairs;
    }

    private static IReadOnlyList<FieldComparison> Compare(Twin twin)
    {
        if (twin.LocalBase is null || twin.RemoteBase is null)
            return [];
        var (ours, theirs) = (ReplicaJson.Read<Replica>(twin.LocalBase), ReplicaJson.Read<Replica>(twin.RemoteBase));
        var (text, otherText) = (ours.Description.ToPlainText(), theirs.Description.ToPlainText());
        return
        [
            Field("Type", ours.Type, theirs.Type),
            Field("Summary", ours.Summary, theirs.Summary),
            // What only the other vendor's way of writing makes different is the same.
            DocumentMerge.SameContent(ours.Description, theirs.Description) ? new FieldComparison("Description", text, otherText, []) : Field("Description", text, otherText),
        ];
    }

    private static IReadOnlyList<PartsOfSides> Parts(Twin twin)
    {
        var (ours, theirs) = (Read(twin.LocalBase), Read(twin.RemoteBase));
        return
        [
            new("Comments", [.. (ours?.Comments ?? []).Select(Line)], [.. (theirs?.Comments ?? []).Select(Line)]),
            new("Attachments", [.. (ours?.Attachments ?? []).Select(file => file.FileName)], [.. (theirs?.Attachments ?? []).Select(file => file.FileName)]),
        ];
    }

    private static Replica? Read(string? json) => json is null ? null : ReplicaJson.Read<Replica>(json);

    private static string Line(ReplicaComment comment) => $"{comment.Author}: {Short(comment.Body.ToPlainText().ReplaceLineEndings(" "))}";

    private static FieldComparison Field(string name, string local, string remote) => new(name, local, remote, TextDiff.Of(local, remote));

    private static string Short(string typed) => typed.Length <= 100 ? typed : typed[..100] + "…";
}
