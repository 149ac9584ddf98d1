namespace Exalate.Core.Trackers;

/// <summary>The one way in which a tracker call fails. Thrown by <see cref="ITracker"/> implementations, caught once per entry point.</summary>
/// <param name="category">Decides about trying again.</param>
/// <param name="sentence">For the admin: what happened, to what, what to do. Example: "Jira at https://acme.atlassian.net refused the token (401). Enter a new token in General Settings." Never holds a secret.</param>
public sealed class TrackerException(FailureCategory category, string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    public FailureCategory Category { get; } = category;

    /// <summary>The HTTP status, when there was an answer. Example: 400.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The tracker's own words, shortened to 2,000 characters. Example: "Field 'summary' cannot be set."</summary>
    public string? TrackerSaid { get; init; }

    /// <summary>How long the tracker asked us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// True when a write may have happened although it failed (time-out after sending, lost answer, 500): look before writing again.
    /// False when it surely did nothing.
    /// </summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>True when the entity, comment or attachment that was written to does not exist (any more).</summary>
    public bool TargetGone { get; init; }
}
