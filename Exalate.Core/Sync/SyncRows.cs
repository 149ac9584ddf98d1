using Exalate.Core.Peers;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync;

public enum EventStage
{
    /// <summary>A change was noticed; nothing was read yet.</summary>
    Queued,

    /// <summary>The replica is made and stored, ready to be handed over.</summary>
    Prepared,

    /// <summary>The partner has stored it.</summary>
    Sent,

    /// <summary>The partner's result is stored.</summary>
    ResultArrived,

    Done,

    /// <summary>Nothing had changed that the partner does not know, or a later event took it along.</summary>
    NoChange,

    /// <summary>Given up: the entity is gone on one side, or an admin chose to ignore it.</summary>
    Ignored,
}

/// <summary>A local change on its way out (the outgoing queue).</summary>
public sealed class SyncEvent
{
    /// <summary>Order within a pair.</summary>
    public long Id { get; init; }

    /// <summary>The id on the wire.</summary>
    public required string EventId { get; init; }

    public required Guid ConnectionId { get; init; }

    public required Guid TwinId { get; init; }

    public required EventStage Stage { get; set; }

    /// <summary>Number of its replica; 0 before it is prepared.</summary>
    public long Version { get; set; }

    /// <summary>The <see cref="SyncRequestMessage"/> as it goes out, JSON; null before it is prepared.</summary>
    public string? MessageJson { get; set; }

    /// <summary>
    /// Names of the fields that differ from what the partner knew, comma-separated; null before it is prepared. Empty from the start: it is sent even when nothing differs.
    /// </summary>
    public string? ChangedFields { get; set; }

    /// <summary>The <see cref="SyncResultMessage"/>, JSON.</summary>
    public string? ResultJson { get; set; }

    /// <summary>Set when all it tells is what this node's own account changed in the tracker until then; null when somebody else may have changed something.</summary>
    public DateTimeOffset? OwnUntil { get; init; }

    /// <summary>Tries of the present stage that failed.</summary>
    public int Attempts { get; set; }

    /// <summary>Not before then; null: at once, or never when <see cref="NeedsAttention"/>.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>Why it does not move on, in a sentence.</summary>
    public string? Problem { get; set; }

    /// <summary>True when it will not pass without an admin.</summary>
    public bool NeedsAttention { get; set; }

    /// <summary>Since when it is an error of this entity: not of its connection, and more than a single failed try. Null: it is none.</summary>
    public DateTimeOffset? ProblemSince { get; set; }

    /// <summary>What kind of failure the problem is; null when there is none or the partner did not say.</summary>
    public FailureCategory? ProblemCategory { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    public bool IsOpen => Stage is EventStage.Queued or EventStage.Prepared or EventStage.Sent or EventStage.ResultArrived;

    /// <summary>The step succeeded, or is not tried any more.</summary>
    public void ClearProblem() => (Attempts, NextAttemptAt, Problem, NeedsAttention, ProblemSince, ProblemCategory) = (0, null, null, false, null, null);
}

public enum RequestStage
{
    Received,

    /// <summary>Writing has begun: the plan is stored.</summary>
    Applying,

    /// <summary>All is written; the result waits to be delivered.</summary>
    Applied,

    Done,

    Ignored,
}

/// <summary>A partner's change that arrived (the incoming queue).</summary>
public sealed class SyncRequest
{
    public long Id { get; init; }

    public required Guid ConnectionId { get; init; }

    public required string EventId { get; init; }

    public required Guid TwinId { get; init; }

    public required RequestStage Stage { get; set; }

    /// <summary>The <see cref="SyncRequestMessage"/>, JSON.</summary>
    public required string MessageJson { get; init; }

    /// <summary>What is about to be written to the fields, JSON; stored before the write so that a resumed try does not apply it twice.</summary>
    public string? PlanJson { get; set; }

