using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Incoming;

/// <summary>
/// Settles what a request left in doubt that an admin ended: by ignoring it, or by taking its pair out of sync. What its last try made is found and traced as the copy that
/// it is before anything is said of the entity: else the partner would get its own comment back as one of ours.
/// </summary>
internal sealed class LeftInDoubt(CommentWriter comments, AttachmentWriter attachments)
{
    /// <summary>Call it when no request of the pair is half written.</summary>
    /// <exception cref="TrackerException">Transient: the tracker may not show yet what was made.</exception>
    public async Task SettleAsync(PairContext pair, ITracker tracker, CancellationToken cancellationToken)
    {
        // Every other request goes on until nothing of it is in doubt.
        if (pair.Twin.LocalEntityId is null || (pair.Twin.State != TwinState.FirstSync && pair.Twin.PassedOver is null))
            return;
        var intents = await pair.Db.Intents.Where(intent => intent.TwinId == pair.Twin.Id && intent.Kind != IntentKind.Entity).ToListAsync(cancellationToken);
        foreach (var left in intents.GroupBy(intent => intent.EventId))
            await SettleAsync(pair, tracker, left.Key, [.. left], cancellationToken);
    }

    private async Task SettleAsync(PairContext pair, ITracker tracker, string eventId, List<Intent> intents, CancellationToken cancellationToken)
    {
        var request = await pair.Db.SyncRequests.SingleOrDefaultAsync(row => row.ConnectionId == pair.Connection.Id && row.EventId == eventId, cancellationToken);
        if (request is null || ReplicaJson.Read<SyncRequestMessage>(request.MessageJson) is not { Replica: { } replica } message)
        {
            // Nothing tells what to look for.
            pair.Db.Intents.RemoveRange(intents);
            await pair.CommitAsync(cancellationToken);
            return;
        }

        var traces = await pair.TracesAsync(cancellationToken);
        var session = new ApplySession(pair, request, message, replica, tracker, traces, await LocalTexts.LoadAsync(pair, replica, tracker, cancellationToken));
        foreach (var intent in intents)
        {
            if (intent.Kind == IntentKind.Comment)
                await comments.TakeLeftAsync(session, replica.Comments.First(comment => comment.Id == intent.OriginalId), cancellationToken);
            else
                await attachments.TakeLeftAsync(session, replica.Attachments.First(file => file.Id == intent.OriginalId), cancellationToken);
        }
    }
}
