using System.Globalization;
using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <summary>The calls of Asana's REST API 1.0 that the connector makes, with envelope and paging; JSON in and out. Thread-safe.</summary>
/// <remarks>Follows developers.asana.com/reference. Lists are always asked for in pages of 100: without a limit Asana cuts them silently.</remarks>
internal sealed class AsanaClient(TrackerHttp http)
{
    private const int PageSize = 100;
    private const int MaxPages = 1000;

    public async Task<JsonNode?> MeAsync(CancellationToken cancellationToken) =>
        await GetAsync(TrackerCall.Get("users/me?opt_fields=name", "sign in") with { ProvesAccess = true }, cancellationToken);

    public Task<IReadOnlyList<JsonNode>?> WorkspacesAsync(CancellationToken cancellationToken) =>
        ListAsync("workspaces?opt_fields=name", "list workspaces", MaxPages, cancellationToken);

    /// <summary>Projects that are not archived, in no promised order, at most <paramref name="maxPages"/> hundreds.</summary>
    public Task<IReadOnlyList<JsonNode>?> ProjectsAsync(string workspace, int maxPages, CancellationToken cancellationToken) =>
        ListAsync($"workspaces/{Escape(workspace)}/projects?archived=false&opt_fields=name", $"list the projects of workspace {workspace}", maxPages, cancellationToken);

    /// <summary>A quick search for names; neither complete nor paged.</summary>
    public async Task<IReadOnlyList<JsonNode>> ProjectsLikeAsync(string workspace, string search, CancellationToken cancellationToken) =>
        (await http.SendAsync(
            TrackerCall.Get($"workspaces/{Escape(workspace)}/typeahead?resource_type=project&query={Escape(search)}&count=100&opt_fields=name", "search projects"), cancellationToken))
        .Body.Items("data");

    public Task<JsonNode?> ProjectAsync(string project, CancellationToken cancellationToken) =>
        GetAsync(TrackerCall.Get($"projects/{Escape(project)}?opt_fields=name,workspace", $"read project {project}"), cancellationToken);

    /// <summary>The members of a workspace, at most <paramref name="maxPages"/> hundreds.</summary>
    public Task<IReadOnlyList<JsonNode>?> UsersAsync(string workspace, int maxPages, CancellationToken cancellationToken) =>
        ListAsync($"users?workspace={Escape(workspace)}&opt_fields={Escape("name,email")}", $"list the people of workspace {workspace}", maxPages, cancellationToken);

