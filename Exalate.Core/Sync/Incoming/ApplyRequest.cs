using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Rules;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Applies a partner's request: created -> files that the description shows -> fields -> attachments -> comments -> read back -> result. Each part can be repeated after a crash at any point.</summary>
internal sealed class ApplyRequest(
    NodeTracker trackers, IRuleSet rules, EntityCreator creator, FieldWriter fields, AttachmentWriter attachments, CommentWriter comments, LeftInDoubt left, PeopleKeys people,
    MassChangeGuard guard, IRandomSource random, INodeChanges changes)
{
    public async Task RunAsync(PairContext pair, SyncRequest request, CancellationToken cancellationToken)
    {
        var message = ReplicaJson.Read<SyncRequestMessage>(request.MessageJson);
        if (message.Kind == SyncRequestKind.Unlinked)
        {
            await PartnerUnlinkedAsync(pair, request, message, cancellationToken);
            return;
        }

        if (pair.Twin.State == TwinState.Ended)
        {
            // Made before the partner heard that the pair is over.
            Finish(request, Result(pair, message, SyncOutcome.Unlinked));
            await pair.CommitAsync(cancellationToken);
            return;
        }

        if (message.Kind == SyncRequestKind.Removed || message.Replica is not { } replica)
        {
            await PartnerRemovedAsync(pair, request, message, cancellationToken);
            return;
        }

        if (pair.Twin.State == TwinState.LocalRemoved)
        {
            await AnswerGoneAsync(pair, request, message, cancellationToken);
            return;
        }

        if (request.Stage == RequestStage.Received && pair.Twin.State == TwinState.Synchronized && await guard.HoldsChangeAsync(pair, outgoing: false, cancellationToken))
            return;
        var tracker = await trackers.GetAsync(cancellationToken);
        if (request.Stage == RequestStage.Received)
            await left.SettleAsync(pair, tracker, cancellationToken);
        var traces = await pair.TracesAsync(cancellationToken);
        var texts = await LocalTexts.LoadAsync(pair, replica, tracker, cancellationToken);
        var session = new ApplySession(pair, request, message, PassedOver.Without(pair.Twin, replica), tracker, traces, texts);
        request.Stage = RequestStage.Applying;
        pair.Twin.RemoteEntityId ??= replica.EntityId;
        try
        {
            if (!await WriteAsync(session, cancellationToken))
                await AnswerGoneAsync(pair, request, message, cancellationToken);
        }
        catch (TrackerException exception) when (exception.TargetGone && pair.Twin.LocalEntityId is not null)
        {
            // Deleted since it was read a moment ago? Where it stands, only the part that was written to is gone, or hidden: that is for an admin.
            if (await tracker.ReadFieldsAsync(session.EntityId, cancellationToken) is not null)
                throw;
            await AnswerGoneAsync(pair, request, message, cancellationToken);
        }
    }

    /// <returns>False when the entity is gone.</returns>
    private async Task<bool> WriteAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var isNew = session.Twin.LocalEntityId is null && await creator.CreateAsync(session, cancellationToken);
        if (!isNew && !await fields.WriteAsync(session, cancellationToken))
            return false;
        var followed = await attachments.WriteAsync(session, cancellationToken);
        if (session.Twin is { LocalBase: null, StartedHere: false } && !await fields.ShowPicturesAsync(session, cancellationToken))
            return false;
        await comments.WriteAsync(session, cancellationToken);
        return await ReadBackAsync(session, followed, cancellationToken);
    }

    /// <returns>False when the entity is gone.</returns>
    private async Task<bool> ReadBackAsync(ApplySession session, IReadOnlyList<string> followed, CancellationToken cancellationToken)
    {
        // The fields are known from the write's own answer; a comment that was written, by this try or one before it, has to be seen as it stands.
        var looksAtAll = session.CopiesHere(TraceKind.Comment).Any(trace => trace is { CopyHash: null, CopyRemoved: false });
        var entity = looksAtAll
            ? await session.Tracker.ReadAsync(session.EntityId, cancellationToken)
            : session.Standing ?? await session.Tracker.ReadFieldsAsync(session.EntityId, cancellationToken);
        if (entity is null)
            return false;
        var twin = session.Twin;
        var written = twin is { LocalBase: null, StartedHere: false } ? FirstWritten(session) : session.Plan;
        var standing = rules.MakeReplica(entity, CopyWatch.CopiesHere(session.Traces));
        var known = twin.LocalBase is null ? standing with { Comments = [], Attachments = [], RemovedCopies = [] } : ReplicaJson.Read<Replica>(twin.LocalBase);
        var mine = known with
        {
            Type = standing.Type,
            Summary = written.Summary is { } summary ? OurWrite(summary.After, standing.Summary) : known.Summary,
            Description = written.Description is { } description ? OurWrite(description.After, standing.Description) : known.Description,
            Attachments = [.. known.Attachments.Where(file => !followed.Contains(file.Id))],
        };
        foreach (var trace in session.CopiesHere(TraceKind.Comment))
        {
            if (trace.CopyHash is null && entity.Comments.FirstOrDefault(comment => comment.Id == trace.LocalId) is { } copy)
                trace.CopyHash = CopyWatch.Hash(copy.Body);
        }

        (twin.LocalBase, twin.RemoteBase) = (ReplicaJson.Write(mine), ReplicaJson.Write(TheirsNow(session)));
        (twin.LocalKey, twin.LocalLink, twin.LocalProjectId) = (entity.Key, entity.Link, entity.Project?.Id ?? twin.LocalProjectId);
        (twin.RemoteKey, twin.RemoteLink) = (session.Replica.Key, PeerLink.Safe(session.Replica.Link) ?? twin.RemoteLink);
        (twin.State, twin.LastSyncAt, twin.ReceivedVersion) = (TwinState.Synchronized, session.Pair.Now, session.Message.Version);
        twin.SeenUntil = entity.Updated;
        twin.Note = session.Note ?? twin.Note;
        Overwritten(twin, session.Plan);
        Divergence.Set(twin, session.Plan.Kept, [.. session.Plan.Summary is null ? [] : new[] { Field.Summary }, .. session.Plan.Description is null ? [] : new[] { Field.Description }]);
        // A person's edit meanwhile is in `standing` but not in `mine`: the next look sends it. Parts that were not looked at are told by their own report.
        if (!looksAtAll)
            standing = standing with { Comments = mine.Comments, Attachments = mine.Attachments, RemovedCopies = mine.RemovedCopies };
        if (session.Plan.Kept.Count > 0 || ReplicaDiff.ChangedFields(mine, standing).Count > 0)
            Owe(session);
        Finish(session.Request, new SyncResultMessage
        {
            EventId = session.Message.EventId,
            Outcome = SyncOutcome.Applied,
            EntityId = entity.Id,
            Key = entity.Key,
            Link = entity.Link,
            Readback = new FieldReadback
            {
                Type = entity.TypeName,
                Summary = written.Summary is null ? null : mine.Summary,
                Description = written.Description is null ? null : mine.Description,
                Pictures = written.Description is null ? null : PicturesHere(session),
                People = written.Description is null ? null : await PeopleHereAsync(session, mine.Description, cancellationToken),
            },
            Kept = session.Plan.Kept,
            Comments = Copies(session, TraceKind.Comment),
            Attachments = Copies(session, TraceKind.Attachment),
            RemovedCopies = followed,
            Note = twin.Note,
        });
        await session.Pair.CommitAsync(cancellationToken);
        changes.Ring(NodeChange.Progress);
        return true;
    }

    /// <summary>What a file is called in the description and what its copy is called in the result are two ids in some trackers.</summary>
    private static Dictionary<string, string>? PicturesHere(ApplySession session)
    {
        var files = session.Texts.Pictures.Where(pair => pair.Value.Id is not null)
            .Select(pair => (Picture: pair.Value.Id!, File: session.TraceOf(pair.Key)?.LocalId))
            .Where(pair => pair.File is not null && pair.File != pair.Picture).DistinctBy(pair => pair.Picture).ToDictionary(pair => pair.Picture, pair => pair.File!);
        return files.Count == 0 ? null : files;
    }

    private async Task<IReadOnlyDictionary<string, string>?> PeopleHereAsync(ApplySession session, RichDocument description, CancellationToken cancellationToken)
    {
        var text = session.Replica with { Description = description, Comments = [], People = null };
        return (await people.AddAsync(session.Pair.Connection, text, session.Tracker, session.ProjectId, cancellationToken)).People;
    }

    /// <summary>The partner's entity as we now know it: fields of the request that are older than what we know do not count.</summary>
    private static Replica TheirsNow(ApplySession session)
    {
        if (session.Twin.RemoteBase is null)
            return session.Replica;
        var known = ReplicaJson.Read<Replica>(session.Twin.RemoteBase);
        var versions = FieldVersions.Read(session.Twin);
        var described = session.Message.IsFresh(Field.Description, versions) ? session.Replica : known;
        return session.Replica with
        {
            Summary = session.Message.IsFresh(Field.Summary, versions) ? session.Replica.Summary : known.Summary,
            Description = described.Description,
            Pictures = described.Pictures,
            People = described.People,
        };
    }

    private static FieldPlan FirstWritten(ApplySession session) => new()
    {
        Summary = new PlannedText("", session.Tracker.NormaliseSummary(session.Replica.Summary)),
        Description = new PlannedDocument(RichDocument.Empty, session.Tracker.Normalise(session.Texts.Turn(session.Replica.Description), RichTextPlace.Description)),
    };

    private static string OurWrite(string written, string standing) => written == standing ? standing : written;

    private static RichDocument OurWrite(RichDocument written, RichDocument standing) => DocumentMerge.SameContent(written, standing) ? standing : written;

    /// <summary>A replica of ours that is under way no longer speaks for the fields that the partner has just overwritten.</summary>
    private static void Overwritten(Twin twin, FieldPlan plan)
    {
        var versions = FieldVersions.Read(twin);
        if (plan.Summary is not null)
            versions.Remove(Field.Summary);
        if (plan.Description is not null)
            versions.Remove(Field.Description);
        FieldVersions.Write(twin, versions);
    }

    private void Owe(ApplySession session) => session.Pair.Db.SyncEvents.Add(NewEvent(session.Twin, random, session.Pair.Now));

    /// <param name="isSentAnyway">Even when the look finds nothing new.</param>
    internal static SyncEvent NewEvent(Twin twin, IRandomSource random, DateTimeOffset now, bool isSentAnyway = false) =>
        NewEvent(twin.Id, twin.ConnectionId, random, now, null, isSentAnyway);

    /// <param name="ownUntil"><see cref="SyncEvent.OwnUntil"/>.</param>
    internal static SyncEvent NewEvent(Guid twinId, Guid connectionId, IRandomSource random, DateTimeOffset now, DateTimeOffset? ownUntil, bool isSentAnyway = false) => new()
    {
        EventId = random.NewGuid().ToString("N"),
        ConnectionId = connectionId,
        TwinId = twinId,
        Stage = EventStage.Queued,
        ChangedFields = isSentAnyway ? "" : null,
        OwnUntil = ownUntil,
        CreatedAt = now,
    };

    private static IReadOnlyList<CopyTrace> Copies(ApplySession session, TraceKind kind) =>
        [.. session.CopiesHere(kind).Select(trace => new CopyTrace(trace.RemoteId, trace.LocalId))];

    private async Task PartnerRemovedAsync(PairContext pair, SyncRequest request, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        if (await guard.HoldsRemovalByPartnerAsync(pair, cancellationToken))
            return;
        pair.Twin.RemoteGoneAt = pair.Now;
        pair.Twin.State = TwinState.RemoteRemoved;
        pair.Twin.ReceivedVersion = message.Version;
        pair.Twin.Note = $"{pair.Twin.RemoteKey ?? "The entity"} was deleted on the other side; {pair.Twin.LocalKey} stays.";
        Finish(request, Result(pair, message, SyncOutcome.Applied));
        await pair.CommitAsync(cancellationToken);
    }

    private static async Task PartnerUnlinkedAsync(PairContext pair, SyncRequest request, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        // Taken up again since, the pair has another id, and the partner's word about the old one only wants its answer.
        if (message.PairId == pair.Twin.PairId)
        {
            await PairEnding.IgnoreOpenAsync(pair.Db, pair.Twin.Id, pair.Now, cancellationToken);
            PairEnding.EndedByPartner(pair.Twin, null);
        }

        pair.Twin.ReceivedVersion = Math.Max(pair.Twin.ReceivedVersion, message.Version);
        Finish(request, Result(pair, message, SyncOutcome.Applied));
        await pair.CommitAsync(cancellationToken);
    }

    private static async Task AnswerGoneAsync(PairContext pair, SyncRequest request, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        pair.Twin.State = TwinState.LocalRemoved;
        pair.Twin.Note = $"{pair.Twin.LocalKey} was deleted here; its twin stays.";
        // Whatever was created in it went with it.
        pair.Db.Intents.RemoveRange(await pair.Db.Intents.Where(intent => intent.TwinId == pair.Twin.Id).ToListAsync(cancellationToken));
        Finish(request, Result(pair, message, SyncOutcome.TargetRemoved));
        await pair.CommitAsync(cancellationToken);
    }

    internal static SyncResultMessage Result(PairContext pair, SyncRequestMessage message, SyncOutcome outcome) => new()
    {
        EventId = message.EventId,
        Outcome = outcome,
        EntityId = pair.Twin.LocalEntityId,
        Key = pair.Twin.LocalKey,
        Link = pair.Twin.LocalLink,
    };

    internal static void Finish(SyncRequest request, SyncResultMessage result)
    {
        request.ResultJson = ReplicaJson.Write(result);
        request.Stage = RequestStage.Applied;
        request.ClearProblem();
    }
}
