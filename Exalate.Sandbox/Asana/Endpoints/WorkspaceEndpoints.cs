using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Users, the workspace, typeahead.</summary>
internal sealed class WorkspaceEndpoints(AsanaState state)
{
    public void Map(AsanaRoutes routes)
    {
        routes.Get("/users/{user}", request => state.Store.Read(() => AsanaRoutes.Data(request.View(state).Users.Full(
            state.FindUser(request.Route("user"), request.Caller) ?? throw AsanaErrors.Unknown("user", request.Route("user")), request.Fields))));
        routes.Get("/users", Users);
        routes.Get("/workspaces", request => state.Store.Read(() =>
            AsanaPages.List(request, state, state.Workspaces.All, one => one.Id, request.View(state).Workspaces)));
        routes.Get("/workspaces/{workspace}", request => state.Store.Read(() =>
            AsanaRoutes.Data(request.View(state).Workspaces.Full(state.Workspace(request.Route("workspace")), request.Fields))));
        routes.Get("/workspaces/{workspace}/users", request => state.Store.Read(() =>
        {
            state.Workspace(request.Route("workspace"));
            return AsanaPages.List(request, state, state.Users.All, one => one.Id, request.View(state).Users);
        }));
        routes.Get("/workspaces/{workspace}/typeahead", Typeahead);
    }

    private ApiAnswer Users(AsanaRequest request) => state.Store.Read(() =>
    {
        if (request.Query("workspace") is { } gid)
            state.Workspace(gid);
        return AsanaPages.List(request, state, state.Users.All, one => one.Id, request.View(state).Users);
    });

    private ApiAnswer Typeahead(AsanaRequest request) => state.Store.Read(() =>
    {
        state.Workspace(request.Route("workspace"));
        var type = request.Query("resource_type") ?? request.Query("type") ?? throw AsanaErrors.MissingInput("resource_type");
        var query = request.Query("query") ?? "";
        var count = int.TryParse(request.Query("count"), out var wanted) ? Math.Clamp(wanted, 1, 100) : 20;
        var (view, fields) = (request.View(state), request.Fields);
        bool Fits(string name) => name.Contains(query, StringComparison.OrdinalIgnoreCase);
        IEnumerable<JsonObject> found = type switch
        {
            "user" => state.Users.All.Where(one => Fits(one.Name) || Fits(one.Email)).Select(one => view.Users.Listed(one, fields)),
            "project" => state.Projects.All.Where(one => Fits(one.Name)).Select(one => view.Projects.Listed(one, fields)),
            "task" => state.Tasks.All.Where(one => Fits(one.Name)).Select(one => view.Tasks.Listed(one, fields)),
            "tag" => state.Tags.All.Where(one => Fits(one.Name)).Select(one => view.Tags.Listed(one, fields)),
            "custom_field" => state.CustomFields.All.Where(one => Fits(one.Name)).Select(CustomFieldViews.Field),
            _ => throw AsanaErrors.BadRequest($"resource_type: Not a valid enum value: {type}"),
        };
        return AsanaRoutes.Data(found.Take(count).ToJson());
    });
}
