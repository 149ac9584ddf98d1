using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Pairs;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Errors;

/// <summary>Gives up what an admin chose to ignore, so that both sides know where the pair stands and it goes on with its next change.</summary>
internal sealed class IgnoredWork(IRandomSource random)
{
    public static readonly Conflict WaitsOverThere = new("The other side has this change and keeps it. Its admin can retry or ignore it there; from here nothing can be done.");

    /// <summary>What was not sent stays different from what the partner knows, so it goes along when the entity changes next.</summary>
    public async Task<Error?> EventAsync(PairContext pair, SyncEvent row, CancellationToken cancellationToken)
    {
        if (row.Stage == EventStage.Sent)
            return WaitsOverThere;
        if (pair.Twin is { State: TwinState.FirstSync, LocalBase: null } && row.Stage != EventStage.ResultArrived)
        {
            await PairEnding.EndHereAsync(
                pair.Db, pair.Twin, $"The first synchronization of {pair.Twin.LocalKey} was ignored; it is not under sync.", random, pair.Now, cancellationToken);
            return null;
        }

        if (row.Stage == EventStage.ResultArrived)
            pair.Twin.AcknowledgedVersion = row.Version;
        (row.Stage, row.FinishedAt) = (EventStage.Ignored, pair.Now);
        row.ClearProblem();
        return null;
    }

    /// <summary>The partner hears that our values stay; what it offered is known here, and is not tried again with its next change.</summary>
    public async Task<Error?> RequestAsync(PairContext pair, SyncRequest row, CancellationToken cancellationToken)
    {
        var twin = pair.Twin;
        var message = ReplicaJson.Read<SyncRequestMessage>(row.MessageJson);
        if (row.Stage == RequestStage.Applied)
        {
            (row.Stage, row.FinishedAt) = (RequestStage.Ignored, pair.Now);
            row.ClearProblem();
            return null;
        }

        if (twin.LocalEntityId is null || message.Replica is not { } replica)
        {
            PairEnding.EndedByPartner(twin, $"The first synchronization of {twin.RemoteKey} was ignored here; it is not under sync.");
            ApplyRequest.Finish(row, ApplyRequest.Result(pair, message, SyncOutcome.Unlinked) with { Note = "The other side's admin chose not to take this entity." });
            return null;
        }

        var traces = await pair.Db.Traces.Where(trace => trace.TwinId == twin.Id).ToListAsync(cancellationToken);
        var kept = message.Changed.Where(field => field is Field.Summary or Field.Description).ToList();
        PassOver(twin, replica, traces);
        twin.RemoteBase = ReplicaJson.Write(replica);
        twin.ReceivedVersion = message.Version;
        Divergence.Set(twin, kept, []);
        twin.Note = $"A change of {twin.RemoteKey} ({string.Join(", ", message.Changed)}) was ignored here.";
        ApplyRequest.Finish(row, ApplyRequest.Result(pair, message, SyncOutcome.Applied) with
        {
            Kept = kept,
            Comments = Copies(traces, TraceKind.Comment),
            Attachments = Copies(traces, TraceKind.Attachment),
            Note = $"The other side's admin chose not to take a change ({string.Join(", ", message.Changed)}).",
        });
        return null;
    }

    private static void PassOver(Twin twin, Replica replica, List<Trace> traces)
    {
        var known = traces.Select(trace => (trace.Kind, trace.RemoteId)).ToHashSet();
        PassedOver.Add(twin, replica.Comments.Where(comment => !known.Contains((TraceKind.Comment, comment.Id))).Select(comment => comment.Id)
            .Concat(replica.Attachments.Where(file => !known.Contains((TraceKind.Attachment, file.Id))).Select(file => file.Id)));
        foreach (var comment in replica.Comments)
        {
            if (traces.Find(trace => trace is { IsCopyHere: true, Kind: TraceKind.Comment } && trace.RemoteId == comment.Id) is { } copy)
                copy.SourceHash = CommentWriter.SourceHash(comment);
        }
    }

    private static IReadOnlyList<CopyTrace> Copies(List<Trace> traces, TraceKind kind) =>
        [.. traces.Where(trace => trace.IsCopyHere && trace.Kind == kind).Select(trace => new CopyTrace(trace.RemoteId, trace.LocalId))];
}
