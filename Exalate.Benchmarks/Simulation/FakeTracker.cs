using System.Globalization;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>
/// A tracker in memory with a vendor's true semantics: no conditional write, ids of its own, authors, and faults on demand before or after the effect of a call.
/// </summary>
public sealed class FakeTracker(string name, TimeProvider time) : ITracker
{
    public const string Account = "proxy";

    private readonly Dictionary<string, TrackerEntity> entities = [];
    private readonly Dictionary<string, byte[]> files = [];
    private long lastId = 1000;

    public TrackerDescription Description { get; } = new()
    {
        Kind = TrackerKind.Jira,
        ProductName = name,
        EntityWord = "issue",
        SampleKey = $"{name}-1",
        KeyWord = "issue key",
        QueryLanguage = "none",
        AsksForProject = true,
        NeedsAccountName = false,
        MaxSummaryLength = 255,
        IndexLag = TimeSpan.FromSeconds(5),
    };

    public string InstanceUrl => $"https://{name.ToLowerInvariant()}.example";

    /// <summary>What the tracker remembers of edits; null: it keeps no history.</summary>
    public List<FieldEdit>? History { get; set; }

    public IReadOnlyList<TrackerEntityType> Types { get; set; } = [new("1", "Task"), new("2", "Bug")];

    /// <summary>How long a search for what was created does not show it.</summary>
    public TimeSpan SearchLag { get; set; }

    /// <summary>Called at each write before it takes effect, and after it did; throw to fail there.</summary>
    public Action<string>? BeforeWrite { get; set; }

    public Action<string>? AfterWrite { get; set; }

    /// <summary>Called after each change of an entity, whoever made it.</summary>
    public Action<string> Changed { get; set; } = _ => { };

    /// <summary>Called before and after each call of the node, reads too.</summary>
    public Action BeforeAnyCall { get; set; } = () => { };

    public Action AfterAnyCall { get; set; } = () => { };

    /// <summary>Every call by name, in order.</summary>
    public List<string> Calls { get; } = [];

    public IReadOnlyCollection<TrackerEntity> Entities => entities.Values;

    public TrackerEntity this[string id] => entities[id];

