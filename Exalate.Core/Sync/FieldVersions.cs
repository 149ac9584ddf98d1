using Exalate.Core.Replicas;

namespace Exalate.Core.Sync;

/// <summary>For each field the number of the last outgoing replica that changed it: tells a concurrent edit from a later one.</summary>
internal static class FieldVersions
{
    public static Dictionary<string, long> Read(Twin twin) =>
        twin.FieldVersions is null ? [] : ReplicaJson.Read<Dictionary<string, long>>(twin.FieldVersions);

    public static void Write(Twin twin, Dictionary<string, long> versions) => twin.FieldVersions = ReplicaJson.Write(versions);
}
