using Exalate.Core.Trackers;
using MediatR;

namespace Exalate.Core.Settings;

internal sealed class ListTrackerProjectsHandler(ITrackerProvider trackers) : IRequestHandler<ListTrackerProjects, Result<TrackerPage<TrackerProject>>>
{
    public Task<Result<TrackerPage<TrackerProject>>> Handle(ListTrackerProjects request, CancellationToken cancellationToken)
    {
        var search = string.IsNullOrWhiteSpace(request.Search) ? null : request.Search.Trim();
        return trackers.AskAsync(tracker => tracker.ListProjectsAsync(search, request.Cursor, cancellationToken), cancellationToken);
    }
}

internal sealed class ListTrackerEntityTypesHandler(ITrackerProvider trackers) : IRequestHandler<ListTrackerEntityTypes, Result<IReadOnlyList<TrackerEntityType>>>
{
    public Task<Result<IReadOnlyList<TrackerEntityType>>> Handle(ListTrackerEntityTypes request, CancellationToken cancellationToken) =>
        trackers.AskAsync(tracker => tracker.ListEntityTypesAsync(request.ProjectId, cancellationToken), cancellationToken);
}

internal static class AskingTheTracker
{
    /// <summary>A question to the node's own tracker, its failures as sentences.</summary>
    public static async Task<Result<T>> AskAsync<T>(this ITrackerProvider trackers, Func<ITracker, Task<T>> question, CancellationToken cancellationToken)
    {
        try
        {
            return await trackers.GetAsync(cancellationToken) is { } tracker
                ? Result.Of(await question(tracker))
                : new Unavailable("This node does not know its tracker yet. Enter the tracker's address and token in General Settings.");
        }
        catch (TrackerException e)
        {
            return new Unavailable(e.Message);
        }
    }
}
