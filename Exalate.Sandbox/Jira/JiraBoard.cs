using System.Text.Json.Nodes;
using Exalate.Sandbox.Board;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Documents;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira;

/// <summary>The Jira site as the board sees it.</summary>
internal sealed class JiraBoard(JiraState state, IssueDesk issues, CommentDesk comments, AttachmentDesk attachments, long uploadLimit) : IBoardSource
{
    public string Product => "Jira Cloud";

    public string EntityWord => "issue";

    public StateStore Store => state.Store;

    public BlobFolder Blobs => state.Blobs;

    public long UploadLimit => uploadLimit;

    public IReadOnlyList<BoardPerson> People() =>
        Store.Read(() => state.Users.All.Skip(1).Select(user => new BoardPerson(user.Id.ToString(), user.DisplayName)).ToList());

    public IReadOnlyList<BoardProject> Projects() => Store.Read(() => state.Projects.All.Select(project => new BoardProject(
        project.Key, $"{project.Name} ({project.Key})",
        [.. project.IssueTypeIds.Select(JiraCatalog.Type).Where(type => !type.IsSubtask).Select(type => type.Name)])).ToList());

    public BoardList List(string? project, string? words, int skip, int take) => Store.Read(() =>
    {
        var wanted = string.IsNullOrEmpty(project) ? null : state.FindProject(project);
        var found = state.Issues.All
            .Where(issue => wanted is null || issue.ProjectId == wanted.Id)
            .Where(issue => string.IsNullOrWhiteSpace(words)
                || issue.Summary.Contains(words, StringComparison.OrdinalIgnoreCase) || issue.Key.Equals(words.Trim(), StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(issue => issue.Updated).ThenByDescending(issue => issue.Id)
            .ToList();
        return new BoardList([.. found.Skip(skip).Take(take).Select(Row)], found.Count);
    });

    public BoardEntity? Find(string idOrKey, string person) => Store.Read(() =>
    {
        if (state.FindIssue(idOrKey) is not { } issue)
            return null;
        var actor = UserOf(person);
        return new BoardEntity
        {
            Id = issue.Id.ToString(),
            Path = PathOf(issue),
            Key = issue.Key,
            Summary = issue.Summary,
            Description = new Markup(AdfHtml.Render(issue.Description)),
            Markdown = AdfMarkdown.Write(issue.Description),
            Facts =
            [
                ("Project", state.ProjectOf(issue).Name), ("Type", JiraCatalog.Type(issue.TypeId).Name), ("Status", JiraCatalog.Status(issue.StatusId).Name),
                ("Priority", JiraCatalog.Priority(issue.PriorityId).Name), ("Reporter", NameOf(issue.ReporterId)), ("Created", At(issue.Created)),
                ("Updated", At(issue.Updated)),
            ],
            Choices = Choices(issue),
            Comments = [.. state.CommentsOf[issue.Id].Select(comment => Comment(comment, actor))],
            Files = [.. state.AttachmentsOf[issue.Id].Select(file => new BoardFile(
                file.Id.ToString(), file.FileName, file.MimeType, file.Size, NameOf(file.AuthorId), At(file.Created),
                actor.IsAdmin || file.AuthorId == actor.AccountId))],
        };
    });

    public string Create(string person, string project, string type, BoardInput input) => Store.Write(() => PathOf(issues.Create(
        UserOf(person),
        new JsonObject
        {
            ["fields"] = new JsonObject
            {
                ["project"] = new JsonObject { ["key"] = project },
                ["issuetype"] = new JsonObject { ["name"] = type },
                ["summary"] = input.Summary,
                ["description"] = Document(input.Markdown),
            },
        },
        isV2: false)));

    public void Edit(string person, string id, BoardInput input) => Store.Write(() =>
    {
        var (actor, issue) = (UserOf(person), Require(id));
        var fields = new JsonObject { ["summary"] = input.Summary, ["issuetype"] = new JsonObject { ["id"] = input.Choices.GetValueOrDefault("type") ?? issue.TypeId } };
        // What Markdown can't say survives as long as nobody touches the text.
        if (input.Markdown != AdfMarkdown.Write(issue.Description))
            fields["description"] = Document(WithPictures(issue.Id, input.Markdown));
        issue = issues.Edit(actor, issue, new JsonObject { ["fields"] = fields }, isV2: false);
        var status = input.Choices.GetValueOrDefault("status") ?? issue.StatusId;
        if (status != issue.StatusId && JiraCatalog.Transitions.FirstOrDefault(one => one.To.Id == status) is { } transition)
            issues.Transition(actor, issue, new JsonObject { ["transition"] = new JsonObject { ["id"] = transition.Id } }, isV2: false);
    });

    public void Delete(string person, string id) =>
        Store.Write(() => issues.Delete(UserOf(person), Require(id), deleteSubtasks: true)).ForEach(Blobs.Delete);

    public void AddComment(string person, string id, string markdown) =>
        Store.Write(() => comments.Add(UserOf(person), Require(id), Body(WithPictures(Require(id).Id, markdown)), isV2: false));

    public void EditComment(string person, string commentId, string markdown) => Store.Write(() =>
    {
        var comment = RequireComment(commentId);
        if (markdown.ReplaceLineEndings("\n") != AdfMarkdown.Write(comment.Body))
            comments.Edit(UserOf(person), comment, Body(WithPictures(comment.IssueId, markdown)), isV2: false);
    });

    public void DeleteComment(string person, string commentId) => Store.Write(() => comments.Delete(UserOf(person), RequireComment(commentId)));

    public void Attach(string person, string id, UploadedFile file) =>
        attachments.Add(Store.Read(() => UserOf(person)), () => Require(id), [file]);

    public void RemoveFile(string person, string fileId) =>
        attachments.Delete(Store.Read(() => UserOf(person)), long.TryParse(fileId, out var id) ? id : 0);

    public (string Name, string Type, Stream Content)? OpenFile(string fileId) =>
        long.TryParse(fileId, out var id) && Store.Read(() => state.Attachments.Find(id)) is { } file
            ? (file.FileName, file.MimeType, Blobs.Open(id))
            : null;

    private string WithPictures(long issueId, string markdown) => PictureNames.Resolve(
        markdown, name => state.AttachmentsOf[issueId].LastOrDefault(file => file.FileName == name) is { } file ? $"media:{file.MediaId}" : null);

    private static string PathOf(JiraIssue issue) => "/browse/" + issue.Key;

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm") + " UTC";

    private static JsonObject? Document(string markdown) => string.IsNullOrWhiteSpace(markdown) ? null : MarkdownReader.Read(markdown);

    private static JsonObject Body(string markdown) => new() { ["body"] = MarkdownReader.Read(markdown) };

    private BoardRow Row(JiraIssue issue) => new(
        PathOf(issue), issue.Key, JiraCatalog.Type(issue.TypeId).Name, issue.Summary, JiraCatalog.Status(issue.StatusId).Name, At(issue.Updated));

    private IReadOnlyList<BoardChoice> Choices(JiraIssue issue) =>
    [
        new BoardChoice("type", "Type", issue.TypeId,
            [.. state.ProjectOf(issue).IssueTypeIds.Select(JiraCatalog.Type).Where(type => !type.IsSubtask).Select(type => (type.Id, type.Name))]),
        new BoardChoice("status", "Status", issue.StatusId, [.. JiraCatalog.Statuses.Select(status => (status.Id, status.Name))]),
    ];

    private BoardComment Comment(JiraComment comment, JiraUser actor) => new(
        comment.Id.ToString(), NameOf(comment.AuthorId), At(comment.Created), comment.Updated != comment.Created,
        new Markup(AdfHtml.Render(comment.Body)), AdfMarkdown.Write(comment.Body), CommentDesk.MayChange(actor, comment));

    private string NameOf(string accountId) => state.FindUser(accountId)?.DisplayName ?? "Former user";

    private JiraUser UserOf(string person) => state.Users.Find(long.Parse(person))!;

    private JiraIssue Require(string id) => state.FindIssue(id) ?? throw JiraErrors.IssueNotFound();

    private JiraComment RequireComment(string id) =>
        (long.TryParse(id, out var number) ? state.Comments.Find(number) : null) ?? throw JiraErrors.CommentNotFound(id);
}
