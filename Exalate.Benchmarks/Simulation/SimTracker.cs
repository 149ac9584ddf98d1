using System.Globalization;
using System.Text;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>What an answer of the simulated network can be.</summary>
internal enum Fault
{
    None,

    /// <summary>The call surely did nothing: too many requests, refused connection.</summary>
    Refused,

    /// <summary>No answer, and it did nothing.</summary>
    LostBefore,

    /// <summary>It took effect, and the answer was lost.</summary>
    LostAfter,
}

/// <summary>Stands around every call that a node makes: kills, freezes, delays and people are let in here.</summary>
internal interface ICallGate
{
    void Enter(string call, string? entityId);

    void Leave(string call, string? entityId);

    Fault NextFault(string call);
}

/// <summary>
/// A tracker in memory with a vendor's true semantics. Both: no conditional write, a lagging search, webhooks at most once, a rich text of their own.
/// Jira: a history, places for origin marks. Asana: neither; what was created is found by listing.
/// </summary>
internal sealed class SimTracker(string name, TrackerKind kind, ManualTime time, string project = SimTracker.OnlyProject) : ITracker
{
    public const string Account = "proxy";
    public const string Token = "tracker-token-9b1c";
    public const string OnlyProject = "P";
    public const string OtherProject = "Q";

    private const long IdsOfOne = 1000;

    private const string BodyOfDeletion = "-";

    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollOverlap = TimeSpan.FromSeconds(20);

    private readonly SortedDictionary<long, TrackerEntity> entities = [];
    private readonly Dictionary<string, byte[]> files = [];
    private readonly List<(string EntityId, FieldEdit Edit)> history = [];
    private long lastId = (name[0] - (long)'@') * IdsOfOne;

    public TrackerDescription Description { get; } = new()
    {
        Kind = kind,
        ProductName = $"{kind} {name}",
        EntityWord = "issue",
        SampleKey = $"{name}-1",
        KeyWord = "issue key",
        QueryLanguage = "none",
        AsksForProject = true,
        NeedsAccountName = false,
        MaxSummaryLength = 255,
        IndexLag = Lag,
    };

    public string Project => project;

    public bool IsJira => kind == TrackerKind.Jira;

    public string InstanceUrl => $"https://{name.ToLowerInvariant()}.example";

    /// <summary>Of whichever process of the node is calling.</summary>
    public required ICallGate Gate { get; set; }

    /// <summary>Called after each change of an entity, whoever made it; false: it is gone.</summary>
    public required Action<string, bool, ChangeStamp?> Changed { get; init; }

    /// <summary>Called when the node has written fields.</summary>
    public required Action<string, EntityChange> NodeWrote { get; init; }

    public IEnumerable<TrackerEntity> Entities => entities.Values;

    public string? WebhookSecret { get; private set; }

    public TrackerEntity? Find(string id) => entities.GetValueOrDefault(Number(id));

    /// <summary>By the form alone, whether it is still there or not.</summary>
    public bool Owns(string idOrKey) => idOrKey.StartsWith($"{name}-", StringComparison.Ordinal) || Number(idOrKey) / IdsOfOne == name[0] - (long)'@';

    /// <summary>A person creates an entity.</summary>
    public TrackerEntity Add(string summary, RichDocument description, string type)
    {
        var id = NewId();
        var entity = new TrackerEntity
        {
            Id = id,
            Key = $"{name}-{id}",
            Link = $"{InstanceUrl}/browse/{name}-{id}",
            Project = new TrackerProject(project, project, $"Project {project}"),
            TypeName = type,
            Summary = summary,
            Description = Normalise(description, RichTextPlace.Description),
            Created = time.GetUtcNow(),
            Updated = time.GetUtcNow(),
            CreatorId = "person",
        };
        entities[lastId] = entity;
        return entity;
    }

    /// <summary>A person sets a field.</summary>
    public DateTimeOffset Edit(string id, string field, Func<TrackerEntity, TrackerEntity> edit) => Change(id, edit, field, "person");

    public void Delete(string id)
    {
        entities.Remove(Number(id));
        Changed(id, false, null);
    }

