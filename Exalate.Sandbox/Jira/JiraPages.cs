using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira;

/// <summary>Jira's page objects of the startAt kind.</summary>
internal static class JiraPages
{
    public static JiraView View(this JiraRequest request, JiraState state) => new(state, request.BaseUrl, request.IsV2);

    /// <summary>With <c>values</c>, <c>isLast</c>, <c>self</c> and <c>nextPage</c>.</summary>
    public static ApiAnswer Page<T>(JiraRequest request, IReadOnlyList<T> all, Func<T, JsonNode?> view, int limit, int? fallback = null)
    {
        var (startAt, maxResults) = Window(request, limit, fallback ?? limit);
        var values = all.Skip(startAt).Take(maxResults).Select(view).ToJson();
        var isLast = startAt + values.Count >= all.Count;
        var json = new JsonObject
        {
            ["self"] = Address(request, startAt, maxResults),
            ["maxResults"] = maxResults,
            ["startAt"] = startAt,
            ["total"] = all.Count,
            ["isLast"] = isLast,
            ["values"] = values,
        };
        if (!isLast)
            json["nextPage"] = Address(request, startAt + maxResults, maxResults);
        return new ApiAnswer(200, json);
    }

    /// <summary>With the list under a name of its own and nothing but the counts: comments, createmeta.</summary>
    public static JsonObject Named<T>(JiraRequest request, string name, IReadOnlyList<T> all, Func<T, JsonNode?> view, int limit, int fallback)
    {
        var (startAt, maxResults) = Window(request, limit, fallback);
        return new JsonObject
        {
            ["startAt"] = startAt,
            ["maxResults"] = maxResults,
            ["total"] = all.Count,
            [name] = all.Skip(startAt).Take(maxResults).Select(view).ToJson(),
        };
    }

    private static (int StartAt, int MaxResults) Window(JiraRequest request, int limit, int fallback) =>
        (Math.Max(0, request.QueryInt("startAt", 0)), Math.Clamp(request.QueryInt("maxResults", fallback), 0, limit));

    private static string Address(JiraRequest request, int startAt, int maxResults)
    {
        var others = request.Context.Request.Query
            .Where(one => one.Key is not ("startAt" or "maxResults"))
            .SelectMany(one => one.Value.Select(value => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(value ?? "")}"));
        var query = string.Join('&', others.Append($"maxResults={maxResults}").Append($"startAt={startAt}"));
        return $"{request.BaseUrl}{request.Context.Request.Path}?{query}";
    }
}
