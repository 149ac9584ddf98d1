using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Errors;

/// <summary>Turns rows that hold a problem into what an admin reads.</summary>
internal static class ErrorViews
{
    private const string ByItself = "Nothing: it goes on by itself when the other side answers again.";

    public static SyncErrorView OfNode(StorageProblem problem) => new()
    {
        Id = new ErrorId(ErrorKind.Node).ToString(),
        Scope = ErrorScope.Node,
        What = "Storing",
        Sentence = problem.Sentence,
        ToDo = "See to the disk or the database server. It is looked at every few seconds; nothing has to be pressed here.",
        Since = problem.Since,
        NeedsAttention = true,
    };

    public static SyncErrorView OfTracker(TrackerWatch watch) => new()
    {
        Id = new ErrorId(ErrorKind.Tracker).ToString(),
        Scope = ErrorScope.Tracker,
        What = $"Fetching changes from {watch.TrackerUrl}",
        Sentence = watch.Problem!,
        ToDo = "Edits there are noticed later, none is lost. When it stays, check the tracker's address, account and token in General Settings.",
        Since = watch.ProblemSince ?? watch.PollSince,
        Attempts = watch.FailedLooks,
        AsksForSettings = true,
        CanRetry = true,
    };

    public static SyncErrorView OfHeld(Connection connection) => new()
    {
        Id = new ErrorId(ErrorKind.Held, ConnectionId: connection.Id).ToString(),
        Scope = ErrorScope.Connection,
        What = connection.HeldKind == HoldKind.Rebuilding ? $"{connection.Name} is being rebuilt" : $"{connection.Name} stopped and asks",
        Sentence = connection.HeldSentence!,
        ToDo = connection.HeldKind == HoldKind.OldCopy
            ? "Look whether the node runs a second time, and stop the wrong one for good. When this one is the right one, press Go on: it then numbers its messages above all that any copy has sent, "
                + "fetches from its partners what it does not know, and looks at every pair once."
            : connection.HeldKind == HoldKind.Rebuilding
            ? $"Nothing: it goes on by itself. Go on skips what is left of the comparison: pairs made after the back-up then stay unknown here, and comments and files copied since may be copied once more."
            : "Find out whether that is meant. Go on sends and takes all that waits; Discard gives up what made the connection stop. Until then everything is kept.",
        Since = connection.HeldSince!.Value,
        NextAttemptAt = connection.HeldKind == HoldKind.Rebuilding ? connection.PausedUntil : null,
        NeedsAttention = connection.HeldKind != HoldKind.Rebuilding,
        ConnectionId = connection.Id,
        ConnectionName = connection.Name,
        CanRetry = true,
        IsHeld = true,
        GoOnMeans = connection.HeldKind switch
        {
            HoldKind.OldCopy => "First stop every other copy of this node for good: two that work side by side undo each other's changes. "
                + "Then this one fetches from the partners of all its connections what it does not know; nothing else is sent or taken until that is done.",
            HoldKind.Rebuilding => $"The rest of the comparison with {connection.RemoteShortName} is given up: pairs made after the back-up stay unknown here, and comments and files copied since may be copied once more.",
            HoldKind.OutgoingRemovals => $"{connection.RemoteShortName} is told of these deletions. Its entities stay, but have no twin here any more.",
            HoldKind.IncomingRemovals => $"The deletions of {connection.RemoteShortName} are taken. Your entities stay, but have no twin over there any more.",
            HoldKind.OutgoingChanges => $"The edits that wait are sent to {connection.RemoteShortName} and written there.",
            _ => $"The edits of {connection.RemoteShortName} that wait are written here, over what stands here now.",
        },
        IgnoreMeans = connection.HeldKind switch
        {
            HoldKind.OldCopy or HoldKind.Rebuilding => null,
            HoldKind.OutgoingRemovals => $"{connection.RemoteShortName} is not told of these deletions: its entities stay as they are, and on this side their pairs end.",
            HoldKind.IncomingRemovals => $"The pairs of what {connection.RemoteShortName} deleted stay as they are here. Your entities stay.",
            HoldKind.OutgoingChanges => $"The edits that wait are not sent to {connection.RemoteShortName} now; what is still different goes along with the next edit of each entity.",
            _ => $"The edits of {connection.RemoteShortName} that wait are not written; what stands here stays, and the partner is told so.",
        },
    };

