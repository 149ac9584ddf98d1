using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Rules;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Creates the local entity of a pair that the partner started.</summary>
internal sealed class EntityCreator(IRuleSet rules, CreateOnce once, TextPreparation preparation)
{
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    /// <returns>False: what an earlier request had created was found, and does not hold yet what this one says.</returns>
    public async Task<bool> CreateAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var settings = await session.Pair.Db.Settings.AsNoTracking().SingleAsync(cancellationToken);
        var projectId = session.Pair.Connection.ProjectId ?? settings.DefaultProjectId
            ?? throw new TrackerException(FailureCategory.Misconfigured, "There is no project for incoming entities. Choose a default project in General Settings.");
        var types = await session.Tracker.ListEntityTypesAsync(projectId, cancellationToken);
        if (types.Count == 0)
            throw new TrackerException(FailureCategory.Misconfigured, $"The project {session.Pair.Connection.ProjectKey ?? projectId} offers no entity type to this account. Check its permissions in the tracker.");

        session.ProjectId = projectId;
        await preparation.RunAsync(session, [session.Replica.Description], cancellationToken);
        var choice = rules.ChooseType(session.Replica.Type, types, settings.DefaultEntityType);
        var entity = new NewEntity
        {
            ProjectId = projectId,
            Type = choice.Type,
            Summary = session.Tracker.NormaliseSummary(session.Replica.Summary),
            // Its files come afterwards, so the text names them for now.
            Description = session.Texts.Turn(session.Replica.Description),
            OriginMark = session.Mark(IntentKind.Entity, session.Replica.EntityId),
        };
        Replica? earlier = null;
        var isFound = false;
        var created = await once.RunAsync(
            session, IntentKind.Entity, session.Replica.EntityId, ContentHash.Of(entity.Summary, RichDocumentJson.Serialize(session.Replica.Description)),
            async intent =>
            {
                earlier = await EarlierAsync(session, cancellationToken);
                var sought = earlier is null ? entity : entity with
                {
                    Type = rules.ChooseType(earlier.Type, types, settings.DefaultEntityType).Type,
                    Summary = session.Tracker.NormaliseSummary(earlier.Summary),
                    Description = session.Texts.Turn(earlier.Description),
                };
                var found = await session.Tracker.FindCreatedAsync(sought, intent, cancellationToken);
                isFound = found is not null;
                return found;
            },
            mark => session.Tracker.CreateAsync(entity with { OriginMark = mark }, cancellationToken),
            () => KnownAsync(session, cancellationToken),
            cancellationToken);
        (session.Twin.LocalEntityId, session.Twin.LocalKey, session.Twin.LocalProjectId) = (created.Id, created.Key, projectId);
        session.Twin.Note = choice.Note;
        var isOlder = isFound && earlier is not null;
        if (isOlder)
            Know(session, earlier!, created);
        else
            (session.Standing, session.Request.PlanJson) = (created.Standing, ReplicaJson.Write(new FieldPlan()));
        await session.Pair.CommitAsync(cancellationToken);
        return !isOlder;
    }

    /// <summary>
    /// What another request said when it was about to create the entity; null when none was. Its pair was taken out of sync meanwhile, and up again: what was created holds that.
    /// </summary>
    private static async Task<Replica?> EarlierAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var db = session.Pair.Db;
        var by = await db.Intents.AsNoTracking()
            .Where(intent => intent.TwinId == session.Twin.Id && intent.Kind == IntentKind.Entity && intent.EventId != session.Request.EventId).Select(intent => intent.EventId).FirstOrDefaultAsync(cancellationToken);
        var request = by is null ? null : await db.SyncRequests.AsNoTracking().SingleOrDefaultAsync(row => row.ConnectionId == session.Pair.Connection.Id && row.EventId == by, cancellationToken);
        return request is null ? null : ReplicaJson.Read<SyncRequestMessage>(request.MessageJson).Replica;
    }

    /// <summary>As if that request had been applied: what differs from it here is a person's edit, and what is new over there is written next.</summary>
    private static void Know(ApplySession session, Replica earlier, CreatedEntity created)
    {
        var theirs = earlier with { Comments = [], Attachments = [], RemovedCopies = [] };
        session.Twin.RemoteBase = ReplicaJson.Write(theirs);
        session.Twin.LocalBase = ReplicaJson.Write(theirs with
        {
            EntityId = created.Id,
            Key = created.Key,
            Summary = session.Tracker.NormaliseSummary(earlier.Summary),
            Description = session.Tracker.Normalise(session.Texts.Turn(earlier.Description), RichTextPlace.Description),
        });
    }

    /// <summary>Entities of young pairs: what a search for a lost create must not take for it.</summary>
    private static async Task<IReadOnlySet<string>> KnownAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var young = session.Twin.CreatedAt - ClockDifference;
        var ids = await session.Pair.Db.Twins.AsNoTracking()
            .Where(twin => twin.LocalEntityId != null && twin.CreatedAt >= young)
            .Select(twin => twin.LocalEntityId!)
            .ToListAsync(cancellationToken);
        return ids.ToHashSet();
    }
}
