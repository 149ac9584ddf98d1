namespace Exalate.Core.Sync;

/// <summary>How the engine works. Bound from <c>Exalate:Sync</c>.</summary>
public sealed class SyncOptions
{
    /// <summary>Pairs that this process works on at the same time. 1-64.</summary>
    public int Workers { get; set; } = 8;

    /// <summary>
    /// Pairs of one connection in work at the same time, in all processes together. 1-64. Fewer than <see cref="Workers"/>: a bulk on one connection
    /// then leaves workers free for the others.
    /// </summary>
    public int PairsPerConnection { get; set; } = 6;

    /// <summary>Pairs in work at the same time against the node's tracker, in all processes together. 1-256.</summary>
    public int PairsPerTracker { get; set; } = 16;

    /// <summary>How long a worker that died keeps its pair from the others. 2-300 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time without a look at the queue, should a bell be missed. 0.1-60 s.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often changes are fetched where the tracker can't call the node. 1-3600 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often changes are fetched although the tracker calls: vendors deliver at most once. 10 s - 1 day.</summary>
    public TimeSpan BackupPollInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the tracker may still be at a create whose caller was killed. Until then, and the time its index lags behind, a create that is not found is not repeated: it would stand there twice.
    /// 1 s - 10 min. As long as a node that lives waits for the answer to one call.
    /// </summary>
    public TimeSpan CreateSettles { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A request without a result is sent again after this time; the partner knows its event id. 1 min - 1 day.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long finished events and requests stay for the statistics. 1-365 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
