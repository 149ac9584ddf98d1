using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Pairs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync.Outgoing;

/// <summary>Takes the partner's result: twin, traces, and what each side now knows of the other.</summary>
internal sealed class FinalizeEvent(IRandomSource random, ILogger<FinalizeEvent> logger)
{
    public async Task RunAsync(PairContext pair, SyncEvent row, CancellationToken cancellationToken)
    {
        var twin = pair.Twin;
        var sent = ReplicaJson.Read<SyncRequestMessage>(row.MessageJson!);
        var result = ReplicaJson.Read<SyncResultMessage>(row.ResultJson!);
        (twin.RemoteEntityId, twin.RemoteKey, twin.RemoteLink) = (result.EntityId ?? twin.RemoteEntityId, result.Key ?? twin.RemoteKey, PeerLink.Safe(result.Link) ?? twin.RemoteLink);
        twin.PartnerVoucher = result.Voucher ?? twin.PartnerVoucher;
        twin.AcknowledgedVersion = Math.Max(twin.AcknowledgedVersion, sent.Version);
        // The pair ended, and may have been taken up again, since this was sent: what the partner took of it is learnt, so that both merge from the same texts. No more.
        var isOver = twin.State == TwinState.Ended || sent.PairId != twin.PairId;
        if (result.Outcome is SyncOutcome.Unlinked or SyncOutcome.TargetRemoved)
            GoneThere(twin, result, isOver);
        else if (sent.Replica is { } replica)
            await AppliedAsync(pair, row, replica, result, isOver || twin.State is TwinState.LocalRemoved or TwinState.RemoteRemoved, cancellationToken);

        row.Stage = EventStage.Done;
        row.ClearProblem();
        row.FinishedAt = pair.Now;
        // What was answered had arrived, although that call may have failed: no later call may be due that would clear the connection's problem.
        if (pair.Connection.PartnerDeactivatedAt is null)
            SendEvent.PeerAnswered(pair);
        // The result itself is on the disk.
        pair.CommitInPassing(afterwards: () => SyncLog.Synchronized(logger, twin.LocalKey, twin.RemoteKey, pair.Connection.Name));
    }

    private static void GoneThere(Twin twin, SyncResultMessage result, bool isOver)
    {
        if (isOver)
            return;
        if (result.Outcome == SyncOutcome.Unlinked)
        {
            PairEnding.EndedByPartner(twin, result.Note);
            return;
        }

        twin.State = TwinState.RemoteRemoved;
        twin.Note = $"{twin.RemoteKey ?? "The entity"} was deleted on the other side; {twin.LocalKey} stays.";
    }

    /// <param name="isLate">The pair is over, or was taken up again, since this was sent.</param>
    private async Task AppliedAsync(PairContext pair, SyncEvent row, Replica sent, SyncResultMessage result, bool isLate, CancellationToken cancellationToken)
    {
        var twin = pair.Twin;
        var isFirst = twin.LocalBase is null;
        var mine = isFirst ? sent : Merge(ReplicaJson.Read<Replica>(twin.LocalBase!), sent, StillOurs(twin, row));
        // Followed over there: said once is enough, and its absence from the next replica is no change.
        mine = mine with { RemovedCopies = [.. mine.RemovedCopies.Where(id => !result.RemovedCopies.Contains(id))] };
        var theirs = Readback(twin, sent, result, isFirst ? [Field.Summary, Field.Description] : StillOurs(twin, row));
        (twin.LocalBase, twin.RemoteBase) = (ReplicaJson.Write(mine), ReplicaJson.Write(theirs));
        if (!isLate)
        {
            (twin.State, twin.LastSyncAt) = (TwinState.Synchronized, pair.Now);
            twin.Note = result.Note ?? twin.Note;
        }

        Divergence.Set(twin, result.Kept, [.. result.Readback.Summary is null ? [] : new[] { Field.Summary }, .. result.Readback.Description is null ? [] : new[] { Field.Description }]);
        await TraceAsync(pair, sent, result, isLate, cancellationToken);
    }

