using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <summary>How the node treats Asana.</summary>
public sealed class AsanaOptions
{
    /// <summary>Asana takes 50 reads and 15 writes of one token at the same time; a few are left to others who use the token.</summary>
    public TrackerHttpOptions Http { get; set; } = new() { ConcurrentReads = 40, ConcurrentWrites = 12 };

    /// <summary>A poll looks this far back and leaves out what it told already. Default 1 min.</summary>
    public TimeSpan PollOverlap { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a created task may stay out of its project's list. Default 10 s.</summary>
    public TimeSpan IndexLag { get; set; } = TimeSpan.FromSeconds(10);
}
