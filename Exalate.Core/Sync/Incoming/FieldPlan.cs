using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync.Incoming;

/// <summary>
/// What a request is about to write into the entity's fields, made once from a fresh look and stored before the write: a resumed try compares with it
/// instead of merging a second time.
/// </summary>
internal sealed record FieldPlan
{
    /// <summary>Null: the request does not touch the field, or our value stays.</summary>
    public PlannedText? Summary { get; init; }

    public PlannedDocument? Description { get; init; }

    /// <summary>When the entity had last changed as the plan was made; what people did later was not known to it.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>Fields in which our value stays although the request changes them: the partner has to hear it.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];
}

/// <param name="Before">What stood there when the plan was made.</param>
/// <param name="After">What shall stand there, as the tracker will hold it.</param>
internal sealed record PlannedText(string Before, string After);

/// <inheritdoc cref="PlannedText"/>
internal sealed record PlannedDocument(RichDocument Before, RichDocument After);

/// <summary>Both sides changed a field.</summary>
internal sealed record FieldConflict(string Field, string LocalValue, string RemoteValue, bool LocalWon, RichDocument? LocalDocument = null, RichDocument? RemoteDocument = null)
{
    public static FieldConflict OfDescription(RichDocument local, RichDocument remote, bool localWon) =>
        new(Replicas.Field.Description, local.ToPlainText(), remote.ToPlainText(), localWon, local, remote);
}

internal sealed record FieldPlanning(FieldPlan Plan, IReadOnlyList<FieldConflict> Conflicts);

/// <summary>
/// Three-way merge of one request: a field changed on one side wins; changed on both, the inviting side does, and both values are recorded.
/// Pure.
/// </summary>
internal static class FieldPlanner
{
    /// <param name="message">With a replica.</param>
    /// <param name="local">Our entity as a replica, just read.</param>
    /// <param name="localBase">
    /// Ours as the partner knows it; null when the first request was never answered: the pair was taken out of sync before, and up again. What differs may be a person's edit then.
    /// </param>
    /// <param name="remoteBase">The partner's as we know it; null when it was never seen.</param>
    /// <param name="versions">For each field the number of our last replica that changed it.</param>
    /// <param name="texts">Prepared for the incoming description.</param>
    /// <param name="descriptionDiverged">The two descriptions have nothing to do with each other: the incoming one stands for itself.</param>
    public static FieldPlanning Make(
        SyncRequestMessage message, Replica local, Replica? localBase, Replica? remoteBase, bool descriptionDiverged, IReadOnlyDictionary<string, long> versions,
        bool weWin, ITracker tracker, LocalTexts texts)
    {
        var (incoming, basedOn) = (message.Replica!, message.BasedOn);
        var conflicts = new List<FieldConflict>();
        var kept = new List<string>();
        var plan = new FieldPlan();
        if (message.IsFresh(Field.Summary, versions) && (remoteBase is null || incoming.Summary != remoteBase.Summary))
        {
            var after = tracker.NormaliseSummary(incoming.Summary);
            var changedHere = local.Summary != (localBase?.Summary ?? after) || versions.GetValueOrDefault(Field.Summary) > basedOn;
            if (after == local.Summary || RemoteWins(changedHere, new FieldConflict(Field.Summary, local.Summary, after, weWin)))
                plan = plan with { Summary = new PlannedText(local.Summary, after) };
        }

        if (message.IsFresh(Field.Description, versions) && (remoteBase is null || !DocumentMerge.SameContent(incoming.Description, remoteBase.Description)))
        {
            var shown = descriptionDiverged ? null : remoteBase?.Description;
            // In our people and files on both sides of the edit: what nobody touched is the same here and there.
            var now = texts.Here(incoming.Description);
            var merged = shown is null ? now : DocumentMerge.MergeBack(local.Description, texts.Here(shown), now);
            var changedHere = (localBase is null ? local.Description.ToPlainText() != now.ToPlainText() : !DocumentMerge.SameContent(local.Description, localBase.Description))
                || versions.GetValueOrDefault(Field.Description) > basedOn;
            // Where both changed, the winner's text stands as it is: a merge of the two is nobody's.
            var after = tracker.Normalise(texts.TurnLinks(changedHere ? now : merged), RichTextPlace.Description);
            if (DocumentMerge.SameContent(after, local.Description) || RemoteWins(changedHere, FieldConflict.OfDescription(local.Description, after, weWin)))
                plan = plan with { Description = new PlannedDocument(local.Description, after) };
        }

        return new FieldPlanning(plan with { Kept = kept }, conflicts);

        bool RemoteWins(bool changedHere, FieldConflict conflict)
        {
            if (!changedHere)
                return true;
            conflicts.Add(conflict);
            if (weWin)
                kept.Add(conflict.Field);
            return !weWin;
        }
    }
}