    /// <summary>The fields of this event that no incoming change has overwritten meanwhile.</summary>
    private static HashSet<string> StillOurs(Twin twin, SyncEvent row)
    {
        var versions = FieldVersions.Read(twin);
        return [.. (row.ChangedFields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Where(field => versions.GetValueOrDefault(field) == row.Version)];
    }

    private static Replica Merge(Replica known, Replica sent, HashSet<string> fields) => sent with
    {
        Summary = fields.Contains(Field.Summary) ? sent.Summary : known.Summary,
        Description = fields.Contains(Field.Description) ? sent.Description : known.Description,
        Comments = fields.Contains(Field.Comments) ? sent.Comments : known.Comments,
        Attachments = fields.Contains(Field.Attachments) ? sent.Attachments : known.Attachments,
        RemovedCopies = fields.Contains(Field.Attachments) ? sent.RemovedCopies : known.RemovedCopies,
    };

    /// <summary>The partner's entity as it now stands, as far as this event wrote it.</summary>
    private static Replica Readback(Twin twin, Replica sent, SyncResultMessage result, HashSet<string> fields)
    {
        var known = twin.RemoteBase is null
            ? sent with { EntityId = twin.RemoteEntityId ?? "", Key = twin.RemoteKey ?? "", Link = twin.RemoteLink ?? "", Comments = [], Attachments = [], RemovedCopies = [], Pictures = null, People = null }
            : ReplicaJson.Read<Replica>(twin.RemoteBase);
        var isDescribed = fields.Contains(Field.Description) && result.Readback.Description is not null;
        return known with
        {
            Type = result.Readback.Type ?? known.Type,
            Summary = fields.Contains(Field.Summary) ? result.Readback.Summary ?? known.Summary : known.Summary,
            Description = isDescribed ? result.Readback.Description! : known.Description,
            Pictures = isDescribed ? result.Readback.Pictures : known.Pictures,
            People = isDescribed ? result.Readback.People : known.People,
        };
    }

    private async Task TraceAsync(PairContext pair, Replica sent, SyncResultMessage result, bool isLate, CancellationToken cancellationToken)
    {
        var traces = await pair.TracesAsync(cancellationToken);
        Add(pair, traces, TraceKind.Comment, result.Comments, [.. sent.Comments.Select(comment => comment.Id)], isLate);
        Add(pair, traces, TraceKind.Attachment, result.Attachments, [.. sent.Attachments.Select(file => file.Id)], isLate);
        // What the partner has followed is over; what it has not stays in the next replica.
        pair.Db.Traces.RemoveRange(traces.Where(trace =>
            trace is { IsCopyHere: true, Kind: TraceKind.Attachment, CopyRemoved: true } && result.RemovedCopies.Contains(trace.RemoteId)));
    }

    /// <summary>Only ids that were in the request are taken from the partner's word.</summary>
    private void Add(PairContext pair, List<Trace> traces, TraceKind kind, IReadOnlyList<CopyTrace> copies, HashSet<string> offered, bool isLate)
    {
        var known = traces.Where(trace => !trace.IsCopyHere && trace.Kind == kind).ToDictionary(trace => trace.LocalId);
        var taken = traces.Where(trace => trace.Kind == kind).Select(trace => trace.RemoteId).ToHashSet();
        foreach (var copy in copies.Where(copy => offered.Contains(copy.OriginalId)).DistinctBy(copy => copy.OriginalId))
        {
            // One thing over there is the copy of one thing here; a second claim on it is passed over.
            if (!taken.Add(copy.CopyId))
                continue;
            if (known.TryGetValue(copy.OriginalId, out var trace))
                pair.Db.Traces.Remove(trace);

            pair.Db.Traces.Add(new Trace
            {
                Id = random.NewGuid(),
                TwinId = pair.Twin.Id,
                Kind = kind,
                IsCopyHere = false,
                LocalId = copy.OriginalId,
                RemoteId = copy.CopyId,
            });
        }

        // A late result knows nothing of what was offered since.
        if (!isLate)
            pair.Db.Traces.RemoveRange(known.Values.Where(trace => !offered.Contains(trace.LocalId)));
    }
}
