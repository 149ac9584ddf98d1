namespace Exalate.Core.Trackers;

/// <summary>How a call to a tracker or a peer failed. Closed: whether and when to try again follows from it alone.</summary>
public enum FailureCategory
{
    /// <summary>Too many requests (429); <c>RetryAfter</c> says when. The call did nothing.</summary>
    RateLimited,

    /// <summary>The other side can't be reached at all: refused connection, unknown host, open circuit breaker, 503.</summary>
    Unavailable,

    /// <summary>Something passing: a time-out, a reset connection, 500, 502, 504.</summary>
    Transient,

    /// <summary>The credential was refused (401, or 403 for the whole account).</summary>
    Unauthorized,

    /// <summary>The address or a setting is wrong: not this product, an address that is not allowed, a missing project.</summary>
    Misconfigured,

    /// <summary>The other side understood and refused this very content (400, 403 on one entity, 404 on a write, 409, 413).</summary>
    Rejected,

    /// <summary>An answer that fits nothing we know.</summary>
    Unexpected,
}
