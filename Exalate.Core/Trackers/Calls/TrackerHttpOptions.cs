namespace Exalate.Core.Trackers.Calls;

/// <summary>Patience and pace towards one tracker instance.</summary>
public sealed class TrackerHttpOptions
{
    /// <summary>For one attempt until its whole answer is there; uploads get more by their size. Default 30 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a read, or a call that surely did nothing, is tried again. Default 3; 0 turns it off.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>First pause before trying again; doubled each time, with jitter. Default 400 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>A longer Retry-After than this is not sat out here but handed to the caller. Default 20 s.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>A download or an answer that sends nothing for this long is given up. Default 60 s.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads under way at the same time towards one instance.</summary>
    public int ConcurrentReads { get; set; } = 30;

    /// <summary>Writes under way at the same time towards one instance.</summary>
    public int ConcurrentWrites { get; set; } = 10;

    /// <summary>After this many failed calls within 30 s, with hardly a good one between, the instance is left alone. Default 10.</summary>
    public int FailuresBeforeBreak { get; set; } = 10;

    /// <summary>How long it is left alone. Default 5 s.</summary>
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(5);
}
