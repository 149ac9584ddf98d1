using Exalate.Core.RichText;

namespace Exalate.Core.Trackers;

/// <summary>
/// One instance of a tracker, seen through one account. Thread-safe. Every method fails with <see cref="TrackerException"/> alone
/// (and <see cref="OperationCanceledException"/> when the caller's token is cancelled). Reads, and calls that surely did nothing, are retried inside;
/// a write whose outcome is unknown is never repeated here: it fails with <see cref="TrackerException.OutcomeUnknown"/>.
/// </summary>
public interface ITracker
{
    TrackerDescription Description { get; }

    /// <summary>Address of the instance for people, no slash at the end. Example: "https://acme.atlassian.net".</summary>
    string InstanceUrl { get; }

    /// <summary>Where the ids of people and files in its texts are valid; see <see cref="RichTextHooks.Realm"/>. Example: "acme.atlassian.net".</summary>
    string Realm => InstanceUrl;

    /// <summary>Whose token it is; proves that address and token work. The answer may be remembered for the life of this object.</summary>
    Task<TrackerAccount> GetAccountAsync(CancellationToken cancellationToken);

    /// <summary>Projects whose name or key contains <paramref name="search"/> (null: all), at most 50 a page, by name.</summary>
    Task<TrackerPage<TrackerProject>> ListProjectsAsync(string? search, string? cursor, CancellationToken cancellationToken);

    /// <summary>The types that a new entity of the project can have, in the tracker's order, subtask types left out.</summary>
    Task<IReadOnlyList<TrackerEntityType>> ListEntityTypesAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>
    /// The id or key in what a person typed or pasted: "test-1" gives "TEST-1", a browser URL of this instance gives its entity.
    /// Null when it can't be one (wrong form, another instance's URL). No call is made.
    /// </summary>
    string? ParseReference(string typed);

    /// <summary>The entity with all comments and attachments; null when it does not exist or is invisible to the account.</summary>
    /// <param name="idOrKey">An id, or a key from <see cref="ParseReference"/>. An old key of a moved entity finds it.</param>
    Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, for whoever looks at the fields alone: comments and attachments may be missing where they cost calls of their own.</summary>
    Task<TrackerEntity?> ReadFieldsAsync(string entityId, CancellationToken cancellationToken) => ReadAsync(entityId, cancellationToken);

    Task<CreatedEntity> CreateAsync(NewEntity entity, CancellationToken cancellationToken);

    /// <summary>Looks for the entity that a create with an unknown outcome made: by its mark, else the account's entity of the project that is not in
    /// <see cref="CreateIntent.KnownIds"/>, was created at or after the intent (a minute of clock difference allowed) and has the same summary and type.</summary>
    Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken);

    /// <summary>Writes the fields that are set; the others keep their value.</summary>
    /// <returns>The fields as they stand after the write, comments and attachments missing; null where the vendor's answer does not say.</returns>
    Task<TrackerEntity?> UpdateAsync(string entityId, EntityChange change, CancellationToken cancellationToken);

    /// <summary>Adds a public comment and returns its id.</summary>
    Task<string> AddCommentAsync(string entityId, NewComment comment, CancellationToken cancellationToken);

    /// <summary>As <see cref="FindCreatedAsync"/>, for a comment.</summary>
    Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken);

    /// <summary>Replaces the text of a comment of the node's own account.</summary>
    Task UpdateCommentAsync(string entityId, string commentId, RichDocument body, CancellationToken cancellationToken);

    /// <summary>Removes a comment of the node's own account. A comment that is gone already is success.</summary>
    Task DeleteCommentAsync(string entityId, string commentId, CancellationToken cancellationToken);

    /// <summary>Uploads a file and returns its id. Never holds the whole file in memory.</summary>
    Task<string> AddAttachmentAsync(string entityId, NewAttachment attachment, CancellationToken cancellationToken);

    /// <summary>As <see cref="FindCreatedAsync"/>, for a file: same name and size, the node's own account.</summary>
    Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken);

    /// <summary>The file's content as a stream that the caller disposes; null when the attachment is gone.</summary>
    Task<Stream?> OpenAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken);

    /// <summary>Removes a file. One that is gone already is success.</summary>
    Task DeleteAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken);

    /// <summary>How the texts of the entity show one of its files; null when they can't, or the file is gone.</summary>
    /// <param name="fileName">Tells what kind of file it is; null when the caller does not know it.</param>
    Task<PictureReference?> FindPictureAsync(string entityId, string attachmentId, string? fileName, CancellationToken cancellationToken) =>
        Task.FromResult<PictureReference?>(null);

    /// <summary>
    /// The people of this instance who can be addressed in texts of the project: active members, no apps, at most 20,000, in no promised order. A refusal
    /// fails with <see cref="FailureCategory.Rejected"/>.
    /// </summary>
    Task<IReadOnlyList<TrackerPerson>> ListPeopleAsync(string? projectId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<TrackerPerson>>([]);

    /// <summary>What the tracker will show after the document was written at that place: written in its dialect and read again. Pure.</summary>
    RichDocument Normalise(RichDocument document, RichTextPlace place);

    /// <summary>
    /// The summary as the tracker will hold it: one line, at most <see cref="TrackerDescription.MaxSummaryLength"/> characters (an ellipsis marks a cut),
    /// never empty where the tracker wants one. What a create or update writes; compare with this. Pure.
    /// </summary>
    string NormaliseSummary(string summary) => SummaryText.Normalise(summary, Description.MaxSummaryLength);

    /// <summary>
    /// Who changed the fields of an entity since a moment, oldest first; null where the vendor keeps no such history.
    /// Tells a person's edit during our own write from our write.
    /// </summary>
    Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the tracker call <see cref="WatchRequest.CallbackUrl"/> for changes in the projects, once: what an earlier call registered is kept or renewed.
    /// The answer's state is stored by the caller and handed in next time.
    /// </summary>
    /// <remarks>A refusal (the vendor does not call this address, the account may not) is not an exception: see <see cref="WatchState.RefusedBecause"/>. The node then polls.</remarks>
    Task<WatchState> WatchAsync(WatchRequest request, CancellationToken cancellationToken);

    /// <summary>Makes the tracker stop calling. What is gone already is success; a refusal is not an exception: the tracker forgets addresses that don't answer.</summary>
    Task UnwatchAsync(Uri callbackUrl, WatchState state, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads a webhook call: checks its signature over the raw body, then says what changed. Makes no call and touches no database.</summary>
    WebhookReading ReadWebhook(WebhookCall call);

    /// <summary>
    /// Which entities the parts in <see cref="WebhookReading.Unplaced"/> belong to. Parts that are gone, and parts of nothing that can be synced, are left out.
    /// Call it before the webhook is answered: the vendor repeats a call that is answered 503, and forgets one that is answered 200.
    /// </summary>
    Task<IReadOnlyList<ChangedEntity>> PlaceAsync(IReadOnlyList<string> partIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ChangedEntity>>([]);

    /// <summary>The changes in the projects since the cursor, oldest first. The cursor is opaque; null starts at <see cref="PollRequest.Since"/>. Advance it after the changes are stored.</summary>
    Task<PollPage> PollAsync(PollRequest request, CancellationToken cancellationToken);
}

/// <summary>Where a rich text stands; some trackers accept less in comments.</summary>
public enum RichTextPlace
{
    Description,
    Comment,
}

/// <summary>One edit in an entity's history.</summary>
/// <param name="Field">"summary" or "description"; other fields are left out.</param>
public sealed record FieldEdit(string Field, string? AuthorId, DateTimeOffset At);