    /// <summary>A person creates an entity.</summary>
    public TrackerEntity Add(string summary, string description = "", string type = "Task", string project = "P")
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
            Description = RichDocument.FromPlainText(description),
            Created = time.GetUtcNow(),
            Updated = time.GetUtcNow(),
            CreatorId = "person",
        };
        entities[id] = entity;
        return entity;
    }

    /// <summary>A person edits an entity.</summary>
    public void Edit(string id, Func<TrackerEntity, TrackerEntity> edit)
    {
        if (!entities.TryGetValue(id, out var entity))
            throw Gone(id);
        entities[id] = edit(entity) with { Updated = time.GetUtcNow() };
        Changed(id);
    }

    public void Delete(string id) => entities.Remove(id);

    /// <summary>A person takes a deletion back.</summary>
    public void Restore(TrackerEntity entity) => entities[entity.Id] = entity;

    /// <summary>A person comments.</summary>
    public string Comment(string id, string author, string text)
    {
        var comment = NewCommentId();
        Edit(id, entity => entity with
        {
            Comments = [.. entity.Comments, new TrackerComment { Id = comment, AuthorId = author, AuthorName = author, Body = RichDocument.FromPlainText(text), Created = time.GetUtcNow() }],
        });
        return comment;
    }

    public void EditComment(string id, string commentId, string text) => Edit(id, entity => entity with
    {
        Comments = [.. entity.Comments.Select(comment => comment.Id == commentId ? comment with { Body = RichDocument.FromPlainText(text) } : comment)],
    });

    public void RemoveComment(string id, string commentId) =>
        Edit(id, entity => entity with { Comments = [.. entity.Comments.Where(comment => comment.Id != commentId)] });

    /// <summary>A person attaches a file.</summary>
    public string Attach(string id, string fileName, byte[] content)
    {
        var file = NewId();
        files[file] = content;
        Edit(id, entity => entity with
        {
            Attachments = [.. entity.Attachments, new TrackerAttachment { Id = file, FileName = fileName, Size = content.Length, AuthorId = "person", Created = time.GetUtcNow() }],
        });
        return file;
    }

    public void RemoveAttachment(string id, string fileId) =>
        Edit(id, entity => entity with { Attachments = [.. entity.Attachments.Where(file => file.Id != fileId)] });

    public byte[] Content(string fileId) => files[fileId];

    public Task<TrackerAccount> GetAccountAsync(CancellationToken cancellationToken) => Task.FromResult(new TrackerAccount(Account, "Exalate Proxy"));

    public Task<TrackerPage<TrackerProject>> ListProjectsAsync(string? search, string? cursor, CancellationToken cancellationToken) =>
        Task.FromResult(new TrackerPage<TrackerProject>([new TrackerProject("P", "P", "Project P")], null));

    public Task<IReadOnlyList<TrackerEntityType>> ListEntityTypesAsync(string projectId, CancellationToken cancellationToken) => Task.FromResult(Types);

    public string? ParseReference(string typed) => typed.Trim() is { Length: > 0 } text ? text : null;

    public Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken)
    {
        Calls.Add("read");
        BeforeAnyCall();
        return Task.FromResult(entities.GetValueOrDefault(idOrKey) ?? entities.Values.FirstOrDefault(entity => entity.Key == idOrKey));
    }

    public Task<CreatedEntity> CreateAsync(NewEntity entity, CancellationToken cancellationToken) => Write("create", () =>
    {
        var created = Add(entity.Summary, type: entity.Type.Name, project: entity.ProjectId);
        Edit(created.Id, row => row with { Description = entity.Description, CreatorId = Account, OriginMark = entity.OriginMark });
        return new CreatedEntity(created.Id, created.Key) { Standing = entities[created.Id] };
    });

    public Task<CreatedEntity?> FindCreatedAsync(NewEntity entity, CreateIntent intent, CancellationToken cancellationToken)
    {
        Calls.Add("find");
        var found = entities.Values.FirstOrDefault(row => row.OriginMark == intent.OriginMark && row.Created + SearchLag <= time.GetUtcNow());
        return Task.FromResult(found is null ? null : new CreatedEntity(found.Id, found.Key));
    }

    public Task<TrackerEntity?> UpdateAsync(string entityId, EntityChange change, CancellationToken cancellationToken) => Write("update", () =>
    {
        Edit(entityId, entity => entity with { Summary = change.Summary ?? entity.Summary, Description = change.Description ?? entity.Description });
        return (TrackerEntity?)entities[entityId];
    });

    public Task<string> AddCommentAsync(string entityId, NewComment comment, CancellationToken cancellationToken) => Write("comment", () =>
    {
        var id = NewCommentId();
        Edit(entityId, entity => entity with
        {
            Comments = [.. entity.Comments, new TrackerComment
            {
                Id = id, AuthorId = Account, AuthorName = "Exalate Proxy", Body = comment.Body, Created = time.GetUtcNow(), OriginMark = comment.OriginMark,
            }],
        });
        return id;
    });

    public Task<string?> FindCommentAsync(string entityId, NewComment comment, CreateIntent intent, CancellationToken cancellationToken) =>
        Task.FromResult(entities.GetValueOrDefault(entityId)?.Comments.FirstOrDefault(row => row.OriginMark == intent.OriginMark)?.Id);

    public Task UpdateCommentAsync(string entityId, string commentId, RichDocument body, CancellationToken cancellationToken) => Write("comment-update", () =>
    {
        if (entities.GetValueOrDefault(entityId)?.Comments.Any(row => row.Id == commentId) != true)
            throw Gone(commentId);
        Edit(entityId, entity => entity with { Comments = [.. entity.Comments.Select(row => row.Id == commentId ? row with { Body = body } : row)] });
        return true;
    });

    public Task DeleteCommentAsync(string entityId, string commentId, CancellationToken cancellationToken) => Write("comment-delete", () =>
    {
        if (entities.ContainsKey(entityId))
            RemoveComment(entityId, commentId);
        return true;
    });

    public Task<string> AddAttachmentAsync(string entityId, NewAttachment attachment, CancellationToken cancellationToken) => WriteAsync("attach", async () =>
    {
        using var memory = new MemoryStream();
        await using (var content = await attachment.OpenAsync(cancellationToken))
            await content.CopyToAsync(memory, cancellationToken);
        var id = Attach(entityId, attachment.FileName, memory.ToArray());
        Edit(entityId, entity => entity with { Attachments = [.. entity.Attachments.Select(file => file.Id == id ? file with { AuthorId = Account } : file)] });
        return id;
    });

    public Task<string?> FindAttachmentAsync(string entityId, NewAttachment attachment, CreateIntent intent, CancellationToken cancellationToken) =>
        Task.FromResult(entities.GetValueOrDefault(entityId)?.Attachments.FirstOrDefault(file =>
            file.AuthorId == Account && file.FileName == attachment.FileName && file.Size == attachment.Size && !intent.KnownIds.Contains(file.Id))?.Id);

    public Task<Stream?> OpenAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(entities.GetValueOrDefault(entityId)?.Attachments.Any(file => file.Id == attachmentId) == true ? new MemoryStream(files[attachmentId]) : null);

    public Task DeleteAttachmentAsync(string entityId, string attachmentId, CancellationToken cancellationToken) => Write("detach", () =>
    {
        if (entities.ContainsKey(entityId))
            RemoveAttachment(entityId, attachmentId);
        return true;
    });

    /// <summary>Whom texts of the tracker can address.</summary>
    public List<TrackerPerson> People { get; } = [];

    public Task<IReadOnlyList<TrackerPerson>> ListPeopleAsync(string? projectId, CancellationToken cancellationToken)
    {
        Calls.Add("people");
        return Task.FromResult<IReadOnlyList<TrackerPerson>>([.. People]);
    }

    public Task<PictureReference?> FindPictureAsync(string entityId, string attachmentId, string? fileName, CancellationToken cancellationToken) =>
        Task.FromResult<PictureReference?>(new PictureReference(attachmentId, null));

    public RichDocument Normalise(RichDocument document, RichTextPlace place) => document;

    public Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FieldEdit>?>(History);

    public Task<WatchState> WatchAsync(WatchRequest request, CancellationToken cancellationToken) => Task.FromResult(new WatchState { RefusedBecause = "A fake calls nobody." });

    public List<Uri> Unwatched { get; } = [];

    public Task UnwatchAsync(Uri callbackUrl, WatchState state, CancellationToken cancellationToken)
    {
        Unwatched.Add(callbackUrl);
        return Task.CompletedTask;
    }

    public WebhookReading ReadWebhook(WebhookCall call) => new() { RefusedBecause = "A fake calls nobody." };

    public Task<PollPage> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        var since = request.Cursor is null ? request.Since : new DateTimeOffset(long.Parse(request.Cursor, CultureInfo.InvariantCulture), TimeSpan.Zero);
        var changed = entities.Values.Where(entity => entity.Updated >= since).Select(entity => new ChangedEntity(entity.Id)).ToList();
        return Task.FromResult(new PollPage(changed, time.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture), false));
    }

    private static TrackerException Gone(string id) => new(FailureCategory.Rejected, $"{id} does not exist any more.") { TargetGone = true };

    private Task<T> Write<T>(string call, Func<T> effect) => WriteAsync(call, () => Task.FromResult(effect()));

    private async Task<T> WriteAsync<T>(string call, Func<Task<T>> effectAsync)
    {
        Calls.Add(call);
        BeforeAnyCall();
        BeforeWrite?.Invoke(call);
        var result = await effectAsync();
        AfterWrite?.Invoke(call);
        AfterAnyCall();
        return result;
    }

    private string NewId() => (++lastId).ToString(CultureInfo.InvariantCulture);

    private string NewCommentId() => "c" + NewId();
}
