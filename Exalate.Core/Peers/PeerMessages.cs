using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Core.Peers;

public enum SyncRequestKind
{
    /// <summary>Create the entity or bring it up to date.</summary>
    Upsert,

    /// <summary>The sender's entity was deleted.</summary>
    Removed,

    /// <summary>The sender's admin took the pair out of sync; both entities stay.</summary>
    Unlinked,
}

/// <summary>A change on its way to the partner. Stored under (connection, event id) before it is acknowledged; a second delivery of the same id changes nothing.</summary>
public sealed record SyncRequestMessage
{
    /// <summary>The sender's id of the event, 1-64 characters. Example: "0198c5be7c0a4c22a4f7f2bb1a2d9c11".</summary>
    public required string EventId { get; init; }

    /// <summary>The pair's id, given by the side that started it.</summary>
    public required Guid PairId { get; init; }

    public required SyncRequestKind Kind { get; init; }

    /// <summary>Rises by one with each replica of the pair in this direction, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>Version of the receiver's last replica that the sender had applied when it made this one; 0 for none. Tells concurrent edits from later ones.</summary>
    public required long BasedOn { get; init; }

    /// <summary>
    /// Fields that changed on the sender's side since the receiver last knew them ("summary", "description", "comments", "attachments"). A field that is not named, in a
    /// replica that was made before the receiver's own last change of it reached the sender, is older than what the receiver has: it is no change.
    /// </summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    /// <summary>Null for <see cref="SyncRequestKind.Removed"/> and <see cref="SyncRequestKind.Unlinked"/>.</summary>
    public Replica? Replica { get; init; }

    /// <summary>Rises over the sender's life, gaps allowed; not the order of arrival. Null from a sender that gives none.</summary>
    public long? Serial { get; init; }

    /// <summary>The highest <see cref="Serial"/> that the sender has received on this connection; null before the first.</summary>
    public long? Seen { get; init; }

    /// <summary>To be kept with the pair, and shown to the sender alone, should it have lost its memory: by it the sender knows that it has shared this entity. Null from a sender that gives none.</summary>
    public string? Voucher { get; init; }

    /// <summary>
    /// In the first message of a pair that is taken up again the receiver's entity, where the sender knows it: the receiver may never have heard what came of its own first request. 1-100 characters, else null.
    /// </summary>
    public string? YourEntityId { get; init; }
}

public enum SyncOutcome
{
    /// <summary>Done; the readback says what stands there now.</summary>
    Applied,

    /// <summary>Not yet: the receiver keeps the request and says why. A later result follows.</summary>
    Delayed,

    /// <summary>The receiver's entity is gone; the pair is over.</summary>
    TargetRemoved,

    /// <summary>The receiver's admin took the pair out of sync, or does not want what the request would create; the pair is over.</summary>
    Unlinked,
}

/// <summary>What became of a sync request: a durable message of its own, under the request's event id.</summary>
public sealed record SyncResultMessage
{
    public required string EventId { get; init; }

    public required SyncOutcome Outcome { get; init; }

    /// <summary>The receiver's entity; null while it does not exist.</summary>
    public string? EntityId { get; init; }

    public string? Key { get; init; }

    public string? Link { get; init; }

    /// <summary>Fields of the request that were written, as they stand there now.</summary>
    public FieldReadback Readback { get; init; } = new();

    /// <summary>Fields in which the receiver's own value stays, because both sides changed them and the receiver wins; its value follows as a request of its own.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Copies that exist now for the sender's comments.</summary>
    public IReadOnlyList<CopyTrace> Comments { get; init; } = [];

    /// <summary>Copies that exist now for the sender's attachments.</summary>
    public IReadOnlyList<CopyTrace> Attachments { get; init; } = [];

    /// <summary>The sender's removed copies that were followed.</summary>
    public IReadOnlyList<string> RemovedCopies { get; init; } = [];

    /// <summary>Something worth knowing. Example: "Created as 'Task': the project has no type 'Epic'."</summary>
    public string? Note { get; init; }

    /// <summary>Why it is delayed, in a sentence for the other side's admin.</summary>
    public string? Problem { get; init; }

    public FailureCategory? Category { get; init; }

    /// <summary>Of the request.</summary>
    public long? Serial { get; init; }

    /// <inheritdoc cref="SyncRequestMessage.Seen"/>
    public long? Seen { get; init; }

    /// <inheritdoc cref="SyncRequestMessage.Voucher"/>
    public string? Voucher { get; init; }
}

/// <summary>Fields as they were read back after writing; null where the request changed nothing there.</summary>
public sealed record FieldReadback
{
    public string? Type { get; init; }

    public string? Summary { get; init; }

    public RichDocument? Description { get; init; }

    /// <summary>As in <see cref="Replica.Pictures"/>, for the description as it was read back.</summary>
    public IReadOnlyDictionary<string, string>? Pictures { get; init; }

    /// <summary>As in <see cref="Replica.People"/>, for the description as it was read back.</summary>
    public IReadOnlyDictionary<string, string>? People { get; init; }
}

/// <param name="OriginalId">The id in the request.</param>
/// <param name="CopyId">The id in the receiver's tracker.</param>
public sealed record CopyTrace(string OriginalId, string CopyId);
