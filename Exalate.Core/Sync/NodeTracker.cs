using Exalate.Core.Settings;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync;

/// <summary>The node's tracker for the engine: a missing one is a failure like any other.</summary>
internal sealed class NodeTracker(ITrackerProvider provider)
{
    /// <exception cref="TrackerException">Misconfigured: no tracker is set.</exception>
    public async Task<ITracker> GetAsync(CancellationToken cancellationToken) =>
        await provider.GetAsync(cancellationToken)
        ?? throw new TrackerException(FailureCategory.Misconfigured, "No tracker is set for this node. Enter its address and token in General Settings.");
}
