using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>One tracker of two projects: each project has people, ids and keys of its own, and the node sees both through one account.</summary>
internal sealed class TwoProjects(SimTracker first, SimTracker second) : ITracker
{
    public TrackerDescription Description => first.Description;

    public string InstanceUrl => first.InstanceUrl;

    public Task<TrackerAccount> GetAccountAsync(CancellationToken cancellationToken) => first.GetAccountAsync(cancellationToken);

    public async Task<TrackerPage<TrackerProject>> ListProjectsAsync(string? search, string? cursor, CancellationToken cancellationToken) =>
        new([.. (await first.ListProjectsAsync(search, cursor, cancellationToken)).Items, .. (await second.ListProjectsAsync(search, cursor, cancellationToken)).Items], null);

    public Task<IReadOnlyList<TrackerEntityType>> ListEntityTypesAsync(string projectId, CancellationToken cancellationToken) => OfProject(projectId).ListEntityTypesAsync(projectId, cancellationToken);

    public string? ParseReference(string typed) => first.ParseReference(typed);

    public Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken) => Of(idOrKey).ReadAsync(idOrKey, cancellationToken);

    public Task<CreatedEntity> CreateAsync(NewEntity entity, CancellationToken cancellationToken) => OfProject(entity.ProjectId).CreateAsync(entity, cancellationToken);

    public Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken) => OfProject(entity.ProjectId).FindCreatedAsync(entity, intent, cancellationToken);

    public Task<TrackerEntity?> UpdateAsync(string entityId, EntityChange change, CancellationToken cancellationToken) => Of(entityId).UpdateAsync(entityId, change, cancellationToken);

    public Task<string> AddCommentAsync(string entityId, NewComment comment, CancellationToken cancellationToken) => Of(entityId).AddCommentAsync(entityId, comment, cancellationToken);

    public Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken) =>
        Of(entityId).FindCommentAsync(entityId, comment, intent, cancellationToken);

    public Task UpdateCommentAsync(string entityId, string commentId, RichDocument body, CancellationToken cancellationToken) => Of(entityId).UpdateCommentAsync(entityId, commentId, body, cancellationToken);

    public Task DeleteCommentAsync(string entityId, string commentId, CancellationToken cancellationToken) => Of(entityId).DeleteCommentAsync(entityId, commentId, cancellationToken);

    public Task<string> AddAttachmentAsync(string entityId, NewAttachment attachment, CancellationToken cancellationToken) => Of(entityId).AddAttachmentAsync(entityId, attachment, cancellationToken);

    public Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken) =>
        Of(entityId).FindAttachmentAsync(entityId, attachment, intent, cancellationToken);

    public Task<Stream?> OpenAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) => Of(entityId).OpenAttachmentAsync(entityId, attachmentId, cancellationToken);

    public Task DeleteAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) => Of(entityId).DeleteAttachmentAsync(entityId, attachmentId, cancellationToken);

    public RichDocument Normalise(RichDocument document, RichTextPlace place) => first.Normalise(document, place);

    public string NormaliseSummary(string summary) => first.NormaliseSummary(summary);

    public Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken) => Of(entityId).ReadHistoryAsync(entityId, since, cancellationToken);

    public async Task<WatchState> WatchAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        await second.WatchAsync(request, cancellationToken);
        return await first.WatchAsync(request, cancellationToken);
    }

    public WebhookReading ReadWebhook(WebhookCall call) => first.ReadWebhook(call);

    public async Task<PollPage> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        // The cursor is that of the first look: nothing of the second is passed over.
        var page = await first.PollAsync(request, cancellationToken);
        return page with { Changes = [.. page.Changes, .. (await second.PollAsync(request, cancellationToken)).Changes] };
    }

    private SimTracker OfProject(string projectId) => projectId == second.Project ? second : first;

    private SimTracker Of(string idOrKey) => second.Owns(idOrKey) ? second : first;
}
