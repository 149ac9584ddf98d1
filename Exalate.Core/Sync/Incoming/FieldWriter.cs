using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Rules;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Writes summary and description into an entity that exists.</summary>
internal sealed class FieldWriter(IRuleSet rules, OverwrittenEdits overwritten, IRandomSource random)
{
    /// <returns>False when the entity is gone.</returns>
    public async Task<bool> WriteAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var entity = await session.Tracker.ReadFieldsAsync(session.EntityId, cancellationToken);
        if (entity is null)
            return false;
        var isResumed = session.Request.PlanJson is not null;
        if (isResumed)
            session.Plan = ReplicaJson.Read<FieldPlan>(session.Request.PlanJson!);
        else
            await PlanAsync(session, entity, cancellationToken);

        var planned = Planned(session.Plan);
        var change = Compare(session, entity);
        if (isResumed && !change.IsEmpty)
        {
            // What a person wrote since the first try is on record before it is overwritten; and whoever lost the pair meanwhile writes nothing.
            session.Request.PlanJson = ReplicaJson.Write(session.Plan);
            await session.Pair.CommitAsync(cancellationToken);
        }

        session.Standing = change.IsEmpty ? entity : await session.Tracker.UpdateAsync(session.EntityId, change, cancellationToken);
        // A try that ended after its write has not looked what it overwrote.
        if (!change.IsEmpty || (isResumed && !planned.IsEmpty))
            await overwritten.RecordAsync(session, isResumed ? planned : change, cancellationToken);
        return true;
    }

    private static EntityChange Planned(FieldPlan plan) => new() { Summary = plan.Summary?.After, Description = plan.Description?.After };

    private async Task PlanAsync(ApplySession session, TrackerEntity entity, CancellationToken cancellationToken)
    {
        var twin = session.Twin;
        var planning = FieldPlanner.Make(
            session.Message,
            rules.MakeReplica(entity, CopiesHere.None),
            twin.LocalBase is null ? null : ReplicaJson.Read<Replica>(twin.LocalBase),
            twin.RemoteBase is null ? null : ReplicaJson.Read<Replica>(twin.RemoteBase),
            Divergence.Read(twin).Contains(Field.Description),
            FieldVersions.Read(twin),
            session.Pair.Connection.IsInviter,
            session.Tracker,
            session.Links);
        session.Plan = planning.Plan with { ReadAt = entity.Updated };
        foreach (var conflict in planning.Conflicts)
            Record(session, conflict);
        session.Request.PlanJson = ReplicaJson.Write(session.Plan);
        await session.Pair.CommitAsync(cancellationToken);
    }

    /// <summary>What of the plan is still to be written. A field that is neither as it was nor as planned was edited by a person meanwhile: the conflict rule decides.</summary>
    private EntityChange Compare(ApplySession session, TrackerEntity entity)
    {
        var change = new EntityChange();
        if (session.Plan.Summary is { } summary && entity.Summary != summary.After
            && MayWrite(session, entity.Summary == summary.Before, new FieldConflict(Field.Summary, entity.Summary, summary.After, session.Pair.Connection.IsInviter)))
        {
            change = change with { Summary = summary.After };
            session.Plan = session.Plan with { Summary = summary with { Before = entity.Summary } };
        }

        if (session.Plan.Description is { } description && !DocumentMerge.SameContent(entity.Description, description.After)
            && MayWrite(
                session, DocumentMerge.SameContent(entity.Description, description.Before),
                FieldConflict.OfDescription(entity.Description, description.After, session.Pair.Connection.IsInviter)))
        {
            change = change with { Description = description.After };
            session.Plan = session.Plan with { Description = description with { Before = entity.Description } };
        }

        return change;
    }

    private bool MayWrite(ApplySession session, bool untouched, FieldConflict conflict)
    {
        if (untouched)
            return true;
        Record(session, conflict);
        if (!conflict.LocalWon)
            return true;
        session.Plan = (conflict.Field == Field.Summary ? session.Plan with { Summary = null } : session.Plan with { Description = null }) with { Kept = [.. session.Plan.Kept, conflict.Field] };
        return false;
    }

    private void Record(ApplySession session, FieldConflict conflict) => session.Pair.Db.Conflicts.Add(new ConflictRecord
    {
        Id = random.NewGuid(),
        ConnectionId = session.Pair.Connection.Id,
        TwinId = session.Twin.Id,
        Field = conflict.Field,
        LocalValue = conflict.LocalValue,
        RemoteValue = conflict.RemoteValue,
        LocalDocument = conflict.LocalDocument is { } local ? RichDocumentJson.Serialize(local) : null,
        RemoteDocument = conflict.RemoteDocument is { } remote ? RichDocumentJson.Serialize(remote) : null,
        LocalWon = conflict.LocalWon,
        At = session.Pair.Now,
    });
}
