using System.Globalization;
using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>The calls of Jira Cloud's REST API v3 that the connector makes, with their paging; JSON in and out. Thread-safe.</summary>
/// <remarks>Follows developer.atlassian.com/cloud/jira/platform/rest/v3 and, for admin webhooks, "Webhooks" of the same site.</remarks>
internal sealed class JiraClient(TrackerHttp http)
{
    private const string Api = "rest/api/3/";
    private const string WebhookApi = "rest/webhooks/1.0/webhook";
    private const int PageSize = 100;
    private const int MaxPages = 500;

    public async Task<JsonNode?> MyselfAsync(CancellationToken cancellationToken) =>
        (await http.SendAsync(TrackerCall.Get(Api + "myself", "sign in") with { ProvesAccess = true }, cancellationToken)).Body;

    public async Task<JsonNode?> ServerInfoAsync(CancellationToken cancellationToken) =>
        (await http.SendAsync(TrackerCall.Get(Api + "serverInfo", "read the site's address"), cancellationToken)).Body;

    public async Task<JsonNode?> ProjectsAsync(string? search, int startAt, int count, CancellationToken cancellationToken)
    {
        var query = string.IsNullOrWhiteSpace(search) ? string.Empty : $"&query={Uri.EscapeDataString(search.Trim())}";
        return (await http.SendAsync(
            TrackerCall.Get($"{Api}project/search?startAt={startAt}&maxResults={count}&orderBy=name{query}", "list projects"), cancellationToken)).Body;
    }

    /// <summary>Null when the project is absent or invisible.</summary>
    public async Task<JsonNode?> ProjectAsync(string projectId, CancellationToken cancellationToken)
    {
        var call = TrackerCall.Get($"{Api}project/{Uri.EscapeDataString(projectId)}", $"read project {projectId}") with { MayBeMissing = true };
        return (await http.SendAsync(call, cancellationToken)).Body;
    }

    /// <summary>What the account may create in the project; null when the project is absent or invisible.</summary>
    public async Task<IReadOnlyList<JsonNode>?> CreatableTypesAsync(string projectId, CancellationToken cancellationToken) =>
        await PagesAsync(
            start => TrackerCall.Get(
                $"{Api}issue/createmeta/{Uri.EscapeDataString(projectId)}/issuetypes?startAt={start}&maxResults={PageSize}", $"read the issue types of project {projectId}"),
            "issueTypes",
            cancellationToken);

    /// <summary>The issue with the given fields and the origin property; null when it is absent or invisible.</summary>
    public async Task<JsonNode?> IssueAsync(string idOrKey, string fields, CancellationToken cancellationToken)
    {
        var call = TrackerCall.Get($"{Api}issue/{Uri.EscapeDataString(idOrKey)}?fields={Uri.EscapeDataString(fields)}&properties={JiraMapper.OriginProperty}", $"read issue {idOrKey}");
        return (await http.SendAsync(call with { MayBeMissing = true }, cancellationToken)).Body;
    }

    /// <summary>All comments, oldest first, with their properties; null when the issue is gone. The list inside an issue is cut, this one is not.</summary>
    public Task<IReadOnlyList<JsonNode>?> CommentsAsync(string issueId, CancellationToken cancellationToken) =>
        PagesAsync(
            start => TrackerCall.Get(
                $"{Api}issue/{Uri.EscapeDataString(issueId)}/comment?startAt={start}&maxResults={PageSize}&orderBy=created&expand=properties", $"read the comments of issue {issueId}"),
            "comments",
            cancellationToken);

    /// <summary>The history; its order is not promised. Null when the issue is gone.</summary>
    public Task<IReadOnlyList<JsonNode>?> ChangelogAsync(string issueId, CancellationToken cancellationToken) =>
        PagesAsync(
            start => TrackerCall.Get($"{Api}issue/{Uri.EscapeDataString(issueId)}/changelog?startAt={start}&maxResults={PageSize}", $"read the history of issue {issueId}"),
            "values",
            cancellationToken);

    public async Task<JsonNode?> CreateIssueAsync(JsonObject issue, string projectId, CancellationToken cancellationToken) =>
        (await http.SendAsync(TrackerCall.Post(Api + "issue", issue, $"create an issue in project {projectId}"), cancellationToken)).Body;

    public Task EditIssueAsync(string issueId, JsonObject change, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Put($"{Api}issue/{Uri.EscapeDataString(issueId)}", change, $"change issue {issueId}"), cancellationToken);

