using Exalate.Core.Trackers;

namespace Exalate.Core.Peers;

/// <summary>The one way in which a call to a partner's node fails.</summary>
/// <param name="category">Decides about trying again.</param>
/// <param name="sentence">For the admin: what happened, to what, what to do. Example: "The node at https://b.example could not be reached (connection refused)." Never holds a secret.</param>
/// <param name="inner">What the network said, for the log.</param>
public sealed class PeerException(FailureCategory category, string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    public FailureCategory Category { get; } = category;

    /// <summary>Same as <see cref="Exception.Message"/>.</summary>
    public string Sentence => Message;

    /// <summary>The HTTP status, when there was an answer. Example: 503.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The code of the partner's problem document, when there was one. Example: "unknown-connection".</summary>
    public string? Code { get; init; }

    /// <summary>How long the partner asked us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the partner says that it does not know the connection (any more): it was deleted over there. Trying again won't help.</summary>
    public bool ConnectionGone { get; init; }

    /// <summary>True when the partner proved with the connection's key that it deleted it: no proxy can say that.</summary>
    public bool ConnectionDeleted { get; init; }

    /// <summary>True when the partner knows the connection, but it is not active there (not confirmed yet, or deactivated): what is kept here can be sent later.</summary>
    public bool ConnectionInactive { get; init; }

    /// <summary>True when the attachment that was asked for no longer exists over there: go on without it.</summary>
    public bool AttachmentGone { get; init; }
}
