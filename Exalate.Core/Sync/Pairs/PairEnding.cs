using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Pairs;

/// <summary>
/// Takes a pair out of sync, and up again. The row stays with what both sides know of each other, so that a later Exalate of either entity
/// goes on with its old twin instead of making a second one.
/// </summary>
internal static class PairEnding
{
    /// <summary>Ends the pair on this side and queues the word to the partner, where it may know the pair. The caller holds the pair and commits.</summary>
    public static async Task EndHereAsync(
        ExalateDbContext db, Twin twin, string note, IRandomSource random, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await IgnoreOpenAsync(db, twin.Id, now, cancellationToken);
        var partnerKnows = !twin.StartedHere || twin.SentVersion > 0;
        (twin.State, twin.Note) = (TwinState.Ended, note);
        if (partnerKnows)
            db.SyncEvents.Add(Word(twin, random, now));
    }

    /// <param name="said">The partner's words; null for ours.</param>
    public static void EndedByPartner(Twin twin, string? said)
    {
        if (twin.State == TwinState.Ended)
            return;
        (twin.State, twin.Note) = (TwinState.Ended, said ?? "Taken out of sync by the other side's admin. Both entities stay.");
    }

    /// <summary>
    /// Nothing of the pair's open work is tried any more. What is applied already is answered all the same: the partner waits for that, and learns from it what stands here. So is the partner's own word that the
    /// pair is over.
    /// </summary>
    public static async Task IgnoreOpenAsync(ExalateDbContext db, Guid twinId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await IgnoreEventsAsync(db, twinId, now, cancellationToken);
        var open = await db.SyncRequests.Where(row => row.TwinId == twinId && (row.Stage == RequestStage.Received || row.Stage == RequestStage.Applying)).ToListAsync(cancellationToken);
        foreach (var row in open.Where(row => !IsWord(row.MessageJson)))
        {
            (row.Stage, row.FinishedAt) = (RequestStage.Ignored, now);
            row.ClearProblem();
        }
    }

    /// <summary>
    /// Nothing of what waits to go out is sent any more. What the partner has answered is learnt from all the same, and the word that an earlier pair of the two is over still goes out: the partner may
    /// know no other.
    /// </summary>
    public static async Task IgnoreEventsAsync(ExalateDbContext db, Guid twinId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db.SyncEvents.Where(row => row.TwinId == twinId && row.FinishedAt == null && row.Stage != EventStage.ResultArrived).ToListAsync(cancellationToken);
        foreach (var row in open.Where(row => !IsWord(row.MessageJson)))
        {
            (row.Stage, row.FinishedAt) = (EventStage.Ignored, now);
            row.ClearProblem();
        }
    }

    /// <summary>The pair of the two entities that a partner's first message is about, by the partner's; where its copy over there was made and never answered for, by ours. Null when there is none.</summary>
    public static async Task<Twin?> FindAsync(ExalateDbContext db, Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        if (message is not { Kind: SyncRequestKind.Upsert, Replica.EntityId: var remoteId })
            return null;
        var known = await db.Twins.SingleOrDefaultAsync(row => row.ConnectionId == connectionId && row.RemoteEntityId == remoteId, cancellationToken);
        return known is not null || message.YourEntityId is not { } own
            ? known
            : await db.Twins.SingleOrDefaultAsync(row => row.ConnectionId == connectionId && row.LocalEntityId == own && row.RemoteEntityId == null && row.SentVersion > 0, cancellationToken);
    }

    /// <summary>
    /// Takes the pair up again under a new id, so that what is still under way for the old one can't reach it. Where one of the entities is gone, the pair begins anew;
    /// else the edits that both sides saw meanwhile are merged as ever.
    /// </summary>
    public static async Task ResumeAsync(ExalateDbContext db, Twin twin, Guid pairId, bool startedHere, CancellationToken cancellationToken)
    {
        if (twin.State is TwinState.LocalRemoved or TwinState.RemoteRemoved)
        {
            db.Traces.RemoveRange(await db.Traces.Where(trace => trace.TwinId == twin.Id).ToListAsync(cancellationToken));
            db.Intents.RemoveRange(await db.Intents.Where(intent => intent.TwinId == twin.Id).ToListAsync(cancellationToken));
            (twin.LocalBase, twin.RemoteBase, twin.FieldVersions, twin.DivergedFields) = (null, null, null, null);
            (twin.SentVersion, twin.AcknowledgedVersion, twin.ReceivedVersion) = (0, 0, 0);
            if (startedHere)
                (twin.RemoteEntityId, twin.RemoteKey, twin.RemoteLink) = (null, null, null);
            else if (twin.State == TwinState.LocalRemoved)
                (twin.LocalEntityId, twin.LocalKey, twin.LocalLink) = (null, null, null);
        }

        (twin.PairId, twin.StartedHere, twin.State, twin.Note) = (pairId, startedHere, TwinState.FirstSync, null);
    }

    /// <summary>Whether a partner's first message takes the pair up again.</summary>
    public static bool IsTakenUp(Twin twin) => twin.State is not (TwinState.FirstSync or TwinState.Synchronized);

    /// <summary>
    /// Whether both sides took the pair up again at once, each under an id of its own. Like a conflict it is decided by what both know: the inviter's id stays.
    /// </summary>
    public static bool IsTakenUpTwice(Twin twin) => twin is { LocalEntityId: not null, StartedHere: true, State: TwinState.FirstSync };

    /// <summary>Goes on under the partner's id: what was under way under ours is made anew.</summary>
    public static async Task YieldAsync(ExalateDbContext db, Twin twin, Guid pairId, CancellationToken cancellationToken)
    {
        (twin.PairId, twin.StartedHere) = (pairId, false);
        foreach (var row in await db.SyncEvents.Where(row => row.TwinId == twin.Id && (row.Stage == EventStage.Prepared || row.Stage == EventStage.Sent)).ToListAsync(cancellationToken))
            MakeAnew(row);
    }

    /// <summary>Looked at and sent once more, whether anything differs or not.</summary>
    public static void MakeAnew(SyncEvent row)
    {
        (row.Stage, row.MessageJson, row.ChangedFields) = (EventStage.Queued, null, "");
        row.ClearProblem();
    }

    /// <summary>Whether a stored request says that the pair is over.</summary>
    internal static bool IsWord(string? messageJson) => messageJson is not null && ReplicaJson.Read<SyncRequestMessage>(messageJson).Kind == SyncRequestKind.Unlinked;

    private static SyncEvent Word(Twin twin, IRandomSource random, DateTimeOffset now)
    {
        var eventId = random.NewGuid().ToString("N");
        var version = ++twin.SentVersion;
        return new SyncEvent
        {
            EventId = eventId,
            ConnectionId = twin.ConnectionId,
            TwinId = twin.Id,
            Stage = EventStage.Prepared,
            Version = version,
            MessageJson = ReplicaJson.Write(new SyncRequestMessage
            {
                EventId = eventId,
                PairId = twin.PairId,
                Kind = SyncRequestKind.Unlinked,
                Version = version,
                BasedOn = twin.ReceivedVersion,
            }),
            CreatedAt = now,
        };
    }
}
