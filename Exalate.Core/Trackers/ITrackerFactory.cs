namespace Exalate.Core.Trackers;

/// <summary>How to reach one tracker instance. Holds a secret: never log it.</summary>
/// <param name="Url">As the admin typed it, checked. Example: "https://acme.atlassian.net", "https://app.asana.com".</param>
/// <param name="AccountName">E-mail that goes with the token, where the tracker wants one (Jira).</param>
/// <param name="Token">API token or personal access token.</param>
public sealed record TrackerAccess(TrackerKind Kind, Uri Url, string? AccountName, string Token)
{
    public override string ToString() => $"{Kind} at {Url}";
}

/// <summary>Makes connectors.</summary>
public interface ITrackerFactory
{
    /// <summary>What the kind is and can do, without reaching any instance.</summary>
    TrackerDescription Describe(TrackerKind kind);

    ITracker Create(TrackerAccess access);
}
