using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>Projects, their types and what their create screens want. An anonymous caller sees no project.</summary>
internal sealed class ProjectEndpoints(JiraState state)
{
    public void Map(JiraRoutes routes)
    {
        routes.Get("/project/search", Search);
        routes.Get("/project/{project}", request => Project(request, (view, project) => view.Project(project, details: true)));
        routes.Get("/project/{project}/statuses", request => Project(request, (view, project) => project.IssueTypeIds.Select(id => Statuses(view, id)).ToJson()));
        routes.Get("/project/{project}/components", request => Project(request, (_, _) => new JsonArray()));
        routes.Get("/project/{project}/versions", request => Project(request, (_, _) => new JsonArray()));
        routes.Get("/issuetype", request => new ApiAnswer(200, request.Caller is null
            ? new JsonArray()
            : JiraCatalog.Types.Select(request.View(state).IssueType).ToJson()));
        routes.Get("/issuetype/project", TypesOfProject);
        routes.Get("/issuetype/{id}", GetType);
        routes.Get("/issue/createmeta/{project}/issuetypes", CreateTypes);
        routes.Get("/issue/createmeta/{project}/issuetypes/{type}", CreateFields);
    }

    private ApiAnswer Search(JiraRequest request) => state.Store.Read(() =>
    {
        var query = request.Query("query") ?? "";
        var keys = request.QueryList("keys");
        var ids = request.QueryList("id");
        var found = request.Caller is null ? [] : state.Projects.All
            .Where(project => project.Key.Contains(query, StringComparison.OrdinalIgnoreCase)
                || project.Name.Contains(query, StringComparison.OrdinalIgnoreCase))
            .Where(project => keys.Count == 0 || keys.Contains(project.Key, StringComparer.OrdinalIgnoreCase))
            .Where(project => ids.Count == 0 || ids.Contains(project.Id.ToString()))
            .OrderBy(project => project.Key, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var view = request.View(state);
        var details = request.QueryList("expand");
        return JiraPages.Page(request, found, project => Shortened(view.Project(project, details: true), details), 100, 50);
    });

    private static JsonObject Shortened(JsonObject project, IReadOnlyList<string> expand)
    {
        // The list shows these only when asked.
        foreach (var name in new[] { "description", "lead", "issueTypes" }.Where(name => !expand.Contains(name)))
            project.Remove(name);
        foreach (var name in new[] { "assigneeType", "components", "versions", "roles" })
            project.Remove(name);
        return project;
    }

    private ApiAnswer Project(JiraRequest request, Func<JiraView, JiraProject, JsonNode> answer) =>
        state.Store.Read(() => new ApiAnswer(200, answer(request.View(state), Find(request))));

    private JiraProject Find(JiraRequest request, string parameter = "project")
    {
        var key = request.Route(parameter);
        return (request.Caller is null ? null : state.FindProject(key)) ?? throw JiraErrors.ProjectNotFound(key);
    }

    private static JsonObject Statuses(JiraView view, string typeId)
    {
        var type = JiraCatalog.Type(typeId);
        return new JsonObject
        {
            ["self"] = $"{view.Api}/issuetype/{type.Id}",
            ["id"] = type.Id,
            ["name"] = type.Name,
            ["subtask"] = type.IsSubtask,
            ["statuses"] = JiraCatalog.Statuses.Select(view.Status).ToJson(),
        };
    }

    private ApiAnswer TypesOfProject(JiraRequest request) => state.Store.Read(() =>
    {
        var id = request.Query("projectId") ?? throw JiraErrors.Message(400, "The 'projectId' query parameter is required.");
        var project = (request.Caller is null ? null : state.FindProject(id)) ?? throw JiraErrors.ProjectNotFound(id);
        return new ApiAnswer(200, project.IssueTypeIds.Select(type => request.View(state).IssueType(JiraCatalog.Type(type))).ToJson());
    });

    private ApiAnswer GetType(JiraRequest request) =>
        new(200, request.View(state).IssueType(JiraCatalog.Types.FirstOrDefault(type => type.Id == request.Route("id"))
            ?? throw JiraErrors.Message(404, "The issue type with id '" + request.Route("id") + "' does not exist")));

    private ApiAnswer CreateTypes(JiraRequest request) => state.Store.Read(() =>
    {
        request.RequireCaller();
        var project = Find(request);
        var view = request.View(state);
        return new ApiAnswer(200, JiraPages.Named(
            request, "issueTypes", project.IssueTypeIds, id => view.IssueType(JiraCatalog.Type(id)), 200, 50));
    });

    private ApiAnswer CreateFields(JiraRequest request) => state.Store.Read(() =>
    {
        request.RequireCaller();
        var project = Find(request);
        var type = JiraCatalog.Types.FirstOrDefault(one => one.Id == request.Route("type") && project.IssueTypeIds.Contains(one.Id))
            ?? throw JiraErrors.Message(400, "The issue type does not exist or is not in this project.");
        var fields = FieldMeta.CreateFields(request.View(state), project, type).ToList();
        return new ApiAnswer(200, JiraPages.Named(request, "fields", fields, field => field, 200, 50));
    });
}
