using Exalate.Core.Connections;

namespace Exalate.Core.Peers;

/// <summary>
/// Speaks to the partner's node of one connection. Signs what goes out, checks what comes back. Thread-safe. Never repeats a call by itself: a message carries an event id,
/// so the engine may send it again whatever happened to the answer. Fails with <see cref="PeerException"/> alone
/// (and <see cref="OperationCanceledException"/> when the caller's token is cancelled).
/// </summary>
public interface IPeerClient
{
    /// <summary>Returns when the partner has stored the request (or had it already).</summary>
    Task SendRequestAsync(Connection connection, SyncRequestMessage message, CancellationToken cancellationToken);

    /// <summary>Returns when the partner has stored the result (or had it already).</summary>
    Task SendResultAsync(Connection connection, SyncResultMessage message, CancellationToken cancellationToken);

    /// <summary>Returns when the partner has stored the notice (or had it already). Also on a deactivated connection.</summary>
    Task SendNoticeAsync(Connection connection, NoticeMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Fetches a file of the partner's entity. The content is complete and its digest checked when the stream is handed out: it lies in a temporary file
    /// that goes away when the stream is disposed. Positioned at 0; its length is the file's size.
    /// </summary>
    /// <param name="connection">The connection on which the entity is under sync.</param>
    /// <param name="entityId">The partner's id of the entity. Example: "10042".</param>
    /// <param name="attachmentId">The partner's id of the attachment. Example: "10007".</param>
    /// <param name="eventId">The event the file belongs to, for the partner's log.</param>
    /// <param name="cancellationToken">Ends the download; the temporary file is removed.</param>
    /// <exception cref="PeerException"><see cref="PeerException.AttachmentGone"/> when the partner no longer has the file; <c>Rejected</c> when it is larger than this node takes.</exception>
    Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken);

    /// <summary>Asks what the partner knows of the connection's pairs. A partner that is too old for the question fails with <c>Misconfigured</c>.</summary>
    Task<RecallAnswer> RecallAsync(Connection connection, RecallQuestion question, CancellationToken cancellationToken);

    /// <summary>Shows the partner this node's number. Null: the partner's node is too old for the question.</summary>
    Task<PulseTaken?> PulseAsync(Connection connection, PulseMessage message, CancellationToken cancellationToken);
}