    public async Task<JsonNode?> AddCommentAsync(string issueId, JsonObject comment, CancellationToken cancellationToken) =>
        (await http.SendAsync(TrackerCall.Post($"{Api}issue/{Uri.EscapeDataString(issueId)}/comment", comment, $"comment on issue {issueId}"), cancellationToken)).Body;

    public Task EditCommentAsync(string issueId, string commentId, JsonObject comment, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Put(CommentPath(issueId, commentId), comment, $"change comment {commentId} of issue {issueId}"), cancellationToken);

    public Task DeleteCommentAsync(string issueId, string commentId, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Delete(CommentPath(issueId, commentId), $"delete comment {commentId} of issue {issueId}"), cancellationToken);

    public Task DeleteAttachmentAsync(string issueId, string attachmentId, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Delete($"{Api}attachment/{Uri.EscapeDataString(attachmentId)}", $"delete attachment {attachmentId} of issue {issueId}"), cancellationToken);

    /// <summary>The site's users of every kind. Takes the global permission "Browse users and groups". Pages may be short: only an empty one ends the walk.</summary>
    public async Task<IReadOnlyList<JsonNode>> UsersAsync(int most, CancellationToken cancellationToken)
    {
        const int pageSize = 1000;
        var found = new List<JsonNode>();
        for (var start = 0; start < most; start += pageSize)
        {
            var page = (await http.SendAsync(TrackerCall.Get($"{Api}users/search?startAt={start}&maxResults={pageSize}", "list the site's people"), cancellationToken)).Body.Items();
            if (page.Count == 0)
            {
                break;
            }

            found.AddRange(page);
        }

        return found;
    }

    /// <summary>One page of a bounded search. The vendor gives short pages at will: only a missing token ends the walk.</summary>
    public async Task<JsonNode?> SearchAsync(string jql, string[] fields, string[] properties, int count, string? pageToken, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["jql"] = jql,
            ["fields"] = new JsonArray([.. fields.Select(f => (JsonNode)f)]),
            ["maxResults"] = count,
        };
        if (properties.Length > 0)
        {
            body["properties"] = new JsonArray([.. properties.Select(p => (JsonNode)p)]);
        }

        if (pageToken is not null)
        {
            body["nextPageToken"] = pageToken;
        }

        return (await http.SendAsync(TrackerCall.Post(Api + "search/jql", body, "search issues") with { ReadsByPost = true }, cancellationToken)).Body;
    }

    public async Task<IReadOnlyList<JsonNode>> WebhooksAsync(CancellationToken cancellationToken) =>
        (await http.SendAsync(TrackerCall.Get(WebhookApi, "list webhooks"), cancellationToken)).Body.Items();

    public async Task<JsonNode?> AddWebhookAsync(JsonObject webhook, CancellationToken cancellationToken) =>
        (await http.SendAsync(TrackerCall.Post(WebhookApi, webhook, "register a webhook"), cancellationToken)).Body;

    public Task DeleteWebhookAsync(string id, CancellationToken cancellationToken) =>
        http.SendAsync(TrackerCall.Delete($"{WebhookApi}/{Uri.EscapeDataString(id)}", $"remove webhook {id}"), cancellationToken);

    private static string CommentPath(string issueId, string commentId) =>
        $"{Api}issue/{Uri.EscapeDataString(issueId)}/comment/{Uri.EscapeDataString(commentId)}";

    // Offset paging shifts when something is deleted meanwhile, and what shifted over the page's edge would look deleted too:
    // when the total changes between pages the walk starts again.
    private async Task<IReadOnlyList<JsonNode>?> PagesAsync(Func<int, TrackerCall> page, string items, CancellationToken cancellationToken)
    {
        for (var walk = 0; ; walk++)
        {
            var found = new List<JsonNode>();
            long? total = null;
            var isSteady = true;
            for (var pages = 0; pages < MaxPages; pages++)
            {
                var answer = await http.SendAsync(page(found.Count) with { MayBeMissing = true }, cancellationToken);
                if (answer.IsMissing)
                {
                    return null;
                }

                var batch = answer.Body.Items(items);
                var totalNow = answer.Body.Whole("total");
                isSteady &= total is null || totalNow == total;
                total ??= totalNow;
                found.AddRange(batch);
                if (batch.Count == 0 || answer.Body.Flag("isLast") == true || found.Count >= (totalNow ?? int.MaxValue))
                {
                    break;
                }
            }

            if (isSteady || walk == 2)
            {
                return [.. found.DistinctBy(item => item.Text("id") ?? found.IndexOf(item).ToString(CultureInfo.InvariantCulture))];
            }
        }
    }
}
