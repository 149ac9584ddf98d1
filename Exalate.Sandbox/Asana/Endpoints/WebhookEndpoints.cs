using System.Text.Json.Nodes;
using Exalate.Sandbox.Deliveries;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Webhooks, with the handshake inside the create call.</summary>
internal sealed class WebhookEndpoints(AsanaState state, EventLog events, WebhookCaller caller, bool allowLoopback)
{
    public static readonly TimeSpan HeartbeatEvery = TimeSpan.FromHours(8);

    public void Map(AsanaRoutes routes)
    {
        routes.Add("POST", "/webhooks", CreateAsync);
        routes.Get("/webhooks", List);
        routes.Get("/webhooks/{webhook}", request => state.Store.Read(() => AsanaRoutes.Data(View(Find(request)))));
        routes.Put("/webhooks/{webhook}", Edit);
        routes.Delete("/webhooks/{webhook}", request =>
        {
            state.Store.Write(() => Remove(state, Find(request).Id));
            return AsanaRoutes.Empty();
        });
    }

    public static void Remove(AsanaState state, long id)
    {
        state.Webhooks.Remove(id);
        foreach (var delivery in state.Deliveries.All.Where(one => one.WebhookId == id).ToList())
            state.Deliveries.Remove(delivery.Id);
    }

    private AsanaWebhook Find(AsanaRequest request) => state.Webhooks.Find(request.Gid("webhook")) is { } hook && hook.CreatedById == request.Caller.Id
        ? hook
        : throw AsanaErrors.Unknown("webhook", request.Route("webhook"));

    private ApiAnswer List(AsanaRequest request) => state.Store.Read(() =>
    {
        state.Workspace(request.Query("workspace") ?? throw AsanaErrors.MissingInput("workspace"));
        var resource = request.Query("resource");
        return new ApiAnswer(200, new JsonObject
        {
            ["data"] = state.Webhooks.All
                .Where(hook => hook.CreatedById == request.Caller.Id && (resource is null || hook.Resource.Id.ToString() == resource))
                .Select(View).ToJson(),
            ["next_page"] = null,
        });
    });

    private async Task<ApiAnswer> CreateAsync(AsanaRequest request)
    {
        var draft = state.Store.Read(() => Draft(request));
        var hook = state.Store.Write(() => state.Webhooks.Put(draft with { Id = state.NewGid() }));
        var (outcome, headers) = await caller.PostAsync(
            hook.Target, "{}", new Dictionary<string, string> { ["X-Hook-Secret"] = hook.Secret }, request.Context.RequestAborted);
        var echoed = headers is not null && headers.TryGetValues("X-Hook-Secret", out var values) && values.SequenceEqual([hook.Secret]);
        if (outcome.Status is not (200 or 204) || !echoed)
        {
            state.Store.Write(() => Remove(state, hook.Id));
            throw AsanaErrors.BadRequest("The remote server which is intended to receive the webhook did not respond with the handshake secret"
                + (outcome.Status is null ? $" ({outcome.Problem})." : $" (status {outcome.Status})."));
        }

        return state.Store.Write(() =>
        {
            hook = state.Webhooks.Put(hook with { Active = true, NextHeartbeat = state.Now + HeartbeatEvery });
            events.Deliver(hook, []);
            return new ApiAnswer(201, new JsonObject { ["data"] = View(hook), ["X-Hook-Secret"] = hook.Secret });
        });
    }

    private AsanaWebhook Draft(AsanaRequest request)
    {
        var data = request.Data;
        var resource = state.Resource(data["resource"].TextOrNumber() ?? throw AsanaErrors.MissingInput("resource"));
        var target = data["target"].Text() ?? throw AsanaErrors.MissingInput("target");
        if (!Uri.TryCreate(target, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw AsanaErrors.BadRequest("target: Not a valid URL");
        if (!allowLoopback && LoopbackAddresses.Is(address.IdnHost))
            throw AsanaErrors.Forbidden("target: The URL must be reachable from the internet; localhost is not allowed");
        var filters = CheckFilters(data["filters"]);
        if (resource.Type == "workspace" && filters is not JsonArray { Count: > 0 })
            throw AsanaErrors.BadRequest("filters: Webhooks on a workspace must have filters");
        if (state.Webhooks.All.Any(hook => hook.Resource.Id == resource.Id && hook.Target == target))
            throw AsanaErrors.Forbidden("A webhook with this resource and target already exists");
        return new AsanaWebhook
        {
            Id = 0,
            Resource = resource,
            Target = target,
            Filters = filters,
            Secret = Randomness.Hex(32),
            CreatedById = request.Caller.Id,
            CreatedAt = state.Now,
        };
    }

    private static JsonNode? CheckFilters(JsonNode? filters)
    {
        if (filters is null)
            return null;
        if (filters is not JsonArray list || list.Any(filter => filter is not JsonObject))
            throw AsanaErrors.BadRequest("filters: Not a list of filters");
        foreach (var filter in list)
        {
            if (filter.Get("action").Text() is { } action && action is not ("added" or "changed" or "removed" or "deleted" or "undeleted"))
                throw AsanaErrors.BadRequest($"filters: Not a valid action: {action}");
            if (filter.Get("fields") is not null && filter.Get("action").Text() != "changed")
                throw AsanaErrors.BadRequest("filters: fields are only allowed with the action changed");
        }

        return list.DeepClone();
    }

    private ApiAnswer Edit(AsanaRequest request)
    {
        var data = request.Data;
        if (data.Any(field => field.Key != "filters"))
            throw AsanaErrors.BadRequest("Only the filters of a webhook can be changed");
        return state.Store.Write(() => AsanaRoutes.Data(View(state.Webhooks.Put(Find(request) with { Filters = CheckFilters(data["filters"]) }))));
    }

    private JsonObject View(AsanaWebhook hook)
    {
        var json = new JsonObject
        {
            ["gid"] = hook.Id.ToString(),
            ["resource_type"] = "webhook",
            ["active"] = hook.Active,
            ["resource"] = new JsonObject
            {
                ["gid"] = hook.Resource.Id.ToString(),
                ["resource_type"] = hook.Resource.Type,
                ["name"] = state.Tasks.Find(hook.Resource.Id)?.Name ?? state.Projects.Find(hook.Resource.Id)?.Name ?? "",
            },
            ["target"] = hook.Target,
            ["created_at"] = AsanaView.Time(hook.CreatedAt),
            ["last_failure_content"] = hook.LastFailureContent,
            ["delivery_retry_count"] = hook.RetryCount,
            ["filters"] = hook.Filters?.DeepClone() ?? new JsonArray(),
        };
        // Left out while there is none: the description of the API knows no null here.
        if (hook.LastSuccessAt is { } success)
            json["last_success_at"] = AsanaView.Time(success);
        if (hook.LastFailureAt is { } failure)
            json["last_failure_at"] = AsanaView.Time(failure);
        return json;
    }
}
