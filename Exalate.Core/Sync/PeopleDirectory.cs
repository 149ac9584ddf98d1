using System.Collections.Concurrent;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync;

/// <summary>The people of the node's tracker, as far as it reveals them, kept for a while: who joined or left since is told the next time. Thread-safe.</summary>
internal sealed class PeopleDirectory(TimeProvider time)
{
    private const int MaxProjects = 100;

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Instance, string? Project), Listing> listings = new();

    /// <summary>Empty where the tracker does not let the node's account list people.</summary>
    /// <exception cref="TrackerException">The tracker can't be asked right now.</exception>
    public async Task<IReadOnlyList<TrackerPerson>> OfAsync(ITracker tracker, string? projectId, CancellationToken cancellationToken)
    {
        var key = (tracker.InstanceUrl, projectId);
        if (listings.TryGetValue(key, out var kept) && time.GetUtcNow() - kept.At < KeptFor)
            return kept.People;
        var people = await ListAsync(tracker, projectId, cancellationToken);
        if (listings.Count >= MaxProjects)
            listings.Clear();
        listings[key] = new Listing(time.GetUtcNow(), people);
        return people;
    }

    private static async Task<IReadOnlyList<TrackerPerson>> ListAsync(ITracker tracker, string? projectId, CancellationToken cancellationToken)
    {
        try
        {
            return await tracker.ListPeopleAsync(projectId, cancellationToken);
        }
        catch (TrackerException exception) when (exception.Category == FailureCategory.Rejected)
        {
            // Without the permission to see people nobody is matched: names travel as text, as they do for strangers.
            return [];
        }
    }

    private sealed record Listing(DateTimeOffset At, IReadOnlyList<TrackerPerson> People);
}
