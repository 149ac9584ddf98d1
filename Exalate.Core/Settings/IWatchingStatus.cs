namespace Exalate.Core.Settings;

/// <summary>How changes arrive from the tracker, for General Settings. Implemented by whoever watches.</summary>
public interface IWatchingStatus
{
    /// <summary>Example: "Webhooks", "Polling every 30 s: Jira does not call this address"; null before anything is watched.</summary>
    Task<string?> DescribeAsync(CancellationToken cancellationToken);
}
