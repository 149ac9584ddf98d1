namespace Exalate.Core.Sync.Guards;

/// <summary>When a connection stops and asks before it goes on. Bound from <c>Exalate:Guards</c>.</summary>
public sealed class GuardOptions
{
    /// <summary>How far back is looked. 1 min - 1 day.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>More deleted entities of a connection than that stop it. 1-100,000; 0: never.</summary>
    public int Removals { get; set; } = 50;

    /// <summary>Deleted entities stop a connection also when they are more than this share of its pairs, 1-100 %, …</summary>
    public int RemovalsPercent { get; set; } = 20;

    /// <summary>… and at least so many. 2-100,000.</summary>
    public int RemovalsAtLeast { get; set; } = 5;

    /// <summary>A deletion is told to the partner only after so long: what is deleted with it counts too, and what comes back was none. 0-600 s.</summary>
    public TimeSpan RemovalDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Edited pairs of a connection stop it when they are at least so many, 10-1,000,000; 0: never, …</summary>
    public int Changes { get; set; } = 5_000;

    /// <summary>… and more than this share of its pairs. 1-100 %.</summary>
    public int ChangesPercent { get; set; } = 50;
}
