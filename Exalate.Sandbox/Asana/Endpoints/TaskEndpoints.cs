using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Tasks: one at a time and in lists.</summary>
internal sealed class TaskEndpoints(AsanaState state, EventLog events, TaskDesk desk)
{
    public void Map(AsanaRoutes routes)
    {
        routes.Post("/tasks", request => Create(request, null));
        routes.Get("/tasks", List);
        routes.Get("/tasks/{task}", request => state.Store.Read(() => Answer(request, state.Task(request.Route("task")))));
        routes.Put("/tasks/{task}", Edit);
        routes.Delete("/tasks/{task}", Delete);
        routes.Get("/projects/{project}/tasks", request => state.Store.Read(() =>
            Page(request, state.TasksOfProject[state.Project(request.Route("project")).Id])));
        routes.Get("/sections/{section}/tasks", request => state.Store.Read(() => Page(request, InSection(request.Route("section")))));
        routes.Get("/tags/{tag}/tasks", request => state.Store.Read(() => Page(request, WithTag(desk.FindTag(request.Route("tag")).Id))));
        routes.Get("/tasks/{task}/subtasks", request => state.Store.Read(() =>
            Page(request, state.SubtasksOf[state.Task(request.Route("task")).Id])));
        routes.Post("/tasks/{task}/subtasks", request => Create(request, request.Route("task")));
        routes.Get("/tasks/{task}/dependencies", request => state.Store.Read(() =>
            Page(request, state.Task(request.Route("task")).DependencyIds.Order().Select(state.Tasks.Find).OfType<AsanaTask>())));
    }

    private ApiAnswer Answer(AsanaRequest request, AsanaTask task, int status = 200) =>
        AsanaRoutes.Data(request.View(state).Tasks.Full(task, request.Fields), status);

    private ApiAnswer Create(AsanaRequest request, string? parent)
    {
        var data = request.Data;
        return events.Write(() =>
        {
            if (parent is not null)
                data["parent"] = state.Task(parent).Id.ToString();
            return Answer(request, desk.Create(request.Caller, data, request.SiteUrl), 201);
        });
    }

    private ApiAnswer Edit(AsanaRequest request)
    {
        var data = request.Data;
        return events.Write(() => Answer(request, desk.Edit(request.Caller, state.Task(request.Route("task")), data, request.SiteUrl)));
    }

    private ApiAnswer Delete(AsanaRequest request)
    {
        var files = new List<long>();
        events.Write(() => desk.Delete(request.Caller, state.Task(request.Route("task")), files));
        files.ForEach(state.Blobs.Delete);
        return AsanaRoutes.Empty();
    }

    private ApiAnswer List(AsanaRequest request) => state.Store.Read(() =>
    {
        var filters = new[] { "project", "section", "tag", "assignee" }.Where(name => request.Query(name) is not null).ToList();
        if (filters.Count == 0 || (filters is ["assignee"] && request.Query("workspace") is null))
            throw AsanaErrors.BadRequest("Must specify exactly one of project, tag, section, user task list, or assignee + workspace");
        if (filters.Count > 1)
            throw AsanaErrors.BadRequest("Must specify exactly one of project, tag, section, user task list, or assignee + workspace");
        var value = request.Query(filters[0])!;
        return Page(request, filters[0] switch
        {
            "project" => state.TasksOfProject[state.Project(value).Id],
            "section" => InSection(value),
            "tag" => WithTag(desk.FindTag(value).Id),
            _ => AssignedTo(request, value),
        });
    });

    private IEnumerable<AsanaTask> InSection(string gid)
    {
        var section = state.Section(gid);
        return state.TasksOfProject[section.ProjectId].Where(task => task.Memberships.Any(place => place.SectionId == section.Id));
    }

    private IEnumerable<AsanaTask> WithTag(long tag) => state.Tasks.All.Where(task => task.TagIds.Contains(tag));

    private IEnumerable<AsanaTask> AssignedTo(AsanaRequest request, string text)
    {
        state.Workspace(request.Query("workspace"));
        var user = state.FindUser(text, request.Caller) ?? throw AsanaErrors.Unknown("assignee", text);
        return state.Tasks.All.Where(task => task.AssigneeId == user.Id);
    }

    private ApiAnswer Page(AsanaRequest request, IEnumerable<AsanaTask> tasks)
    {
        var modified = request.Time("modified_since");
        var completed = request.Time("completed_since");
        var found = tasks
            .Where(task => modified is null || task.ModifiedAt >= modified)
            .Where(task => completed is null || !task.Completed || task.CompletedAt >= completed);
        return AsanaPages.List(request, state, found, task => task.Id, request.View(state).Tasks);
    }
}
