using Exalate.Core.Peers;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Passes everything on; a break overrides what it breaks.</summary>
internal abstract class InboxShell(ISyncInbox inner) : ISyncInbox
{
    protected ISyncInbox Inner => inner;

    public virtual Task<InboxAnswer> StoreRequestAsync(Guid connectionId, SyncRequestMessage message, CancellationToken cancellationToken) =>
        inner.StoreRequestAsync(connectionId, message, cancellationToken);

    public virtual Task<InboxAnswer> StoreResultAsync(Guid connectionId, SyncResultMessage message, CancellationToken cancellationToken) =>
        inner.StoreResultAsync(connectionId, message, cancellationToken);

    public virtual Task<OutgoingAttachment?> OpenAttachmentAsync(Guid connectionId, string entityId, string attachmentId, CancellationToken cancellationToken) =>
        inner.OpenAttachmentAsync(connectionId, entityId, attachmentId, cancellationToken);

    public Task RefusedAsync(Guid connectionId, bool isResult, string eventId, string sentence, CancellationToken cancellationToken) =>
        inner.RefusedAsync(connectionId, isResult, eventId, sentence, cancellationToken);

    public Task<RecallAnswer> RecallAsync(Guid connectionId, RecallQuestion question, CancellationToken cancellationToken) => inner.RecallAsync(connectionId, question, cancellationToken);
}

/// <inheritdoc cref="InboxShell"/>
internal abstract class TrackerShell(ITracker inner) : ITracker
{
    public virtual TrackerDescription Description => inner.Description;

    public string InstanceUrl => inner.InstanceUrl;

    public Task<TrackerAccount> GetAccountAsync(CancellationToken cancellationToken) => inner.GetAccountAsync(cancellationToken);

    public Task<TrackerPage<TrackerProject>> ListProjectsAsync(string? search, string? cursor, CancellationToken cancellationToken) =>
        inner.ListProjectsAsync(search, cursor, cancellationToken);

    public Task<IReadOnlyList<TrackerEntityType>> ListEntityTypesAsync(string projectId, CancellationToken cancellationToken) => inner.ListEntityTypesAsync(projectId, cancellationToken);

    public string? ParseReference(string typed) => inner.ParseReference(typed);

    public virtual Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken) => inner.ReadAsync(idOrKey, cancellationToken);

    public Task<CreatedEntity> CreateAsync(NewEntity entity, CancellationToken cancellationToken) => inner.CreateAsync(entity, cancellationToken);

    public virtual Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken) =>
        inner.FindCreatedAsync(entity, intent, cancellationToken);

    public Task<TrackerEntity?> UpdateAsync(string entityId, EntityChange change, CancellationToken cancellationToken) => inner.UpdateAsync(entityId, change, cancellationToken);

    public Task<string> AddCommentAsync(string entityId, NewComment comment, CancellationToken cancellationToken) => inner.AddCommentAsync(entityId, comment, cancellationToken);

    public virtual Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken) =>
        inner.FindCommentAsync(entityId, comment, intent, cancellationToken);

    public Task UpdateCommentAsync(string entityId, string commentId, RichDocument body, CancellationToken cancellationToken) =>
        inner.UpdateCommentAsync(entityId, commentId, body, cancellationToken);

    public Task DeleteCommentAsync(string entityId, string commentId, CancellationToken cancellationToken) => inner.DeleteCommentAsync(entityId, commentId, cancellationToken);

    public Task<string> AddAttachmentAsync(string entityId, NewAttachment attachment, CancellationToken cancellationToken) =>
        inner.AddAttachmentAsync(entityId, attachment, cancellationToken);

    public virtual Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken) =>
        inner.FindAttachmentAsync(entityId, attachment, intent, cancellationToken);

    public Task<Stream?> OpenAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        inner.OpenAttachmentAsync(entityId, attachmentId, cancellationToken);

    public Task DeleteAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        inner.DeleteAttachmentAsync(entityId, attachmentId, cancellationToken);

    public virtual RichDocument Normalise(RichDocument document, RichTextPlace place) => inner.Normalise(document, place);

    public string NormaliseSummary(string summary) => inner.NormaliseSummary(summary);

    public virtual Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken) =>
        inner.ReadHistoryAsync(entityId, since, cancellationToken);

    public Task<WatchState> WatchAsync(WatchRequest request, CancellationToken cancellationToken) => inner.WatchAsync(request, cancellationToken);

    public WebhookReading ReadWebhook(WebhookCall call) => inner.ReadWebhook(call);

    public Task<PollPage> PollAsync(PollRequest request, CancellationToken cancellationToken) => inner.PollAsync(request, cancellationToken);
}
