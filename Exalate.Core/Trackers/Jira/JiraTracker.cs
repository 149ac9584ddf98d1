using System.Globalization;
using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>Jira Cloud behind <see cref="ITracker"/>. Its surprises are in BEHAVIOR.md beside this file.</summary>
internal sealed partial class JiraTracker(JiraSite site, TrackerHttp http, JiraPictures pictures, JiraOptions options, TimeProvider time) : ITracker
{
    internal const string Product = "Jira Cloud";
    internal const int MaxSummaryLength = 255;

    private const int ProjectsPerPage = 50;
    private const int MaxPeople = 20_000;

    // A minute of difference between our clock and the site's.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    private readonly JiraClient client = new(http);
    private readonly JiraFiles files = new(http, options.Http, time);
    private readonly JiraMapper mapper = new(new RichTextHooks { Realm = site.Realm });
    private TrackerAccount? account;
    private string? browseUrl;

    public TrackerDescription Description { get; } = Describe(options);

    public string InstanceUrl => site.Url;

    public string Realm => site.Realm;

    internal static TrackerDescription Describe(JiraOptions options) => new()
    {
        Kind = TrackerKind.Jira,
        ProductName = Product,
        EntityWord = "issue",
        SampleKey = "TEST-1",
        KeyWord = "issue key",
        QueryLanguage = "JQL",
        AsksForProject = true,
        NeedsAccountName = true,
        MaxSummaryLength = MaxSummaryLength,
        IndexLag = options.IndexLag,
    };

    public async Task<TrackerAccount> GetAccountAsync(CancellationToken cancellationToken)
    {
        if (account is { } known)
        {
            return known;
        }

        var myself = await client.MyselfAsync(cancellationToken);
        if (myself.Text("accountId") is not { Length: > 0 } id)
        {
            throw new TrackerException(
                FailureCategory.Misconfigured, $"{InstanceUrl} does not answer like {Product}: it names no account. Check the tracker's address in General Settings.");
        }

        await BrowseUrlAsync(cancellationToken);
        return account = new TrackerAccount(id, myself.Text("displayName") ?? id);
    }

    public async Task<TrackerPage<TrackerProject>> ListProjectsAsync(string? search, string? cursor, CancellationToken cancellationToken)
    {
        var start = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;
        var page = await client.ProjectsAsync(search, start, ProjectsPerPage, cancellationToken);
        var items = page.Items("values");
        var isLast = items.Count == 0 || (page.Flag("isLast") ?? (start + items.Count >= page.Whole("total")));
        return new([.. items.Select(JiraMapper.Project)], isLast ? null : (start + items.Count).ToString(CultureInfo.InvariantCulture));
    }

    public async Task<IReadOnlyList<TrackerEntityType>> ListEntityTypesAsync(string projectId, CancellationToken cancellationToken)
    {
        var types = await client.CreatableTypesAsync(projectId, cancellationToken) ?? [];
        if (types.Count == 0)
        {
            // Without the permission to create, the list is empty: the project's own list is better than none.
            var project = await client.ProjectAsync(projectId, cancellationToken)
                ?? throw new TrackerException(
                    FailureCategory.Misconfigured, $"{Product} at {InstanceUrl} has no project {projectId} that the node's account may see. Choose another project in General Settings.");
            types = project.Items("issueTypes");
        }

        return
        [
            .. types.Where(type => type.Flag("subtask") != true)
                .Select(type => new TrackerEntityType(type.Text("id") ?? string.Empty, type.Text("name") ?? string.Empty))
                .DistinctBy(type => type.Id),
        ];
    }

    public string? ParseReference(string typed) => JiraReference.Parse(typed, browseUrl ?? site.Url);

    public async Task<TrackerEntity?> ReadAsync(string idOrKey, CancellationToken cancellationToken)
    {
        if (!JiraReference.IsIdOrKey(idOrKey))
        {
            return null;
        }

        // The comments inside an issue are a first page: mostly it is the whole, and then one call is enough.
        var issue = await client.IssueAsync(idOrKey, JiraMapper.IssueFields + ",comment", cancellationToken);
        if (issue.Text("id") is not { } id)
        {
            return null;
        }

        IReadOnlyList<JsonNode>? comments = issue.Items("fields", "comment", "comments");
        if (issue.At("fields", "comment").Whole("total") is not { } total || total > comments.Count)
        {
            comments = await client.CommentsAsync(id, cancellationToken);
        }

        if (comments is null)
        {
            return null;
        }

        var entity = mapper.Entity(issue, [.. comments.Select(mapper.Comment).OrderBy(c => c.Created)], await BrowseUrlAsync(cancellationToken));
        return entity with { Pictures = await pictures.OfAsync(files, entity, site.Realm, cancellationToken) };
    }

    public async Task<TrackerEntity?> ReadFieldsAsync(string entityId, CancellationToken cancellationToken)
    {
        var issue = await client.IssueAsync(entityId, JiraMapper.IssueFields, cancellationToken);
        return issue.Text("id") is null ? null : mapper.Entity(issue, [], await BrowseUrlAsync(cancellationToken));
    }

    public async Task<PictureReference?> FindPictureAsync(string entityId, string attachmentId, string? fileName, CancellationToken cancellationToken) =>
        await pictures.MediaIdAsync(files, entityId, attachmentId, cancellationToken) is { } id ? new PictureReference(id, null) : null;

    public async Task<IReadOnlyList<TrackerPerson>> ListPeopleAsync(string? projectId, CancellationToken cancellationToken) =>
    [
        .. (await client.UsersAsync(MaxPeople, cancellationToken))
            .Where(user => user.Flag("active") != false && user.Text("accountType") is null or "atlassian")
            .Select(JiraMapper.Person).Where(person => person.Id.Length > 0).DistinctBy(person => person.Id),
    ];

    public RichDocument Normalise(RichDocument document, RichTextPlace place) => mapper.Normalise(document);

    public string NormaliseSummary(string summary) => JiraMapper.Summary(summary);

    public async Task<IReadOnlyList<FieldEdit>?> ReadHistoryAsync(string entityId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var entries = await client.ChangelogAsync(entityId, cancellationToken) ?? [];
        return [.. entries.SelectMany(entry => JiraMapper.Edits(entry, since)).OrderBy(edit => edit.At)];
    }

    // With a scoped token the calls go to a gateway, but people want the site.
    private async Task<string> BrowseUrlAsync(CancellationToken cancellationToken) =>
        browseUrl ??= site.IsGateway ? (await client.ServerInfoAsync(cancellationToken)).Text("baseUrl")?.TrimEnd('/') ?? site.Url : site.Url;
}
