using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Up to ten calls in one.</summary>
internal sealed class BatchEndpoints(AsanaRoutes routes)
{
    private const int MaxActions = 10;

    public void Map() => routes.Add("POST", "/batch", RunAsync);

    private async Task<ApiAnswer> RunAsync(AsanaRequest request)
    {
        if (request.Data["actions"] is not JsonArray { Count: > 0 } actions)
            throw AsanaErrors.BadRequest("actions: Must be a non-empty list");
        if (actions.Count > MaxActions)
            throw AsanaErrors.BadRequest($"actions: Must have at most {MaxActions} actions");
        var answers = new JsonArray();
        foreach (var action in actions)
        {
            var answer = await RunAsync(request, action);
            answers.Add(new JsonObject
            {
                ["status_code"] = answer.Status,
                ["headers"] = new JsonObject(),
                ["body"] = answer.Body?.DeepClone() ?? new JsonObject(),
            });
        }

        return AsanaRoutes.Data(answers);
    }

    private async Task<ApiAnswer> RunAsync(AsanaRequest request, JsonNode? action)
    {
        try
        {
            var method = action.Get("method").Text() ?? throw AsanaErrors.MissingInput("method");
            if (method != method.ToLowerInvariant())
                throw AsanaErrors.BadRequest($"method: Not a valid enum value: {method}");
            var path = (action.Get("relative_path").Text() ?? throw AsanaErrors.MissingInput("relative_path")).Split('?', 2);
            if (path[0].Trim('/') is "batch" or "attachments" && method == "post")
                throw AsanaErrors.BadRequest("relative_path: Not available in a batch");
            var found = routes.Find(method, path[0]) ?? throw AsanaErrors.NoPath();
            return await found.Handler(new AsanaRequest(
                request.Context, request.Caller, Query(path.ElementAtOrDefault(1), action), found.Values, Body(action)) { Path = path[0] });
        }
        catch (ApiException refusal)
        {
            return refusal.Answer;
        }
    }

    private static Dictionary<string, string> Query(string? text, JsonNode? action)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(text).ToDictionary(one => one.Key, one => string.Join(',', one.Value.AsEnumerable()));
        if (action.Get("options").Get("limit").TextOrNumber() is { } limit)
            query["limit"] = limit;
        if (action.Get("options").Get("offset").TextOrNumber() is { } offset)
            query["offset"] = offset;
        return query;
    }

    private static JsonObject Body(JsonNode? action) => new()
    {
        ["data"] = action.Get("data")?.DeepClone(),
        ["options"] = action.Get("options")?.DeepClone(),
    };
}