    public string Comment(string id, string author, RichDocument text) => AddComment(id, author, author, text, null);

    public void EditComment(string id, string commentId, RichDocument text) => Change(id, entity => entity with
    {
        Comments = [.. entity.Comments.Select(comment => comment.Id == commentId ? comment with { Body = Normalise(text, RichTextPlace.Comment) } : comment)],
    });

    public void RemoveComment(string id, string commentId) =>
        Change(id, entity => entity with { Comments = [.. entity.Comments.Where(comment => comment.Id != commentId)] });

    public string Attach(string id, string author, string fileName, byte[] content)
    {
        var file = NewId();
        files[file] = content;
        Change(id, entity => entity with
        {
            Attachments = [.. entity.Attachments, new TrackerAttachment
            {
                Id = file, FileName = fileName, Size = content.Length, AuthorId = IsJira ? author : null, Created = time.GetUtcNow(),
            }],
        }, author: IsJira ? author : null);
        return file;
    }

    public void RemoveAttachment(string id, string fileId) =>
        Change(id, entity => entity with { Attachments = [.. entity.Attachments.Where(file => file.Id != fileId)] });

    public byte[] Content(string fileId) => files[fileId];

    public Task<TrackerAccount> GetAccountAsync(CancellationToken cancellationToken) => Task.FromResult(new TrackerAccount(Account, "Exalate Proxy"));

    public Task<TrackerPage<TrackerProject>> ListProjectsAsync(string? search, string? cursor, CancellationToken cancellationToken) =>
        Task.FromResult(new TrackerPage<TrackerProject>([new TrackerProject(project, project, $"Project {project}")], null));

    public Task<IReadOnlyList<TrackerEntityType>> ListEntityTypesAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<TrackerEntityType>>("types", null, () => [new("1", "Task"), new("2", "Bug")]);

    public string? ParseReference(string typed) => typed.Trim() is { Length: > 0 } text ? text : null;

