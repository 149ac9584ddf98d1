namespace Exalate.Core.Peers;

/// <summary>
/// Where what a partner sends arrives. The caller has checked the signature and that the connection is active; the partner may still offer nonsense.
/// Returns after the message is durable: the partner forgets it on our 202.
/// </summary>
public interface ISyncInbox
{
    /// <summary>Stores the request under (connection, event id); a second delivery changes nothing.</summary>
    /// <param name="connectionId">This side's id of the connection.</param>
    Task<InboxAnswer> StoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken);

    /// <summary>Stores the result of a request that this node sent, under the same event id.</summary>
    /// <param name="connectionId">This side's id of the connection.</param>
    Task<InboxAnswer> StoreResultAsync(Guid connectionId, SyncResultMessage message, CancellationToken cancellationToken);

    /// <summary>A message that was left for the partner to fetch will never be taken by it: what it speaks of waits for an admin.</summary>
    /// <param name="connectionId">This side's id of the connection.</param>
    /// <param name="isResult">True for the result of a partner's request; false for a request of ours.</param>
    /// <param name="eventId">Of the message.</param>
    /// <param name="sentence">Why, in the partner's words.</param>
    Task RefusedAsync(Guid connectionId, bool isResult, string eventId, string sentence, CancellationToken cancellationToken);

    /// <summary>A file of an entity that is under sync on the connection and was offered in one of its replicas; null for every other.</summary>
    /// <param name="connectionId">This side's id of the connection.</param>
    /// <exception cref="Trackers.TrackerException">The tracker does not give it; <c>Unavailable</c> also where this node was restored from a back-up and does not know yet what it has offered.</exception>
    Task<OutgoingAttachment?> OpenAttachmentAsync(Guid connectionId, string entityId, string attachmentId, CancellationToken cancellationToken);

    /// <summary>What this side knows of the connection's pairs, for a partner that has lost its memory: nothing but what the two have exchanged.</summary>
    /// <param name="connectionId">This side's id of the connection.</param>
    Task<RecallAnswer> RecallAsync(Guid connectionId, RecallQuestion question, CancellationToken cancellationToken);
}

/// <summary>What became of a message.</summary>
public enum InboxOutcome
{
    /// <summary>Durable now. Answered 202.</summary>
    Stored,

    /// <summary>Was durable already. Answered 202.</summary>
    AlreadyStored,

    /// <summary>Will never be taken. Answered 422 with the sentence.</summary>
    Refused,

    /// <summary>Can't be judged now, and nothing was stored: the sender is to repeat it. Answered 503.</summary>
    NotNow,
}

/// <param name="Outcome">See <see cref="InboxOutcome"/>.</param>
/// <param name="Sentence">For the partner's admin, when refused. Holds nothing that the partner may not know.</param>
public sealed record InboxAnswer(InboxOutcome Outcome, string? Sentence = null)
{
    public static readonly InboxAnswer Stored = new(InboxOutcome.Stored);

    public static readonly InboxAnswer AlreadyStored = new(InboxOutcome.AlreadyStored);

    public static InboxAnswer Refused(string sentence) => new(InboxOutcome.Refused, sentence);

    public static InboxAnswer NotNow(string sentence) => new(InboxOutcome.NotNow, sentence);
}

/// <summary>A file on its way to the partner. Whoever receives the record disposes the content.</summary>
/// <param name="Size">Bytes; null when the tracker does not tell.</param>
public sealed record OutgoingAttachment(Stream Content, long? Size, string ContentType);
