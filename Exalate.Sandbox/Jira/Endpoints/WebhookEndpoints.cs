using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Jql;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>Admin webhooks; the dynamic ones belong to apps and are refused.</summary>
internal sealed class WebhookEndpoints(JiraState state, bool allowLoopback)
{
    private const string Path = "/rest/webhooks/1.0/webhook";
    private const string Section = "issue-related-events-section";

    private static readonly string[] KnownEvents =
    [
        "jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted",
        "attachment_created", "attachment_deleted", "issuelink_created", "issuelink_deleted", "worklog_created", "worklog_updated",
        "worklog_deleted", "issue_property_set", "issue_property_deleted", "jira:version_created", "jira:version_updated", "jira:version_deleted",
        "project_created", "project_updated", "project_deleted", "user_created", "user_updated", "user_deleted", "jira:worklog_updated",
    ];

    public void Map(JiraRoutes routes)
    {
        routes.Map("GET", Path, request => Admin(request, _ => state.Store.Read(() =>
            new ApiAnswer(200, state.Webhooks.All.Select(hook => View(request, hook)).ToJson()))));
        routes.Map("POST", Path, request => Admin(request, caller => Register(request, caller)));
        routes.Map("GET", Path + "/{id}", request => Admin(request, _ => state.Store.Read(() => new ApiAnswer(200, View(request, Find(request))))));
        routes.Map("PUT", Path + "/{id}", request => Admin(request, caller => Change(request, caller)));
        routes.Map("DELETE", Path + "/{id}", request => Admin(request, _ => Delete(request)));
        foreach (var (method, path) in new[] { ("GET", ""), ("POST", ""), ("DELETE", ""), ("PUT", "/refresh"), ("GET", "/failed") })
        {
            routes.Map(method, "/rest/api/3/webhook" + path, _ => throw JiraErrors.Message(
                403, "Only Connect and OAuth 2.0 apps can use this operation."));
        }
    }

    private static ApiAnswer Admin(JiraRequest request, Func<JiraUser, ApiAnswer> handle)
    {
        var caller = request.RequireCaller();
        return caller.IsAdmin || caller.ManagesWebhooks
            ? handle(caller)
            : throw JiraErrors.Message(403, "Only Jira administrators can manage webhooks.");
    }

    private ApiAnswer Register(JiraRequest request, JiraUser caller)
    {
        var hook = Read(request.Body, caller, null);
        return state.Store.Write(() => new ApiAnswer(201, View(request, state.Webhooks.Put(hook with
        {
            Id = state.Store.Next(SequenceId.Webhook, 1),
        }))));
    }

    private ApiAnswer Change(JiraRequest request, JiraUser caller) => state.Store.Write(() =>
        new ApiAnswer(200, View(request, state.Webhooks.Put(Read(request.Body, caller, Find(request))))));

    private ApiAnswer Delete(JiraRequest request) => state.Store.Write(() =>
    {
        var hook = Find(request);
        state.Webhooks.Remove(hook.Id);
        foreach (var delivery in state.Deliveries.All.Where(one => one.WebhookId == hook.Id).ToList())
            state.Deliveries.Remove(delivery.Id);
        return new ApiAnswer(204);
    });

    private JiraWebhook Find(JiraRequest request) =>
        (long.TryParse(request.Route("id"), out var id) ? state.Webhooks.Find(id) : null)
        ?? throw JiraErrors.Message(404, $"No webhook with id '{request.Route("id")}' exists.");

    private JiraWebhook Read(JsonObject body, JiraUser caller, JiraWebhook? before)
    {
        var errors = new JsonObject();
        var name = body["name"].Text() ?? before?.Name ?? "";
        if (name.Trim().Length == 0)
            errors["name"] = "The webhook name is required.";
        var url = body["url"].Text() ?? before?.Url ?? "";
        if (!Uri.TryCreate(url.Replace("${", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
            errors["url"] = "The URL is not valid.";
        else if (!allowLoopback && LoopbackAddresses.Is(address.IdnHost))
            errors["url"] = "The URL must be reachable from the internet: localhost and loopback addresses are not allowed.";
        var events = body["events"] is JsonArray list ? [.. list.Select(one => one.Text() ?? "")] : before?.Events ?? [];
        if (events.Count == 0 || events.Any(one => !KnownEvents.Contains(one)))
            errors["events"] = events.Count == 0 ? "At least one event is required." : $"Unknown event: {events.First(one => !KnownEvents.Contains(one))}";
        var jql = body["filters"].Get(Section).Text() ?? before?.Jql ?? "";
        if (Problem(jql, caller) is { } problem)
            errors["filters"] = problem;
        if (errors.Count > 0)
            throw JiraErrors.Fields(errors);
        return new JiraWebhook
        {
            Id = before?.Id ?? 0,
            Name = name,
            Url = url,
            Events = events,
            Jql = jql,
            Secret = body["secret"].Text() ?? before?.Secret,
            ExcludeBody = body["excludeBody"].Flag() ?? before?.ExcludeBody ?? false,
            Enabled = body["enabled"].Flag() ?? before?.Enabled ?? true,
            LastUpdatedBy = caller.AccountId,
            LastUpdated = state.Now,
        };
    }

    private string? Problem(string jql, JiraUser caller)
    {
        if (jql.Trim().Length == 0)
            return null;
        try
        {
            state.Store.Read(() => JqlQuery.Parse(jql).Compile(new JqlContext(state, caller)));
            return null;
        }
        catch (JqlException problem)
        {
            return problem.Message;
        }
    }

    private JsonObject View(JiraRequest request, JiraWebhook hook) => new()
    {
        ["name"] = hook.Name,
        ["url"] = hook.Url,
        ["excludeBody"] = hook.ExcludeBody,
        ["filters"] = new JsonObject { [Section] = hook.Jql },
        ["events"] = hook.Events.ToJson(),
        ["enabled"] = hook.Enabled,
        ["isSigned"] = hook.Secret is not null,
        ["self"] = $"{request.BaseUrl}{Path}/{hook.Id}",
        ["lastUpdatedUser"] = hook.LastUpdatedBy,
        ["lastUpdatedDisplayName"] = state.FindUser(hook.LastUpdatedBy)?.DisplayName ?? "",
        ["lastUpdated"] = hook.LastUpdated.ToUnixTimeMilliseconds(),
    };
}
