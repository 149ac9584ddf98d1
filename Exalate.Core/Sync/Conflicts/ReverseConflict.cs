using Exalate.Core.Access;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Conflicts;

internal sealed class ReverseConflictHandler(IDbContextFactory<ExalateDbContext> contexts, NodeTracker trackers, PairHold hold, INodeChanges changes, IRandomSource random)
    : IRequestHandler<ReverseConflict, Result>
{
    private const int Quoted = 80;

    public async Task<Result> Handle(ReverseConflict request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var twinId = await db.Conflicts.Where(row => row.Id == request.ConflictId).Select(row => (Guid?)row.TwinId).SingleOrDefaultAsync(cancellationToken);
        if (twinId is null)
            return new NotFound("This conflict is not recorded any more.");
        try
        {
            var result = await hold.WithAsync(twinId.Value, pair => ReverseAsync(pair, request, cancellationToken), cancellationToken);
            changes.Ring(NodeChange.Twins);
            return result;
        }
        catch (TrackerException exception)
        {
            return new Unavailable(exception.Message);
        }
    }

    private async Task<Error?> ReverseAsync(PairContext pair, ReverseConflict request, CancellationToken cancellationToken)
    {
        var conflict = await pair.Db.Conflicts.SingleAsync(row => row.Id == request.ConflictId, cancellationToken);
        if (conflict.ReversedAt is not null)
            return new Conflict("This conflict was reversed already.");
        if (conflict.LocalValue == OverwrittenEdits.InHistory)
            return new Conflict("Only the tracker's history has the lost text. Copy it from there.");
        if (pair.Twin is not { State: TwinState.Synchronized, LocalEntityId: { } entityId })
            return new Conflict($"{pair.Twin.LocalKey} is not under sync any more.");
        var tracker = await trackers.GetAsync(cancellationToken);
        if (await tracker.ReadAsync(entityId, cancellationToken) is not { } entity)
            return new NotFound($"{pair.Twin.LocalKey} does not exist any more, or the node's account can't see it.");

        var values = Values.Of(conflict, entity, tracker);
        if (!values.StandsAsLeft && !values.IsBack && !request.Anyway)
        {
            return new EditedSinceConflict(
                $"The {conflict.Field} of {pair.Twin.LocalKey} was edited since this conflict. It now reads: \"{Short(values.Now)}\". Reversed anyway, that edit is replaced, and kept here as a conflict.");
        }

        if (!values.IsBack)
            await tracker.UpdateAsync(entityId, values.Change, cancellationToken);
        if (!values.StandsAsLeft && !values.IsBack)
            pair.Db.Conflicts.Add(Replaced(pair, conflict, values, entity));
        (conflict.ReversedAt, conflict.ReversedBy) = (pair.Now, request.By);
        // The tracker's own report may be late or missing.
        pair.Db.SyncEvents.Add(ApplyRequest.NewEvent(pair.Twin, random, pair.Now));
        pair.Db.Add(new AuditEntry
        {
            At = pair.Now,
            Actor = request.By,
            Action = AuditAction.ConflictReversed,
            Subject = $"{conflict.Field} of {pair.Twin.LocalKey} on connection {pair.Connection.Name}",
        });
        return null;
    }

    private ConflictRecord Replaced(PairContext pair, ConflictRecord conflict, Values values, TrackerEntity entity) => new()
    {
        Id = random.NewGuid(),
        ConnectionId = conflict.ConnectionId,
        TwinId = conflict.TwinId,
        Field = conflict.Field,
        LocalValue = values.Now,
        RemoteValue = values.Back,
        LocalDocument = conflict.Field == Field.Description ? RichDocumentJson.Serialize(entity.Description) : null,
        RemoteDocument = values.Change.Description is { } back ? RichDocumentJson.Serialize(back) : null,
        LocalWon = false,
        At = pair.Now,
    };

    private static string Short(string text) => text.Length <= Quoted ? text : text[..Quoted] + "…";

    /// <param name="Now">What stands in the field.</param>
    /// <param name="Back">What lost.</param>
    /// <param name="StandsAsLeft">Nobody has edited the field since the conflict.</param>
    /// <param name="IsBack">What lost stands there already.</param>
    private sealed record Values(string Now, string Back, bool StandsAsLeft, bool IsBack, EntityChange Change)
    {
        public static Values Of(ConflictRecord conflict, TrackerEntity entity, ITracker tracker)
        {
            var (won, lost) = conflict.LocalWon ? (conflict.LocalValue, conflict.RemoteValue) : (conflict.RemoteValue, conflict.LocalValue);
            if (conflict.Field == Field.Summary)
            {
                var back = tracker.NormaliseSummary(lost);
                return new Values(entity.Summary, back, entity.Summary == tracker.NormaliseSummary(won), entity.Summary == back, new EntityChange { Summary = back });
            }

            var winner = Document(conflict.LocalWon ? conflict.LocalDocument : conflict.RemoteDocument, won);
            var loser = tracker.Normalise(Document(conflict.LocalWon ? conflict.RemoteDocument : conflict.LocalDocument, lost), RichTextPlace.Description);
            return new Values(
                entity.Description.ToPlainText(), lost,
                DocumentMerge.SameContent(entity.Description, tracker.Normalise(winner, RichTextPlace.Description)),
                DocumentMerge.SameContent(entity.Description, loser),
                new EntityChange { Description = loser });
        }

        private static RichDocument Document(string? json, string text) => json is null ? RichDocument.FromPlainText(text) : RichDocumentJson.Deserialize(json);
    }
}
