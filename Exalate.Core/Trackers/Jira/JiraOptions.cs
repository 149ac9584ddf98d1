using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>How the node treats Jira Cloud sites.</summary>
public sealed class JiraOptions
{
    /// <summary>Burst limits are 100 reads and 50 to 100 writes a second for the whole site, which others use too.</summary>
    public TrackerHttpOptions Http { get; set; } = new() { ConcurrentReads = 20, ConcurrentWrites = 8 };

    /// <summary>The search index lags writes: a poll looks this far back and leaves out what it told already. Default 2 min.</summary>
    public TimeSpan PollOverlap { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Issues a poll asks for at once; the site may give fewer. Default 100.</summary>
    public int PollPageSize { get; set; } = 100;

    /// <summary>How long a created issue may stay out of the search index. Default 10 s.</summary>
    public TimeSpan IndexLag { get; set; } = TimeSpan.FromSeconds(10);
}
