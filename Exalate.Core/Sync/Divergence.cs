using Exalate.Core.Replicas;

namespace Exalate.Core.Sync;

/// <summary>
/// Fields that the loser of a conflict does not have yet, or the winner has kept: until one value is written over the other, a difference between two versions of the
/// one says nothing about the other, and must not be merged into it.
/// </summary>
internal static class Divergence
{
    public static IReadOnlySet<string> Read(Twin twin) => (twin.DivergedFields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    /// <param name="agreed">Fields of which both sides hold the same value now.</param>
    public static void Set(Twin twin, IReadOnlyList<string> diverged, IReadOnlyList<string> agreed)
    {
        var known = new[] { Field.Summary, Field.Description };
        var fields = known.Where(field => diverged.Contains(field) || (Read(twin).Contains(field) && !agreed.Contains(field))).ToList();
        twin.DivergedFields = fields.Count == 0 ? null : string.Join(',', fields);
    }
}
