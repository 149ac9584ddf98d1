using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Rules;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync;

/// <summary>Notices what people did to copies: a removed attachment follows to its original, an edited or removed comment is recorded and shown.</summary>
internal static class CopyWatch
{
    public static void Look(Twin twin, TrackerEntity entity, IReadOnlyList<Trace> traces)
    {
        var comments = entity.Comments.ToDictionary(comment => comment.Id);
        var files = entity.Attachments.Select(file => file.Id).ToHashSet();
        foreach (var trace in traces.Where(trace => trace.IsCopyHere))
        {
            if (trace.Kind == TraceKind.Attachment)
                trace.CopyRemoved |= !files.Contains(trace.LocalId);
            else
                LookAtComment(twin, trace, comments.GetValueOrDefault(trace.LocalId));
        }
    }

    public static CopiesHere CopiesHere(IReadOnlyList<Trace> traces) => new(
        Ids(traces, TraceKind.Comment),
        Ids(traces, TraceKind.Attachment),
        [.. traces.Where(trace => trace is { IsCopyHere: true, Kind: TraceKind.Attachment, CopyRemoved: true }).Select(trace => trace.RemoteId).Order(StringComparer.Ordinal)]);

    /// <summary>Fingerprint of a comment as it stands in the tracker.</summary>
    public static string Hash(RichDocument body) => ContentHash.Of(RichDocumentJson.Serialize(body));

    private static void LookAtComment(Twin twin, Trace trace, TrackerComment? copy)
    {
        if (copy is null)
        {
            if (!trace.CopyRemoved)
                twin.Note = "A copied comment was removed over here; its original stays on the other side.";
            trace.CopyRemoved = true;
            return;
        }

        var edited = trace.CopyHash is not null && Hash(copy.Body) != trace.CopyHash;
        if (edited && !trace.CopyEdited)
            twin.Note = "A copied comment was edited over here; the edit stays here, because a comment belongs to the person who wrote it.";
        trace.CopyEdited = edited;
    }

    private static HashSet<string> Ids(IReadOnlyList<Trace> traces, TraceKind kind) =>
        [.. traces.Where(trace => trace.IsCopyHere && trace.Kind == kind).Select(trace => trace.LocalId)];
}
