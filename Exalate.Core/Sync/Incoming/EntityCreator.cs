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

    public async Task CreateAsync(ApplySession session, CancellationToken cancellationToken)
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
        var created = await once.RunAsync(
            session, IntentKind.Entity, session.Replica.EntityId, ContentHash.Of(entity.Summary, RichDocumentJson.Serialize(session.Replica.Description)),
            intent => session.Tracker.FindCreatedAsync(entity, intent, cancellationToken),
            mark => session.Tracker.CreateAsync(entity with { OriginMark = mark }, cancellationToken),
            () => KnownAsync(session, cancellationToken),
            cancellationToken);
        (session.Twin.LocalEntityId, session.Twin.LocalKey, session.Twin.LocalProjectId) = (created.Id, created.Key, projectId);
        session.Twin.Note = choice.Note;
        session.Standing = created.Standing;
        session.Request.PlanJson = ReplicaJson.Write(new FieldPlan());
        await session.Pair.CommitAsync(cancellationToken);
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
