using Exalate.Core.Replicas;

namespace Exalate.Core.Sync.Pairs;

/// <summary>Comments and files of the partner that an admin chose not to copy: the next change must not try them again.</summary>
internal static class PassedOver
{
    public static Replica Without(Twin twin, Replica replica)
    {
        if (twin.PassedOver is null)
            return replica;
        var ids = Read(twin);
        return replica with
        {
            Comments = [.. replica.Comments.Where(comment => !ids.Contains(comment.Id))],
            Attachments = [.. replica.Attachments.Where(file => !ids.Contains(file.Id))],
        };
    }

    public static void Add(Twin twin, IEnumerable<string> ids)
    {
        var all = Read(twin).Concat(ids).Distinct().Order(StringComparer.Ordinal).ToList();
        twin.PassedOver = all.Count == 0 ? null : string.Join('\n', all);
    }

    private static HashSet<string> Read(Twin twin) => [.. (twin.PassedOver ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
