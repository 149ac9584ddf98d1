using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>The site, its users, its catalogue.</summary>
internal sealed class SiteEndpoints(JiraState state)
{
    public void Map(JiraRoutes routes)
    {
        routes.Get("/myself", Myself);
        routes.Get("/serverInfo", ServerInfo);
        routes.Get("/field", request => List(JiraCatalog.Fields.Select(FieldMeta.Details)));
        routes.Get("/priority", request => List(JiraCatalog.Priorities.Select(request.View(state).Priority)));
        routes.Get("/priority/search", request => JiraPages.Page(
            request, [.. JiraCatalog.Priorities], priority => request.View(state).Priority(priority), 50));
        routes.Get("/status", request => List(JiraCatalog.Statuses.Select(request.View(state).Status)));
        routes.Get("/statuses/search", request => JiraPages.Page(request, [.. JiraCatalog.Statuses], status => new JsonObject
        {
            ["id"] = status.Id,
            ["name"] = status.Name,
            ["statusCategory"] = status.Category.Key switch { "new" => "TODO", "done" => "DONE", _ => "IN_PROGRESS" },
            ["scope"] = new JsonObject { ["type"] = "GLOBAL" },
            ["description"] = "",
        }, 200));
        routes.Get("/resolution", request => new ApiAnswer(200, new JsonArray(new IssueView(request.View(state)).Resolution())));
        routes.Get("/issueLinkType", request => new ApiAnswer(200, new JsonObject
        {
            ["issueLinkTypes"] = JiraCatalog.LinkTypes.Select(request.View(state).LinkType).ToJson(),
        }));
        routes.Get("/label", request => JiraPages.Page(
            request, state.Store.Read(() => state.Issues.All.SelectMany(issue => issue.Labels).Distinct().Order(StringComparer.Ordinal).ToList()),
            label => label, 1000));
        routes.Get("/mypermissions", MyPermissions);
        routes.Get("/user", GetUser);
        routes.Get("/user/search", SearchUsers);
        routes.Get("/users/search", SearchUsers);
        routes.Get("/user/assignable/search", AssignableUsers);
        routes.Get("/user/bulk", BulkUsers);
    }

    private static ApiAnswer List(IEnumerable<JsonNode?> items) => new(200, items.ToJson());

    private ApiAnswer Myself(JiraRequest request)
    {
        var caller = request.RequireCaller();
        return state.Store.Read(() =>
        {
            var json = request.View(state).User(caller.AccountId);
            json["locale"] = "en_US";
            json["groups"] = new JsonObject { ["size"] = 1, ["items"] = new JsonArray() };
            json["applicationRoles"] = new JsonObject { ["size"] = 1, ["items"] = new JsonArray() };
            json["expand"] = "groups,applicationRoles";
            return new ApiAnswer(200, json);
        });
    }

    private ApiAnswer ServerInfo(JiraRequest request) => new(200, new JsonObject
    {
        ["baseUrl"] = request.BaseUrl,
        ["displayUrl"] = request.BaseUrl,
        ["version"] = "1001.0.0-SNAPSHOT",
        ["versionNumbers"] = new JsonArray(1001, 0, 0),
        ["deploymentType"] = "Cloud",
        ["buildNumber"] = 100_291,
        ["buildDate"] = "2026-01-12T02:11:25.000-0500",
        ["serverTime"] = JiraClock.Format(state.Time.GetUtcNow()),
        ["scmInfo"] = "0000000000000000000000000000000000000000",
        ["serverTitle"] = "Jira",
        ["serverTimeZone"] = JiraClock.Site.Id,
    });

    private ApiAnswer MyPermissions(JiraRequest request)
    {
        var keys = request.QueryList("permissions");
        if (keys.Count == 0)
            throw JiraErrors.Message(400, "The 'permissions' query parameter is required.");
        var unknown = keys.Where(key => !JiraCatalog.Permissions.Contains(key)).ToList();
        if (unknown.Count > 0)
            throw JiraErrors.Fields(new JsonObject(unknown.Select(key => KeyValuePair.Create<string, JsonNode?>(key, "Unrecognized permission"))));
        var permissions = new JsonObject();
        foreach (var key in keys)
        {
            permissions[key] = new JsonObject
            {
                ["id"] = (JiraCatalog.Permissions.ToList().IndexOf(key) + 10).ToString(),
                ["key"] = key,
                ["name"] = key.Replace('_', ' ').ToLowerInvariant(),
                ["type"] = key is "ADMINISTER" or "SYSTEM_ADMIN" or "BULK_CHANGE" or "USER_PICKER" ? "GLOBAL" : "PROJECT",
                ["description"] = "",
                ["havePermission"] = Has(request.Caller, key),
            };
        }

        return new ApiAnswer(200, new JsonObject { ["permissions"] = permissions });
    }

    private static bool Has(JiraUser? caller, string permission) => permission switch
    {
        _ when caller is null => false,
        "EDIT_ALL_COMMENTS" or "DELETE_ALL_COMMENTS" or "DELETE_ALL_ATTACHMENTS" or "SYSTEM_ADMIN" or "ADMINISTER_PROJECTS" => caller.IsAdmin,
        "ADMINISTER" => caller.IsAdmin || caller.ManagesWebhooks,
        _ => true,
    };

    private ApiAnswer GetUser(JiraRequest request)
    {
        request.RequireCaller();
        var accountId = request.Query("accountId") ?? throw JiraErrors.Message(400, "The 'accountId' query parameter is required.");
        return state.Store.Read(() => state.FindUser(accountId) is null
            ? throw JiraErrors.Message(404, "Specified user does not exist or you do not have required permissions")
            : new ApiAnswer(200, request.View(state).User(accountId)));
    }

    private ApiAnswer SearchUsers(JiraRequest request)
    {
        if (request.Caller is null)
            return new ApiAnswer(200, new JsonArray());
        var query = request.Query("query") ?? "";
        var accountId = request.Query("accountId");
        return Users(request, user => accountId is null
            ? user.DisplayName.Contains(query, StringComparison.OrdinalIgnoreCase) || user.Email.StartsWith(query, StringComparison.OrdinalIgnoreCase)
            : user.AccountId == accountId);
    }

    private ApiAnswer AssignableUsers(JiraRequest request)
    {
        request.RequireCaller();
        if (request.Query("project") is { } key)
        {
            if (state.Store.Read(() => state.FindProject(key)) is null)
                throw JiraErrors.ProjectNotFound(key);
        }
        else if (request.Query("issueKey") is null && request.Query("issueId") is null)
        {
            throw JiraErrors.Message(400, "Either 'project', 'issueKey' or 'issueId' is required.");
        }

        return SearchUsers(request);
    }

    private ApiAnswer BulkUsers(JiraRequest request)
    {
        request.RequireCaller();
        var ids = request.QueryList("accountId");
        return state.Store.Read(() => JiraPages.Page(
            request, [.. state.Users.All.Where(user => ids.Contains(user.AccountId))], user => request.View(state).User(user.AccountId), 10));
    }

    private ApiAnswer Users(JiraRequest request, Func<JiraUser, bool> wanted) => state.Store.Read(() =>
        List(state.Users.All.Where(wanted)
            .Skip(request.QueryInt("startAt", 0))
            .Take(Math.Clamp(request.QueryInt("maxResults", 50), 1, 1000))
            .Select(user => request.View(state).User(user.AccountId))));
}