    public Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken) =>
        ReadAsync("read", idOrKey, () => Find(idOrKey) ?? entities.Values.FirstOrDefault(entity => entity.Key == idOrKey));

    public Task<CreatedEntity> CreateAsync(NewEntity entity, CancellationToken cancellationToken) => WriteAsync("create", null, () =>
    {
        var made = Add(NormaliseSummary(entity.Summary), entity.Description, entity.Type.Name) with { CreatorId = Account, OriginMark = IsJira ? entity.OriginMark : null };
        entities[Number(made.Id)] = made;
        Changed(made.Id, true, new ChangeStamp(Account, made.Updated));
        return new CreatedEntity(made.Id, made.Key) { Standing = FieldsOf(made.Id) };
    });

    public Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken) => ReadAsync("find-created", null, () =>
    {
        // What the search does not show yet is not found, however true.
        var shown = entities.Values.Where(row => row.CreatorId == Account && row.Created + Lag <= time.GetUtcNow() && row.Created >= intent.StoredAt - ClockDifference);
        var found = IsJira
            ? shown.FirstOrDefault(row => row.OriginMark == intent.OriginMark)
            : shown.Where(row => !intent.KnownIds.Contains(row.Id) && row.Summary == NormaliseSummary(entity.Summary) && row.TypeName == entity.Type.Name)
                .OrderByDescending(row => DocumentMerge.SameContent(row.Description, Normalise(entity.Description, RichTextPlace.Description))).FirstOrDefault();
        return found is null ? null : new CreatedEntity(found.Id, found.Key);
    });

    public Task<TrackerEntity?> UpdateAsync(string entityId, EntityChange change, CancellationToken cancellationToken) => WriteAsync("update", entityId, () =>
    {
        if (change.Summary is { } summary)
            Change(entityId, entity => entity with { Summary = NormaliseSummary(summary) }, "summary", Account);
        if (change.Description is { } description)
            Change(entityId, entity => entity with { Description = Normalise(description, RichTextPlace.Description) }, "description", Account);
        NodeWrote(entityId, change);
        return FieldsOf(entityId);
    });

    /// <summary>What the answer to a write shows: Asana's all fields, Jira's nothing that counts.</summary>
    private TrackerEntity? FieldsOf(string entityId) => IsJira ? null : Find(entityId)! with { Comments = [], Attachments = [] };

    public Task<string> AddCommentAsync(string entityId, NewComment comment, CancellationToken cancellationToken) =>
        WriteAsync("comment", entityId, () => AddComment(entityId, Account, "Exalate Proxy", comment.Body, comment.OriginMark));

    public Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken) => ReadAsync("find-comment", entityId, () =>
        Find(entityId)?.Comments.FirstOrDefault(row => IsJira
            ? row.OriginMark == intent.OriginMark
            : row.AuthorId == Account && row.Created >= intent.StoredAt - ClockDifference && !intent.KnownIds.Contains(row.Id)
                && DocumentMerge.SameContent(row.Body, Normalise(comment.Body, RichTextPlace.Comment)))?.Id);

    public Task UpdateCommentAsync(string entityId, string commentId, RichDocument body, CancellationToken cancellationToken) => WriteAsync("comment-update", entityId, () =>
    {
        if (Find(entityId)?.Comments.Any(comment => comment.Id == commentId) != true)
            throw Gone();
        EditComment(entityId, commentId, body);
        return true;
    });

    public Task DeleteCommentAsync(string entityId, string commentId, CancellationToken cancellationToken) => WriteAsync("comment-delete", entityId, () =>
    {
        if (Find(entityId) is not null)
            RemoveComment(entityId, commentId);
        return true;
    });

    public async Task<string> AddAttachmentAsync(string entityId, NewAttachment attachment, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await using (var content = await attachment.OpenAsync(cancellationToken))
            await content.CopyToAsync(memory, cancellationToken);
        return await WriteAsync("attach", entityId, () => Attach(entityId, Account, attachment.FileName, memory.ToArray()));
    }

    public Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken) =>
        ReadAsync("find-attachment", entityId, () => Find(entityId)?.Attachments.FirstOrDefault(file =>
            (!IsJira || file.AuthorId == Account) && file.FileName == attachment.FileName && file.Size == attachment.Size
            && file.Created >= intent.StoredAt - ClockDifference && !intent.KnownIds.Contains(file.Id))?.Id);

    public Task<Stream?> OpenAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        ReadAsync<Stream?>("open-file", entityId, () => Find(entityId)?.Attachments.Any(file => file.Id == attachmentId) == true ? new MemoryStream(files[attachmentId]) : null);

    public Task DeleteAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) => WriteAsync("detach", entityId, () =>
    {
        if (Find(entityId) is not null)
            RemoveAttachment(entityId, attachmentId);
        return true;
    });

    public string NormaliseSummary(string summary) => SummaryText.Normalise(summary, Description.MaxSummaryLength);

    public RichDocument Normalise(RichDocument document, RichTextPlace place)
    {
        if (document.IsEmpty)
            return RichDocument.Empty;
        var dialect = IsJira ? Dialects.Adf : place == RichTextPlace.Comment ? Dialects.AsanaComment : Dialects.Asana;
        return dialect.Read(dialect.Write(document, RichTextHooks.None), RichTextHooks.None);
    }

    public Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<FieldEdit>?>("history", entityId, () => !IsJira ? null : [.. history.Where(row => row.EntityId == entityId && row.Edit.At >= since).Select(row => row.Edit)]);

    public Task<WatchState> WatchAsync(WatchRequest request, CancellationToken cancellationToken) => ReadAsync("watch", null, () =>
    {
        WebhookSecret = request.Secret;
        return new WatchState { Registrations = request.ProjectIds.ToDictionary(project => project, project => $"hook-{project}") };
    });

    /// <summary>The body of a webhook of ours. Example: "1003 proxy 638712345670000000".</summary>
    public static byte[] WebhookBody(string entityId, bool exists, ChangeStamp? by) =>
        Encoding.UTF8.GetBytes((exists ? entityId : BodyOfDeletion + entityId) + (by is null ? "" : $" {by.AccountId} {by.At.UtcTicks}"));

    public WebhookReading ReadWebhook(WebhookCall call)
    {
        if (!call.Secrets.Contains(call.Headers.GetValueOrDefault("X-Signature")))
            return new WebhookReading { RefusedBecause = "The signature does not fit." };
        var body = Encoding.UTF8.GetString(call.Body.Span).Split(' ');
        var by = body is [_, var account, var ticks] ? new ChangeStamp(account, new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero)) : null;
        return new WebhookReading { Changes = [new ChangedEntity(body[0].TrimStart('-'), body[0].StartsWith(BodyOfDeletion, StringComparison.Ordinal), by)] };
    }

    public Task<PollPage> PollAsync(PollRequest request, CancellationToken cancellationToken) => ReadAsync("poll", null, () =>
    {
        var since = request.Cursor is null ? request.Since : new DateTimeOffset(long.Parse(request.Cursor, CultureInfo.InvariantCulture), TimeSpan.Zero);
        var now = time.GetUtcNow();
        var changed = entities.Values.Where(entity => entity.Updated >= since - PollOverlap && entity.Updated + Lag <= now).Select(entity => new ChangedEntity(entity.Id)).ToList();
        return new PollPage(changed, now.UtcTicks.ToString(CultureInfo.InvariantCulture), false);
    });

    private static long Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static TrackerException Gone() => new(FailureCategory.Rejected, "The thing to change does not exist any more. Nothing to do.") { TargetGone = true };

    private string AddComment(string id, string author, string authorName, RichDocument text, string? mark)
    {
        var comment = "c" + NewId();
        Change(id, entity => entity with
        {
            Comments = [.. entity.Comments, new TrackerComment
            {
                Id = comment, AuthorId = author, AuthorName = authorName, Body = Normalise(text, RichTextPlace.Comment), Created = time.GetUtcNow(), OriginMark = IsJira ? mark : null,
            }],
        }, author: IsJira ? null : author);
        return comment;
    }

    /// <param name="author">Where the vendor's report of such a change names its author, and the change moves the entity's time: Jira's history holds files, Asana's events hold new comments.</param>
    private DateTimeOffset Change(string id, Func<TrackerEntity, TrackerEntity> edit, string? field = null, string? author = null)
    {
        if (Find(id) is not { } entity)
            throw Gone();
        // No two changes in the same instant: a vendor's history has an order.
        time.Advance(TimeSpan.FromMilliseconds(1));
        var at = time.GetUtcNow();
        entities[Number(id)] = edit(entity) with { Updated = at };
        if (field is not null)
            history.Add((id, new FieldEdit(field, author, at)));
        // Whoever hears of it may act at once, and time goes on.
        Changed(id, true, author is null ? null : new ChangeStamp(author, at));
        return at;
    }

    private Task<T> ReadAsync<T>(string call, string? entityId, Func<T> look)
    {
        Gate.Enter(call, entityId);
        if (Gate.NextFault(call) != Fault.None)
            throw new TrackerException(FailureCategory.Unavailable, $"{Description.ProductName} at {InstanceUrl} did not answer '{call}' (503). It is tried again by itself.");
        var seen = look();
        Gate.Leave(call, entityId);
        return Task.FromResult(seen);
    }

    private Task<T> WriteAsync<T>(string call, string? entityId, Func<T> effect)
    {
        Gate.Enter(call, entityId);
        var fault = Gate.NextFault(call);
        if (fault == Fault.Refused)
            throw new TrackerException(FailureCategory.RateLimited, $"{Description.ProductName} at {InstanceUrl} asks to slow down (429). It goes on by itself.") { RetryAfter = TimeSpan.FromSeconds(3) };
        var done = fault == Fault.LostBefore ? default : effect();
        if (fault != Fault.None)
            throw new TrackerException(FailureCategory.Transient, $"{Description.ProductName} at {InstanceUrl} gave no answer to '{call}' in time. It is looked at again by itself.") { OutcomeUnknown = true };
        Gate.Leave(call, entityId);
        return Task.FromResult(done!);
    }

    private string NewId() => (++lastId).ToString(CultureInfo.InvariantCulture);
}
