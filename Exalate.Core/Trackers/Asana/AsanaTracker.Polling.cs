using System.Text;
using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <content>
/// Learning of changes by asking. Two sources complete each other: the event stream tells deletions and comment edits but may lose some; the
/// list of modified tasks loses nothing but does not know those two.
/// </content>
internal sealed partial class AsanaTracker
{
    private const int MaxEventPages = 20;

    public async Task<PollPage> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        List<string> projectIds = [.. request.ProjectIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var position = AsanaPollPosition.Load(request.Cursor, projectIds);
        if (projectIds.Count == 0)
        {
            return new PollPage([], position.Save(), false);
        }

        var project = position.At;
        IReadOnlyList<ChangedEntity> changes;
        try
        {
            changes = await PollProjectAsync(project, position.Of(project), request.Since, cancellationToken);
        }
        catch (TrackerException e) when (e.Category == FailureCategory.Rejected && e.StatusCode is 403 or 404)
        {
            // One project that was deleted or closed to us must not keep the others from being watched.
            http.Warn(e.Message);
            changes = [];
            position.Of(project).EndWalk();
        }

        var hasMore = position.Of(project).IsWithinWalk || position.GoOn();
        return new PollPage(changes, position.Save(), hasMore);
    }

    private async Task<IReadOnlyList<ChangedEntity>> PollProjectAsync(string project, AsanaProjectPosition position, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var walk = PollCursor.Load(position.Walk, since);
        var changes = new Dictionary<string, ChangedEntity>(StringComparer.Ordinal);
        if (walk.PageToken is null)
        {
            foreach (var change in await EventsAsync(project, position, cancellationToken))
            {
                changes[change.EntityId] = change;
            }
        }

        var page = await SweepAsync(project, walk, cancellationToken);
        foreach (var task in page.Tasks.OrderBy(task => task.Time("modified_at")))
        {
            if (task.Text("gid") is { } gid && walk.IsNew(gid, task.Time("modified_at") ?? walk.Watermark))
            {
                changes[gid] = new ChangedEntity(gid);
            }
        }

        walk.EndPage(page.NextOffset);
        position.Walk = walk.Save(options.PollOverlap, AsanaPollPosition.ToldPerProject);
        position.IsWithinWalk = walk.PageToken is not null;
        return [.. changes.Values];
    }

    private async Task<(IReadOnlyList<JsonNode> Tasks, string? NextOffset)> SweepAsync(string project, PollCursor walk, CancellationToken cancellationToken)
    {
        var from = walk.Watermark - options.PollOverlap;
        try
        {
            return await client.TasksAsync(project, from, "modified_at", walk.PageToken, cancellationToken);
        }
        catch (TrackerException e) when (walk.PageToken is not null && e.StatusCode == 400)
        {
            // Offsets grow old; the walk starts again and tells some changes twice.
            walk.PageToken = null;
            return await client.TasksAsync(project, from, "modified_at", null, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ChangedEntity>> EventsAsync(string project, AsanaProjectPosition position, CancellationToken cancellationToken)
    {
        var events = new List<JsonNode>();
        for (var page = 0; page < MaxEventPages; page++)
        {
            var answer = await client.EventsAsync(project, position.Sync, cancellationToken);
            position.Sync = answer.Sync ?? position.Sync;
            events.AddRange(answer.Events);
            if (answer.WasReset || !answer.HasMore)
            {
                break;
            }
        }

        var (changes, unplaced) = AsanaWebhook.Changes(events, parts);
        var placed = unplaced.Count == 0 ? [] : await PlaceAsync(unplaced, cancellationToken);
        return [.. changes, .. placed.ExceptBy(changes.Select(c => c.EntityId), c => c.EntityId)];
    }
}

/// <summary>Where polling stands over all projects. Saved as JSON; grows with the number of projects alone.</summary>
internal sealed class AsanaPollPosition
{
    internal const int ToldPerProject = 300;

    private readonly IReadOnlyList<string> projects;
    private readonly Dictionary<string, AsanaProjectPosition> positions = new(StringComparer.Ordinal);

    private AsanaPollPosition(IReadOnlyList<string> projects, string? at)
    {
        this.projects = projects;
        At = at is not null && projects.Contains(at) ? at : projects.Count > 0 ? projects[0] : string.Empty;
    }

    /// <summary>The project whose turn it is.</summary>
    public string At { get; private set; }

    public static AsanaPollPosition Load(string? cursor, IReadOnlyList<string> projects)
    {
        JsonNode? saved = null;
        if (cursor is not null)
        {
            JsonReading.TryParse(Encoding.UTF8.GetBytes(cursor), out saved);
        }

        var position = new AsanaPollPosition(projects, saved.Text("at"));
        foreach (var project in projects)
        {
            var entry = saved.At("p", project);
            position.positions[project] = new AsanaProjectPosition
            {
                Sync = entry.Text("s"),
                Walk = entry.Text("w"),
                IsWithinWalk = entry.Flag("i") == true,
            };
        }

        return position;
    }

    public AsanaProjectPosition Of(string project) => positions[project];

    /// <summary>Turns to the next project; false when the round is over.</summary>
    public bool GoOn()
    {
        var next = (projects.ToList().IndexOf(At) + 1) % projects.Count;
        At = projects[next];
        return next != 0;
    }

    public string Save()
    {
        var saved = new JsonObject();
        foreach (var (project, position) in positions)
        {
            saved[project] = new JsonObject { ["s"] = position.Sync, ["w"] = position.Walk, ["i"] = position.IsWithinWalk };
        }

        return new JsonObject { ["at"] = At, ["p"] = saved }.ToJsonString();
    }
}

/// <summary>Where polling one project stands.</summary>
internal sealed class AsanaProjectPosition
{
    /// <summary>Token of the event stream.</summary>
    public string? Sync { get; set; }

    /// <summary>A saved <see cref="PollCursor"/>.</summary>
    public string? Walk { get; set; }

    public bool IsWithinWalk { get; set; }

    public void EndWalk() => IsWithinWalk = false;
}
