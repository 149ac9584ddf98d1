using Exalate.Core.Peers;
using Exalate.Core.Replicas;

namespace Exalate.Core.Sync;

/// <summary>For each field the number of the last outgoing replica that changed it: tells a concurrent edit from a later one.</summary>
internal static class FieldVersions
{
    public static Dictionary<string, long> Read(Twin twin) =>
        twin.FieldVersions is null ? [] : ReplicaJson.Read<Dictionary<string, long>>(twin.FieldVersions);

    /// <summary>
    /// Whether an incoming value speaks of the present: the sender changed the field, or knew our last change of it when it made the replica. A value that is
    /// neither is older than ours.
    /// </summary>
    public static bool IsFresh(this SyncRequestMessage message, string field, IReadOnlyDictionary<string, long> versions) =>
        message.Changed.Contains(field) || versions.GetValueOrDefault(field) <= message.BasedOn;

    public static void Write(Twin twin, Dictionary<string, long> versions) => twin.FieldVersions = ReplicaJson.Write(versions);
}
