using Exalate.Core.RichText;

namespace Exalate.Core.Replicas;

/// <summary>What differs between two replicas of one entity. A difference that nobody can see is none.</summary>
internal static class ReplicaDiff
{
    /// <summary>Names of <see cref="Field"/>; all four when there was nothing before.</summary>
    public static IReadOnlyList<string> ChangedFields(Replica? before, Replica now)
    {
        if (before is null)
            return [Field.Summary, Field.Description, Field.Comments, Field.Attachments];
        var changed = new List<string>();
        if (before.Summary != now.Summary)
            changed.Add(Field.Summary);
        if (!DocumentMerge.SameContent(before.Description, now.Description))
            changed.Add(Field.Description);
        if (!SameComments(before.Comments, now.Comments))
            changed.Add(Field.Comments);
        if (!SameAttachments(before, now))
            changed.Add(Field.Attachments);
        return changed;
    }

    private static bool SameComments(IReadOnlyList<ReplicaComment> before, IReadOnlyList<ReplicaComment> now) =>
        before.Count == now.Count && before.Zip(now).All(pair =>
            pair.First.Id == pair.Second.Id
            && pair.First.Author == pair.Second.Author
            && DocumentMerge.SameContent(pair.First.Body, pair.Second.Body));

    private static bool SameAttachments(Replica before, Replica now) =>
        before.Attachments.Select(file => file.Id).SequenceEqual(now.Attachments.Select(file => file.Id))
        && before.RemovedCopies.SequenceEqual(now.RemovedCopies);
}
