using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <summary>Asana behind <see cref="ITracker"/>. Its surprises are in BEHAVIOR.md beside this file.</summary>
internal sealed partial class AsanaTracker(AsanaSite site, TrackerHttp http, AsanaParts parts, AsanaOptions options, TimeProvider time) : ITracker
{
    internal const string Product = "Asana";
    internal const int MaxSummaryLength = 1024;

    private const int MaxPeople = 20_000;

    // A minute of difference between our clock and Asana's.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    private readonly AsanaClient client = new(http);
    private readonly AsanaFiles files = new(http, options.Http, time);
    private readonly AsanaProjects projects = new(new AsanaClient(http), time);
    private readonly AsanaMapper mapper = new(new RichTextHooks { Realm = site.Realm });
    private TrackerAccount? account;

    public TrackerDescription Description { get; } = Describe(options);

    public string InstanceUrl => site.Url;

    public string Realm => site.Realm;

    internal static TrackerDescription Describe(AsanaOptions options) => new()
    {
        Kind = TrackerKind.Asana,
        ProductName = Product,
        EntityWord = "task",
        SampleKey = "1204567890123456",
        KeyWord = "task gid or URL",
        QueryLanguage = "Asana search",
        AsksForProject = false,
        NeedsAccountName = false,
        MaxSummaryLength = MaxSummaryLength,
        IndexLag = options.IndexLag,
    };

    public async Task<TrackerAccount> GetAccountAsync(CancellationToken cancellationToken)
    {
        if (account is { } known)
        {
            return known;
        }

        var me = await client.MeAsync(cancellationToken);
        if (me.Text("gid") is not { Length: > 0 } gid)
        {
            throw new TrackerException(
                FailureCategory.Misconfigured, $"{InstanceUrl} does not answer like {Product}: it names no user. Check the tracker's address in General Settings.");
        }

        return account = new TrackerAccount(gid, me.Text("name") ?? gid);
    }

    public Task<TrackerPage<TrackerProject>> ListProjectsAsync(string? search, string? cursor, CancellationToken cancellationToken) =>
        projects.PageAsync(search, cursor, cancellationToken);

    public Task<IReadOnlyList<TrackerEntityType>> ListEntityTypesAsync(string projectId, CancellationToken cancellationToken) => Task.FromResult(AsanaMapper.Types);

    public string? ParseReference(string typed) => AsanaReference.Parse(typed, site.Url);

    public async Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken)
    {
        if (!AsanaReference.IsGid(idOrKey))
        {
            return null;
        }

        // Three lists, asked for side by side: none needs another's answer.
        var reading = (Task: client.TaskAsync(idOrKey, AsanaMapper.TaskFields, cancellationToken),
            Comments: CommentsAsync(idOrKey, cancellationToken), Attachments: AttachmentsAsync(idOrKey, cancellationToken));
        await Task.WhenAll(reading.Task, reading.Comments, reading.Attachments);
        return await reading.Task is { } task && await reading.Comments is { } comments && await reading.Attachments is { } attachments
            ? mapper.Entity(task, comments, attachments, site.Url)
            : null;
    }

    public async Task<TrackerEntity?> ReadFieldsAsync(string entityId, CancellationToken cancellationToken) =>
        await client.TaskAsync(entityId, AsanaMapper.TaskFields, cancellationToken) is { } task ? mapper.Entity(task, [], [], site.Url) : null;

    // No call: a text calls a file by its gid. What is no picture can't be shown, but people open it there.
    public Task<PictureReference?> FindPictureAsync(string entityId, string attachmentId, string? fileName, CancellationToken cancellationToken) =>
        Task.FromResult<PictureReference?>(new(
            fileName is null || MediaTypes.FromName(fileName).StartsWith("image/", StringComparison.Ordinal) ? attachmentId : null,
            $"{site.Url}/app/asana/-/get_asset?asset_id={Uri.EscapeDataString(attachmentId)}"));

    // A user of another workspace is a stranger to the task, although the account may see both.
    public async Task<IReadOnlyList<TrackerPerson>> ListPeopleAsync(string? projectId, CancellationToken cancellationToken)
    {
        if (projectId is null || (await client.ProjectAsync(projectId, cancellationToken)).Text("workspace", "gid") is not { } workspace)
        {
            return [];
        }

        return [.. (await client.UsersAsync(workspace, MaxPeople / 100, cancellationToken) ?? []).Select(AsanaMapper.Person).Where(person => person.Id.Length > 0)];
    }

    public RichDocument Normalise(RichDocument document, RichTextPlace place) => mapper.Normalise(document, place);

    /// <summary>Null: the protocol among a task's stories merges edits that follow each other, so an edit that is missing there proves nothing.</summary>
    public Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FieldEdit>?>(null);

    private async Task<IReadOnlyList<TrackerComment>?> CommentsAsync(string task, CancellationToken cancellationToken)
    {
        if (await client.StoriesAsync(task, cancellationToken) is not { } stories)
        {
            return null;
        }

        List<TrackerComment> comments = [.. stories.Where(AsanaMapper.IsComment).Select(mapper.Comment).OrderBy(c => c.Created)];
        comments.ForEach(comment => parts.Remember(comment.Id, task));
        return comments;
    }

    private async Task<IReadOnlyList<TrackerAttachment>?> AttachmentsAsync(string task, CancellationToken cancellationToken)
    {
        if (await client.AttachmentsAsync(task, cancellationToken) is not { } found)
        {
            return null;
        }

        List<TrackerAttachment> attachments = [.. found.Where(AsanaMapper.IsFile).Select(AsanaMapper.Attachment).OrderBy(a => a.Created)];
        attachments.ForEach(attachment => parts.Remember(attachment.Id, task));
        return attachments;
    }
}
