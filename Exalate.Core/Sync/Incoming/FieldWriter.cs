using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Rules;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Writes summary and description into an entity that exists.</summary>
internal sealed class FieldWriter(IRuleSet rules, AttachmentWriter attachments, TextPreparation preparation, OverwrittenEdits overwritten, IRandomSource random)
{
    /// <returns>False when the entity is gone.</returns>
    public async Task<bool> WriteAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var entity = await session.Tracker.ReadFieldsAsync(session.EntityId, cancellationToken);
        if (entity is null)
            return false;
        var isResumed = session.Request.PlanJson is not null;
        // A text can show a file only when it is there. Meanwhile people may have written: what the plan is made from is as fresh as it can be.
        if (!isResumed && await attachments.AddShownAsync(session, cancellationToken))
        {
            entity = await session.Tracker.ReadFieldsAsync(session.EntityId, cancellationToken);
            if (entity is null)
                return false;
        }

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

        session.Standing = change.IsEmpty ? entity : await UpdateAsync(session, change, cancellationToken);
        // A try that ended after its write has not looked what it overwrote.
        if (!change.IsEmpty || (isResumed && !planned.IsEmpty))
            await overwritten.RecordAsync(session, isResumed ? planned : change, cancellationToken);
        return true;
    }

    /// <summary>
    /// Shows the files in a description that was created before they were there. Whether an earlier try did so already is seen from what stands there, and what a person
    /// wrote meanwhile stays.
    /// </summary>
    /// <returns>False when the entity is gone.</returns>
    public async Task<bool> ShowPicturesAsync(ApplySession session, CancellationToken cancellationToken)
    {
        await preparation.RunAsync(session, [session.Replica.Description], cancellationToken);
        if (session.Texts.Pictures.Count == 0)
            return true;
        var entity = await session.Tracker.ReadFieldsAsync(session.EntityId, cancellationToken);
        if (entity is null)
            return false;
        var created = Written(session, showsPictures: false);
        var text = DocumentMerge.MergeBack(entity.Description, created, Written(session, showsPictures: true));
        session.Standing = entity;
        if (DocumentMerge.SameContent(text, entity.Description))
            return true;
        session.Plan = session.Plan with { ReadAt = entity.Updated };
        var change = new EntityChange { Description = text };
        session.Standing = await UpdateAsync(session, change, cancellationToken);
        await overwritten.RecordAsync(session, change, cancellationToken);
        return true;
    }

    private static RichDocument Written(ApplySession session, bool showsPictures) =>
        session.Tracker.Normalise(session.Texts.Turn(session.Replica.Description, showsPictures), RichTextPlace.Description);

    // A vendor may refuse a whole text for a picture whose file somebody removed, although it let the picture stand there. Only then it is looked which these are.
    private async Task<TrackerEntity?> UpdateAsync(ApplySession session, EntityChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Tracker.UpdateAsync(session.EntityId, change, cancellationToken);
        }
        catch (TrackerException exception) when (exception is { Category: FailureCategory.Rejected, TargetGone: false } && change.Description is not null)
        {
            if (await NamedAsync(session, change.Description, cancellationToken) is not { } text)
                throw;
            if (session.Plan.Description is { } planned)
            {
                session.Plan = session.Plan with { Description = planned with { After = text } };
                session.Request.PlanJson = ReplicaJson.Write(session.Plan);
                await session.Pair.CommitAsync(cancellationToken);
            }

            session.Note = $"A picture in the description of {session.Twin.LocalKey} is named in words now: its file was removed, and {session.Tracker.Description.ProductName} takes no text that shows it.";
            return await session.Tracker.UpdateAsync(session.EntityId, change with { Description = text }, cancellationToken);
        }
    }

    /// <summary>The text with the names of the pictures whose files are not at the entity any more; null when there are none.</summary>
    private static async Task<RichDocument?> NamedAsync(ApplySession session, RichDocument text, CancellationToken cancellationToken)
    {
        var tracker = session.Tracker;
        if (!References.Pictures(text).Any(IsOwn) || await tracker.ReadAsync(session.EntityId, cancellationToken) is not { } entity)
            return null;
        var files = entity.Attachments.Select(file => file.Id).ToHashSet();
        var shown = session.Texts.Pictures.Where(pair => session.TraceOf(pair.Key) is { } trace && files.Contains(trace.LocalId)).Select(pair => pair.Value.Id!);
        var there = files.Concat(entity.Pictures.Keys).Concat(shown).ToHashSet();
        return References.Pictures(text).Any(IsLost)
            ? tracker.Normalise(new NodeMap(inline => inline is Image image && IsLost(image) ? image with { Id = null, System = null } : inline).Apply(text), RichTextPlace.Description)
            : null;

        bool IsOwn(Image image) => image.Id is not null && image.System == tracker.Realm;
        bool IsLost(Image image) => IsOwn(image) && !there.Contains(image.Id!);
    }

    private static EntityChange Planned(FieldPlan plan) => new() { Summary = plan.Summary?.After, Description = plan.Description?.After };

    private async Task PlanAsync(ApplySession session, TrackerEntity entity, CancellationToken cancellationToken)
    {
        var twin = session.Twin;
        await preparation.RunAsync(session, session.Known is { } known ? [known.Description, session.Replica.Description] : [session.Replica.Description], cancellationToken);
        foreach (var picture in References.Pictures(entity.Description).Where(picture => picture.Id is not null))
            session.Texts.Standing.TryAdd(picture.Id!, picture);
        var planning = FieldPlanner.Make(
            session.Message,
            rules.MakeReplica(entity, CopiesHere.None),
            twin.LocalBase is null ? null : ReplicaJson.Read<Replica>(twin.LocalBase),
            session.Known,
            Divergence.Read(twin).Contains(Field.Description),
            FieldVersions.Read(twin),
            session.Pair.Connection.IsInviter,
            session.Tracker,
            session.Texts);
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