    public string? ResultJson { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    public string? Problem { get; set; }

    public bool NeedsAttention { get; set; }

    /// <inheritdoc cref="SyncEvent.ProblemSince"/>
    public DateTimeOffset? ProblemSince { get; set; }

    public FailureCategory? ProblemCategory { get; set; }

    /// <summary>The problem that the partner was last told, so that it is told once.</summary>
    public string? ToldProblem { get; set; }

    /// <summary>The sender's number of the request; null from a sender that gives none.</summary>
    public long? Serial { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    public bool IsOpen => Stage is RequestStage.Received or RequestStage.Applying or RequestStage.Applied;

    /// <inheritdoc cref="SyncEvent.ClearProblem"/>
    public void ClearProblem() => (Attempts, NextAttemptAt, Problem, NeedsAttention, ProblemSince, ProblemCategory) = (0, null, null, false, null, null);
}

public enum TraceKind
{
    Comment,
    Attachment,
}

/// <summary>A comment or attachment on one side and its copy on the other.</summary>
public sealed class Trace
{
    public required Guid Id { get; init; }

    public required Guid TwinId { get; init; }

    public required TraceKind Kind { get; init; }

    /// <summary>True where the copy stands in this node's tracker.</summary>
    public required bool IsCopyHere { get; init; }

    /// <summary>Null while a copy is gone.</summary>
    public required string LocalId { get; init; }

    public required string RemoteId { get; init; }

    /// <summary>Hash of the original that the copy was last written from.</summary>
    public string? SourceHash { get; set; }

    /// <summary>Hash of the copy as it was read back after writing: another one now means that a person edited it.</summary>
    public string? CopyHash { get; set; }

    /// <summary>True when a person edited the copy; shown, and not sent back.</summary>
    public bool CopyEdited { get; set; }

    /// <summary>True when a person removed the copy.</summary>
    public bool CopyRemoved { get; set; }
}

public enum IntentKind
{
    Entity,
    Comment,
    Attachment,
}

/// <summary>Stored before a create goes out; while it stands, the outcome of that create is unknown.</summary>
public sealed class Intent
{
    public required Guid Id { get; init; }

    public required Guid TwinId { get; init; }

    public required IntentKind Kind { get; init; }

    /// <summary>The partner's id of what is copied.</summary>
    public required string OriginalId { get; init; }

    /// <summary>The request whose text the create last carried.</summary>
    public required string EventId { get; set; }

    public required string OriginMark { get; init; }

    public required string ContentHash { get; init; }

    /// <summary>When the create last was about to be sent, or was given up without an answer.</summary>
    public required DateTimeOffset StoredAt { get; set; }
}

/// <summary>Both sides changed the same field: which value won and which lost, for the admin.</summary>
public sealed class ConflictRecord
{
    public required Guid Id { get; init; }

    public required Guid ConnectionId { get; init; }

    public required Guid TwinId { get; init; }

    public required string Field { get; init; }

    public required string LocalValue { get; init; }

    public required string RemoteValue { get; init; }

    /// <summary>The values with their formatting, where the field has one: JSON of a document.</summary>
    public string? LocalDocument { get; init; }

    public string? RemoteDocument { get; init; }

    /// <summary>True when the local value stayed.</summary>
    public required bool LocalWon { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>When an admin wrote the losing value back; null: never.</summary>
    public DateTimeOffset? ReversedAt { get; set; }

    public string? ReversedBy { get; set; }
}

/// <summary>How the node hears of changes in its tracker: one row for each tracker address.</summary>
public sealed class TrackerWatch
{
    /// <summary>Last segment of the callback address.</summary>
    public required string RegistrationId { get; init; }

    public required string TrackerUrl { get; init; }

    /// <summary>The secret we chose, encrypted.</summary>
    public required string ProtectedSecret { get; init; }

    /// <summary>Secrets that the vendor chose in handshakes, encrypted, a line each.</summary>
    public string? ProtectedHandshakeSecrets { get; set; }

    /// <summary>The callback address that is registered.</summary>
    public string? CallbackUrl { get; set; }

    /// <summary>The connector's state, JSON.</summary>
    public string? StateJson { get; set; }

    /// <summary>Project ids that are watched, comma-separated.</summary>
    public string? Projects { get; set; }

    /// <summary>Why there is no webhook; null when there is.</summary>
    public string? RefusedBecause { get; set; }

    public DateTimeOffset? RenewBefore { get; set; }

    public string? PollCursor { get; set; }

    public DateTimeOffset PollSince { get; set; }

    public DateTimeOffset? PolledAt { get; set; }

    /// <summary>A handshake is taken until then.</summary>
    public DateTimeOffset? HandshakeUntil { get; set; }

    /// <summary>Why changes can't be fetched from the tracker, in its connector's sentence; null when they can.</summary>
    public string? Problem { get; set; }

    public DateTimeOffset? ProblemSince { get; set; }

    /// <summary>Looks that failed in a row.</summary>
    public int FailedLooks { get; set; }
}