    /// <summary>Null when the task is absent, in the trash or invisible (Asana answers 403 or 404).</summary>
    public async Task<JsonNode?> TaskAsync(string task, string fields, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(TrackerCall.Get($"tasks/{Escape(task)}?opt_fields={Escape(fields)}", $"read task {task}") with { MayBeMissing = true }, cancellationToken);
        }
        catch (TrackerException e) when (e.StatusCode == 403 && e.Category == FailureCategory.Rejected)
        {
            return null;
        }
    }

    /// <summary>System protocol and comments together, oldest first; null when the task is gone.</summary>
    public Task<IReadOnlyList<JsonNode>?> StoriesAsync(string task, CancellationToken cancellationToken) =>
        ListAsync($"tasks/{Escape(task)}/stories?opt_fields={Escape(AsanaMapper.StoryFields)}", $"read the comments of task {task}", MaxPages, cancellationToken);

    /// <summary>The task a comment is on; null when the comment is gone.</summary>
    public async Task<string?> TaskOfStoryAsync(string story, CancellationToken cancellationToken) =>
        (await GetAsync(TrackerCall.Get($"stories/{Escape(story)}?opt_fields=target", $"read comment {story}") with { MayBeMissing = true }, cancellationToken)).Text("target", "gid");

    public async Task<string?> TaskOfAttachmentAsync(string attachment, CancellationToken cancellationToken) =>
        (await GetAsync(TrackerCall.Get($"attachments/{Escape(attachment)}?opt_fields=parent", $"read attachment {attachment}") with { MayBeMissing = true }, cancellationToken)).Text("parent", "gid");

    /// <summary>Null when the task is gone.</summary>
    public Task<IReadOnlyList<JsonNode>?> AttachmentsAsync(string task, CancellationToken cancellationToken) =>
        ListAsync($"attachments?parent={Escape(task)}&opt_fields={Escape(AsanaMapper.AttachmentFields)}", $"read the attachments of task {task}", MaxPages, cancellationToken);

    public Task<JsonNode?> CreateTaskAsync(JsonObject task, string project, CancellationToken cancellationToken) =>
        GetAsync(TrackerCall.Post($"tasks?opt_fields={Escape(AsanaMapper.TaskFields)}", task, $"create a task in project {project}"), cancellationToken);

    /// <summary>The task as it stands after the change.</summary>
    public Task<JsonNode?> UpdateTaskAsync(string task, JsonObject change, CancellationToken cancellationToken) =>
        GetAsync(TrackerCall.Put($"tasks/{Escape(task)}?opt_fields={Escape(AsanaMapper.TaskFields)}", change, $"change task {task}"), cancellationToken);

    public Task<JsonNode?> AddStoryAsync(string task, JsonObject story, CancellationToken cancellationToken) =>
        GetAsync(TrackerCall.Post($"tasks/{Escape(task)}/stories", story, $"comment on task {task}"), cancellationToken);

    public Task UpdateStoryAsync(string task, string story, JsonObject change, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Put($"stories/{Escape(story)}", change, $"change comment {story} of task {task}"), cancellationToken);

    public Task DeleteStoryAsync(string task, string story, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Delete($"stories/{Escape(story)}", $"delete comment {story} of task {task}"), cancellationToken);

    public Task DeleteAttachmentAsync(string task, string attachment, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Delete($"attachments/{Escape(attachment)}", $"delete attachment {attachment} of task {task}"), cancellationToken);

    /// <summary>One page of the tasks of a project that changed; <paramref name="offset"/> from the page before.</summary>
    public async Task<(IReadOnlyList<JsonNode> Tasks, string? NextOffset)> TasksAsync(
        string project, DateTimeOffset modifiedSince, string fields, string? offset, CancellationToken cancellationToken)
    {
        var since = modifiedSince.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var path = $"tasks?project={Escape(project)}&modified_since={Escape(since)}&opt_fields={Escape(fields)}&limit={PageSize}";
        var answer = await http.SendAsync(TrackerCall.Get(WithOffset(path, offset), $"list the changed tasks of project {project}"), cancellationToken);
        return (answer.Body.Items("data"), NextOffset(answer.Body, offset));
    }

    /// <summary>What happened in a project since a sync token. Without one, or with one that grew too old, there are no events, only a token to go on from.</summary>
    public async Task<(IReadOnlyList<JsonNode> Events, string? Sync, bool HasMore, bool WasReset)> EventsAsync(string project, string? sync, CancellationToken cancellationToken)
    {
        var path = $"events?resource={Escape(project)}" + (sync is null ? string.Empty : $"&sync={Escape(sync)}");
        var answer = await http.SendAsync(TrackerCall.Get(path, $"read the events of project {project}") with { AlsoGood = 412 }, cancellationToken);
        return (answer.Body.Items("data"), answer.Body.Text("sync"), answer.Body.Flag("has_more") == true, answer.Status == 412);
    }

    public Task<IReadOnlyList<JsonNode>?> WebhooksAsync(string workspace, string project, CancellationToken cancellationToken) =>
        ListAsync($"webhooks?workspace={Escape(workspace)}&resource={Escape(project)}&opt_fields=active,resource,target", $"list the webhooks of project {project}", MaxPages, cancellationToken);

    public Task<JsonNode?> AddWebhookAsync(string project, JsonObject webhook, CancellationToken cancellationToken) =>
        GetAsync(TrackerCall.Post("webhooks", webhook, $"register a webhook for project {project}"), cancellationToken);

    public Task DeleteWebhookAsync(string webhook, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Delete($"webhooks/{Escape(webhook)}", $"remove webhook {webhook}"), cancellationToken);

    private async Task<JsonNode?> GetAsync(TrackerCall call, CancellationToken cancellationToken) => (await http.SendAsync(call, cancellationToken)).Body.At("data");

    private async Task<IReadOnlyList<JsonNode>?> ListAsync(string path, string doing, int maxPages, CancellationToken cancellationToken)
    {
        var found = new List<JsonNode>();
        string? offset = null;
        for (var page = 0; page < maxPages; page++)
        {
            var call = TrackerCall.Get(WithOffset($"{path}&limit={PageSize}", offset), doing) with { MayBeMissing = true };
            var answer = await http.SendAsync(call, cancellationToken);
            if (answer.IsMissing)
            {
                return null;
            }

            found.AddRange(answer.Body.Items("data"));
            offset = NextOffset(answer.Body, offset);
            if (offset is null)
            {
                break;
            }
        }

        return [.. found.DistinctBy(item => item.Text("gid"))];
    }

    private static string WithOffset(string path, string? offset) => offset is null ? path : $"{path}&offset={Escape(offset)}";

    private static string? NextOffset(JsonNode? body, string? offset) => body.Text("next_page", "offset") is { Length: > 0 } next && next != offset ? next : null;

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
