using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Sync.Rebuild;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Inbox;

/// <summary>Stores what a partner sends. Nothing here looks at a tracker, except for a file that the partner was offered.</summary>
internal sealed class SyncInbox(
    IDbContextFactory<ExalateDbContext> contexts, ITrackerProvider trackers, Epochs epochs, RecallDesk recalls, INodeChanges changes, IRandomSource random, TimeProvider time) : ISyncInbox
{
    /// <summary>Two deliveries of one message, or two first messages of one pair, may race: the loser finds the winner's row on its second try.</summary>
    private const int Tries = 3;

    private const string RestoredSentence = "This node was restored from a back-up and looks for what it knew.";

    private static readonly Func<ExalateDbContext, Guid, string, CancellationToken, Task<SyncEvent?>> FindEventAsync = EF.CompileAsyncQuery(
        (ExalateDbContext db, Guid connectionId, string eventId, CancellationToken _) => db.SyncEvents.SingleOrDefault(row => row.ConnectionId == connectionId && row.EventId == eventId));

    private static readonly Func<ExalateDbContext, Guid, string, CancellationToken, Task<SyncRequest?>> FindRequestAsync = EF.CompileAsyncQuery(
        (ExalateDbContext db, Guid connectionId, string eventId, CancellationToken _) => db.SyncRequests.SingleOrDefault(row => row.ConnectionId == connectionId && row.EventId == eventId));

    private static readonly Func<ExalateDbContext, Guid, Guid, CancellationToken, Task<Twin?>> FindTwinAsync = EF.CompileAsyncQuery(
        (ExalateDbContext db, Guid connectionId, Guid pairId, CancellationToken _) => db.Twins.SingleOrDefault(row => row.ConnectionId == connectionId && row.PairId == pairId));

    private static readonly Func<ExalateDbContext, Guid, string, Guid, CancellationToken, Task<bool>> IsTakenAsync = EF.CompileAsyncQuery(
        (ExalateDbContext db, Guid connectionId, string remoteEntityId, Guid twinId, CancellationToken _) =>
            db.Twins.Any(row => row.ConnectionId == connectionId && row.RemoteEntityId == remoteEntityId && row.Id != twinId));

    private static readonly InboxAnswer OfAnotherPair = InboxAnswer.Refused("This entity is under sync in another pair of this connection already.");

    public Task<InboxAnswer> StoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken) =>
        MessageCheck.Problem(message) is { } problem
            ? Task.FromResult(InboxAnswer.Refused(problem))
            : RepeatAsync(() => TryStoreRequestAsync(connectionId, MessageCheck.Tidy(message), cancellationToken));

    public async Task<InboxAnswer> StoreResultAsync(Guid connectionId, SyncResultMessage said, CancellationToken cancellationToken)
    {
        if (MessageCheck.Problem(said) is { } problem)
            return InboxAnswer.Refused(problem);
        var message = MessageCheck.Tidy(said);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await FindEventAsync(db, connectionId, message.EventId, cancellationToken);
        await epochs.CheckAsync(db, connectionId, message.Seen, cancellationToken);
        if (row is null)
            await epochs.CheckUnknownAsync(db, connectionId, message, cancellationToken);
        if (row is null || (row.Stage is not (EventStage.Prepared or EventStage.Sent) && !await IsLateAsync(db, row, message, cancellationToken)))
            return InboxAnswer.AlreadyStored;
        if (await IsOfAnotherPairAsync(db, connectionId, row.TwinId, message.EntityId, cancellationToken))
            return OfAnotherPair;
        if (message.Outcome == SyncOutcome.Delayed)
        {
            (row.Problem, row.ProblemCategory, row.ProblemSince) = (message.Problem, message.Category, row.ProblemSince ?? time.GetUtcNow());
        }
        else
        {
            row.ResultJson = ReplicaJson.Write(message);
            (row.Stage, row.FinishedAt) = (EventStage.ResultArrived, null);
            row.ClearProblem();
        }

        await SaveAndSignalAsync(db, connectionId, row.TwinId, cancellationToken);
        return InboxAnswer.Stored;
    }

    /// <summary>
    /// The pair ended before the answer came. That the partner took the change has to be known all the same, should the pair be taken up again: both sides would merge into
    /// different texts. Not so where the pair began anew meanwhile.
    /// </summary>
    private static async Task<bool> IsLateAsync(ExalateDbContext db, SyncEvent row, SyncResultMessage message, CancellationToken cancellationToken) =>
        row is { Stage: EventStage.Ignored, MessageJson: not null } && message.Outcome == SyncOutcome.Applied
        && await db.Twins.AnyAsync(twin => twin.Id == row.TwinId && (twin.State == TwinState.Ended || twin.LocalBase != null), cancellationToken);

    public async Task RefusedAsync(Guid connectionId, bool isResult, string eventId, string sentence, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var problem = $"The partner's node refused the message. It said: {MessageCheck.Said(sentence)}";
        if (isResult)
        {
            var request = await FindRequestAsync(db, connectionId, eventId, cancellationToken);
            if (request is not { Stage: RequestStage.Applied or RequestStage.Done })
                return;
            (request.Stage, request.FinishedAt, request.Problem, request.NeedsAttention, request.NextAttemptAt) = (RequestStage.Applied, null, problem, true, null);
            (request.ProblemSince, request.ProblemCategory) = (request.ProblemSince ?? time.GetUtcNow(), FailureCategory.Rejected);
            await SaveAndSignalAsync(db, connectionId, request.TwinId, cancellationToken);
            return;
        }

        var row = await FindEventAsync(db, connectionId, eventId, cancellationToken);
        if (row is not { Stage: EventStage.Prepared or EventStage.Sent })
            return;
        if (ReplicaJson.Read<SyncRequestMessage>(row.MessageJson!).Kind != SyncRequestKind.Upsert)
        {
            // The partner does not know the pair, or not under this id: there is nothing to end over there.
            (row.Stage, row.FinishedAt) = (EventStage.Done, time.GetUtcNow());
            row.ClearProblem();
        }
        else
        {
            (row.Stage, row.Problem, row.NeedsAttention, row.NextAttemptAt) = (EventStage.Prepared, problem, true, null);
            (row.ProblemSince, row.ProblemCategory) = (row.ProblemSince ?? time.GetUtcNow(), FailureCategory.Rejected);
        }

        await SaveAndSignalAsync(db, connectionId, row.TwinId, cancellationToken);
    }

    public async Task<OutgoingAttachment?> OpenAttachmentAsync(Guid connectionId, string entityId, string attachmentId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var twin = await db.Twins.AsNoTracking().SingleOrDefaultAsync(row => row.ConnectionId == connectionId && row.LocalEntityId == entityId, cancellationToken);
        if (twin is null || await FindOfferedAsync(db, twin, attachmentId, cancellationToken) is not { } file)
        {
            // Said to be gone, it would never be asked for again: the offer may be among what is looked for.
            return await Epochs.IsLostAsync(db, connectionId, cancellationToken) ? throw new TrackerException(FailureCategory.Unavailable, RestoredSentence) : null;
        }

        if (await trackers.GetAsync(cancellationToken) is not { } tracker)
            return null;
        var content = await tracker.OpenAttachmentAsync(entityId, attachmentId, cancellationToken);
        return content is null ? null : new OutgoingAttachment(content, file.Size, file.ContentType);
    }

    public Task<RecallAnswer> RecallAsync(Guid connectionId, RecallQuestion question, CancellationToken cancellationToken) => recalls.AnswerAsync(connectionId, question, cancellationToken);

    /// <summary>Only what a replica of this pair has offered leaves: not what else is attached, or was added since.</summary>
    private static async Task<ReplicaAttachment?> FindOfferedAsync(ExalateDbContext db, Twin twin, string attachmentId, CancellationToken cancellationToken)
    {
        var offers = await db.SyncEvents.AsNoTracking()
            .Where(row => row.TwinId == twin.Id && (row.Stage == EventStage.Prepared || row.Stage == EventStage.Sent) && row.MessageJson != null)
            .Select(row => row.MessageJson!)
            .ToListAsync(cancellationToken);
        return offers
            .Select(json => ReplicaJson.Read<SyncRequestMessage>(json).Replica)
            .Append(twin.LocalBase is null ? null : ReplicaJson.Read<Replica>(twin.LocalBase))
            .SelectMany(replica => replica?.Attachments ?? [])
            .FirstOrDefault(file => file.Id == attachmentId);
    }

    private static async Task<InboxAnswer> RepeatAsync(Func<Task<InboxAnswer>> tryAsync)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await tryAsync();
            }
            catch (DbUpdateException exception) when (exception.IsDuplicate() && attempt < Tries)
            {
                // The other delivery was faster; look again.
            }
        }
    }

    private async Task<InboxAnswer> TryStoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await epochs.CheckAsync(db, connectionId, message.Seen, cancellationToken);
        if (await FindRequestAsync(db, connectionId, message.EventId, cancellationToken) is { } repeated)
            return await RepeatedAsync(db, repeated, cancellationToken);
        var twin = await FindTwinAsync(db, connectionId, message.PairId, cancellationToken);
        if (twin is null)
        {
            var known = await PairEnding.FindAsync(db, connectionId, message, cancellationToken);
            if (known is not null && PairEnding.IsTakenUp(known))
            {
                twin = known;
                await PairEnding.ResumeAsync(db, twin, message.PairId, startedHere: false, cancellationToken);
                // What was edited here meanwhile was reported to nobody. It is sent in any case: the end may have come before the answer to our last change, and what the partner took of it is not known.
                if (twin.LocalEntityId is not null)
                    db.SyncEvents.Add(ApplyRequest.NewEvent(twin, random, time.GetUtcNow(), isSentAnyway: true));
            }
            else if (known is not null && PairEnding.IsTakenUpTwice(known))
            {
                // Ours stays, and is on its way: the partner gives its own up when that arrives.
                if (await db.Connections.AnyAsync(row => row.Id == connectionId && row.IsInviter, cancellationToken))
                    return InboxAnswer.AlreadyStored;
                await PairEnding.YieldAsync(db, known, message.PairId, cancellationToken);
                twin = known;
            }
            else if (message.Kind != SyncRequestKind.Upsert || message.BasedOn > 0)
            {
                // A node that has just found out that it is an old copy may have known it, and will again.
                return await Epochs.IsLostAsync(db, connectionId, cancellationToken) ? InboxAnswer.NotNow(RestoredSentence) : InboxAnswer.Refused("This pair is not under sync here (any more).");
            }
            else
            {
                twin = NewTwin(connectionId, message);
                db.Twins.Add(twin);
            }
        }

        twin.PartnerVoucher = message.Voucher ?? twin.PartnerVoucher;
        var isFirst = twin.RemoteEntityId is null || db.Entry(twin).State == EntityState.Added;
        if (isFirst && await IsOfAnotherPairAsync(db, connectionId, twin.Id, message.Replica?.EntityId, cancellationToken))
            return OfAnotherPair;

        db.SyncRequests.Add(new SyncRequest
        {
            ConnectionId = connectionId,
            EventId = message.EventId,
            TwinId = twin.Id,
            Stage = RequestStage.Received,
            MessageJson = ReplicaJson.Write(message),
            Serial = message.Serial,
            ReceivedAt = time.GetUtcNow(),
        });
        await SaveAndSignalAsync(db, connectionId, twin.Id, cancellationToken);
        return InboxAnswer.Stored;
    }

    /// <summary>One entity of the partner is in one pair of a connection: the database holds it so, and a message that says otherwise could never be worked off.</summary>
    private static Task<bool> IsOfAnotherPairAsync(ExalateDbContext db, Guid connectionId, Guid twinId, string? remoteEntityId, CancellationToken cancellationToken) =>
        remoteEntityId is null ? Task.FromResult(false) : IsTakenAsync(db, connectionId, remoteEntityId, twinId, cancellationToken);

    /// <summary>The partner has not had our result, or it would not ask again: it is delivered once more.</summary>
    private async Task<InboxAnswer> RepeatedAsync(ExalateDbContext db, SyncRequest known, CancellationToken cancellationToken)
    {
        if (known is { Stage: RequestStage.Done, ResultJson: not null })
        {
            known.Stage = RequestStage.Applied;
            known.FinishedAt = null;
            await SaveAndSignalAsync(db, known.ConnectionId, known.TwinId, cancellationToken);
        }

        return InboxAnswer.AlreadyStored;
    }

    private Twin NewTwin(Guid connectionId, SyncRequestMessage message) => new()
    {
        Id = random.NewGuid(),
        ConnectionId = connectionId,
        PairId = message.PairId,
        RemoteEntityId = message.Replica!.EntityId,
        RemoteKey = message.Replica.Key,
        RemoteLink = PeerLink.Safe(message.Replica.Link),
        State = TwinState.FirstSync,
        StartedHere = false,
        CreatedAt = time.GetUtcNow(),
    };

    private async Task SaveAndSignalAsync(ExalateDbContext db, Guid connectionId, Guid twinId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.SignalAsync(twinId, time.GetUtcNow(), cancellationToken);
        await db.EndPauseAsync(connectionId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        changes.Ring(NodeChange.Twins);
    }
}
