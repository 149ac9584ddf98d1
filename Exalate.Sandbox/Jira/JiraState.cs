using Exalate.Sandbox.Deliveries;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira;

/// <summary>Everything one Jira site holds.</summary>
internal sealed class JiraState : IDisposable
{
    private readonly Dictionary<string, long> byKey = new(StringComparer.OrdinalIgnoreCase);

    public JiraState(string folder, TimeProvider time, TimeSpan indexLag)
    {
        Directory.CreateDirectory(folder);
        Time = time;
        Store = new StateStore(Path.Combine(folder, "jira.db"));
        Blobs = new BlobFolder(Path.Combine(folder, "attachments"));
        Users = new DocumentSet<JiraUser>(Store, "user", user => user.Id);
        Projects = new DocumentSet<JiraProject>(Store, "project", project => project.Id);
        Issues = new DocumentSet<JiraIssue>(Store, "issue", issue => issue.Id);
        Comments = new DocumentSet<JiraComment>(Store, "comment", comment => comment.Id);
        Attachments = new DocumentSet<JiraAttachment>(Store, "attachment", attachment => attachment.Id);
        Histories = new DocumentSet<JiraHistory>(Store, "history", history => history.Id);
        Links = new DocumentSet<JiraLink>(Store, "link", link => link.Id);
        RemoteLinks = new DocumentSet<JiraRemoteLink>(Store, "remotelink", link => link.Id);
        Webhooks = new DocumentSet<JiraWebhook>(Store, "webhook", webhook => webhook.Id);
        Deliveries = new DocumentSet<Delivery>(Store, "delivery", delivery => delivery.Id);
        CommentsOf = new DocumentIndex<JiraComment, long>(Comments, comment => comment.Id, comment => [comment.IssueId]);
        AttachmentsOf = new DocumentIndex<JiraAttachment, long>(Attachments, file => file.Id, file => [file.IssueId]);
        HistoriesOf = new DocumentIndex<JiraHistory, long>(Histories, history => history.Id, history => [history.IssueId]);
        LinksOf = new DocumentIndex<JiraLink, long>(Links, link => link.Id, link => [link.SourceId, link.TargetId]);
        RemoteLinksOf = new DocumentIndex<JiraRemoteLink, long>(RemoteLinks, link => link.Id, link => [link.IssueId]);
        ChildrenOf = new DocumentIndex<JiraIssue, long>(
            Issues, issue => issue.Id, issue => issue.ParentId is { } parent ? [parent] : []);
        Issues.Observe(IndexKeys);
        SearchIndex = new LaggingIndex<JiraIssue>(Issues, issue => issue.Id, time, indexLag);
    }

    public TimeProvider Time { get; }

    public StateStore Store { get; }

    public BlobFolder Blobs { get; }

    public DocumentSet<JiraUser> Users { get; }

    public DocumentSet<JiraProject> Projects { get; }

    public DocumentSet<JiraIssue> Issues { get; }

    public DocumentSet<JiraComment> Comments { get; }

    public DocumentSet<JiraAttachment> Attachments { get; }

    public DocumentSet<JiraHistory> Histories { get; }

    public DocumentSet<JiraLink> Links { get; }

    public DocumentSet<JiraRemoteLink> RemoteLinks { get; }

    public DocumentSet<JiraWebhook> Webhooks { get; }

    public DocumentSet<Delivery> Deliveries { get; }

    public DocumentIndex<JiraComment, long> CommentsOf { get; }

    public DocumentIndex<JiraAttachment, long> AttachmentsOf { get; }

    public DocumentIndex<JiraHistory, long> HistoriesOf { get; }

    public DocumentIndex<JiraLink, long> LinksOf { get; }

    public DocumentIndex<JiraRemoteLink, long> RemoteLinksOf { get; }

    public DocumentIndex<JiraIssue, long> ChildrenOf { get; }

    public LaggingIndex<JiraIssue> SearchIndex { get; }

    /// <summary>Milliseconds are all that travels; a finer value would differ from its own read-back.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>By id, key in any case, or a key from before a move.</summary>
    public JiraIssue? FindIssue(string idOrKey) =>
        long.TryParse(idOrKey, out var id) ? Issues.Find(id) : byKey.TryGetValue(idOrKey, out id) ? Issues.Find(id) : null;

    public JiraProject? FindProject(string idOrKey) =>
        long.TryParse(idOrKey, out var id)
            ? Projects.Find(id)
            : Projects.All.FirstOrDefault(project => project.Key.Equals(idOrKey, StringComparison.OrdinalIgnoreCase));

    public JiraUser? FindUser(string? accountId) => Users.All.FirstOrDefault(user => user.AccountId == accountId);

    public JiraProject ProjectOf(JiraIssue issue) => Projects.Find(issue.ProjectId)!;

    public void Dispose() => Store.Dispose();

    private void IndexKeys(JiraIssue? before, JiraIssue? after)
    {
        foreach (var key in before is null ? [] : before.OldKeys.Append(before.Key))
            byKey.Remove(key);
        foreach (var key in after is null ? [] : after.OldKeys.Append(after.Key))
            byKey[key] = after!.Id;
    }
}
