using System.Globalization;
using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <content>Writing, and finding again what a lost answer left behind.</content>
internal sealed partial class JiraTracker
{
    private const int SearchPageSize = 100;

    public async Task<CreatedEntity> CreateAsync(NewEntity entity, CancellationToken cancellationToken)
    {
        var created = await client.CreateIssueAsync(mapper.Creation(entity), entity.ProjectId, cancellationToken);
        return new(IdOf(created, $"create an issue in project {entity.ProjectId}"), created.Text("key") ?? string.Empty);
    }

    // The mark is written in the same call as the issue, so an issue without it is not ours, however alike.
    // JQL can't ask for the property (that takes an installed app), so the candidates' properties are looked at.
    public async Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken)
    {
        var since = (intent.StoredAt - ClockDifference).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var jql = $"project = {Quote(entity.ProjectId)} AND creator = currentUser() AND created >= {since} ORDER BY created ASC, key ASC";
        string? token = null;
        do
        {
            var page = await client.SearchAsync(jql, ["summary"], [JiraMapper.OriginProperty], SearchPageSize, token, cancellationToken);
            foreach (var issue in page.Items("issues"))
            {
                if (issue.Text("id") is { } id && !intent.KnownIds.Contains(id) && await MarkOfAsync(issue, id, cancellationToken) == intent.OriginMark)
                {
                    return new(id, issue.Text("key") ?? string.Empty);
                }
            }

            token = NextToken(page, token);
        }
        while (token is not null);
        return null;
    }

    // With returnIssue the answer shows the edited fields alone: that is no look at the issue.
    public async Task<TrackerEntity?> UpdateAsync(string entityId, EntityChange change, CancellationToken cancellationToken)
    {
        if (!change.IsEmpty)
        {
            await client.EditIssueAsync(entityId, mapper.Change(change), cancellationToken);
        }

        return null;
    }

    public async Task<string> AddCommentAsync(string entityId, NewComment comment, CancellationToken cancellationToken) =>
        IdOf(await client.AddCommentAsync(entityId, mapper.Comment(comment), cancellationToken), $"comment on issue {entityId}");

    public async Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken)
    {
        var comments = await client.CommentsAsync(entityId, cancellationToken) ?? [];
        return comments.Select(mapper.Comment).FirstOrDefault(c => c.OriginMark == intent.OriginMark && !intent.KnownIds.Contains(c.Id))?.Id;
    }

    public Task UpdateCommentAsync(string entityId, string commentId, RichDocument body, CancellationToken cancellationToken) =>
        client.EditCommentAsync(entityId, commentId, mapper.Comment(body), cancellationToken);

    public Task DeleteCommentAsync(string entityId, string commentId, CancellationToken cancellationToken) =>
        client.DeleteCommentAsync(entityId, commentId, cancellationToken);

    public async Task<string> AddAttachmentAsync(string entityId, NewAttachment attachment, CancellationToken cancellationToken) =>
        IdOf(await files.UploadAsync(entityId, attachment, cancellationToken), $"attach a file to issue {entityId}");

    public async Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken)
    {
        var own = await GetAccountAsync(cancellationToken);
        var issue = await client.IssueAsync(entityId, "attachment", cancellationToken);
        var name = FileNames.Clean(attachment.FileName);
        return issue.Items("fields", "attachment").Select(JiraMapper.Attachment)
            .Where(a => a.FileName == name && a.Size == attachment.Size && a.AuthorId == own.Id)
            .Where(a => a.Created >= intent.StoredAt - ClockDifference && !intent.KnownIds.Contains(a.Id))
            .OrderBy(a => a.Created).FirstOrDefault()?.Id;
    }

    public Task<Stream?> OpenAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        files.DownloadAsync(entityId, attachmentId, cancellationToken);

    public Task DeleteAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        client.DeleteAttachmentAsync(entityId, attachmentId, cancellationToken);

    internal static string Quote(string jqlValue) =>
        jqlValue.Length > 0 && jqlValue.All(char.IsAsciiDigit) ? jqlValue : $"\"{jqlValue.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>The token of the next page; null on the last, also when the same one comes back.</summary>
    internal static string? NextToken(JsonNode? page, string? token) =>
        page.Flag("isLast") == true || page.Text("nextPageToken") is not { Length: > 0 } next || next == token ? null : next;

    private async Task<string?> MarkOfAsync(JsonNode issue, string id, CancellationToken cancellationToken)
    {
        var withProperties = issue.At("properties") is JsonObject { Count: > 0 } ? issue : await client.IssueAsync(id, "summary", cancellationToken);
        return withProperties.Text("properties", JiraMapper.OriginProperty, "mark");
    }

    private string IdOf(JsonNode? created, string doing) => created.Text("id") is { Length: > 0 } id
        ? id
        : throw new TrackerException(FailureCategory.Unexpected, $"{Product} at {InstanceUrl} accepted to {doing}, but its answer names no id. The node looks for it before it tries again.")
        {
            OutcomeUnknown = true,
        };
}
