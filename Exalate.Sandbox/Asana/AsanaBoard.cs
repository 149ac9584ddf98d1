using System.Text.Json.Nodes;
using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Board;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Asana;

/// <summary>The Asana workspace as the board sees it.</summary>
internal sealed class AsanaBoard(
    AsanaState state, EventLog events, TaskDesk tasks, StoryDesk stories, FileDesk files, long uploadLimit, Func<string> siteUrl) : IBoardSource
{
    private static readonly (string Subtype, string Name)[] Types = [("default_task", "Task"), ("milestone", "Milestone"), ("approval", "Approval")];

    public string Product => "Asana";

    public string EntityWord => "task";

    public StateStore Store => state.Store;

    public BlobFolder Blobs => state.Blobs;

    public long UploadLimit => uploadLimit;

    public IReadOnlyList<BoardPerson> People() =>
        Store.Read(() => state.Users.All.Skip(1).Select(user => new BoardPerson(user.Id.ToString(), user.Name)).ToList());

    public IReadOnlyList<BoardProject> Projects() => Store.Read(() => state.Projects.All
        .Where(project => !project.Archived)
        .Select(project => new BoardProject(project.Id.ToString(), project.Name, [.. Types.Select(type => type.Name)])).ToList());

    public BoardList List(string? project, string? words, int skip, int take) => Store.Read(() =>
    {
        var id = AsanaState.Id(project);
        var found = (id == 0 ? state.Tasks.All : state.TasksOfProject[id])
            .Where(task => string.IsNullOrWhiteSpace(words)
                || task.Name.Contains(words, StringComparison.OrdinalIgnoreCase) || task.Id.ToString() == words.Trim())
            .OrderByDescending(task => task.ModifiedAt).ThenByDescending(task => task.Id)
            .ToList();
        return new BoardList([.. found.Skip(skip).Take(take).Select(Row)], found.Count);
    });

    public BoardEntity? Find(string idOrKey, string person) => Store.Read(() =>
    {
        if (state.Tasks.Find(AsanaState.Id(idOrKey)) is not { } task)
            return null;
        var actor = UserOf(person);
        return new BoardEntity
        {
            Id = task.Id.ToString(),
            Path = PathOf(task),
            Key = task.Id.ToString(),
            Summary = task.Name,
            Description = Rich(task.HtmlNotes),
            Markdown = MarkupMarkdown.Write(task.HtmlNotes),
            Facts =
            [
                ("Project", string.Join(", ", task.Memberships.Select(place => state.Projects.Find(place.ProjectId)!.Name))),
                ("Section", SectionOf(task)?.Name ?? ""), ("Type", TypeOf(task)), ("Completed", task.Completed ? "yes" : "no"),
                ("Created by", NameOf(task.CreatedById)), ("Created", At(task.CreatedAt)), ("Modified", At(task.ModifiedAt)),
            ],
            Choices = Choices(task),
            Comments = [.. state.StoriesOf[task.Id].Where(story => story.IsComment).Select(story => Comment(story, actor))],
            Files = [.. state.AttachmentsOf[task.Id].Where(file => file.Url is null).Select(file => new BoardFile(
                file.Id.ToString(), file.Name, file.ContentType, file.Size, NameOf(file.CreatedById), At(file.CreatedAt), MayRemove: true))],
        };
    });

    public string Create(string person, string project, string type, BoardInput input) => events.Write(() => PathOf(tasks.Create(
        UserOf(person),
        new JsonObject
        {
            ["projects"] = new JsonArray(project),
            ["name"] = Name(input),
            ["resource_subtype"] = Types.FirstOrDefault(one => one.Name == type).Subtype ?? "default_task",
            ["html_notes"] = MarkdownMarkup.Read(input.Markdown, MarkupPlace.Notes),
        },
        siteUrl())));

    public void Edit(string person, string id, BoardInput input) => events.Write(() =>
    {
        var (actor, task) = (UserOf(person), state.Task(id));
        var data = new JsonObject { ["name"] = Name(input) };
        // What Markdown can't say survives as long as nobody touches the text.
        if (input.Markdown != MarkupMarkdown.Write(task.HtmlNotes))
            data["html_notes"] = MarkdownMarkup.Read(WithPictures(task, input.Markdown), MarkupPlace.Notes);
        if (input.Choices.GetValueOrDefault("type") is { } type && type != task.Subtype)
            data["resource_subtype"] = type;
        if (input.Choices.GetValueOrDefault("completed") is { } completed && completed == "yes" != task.Completed)
            data["completed"] = completed == "yes";
        task = tasks.Edit(actor, task, data, siteUrl());
        if (state.Sections.Find(AsanaState.Id(input.Choices.GetValueOrDefault("section"))) is { } section && section.Id != SectionOf(task)?.Id)
            tasks.AddProject(actor, task, state.Projects.Find(section.ProjectId)!, section);
    });

    public void Delete(string person, string id)
    {
        var removed = new List<long>();
        events.Write(() => tasks.Delete(UserOf(person), state.Task(id), removed));
        removed.ForEach(Blobs.Delete);
    }

    public void AddComment(string person, string id, string markdown) =>
        events.Write(() => stories.Comment(UserOf(person), state.Task(id), Text(markdown), siteUrl()));

    public void EditComment(string person, string commentId, string markdown) => events.Write(() =>
    {
        var story = state.Story(commentId);
        if (markdown.ReplaceLineEndings("\n") != MarkupMarkdown.Write(story.Html))
            stories.Edit(UserOf(person), story, Text(markdown), siteUrl());
    });

    public void DeleteComment(string person, string commentId) => events.Write(() => stories.Delete(UserOf(person), state.Story(commentId)));

    public void Attach(string person, string id, UploadedFile file) =>
        files.Add(Store.Read(() => UserOf(person)), Store.Read(() => state.Task(id)).Id, file);

    public void RemoveFile(string person, string fileId) => files.Delete(Store.Read(() => UserOf(person)), AsanaState.Id(fileId));

    public (string Name, string Type, Stream Content)? OpenFile(string fileId) =>
        Store.Read(() => state.Attachments.Find(AsanaState.Id(fileId))) is { Url: null } file ? (file.Name, file.ContentType, Blobs.Open(file.Id)) : null;

    private string WithPictures(AsanaTask task, string markdown) => PictureNames.Resolve(
        markdown, name => state.AttachmentsOf[task.Id].LastOrDefault(file => file.Name == name) is { } file ? $"gid:{file.Id}" : null);

    private static Markup Rich(string markup) => markup == "<body></body>" ? Markup.None : new Markup($"<div class=\"rich prewrap\">{MarkupText.Html(markup)}</div>");

    private static string PathOf(AsanaTask task) => $"/0/{task.Memberships.FirstOrDefault()?.ProjectId ?? 0}/{task.Id}";

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm") + " UTC";

    private static string TypeOf(AsanaTask task) => Types.First(type => type.Subtype == task.Subtype).Name;

    private static JsonObject Text(string markdown) => string.IsNullOrWhiteSpace(markdown)
        ? throw AsanaErrors.MissingInput("text")
        : new JsonObject { ["html_text"] = MarkdownMarkup.Read(markdown, MarkupPlace.Comment) };

    private static string Name(BoardInput input) => input.Summary.Trim() is { Length: > 0 } name ? name : throw AsanaErrors.MissingInput("name");

    private BoardRow Row(AsanaTask task) => new(
        PathOf(task), task.Id.ToString(), TypeOf(task), task.Name, task.Completed ? "Completed" : SectionOf(task)?.Name ?? "", At(task.ModifiedAt));

    private AsanaSection? SectionOf(AsanaTask task) => task.Memberships.FirstOrDefault() is { } place ? state.Sections.Find(place.SectionId) : null;

    private IReadOnlyList<BoardChoice> Choices(AsanaTask task)
    {
        var choices = new List<BoardChoice>
        {
            new("type", "Type", task.Subtype, [.. Types]),
            new("completed", "Completed", task.Completed ? "yes" : "no", [("no", "no"), ("yes", "yes")]),
        };
        if (task.Memberships.FirstOrDefault() is { } place)
        {
            choices.Insert(1, new BoardChoice("section", "Section", place.SectionId.ToString(),
                [.. state.SectionsOf[place.ProjectId].Select(section => (section.Id.ToString(), section.Name))]));
        }

        return choices;
    }

    private BoardComment Comment(AsanaStory story, AsanaUser actor) => new(
        story.Id.ToString(), NameOf(story.CreatedById), At(story.CreatedAt), story.IsEdited, Rich(story.Html), MarkupMarkdown.Write(story.Html),
        StoryDesk.MayChange(actor, story));

    private string NameOf(long id) => state.Users.Find(id)?.Name ?? "Former user";

    private AsanaUser UserOf(string person) => state.Users.Find(AsanaState.Id(person))!;
}
