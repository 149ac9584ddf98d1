using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Where a task is and what hangs on it: projects, sections, parent, tags, followers, dependencies.</summary>
internal sealed class TaskPlaceEndpoints(AsanaState state, EventLog events, TaskDesk desk)
{
    public void Map(AsanaRoutes routes)
    {
        Change(routes, "/tasks/{task}/addProject", (request, task, data) => desk.AddProject(
            request.Caller, task, state.Project(Required(data, "project")), data["section"].TextOrNumber() is { } section ? state.Section(section) : null));
        Change(routes, "/tasks/{task}/removeProject", (request, task, data) =>
            desk.RemoveProject(request.Caller, task, state.Project(Required(data, "project"))));
        Change(routes, "/tasks/{task}/addTag", (request, task, data) =>
            Save(request, task, task with { TagIds = [.. task.TagIds.Append(desk.FindTag(Required(data, "tag")).Id).Distinct()] }));
        Change(routes, "/tasks/{task}/removeTag", (request, task, data) =>
            Save(request, task, task with { TagIds = [.. task.TagIds.Where(id => id != AsanaState.Id(Required(data, "tag")))] }));
        Record(routes, "/tasks/{task}/addFollowers", (request, task, data) => desk.Followers(task, data["followers"], request.Caller));
        Record(routes, "/tasks/{task}/removeFollowers", (request, task, data) =>
        {
            var leaving = desk.Followers(task with { FollowerIds = [] }, data["followers"], request.Caller).FollowerIds;
            return task with { FollowerIds = [.. task.FollowerIds.Except(leaving)] };
        });
        Change(routes, "/tasks/{task}/addDependencies", (request, task, data) =>
            Save(request, task, task with { DependencyIds = [.. task.DependencyIds.Union(Gids(data["dependencies"]))] }));
        Change(routes, "/tasks/{task}/removeDependencies", (request, task, data) =>
            Save(request, task, task with { DependencyIds = [.. task.DependencyIds.Except(Gids(data["dependencies"]))] }));
        routes.Post("/tasks/{task}/setParent", SetParent);
        routes.Post("/sections/{section}/addTask", AddToSection);
        routes.Get("/tasks/{task}/tags", request => state.Store.Read(() =>
        {
            var ids = state.Task(request.Route("task")).TagIds;
            return AsanaPages.List(request, state, state.Tags.All.Where(tag => ids.Contains(tag.Id)), tag => tag.Id, request.View(state).Tags);
        }));
        MapTags(routes);
    }

    private void MapTags(AsanaRoutes routes)
    {
        routes.Get("/tags", Tags);
        routes.Get("/workspaces/{workspace}/tags", Tags);
        routes.Get("/tags/{tag}", request => state.Store.Read(() =>
            AsanaRoutes.Data(request.View(state).Tags.Full(desk.FindTag(request.Route("tag")), request.Fields))));
        routes.Post("/tags", request => AddTag(request, request.Data["workspace"].TextOrNumber()));
        routes.Post("/workspaces/{workspace}/tags", request => AddTag(request, request.Route("workspace")));
    }

    private ApiAnswer Tags(AsanaRequest request) => state.Store.Read(() =>
        AsanaPages.List(request, state, state.Tags.All, tag => tag.Id, request.View(state).Tags));

    private ApiAnswer AddTag(AsanaRequest request, string? workspace)
    {
        var data = request.Data;
        return events.Write(() =>
        {
            var tag = state.Tags.Put(new AsanaTag(
                state.NewGid(), state.Workspace(workspace).Id, data["name"].Text() ?? "", data["color"].Text(), state.Now));
            return AsanaRoutes.Data(request.View(state).Tags.Full(tag, request.Fields), 201);
        });
    }

    /// <summary>A call that answers an empty object.</summary>
    private void Change(AsanaRoutes routes, string path, Action<AsanaRequest, AsanaTask, JsonObject> change) => routes.Post(path, request =>
    {
        var data = request.Data;
        events.Write(() => change(request, state.Task(request.Route("task")), data));
        return AsanaRoutes.Empty();
    });

    /// <summary>A call that answers the task.</summary>
    private void Record(AsanaRoutes routes, string path, Func<AsanaRequest, AsanaTask, JsonObject, AsanaTask> change) => routes.Post(path, request =>
    {
        var data = request.Data;
        return events.Write(() =>
        {
            var task = state.Task(request.Route("task"));
            return AsanaRoutes.Data(request.View(state).Tasks.Full(desk.Save(request.Caller, task, change(request, task, data)), request.Fields));
        });
    });

    private ApiAnswer SetParent(AsanaRequest request)
    {
        var data = request.Data;
        if (!data.ContainsKey("parent"))
            throw AsanaErrors.MissingInput("parent");
        return events.Write(() =>
        {
            var task = state.Task(request.Route("task"));
            desk.SetParent(request.Caller, task, data["parent"].TextOrNumber() is { } gid ? state.Task(gid) : null);
            return AsanaRoutes.Data(request.View(state).Tasks.Full(state.Task(request.Route("task")), request.Fields));
        });
    }

    private ApiAnswer AddToSection(AsanaRequest request)
    {
        var data = request.Data;
        return events.Write(() =>
        {
            var section = state.Section(request.Route("section"));
            desk.AddProject(request.Caller, state.Task(Required(data, "task")), state.Projects.Find(section.ProjectId)!, section);
            return AsanaRoutes.Empty();
        });
    }

    private void Save(AsanaRequest request, AsanaTask before, AsanaTask after) => desk.Save(request.Caller, before, after);

    private IEnumerable<long> Gids(JsonNode? list) => (list as JsonArray ?? []).Select(gid => state.Task(gid.TextOrNumber()).Id).ToList();

    private static string Required(JsonObject data, string name) => data[name].TextOrNumber() ?? throw AsanaErrors.MissingInput(name);
}
