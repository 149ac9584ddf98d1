using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <content>Writing, and finding again what a lost answer left behind.</content>
internal sealed partial class AsanaTracker
{
    public async Task<CreatedEntity> CreateAsync(NewEntity entity, CancellationToken cancellationToken)
    {
        var task = await client.CreateTaskAsync(mapper.Creation(entity), entity.ProjectId, cancellationToken);
        var gid = GidOf(task, $"create a task in project {entity.ProjectId}");
        return new(gid, gid) { Standing = Fields(task) };
    }

    // There is no mark: the task of our account with the same name and type counts, one with the same text before others.
    // Search would lag by a minute, so the project is listed.
    public async Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken)
    {
        var own = await GetAccountAsync(cancellationToken);
        var earliest = intent.StoredAt - ClockDifference;
        var alike = new List<(string Gid, JsonNode Task)>();
        string? offset = null;
        do
        {
            var page = await client.TasksAsync(entity.ProjectId, earliest, "name,resource_subtype,created_at,created_by,html_notes", offset, cancellationToken);
            alike.AddRange(from task in page.Tasks
                           let gid = task.Text("gid")
                           where gid is not null && !intent.KnownIds.Contains(gid) && task.Text("created_by", "gid") == own.Id
                           where task.Time("created_at") >= earliest && task.Text("name") == AsanaMapper.Summary(entity.Summary)
                           where task.Text("resource_subtype") == entity.Type.Id
                           select (gid, task));
            offset = page.NextOffset;
        }
        while (offset is not null);

        var text = mapper.Normalise(entity.Description, RichTextPlace.Description);
        var best = alike.OrderByDescending(a => AsanaMapper.IsSame(mapper.Description(a.Task), text)).ThenBy(a => a.Task.Time("created_at")).FirstOrDefault();
        return best.Gid is null ? null : new(best.Gid, best.Gid);
    }

    public async Task<TrackerEntity?> UpdateAsync(string entityId, EntityChange change, CancellationToken cancellationToken) =>
        change.IsEmpty ? null : Fields(await client.UpdateTaskAsync(entityId, mapper.Change(change), cancellationToken));

    public async Task<string> AddCommentAsync(string entityId, NewComment comment, CancellationToken cancellationToken)
    {
        var gid = GidOf(await client.AddStoryAsync(entityId, mapper.Comment(comment.Body), cancellationToken), $"comment on task {entityId}");
        parts.Remember(gid, entityId);
        return gid;
    }

    public async Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken)
    {
        var own = await GetAccountAsync(cancellationToken);
        var text = mapper.Normalise(comment.Body, RichTextPlace.Comment);
        var comments = await CommentsAsync(entityId, cancellationToken) ?? [];
        return comments.FirstOrDefault(c => c.AuthorId == own.Id && c.Created >= intent.StoredAt - ClockDifference
            && !intent.KnownIds.Contains(c.Id) && AsanaMapper.IsSame(c.Body, text))?.Id;
    }

    public Task UpdateCommentAsync(string entityId, string commentId, RichDocument body, CancellationToken cancellationToken) =>
        client.UpdateStoryAsync(entityId, commentId, mapper.Comment(body), cancellationToken);

    public Task DeleteCommentAsync(string entityId, string commentId, CancellationToken cancellationToken) =>
        client.DeleteStoryAsync(entityId, commentId, cancellationToken);

    public async Task<string> AddAttachmentAsync(string entityId, NewAttachment attachment, CancellationToken cancellationToken)
    {
        var gid = GidOf(await files.UploadAsync(entityId, attachment, cancellationToken), $"attach a file to task {entityId}");
        parts.Remember(gid, entityId);
        return gid;
    }

    // Asana does not tell who attached a file: name, size and time have to do.
    public async Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken)
    {
        var name = FileNames.Clean(attachment.FileName);
        var attachments = await AttachmentsAsync(entityId, cancellationToken) ?? [];
        return attachments.FirstOrDefault(a => a.FileName == name && a.Size == attachment.Size
            && a.Created >= intent.StoredAt - ClockDifference && !intent.KnownIds.Contains(a.Id))?.Id;
    }

    public Task<Stream?> OpenAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        files.DownloadAsync(entityId, attachmentId, cancellationToken);

    public Task DeleteAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        client.DeleteAttachmentAsync(entityId, attachmentId, cancellationToken);

    // An answer without the fields that were asked for tells nothing about the task.
    private TrackerEntity? Fields(JsonNode? task) => task.Text("name") is not null && task.Text("html_notes") is not null ? mapper.Entity(task!, [], [], site.Url) : null;

    private string GidOf(JsonNode? created, string doing) => created.Text("gid") is { Length: > 0 } gid
        ? gid
        : throw new TrackerException(FailureCategory.Unexpected, $"{Product} at {InstanceUrl} accepted to {doing}, but its answer names no gid. The node looks for it before it tries again.")
        {
            OutcomeUnknown = true,
        };
}