    public static SyncErrorView OfConnection(Connection connection) => new()
    {
        Id = new ErrorId(ErrorKind.Connection, ConnectionId: connection.Id).ToString(),
        Scope = ErrorScope.Connection,
        What = $"Working with {connection.RemoteShortName}",
        Sentence = connection.Problem!,
        ToDo = "What goes out on this connection is kept and follows by itself when the partner answers. When it stays, ask its admin.",
        Since = connection.ProblemSince ?? connection.CreatedAt,
        Attempts = connection.FailedCalls,
        NextAttemptAt = connection.PausedUntil,
        ConnectionId = connection.Id,
        ConnectionName = connection.Name,
        CanRetry = connection.PausedUntil is not null,
    };

    public static async Task<IReadOnlyList<SyncErrorView>> OfEntitiesAsync(ExalateDbContext db, IReadOnlyList<ErrorQuery.Row> rows, CancellationToken cancellationToken)
    {
        var eventIds = rows.Where(row => !row.IsRequest).Select(row => row.Id).ToList();
        var requestIds = rows.Where(row => row.IsRequest).Select(row => row.Id).ToList();
        var twinIds = rows.Select(row => row.TwinId).Distinct().ToList();
        var connectionIds = rows.Select(row => row.ConnectionId).Distinct().ToList();
        var events = await db.SyncEvents.AsNoTracking().Where(row => eventIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var requests = await db.SyncRequests.AsNoTracking().Where(row => requestIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var twins = await db.Twins.AsNoTracking().Where(row => twinIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var connections = await db.Connections.AsNoTracking().Where(row => connectionIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var views = new List<SyncErrorView>();
        foreach (var row in rows)
        {
            // A step may have succeeded between the two looks.
            if (!twins.TryGetValue(row.TwinId, out var twin) || !connections.TryGetValue(row.ConnectionId, out var connection))
                continue;
            if (row.IsRequest && requests.TryGetValue(row.Id, out var request) && request.Problem is not null)
                views.Add(OfRequest(request, twin, connection));
            else if (!row.IsRequest && events.TryGetValue(row.Id, out var @event) && @event.Problem is not null)
                views.Add(OfEvent(@event, twin, connection));
        }

        return views;
    }

    private static SyncErrorView OfEvent(SyncEvent row, Twin twin, Connection connection) => Entity(twin, connection) with
    {
        Id = new ErrorId(ErrorKind.Event, row.Id).ToString(),
        What = row.Stage switch
        {
            EventStage.Queued => $"Reading {twin.LocalKey} for {connection.RemoteShortName}",
            EventStage.Prepared => $"Sending a change of {twin.LocalKey} to {connection.RemoteShortName}",
            EventStage.Sent when twin.State == TwinState.FirstSync => $"Having the twin of {twin.LocalKey} created by {connection.RemoteShortName}",
            EventStage.Sent => $"Having a change of {twin.LocalKey} applied by {connection.RemoteShortName}",
            _ => $"Taking the answer of {connection.RemoteShortName} about {twin.LocalKey}",
        },
        Sentence = row.Problem!,
        ToDo = row.Stage == EventStage.Sent
            ? $"The change is stored over there. The admin of {connection.RemoteShortName} sees the error too and can retry or ignore it there; then it goes on here by itself."
            : Advice(row.ProblemCategory),
        Since = row.ProblemSince!.Value,
        Attempts = row.Attempts,
        NextAttemptAt = row.Stage == EventStage.Sent ? null : row.NextAttemptAt,
        NeedsAttention = row.NeedsAttention,
        WaitsFor = row.Stage == EventStage.Sent ? connection.RemoteShortName : null,
        AsksForSettings = row.Stage != EventStage.Sent && row.ProblemCategory == FailureCategory.Unauthorized,
        CanRetry = row.Stage != EventStage.Sent,
        IgnoreMeans = row.Stage == EventStage.Sent ? null : IgnoreMeans(row, twin, connection),
    };

    private static string IgnoreMeans(SyncEvent row, Twin twin, Connection connection)
    {
        if (twin is { State: TwinState.FirstSync, LocalBase: null })
            return $"{twin.LocalKey} is not synced with {connection.RemoteShortName}, and it is told so. Nothing is deleted; it can be synced again later.";
        var fields = string.IsNullOrEmpty(row.ChangedFields) ? "not known yet which fields" : row.ChangedFields.Replace(",", ", ", StringComparison.Ordinal);
        return row.Stage == EventStage.ResultArrived
            ? $"The partner's answer about {twin.LocalKey} ({fields}) is not taken. The pair goes on with its next change."
            : $"This change of {twin.LocalKey} ({fields}) is not sent now. The pair goes on with the next change, which takes along what is still different.";
    }

    private static SyncErrorView OfRequest(SyncRequest row, Twin twin, Connection connection)
    {
        var message = ReplicaJson.Read<SyncRequestMessage>(row.MessageJson);
        return Entity(twin, connection) with
        {
            Id = new ErrorId(ErrorKind.Request, row.Id).ToString(),
            What = row.Stage == RequestStage.Applied ? $"Telling {connection.RemoteShortName} what became of its change of {twin.RemoteKey}"
                : twin.LocalEntityId is null ? $"Creating the twin of {twin.RemoteKey}"
                : $"Writing a change of {twin.RemoteKey} into {twin.LocalKey}",
            Sentence = row.Problem!,
            ToDo = Advice(row.ProblemCategory),
            Since = row.ProblemSince!.Value,
            Attempts = row.Attempts,
            NextAttemptAt = row.NextAttemptAt,
            NeedsAttention = row.NeedsAttention,
            AsksForSettings = row.ProblemCategory == FailureCategory.Unauthorized,
            CanRetry = true,
            IgnoreMeans = twin.LocalEntityId is null
                ? $"No twin of {twin.RemoteKey} is created here, and {connection.RemoteShortName} is told so. It can be synced again from there."
                : $"This change of {twin.RemoteKey} ({string.Join(", ", message.Changed)}) is not written into {twin.LocalKey}; what stands here stays, and {connection.RemoteShortName} is told so. "
                    + "The pair goes on with the next change.",
        };
    }

    private static SyncErrorView Entity(Twin twin, Connection connection) => new()
    {
        Id = "",
        Scope = ErrorScope.Entity,
        What = "",
        Sentence = "",
        ToDo = "",
        Since = default,
        ConnectionId = connection.Id,
        ConnectionName = connection.Name,
        TwinId = twin.Id,
        EntityKey = twin.LocalKey,
        EntityLink = twin.LocalLink,
        RemoteKey = twin.RemoteKey,
        RemoteLink = twin.RemoteLink,
    };

    private static string Advice(FailureCategory? category) => category switch
    {
        FailureCategory.RateLimited or FailureCategory.Unavailable or FailureCategory.Transient => ByItself,
        FailureCategory.Unauthorized => "Enter a token that works in General Settings; everything that waits for it goes on by itself.",
        FailureCategory.Misconfigured => "Correct what the sentence names; it is tried again by itself, or at once with Retry.",
        FailureCategory.Rejected => "Change the entity or the rules of the tracker so that it is taken, then Retry; or Ignore this change.",
        _ => "Retry. When it comes back, the node's log has the details for a bug report; Ignore lets the entity go on.",
    };
}
