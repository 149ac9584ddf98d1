using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Endpoints;

internal delegate ApiAnswer PropertyChange(
    JiraRequest request, IReadOnlyDictionary<string, JsonNode?> before, out IReadOnlyDictionary<string, JsonNode?> after);

/// <summary>Entity properties, the same on issues and comments.</summary>
internal static class Properties
{
    public static ApiAnswer List(JiraRequest request, IReadOnlyDictionary<string, JsonNode?> properties, string self) =>
        new(200, new JsonObject
        {
            ["keys"] = properties.Keys.Select(key => (JsonNode)new JsonObject { ["key"] = key, ["self"] = $"{self}/{Uri.EscapeDataString(key)}" }).ToJson(),
        });

    public static ApiAnswer Get(JiraRequest request, IReadOnlyDictionary<string, JsonNode?> properties)
    {
        var key = request.Route("key");
        return properties.TryGetValue(key, out var value) ? new ApiAnswer(200, JiraView.Property(key, value)) : throw Missing(key);
    }

    public static ApiAnswer Put(
        JiraRequest request, IReadOnlyDictionary<string, JsonNode?> before, out IReadOnlyDictionary<string, JsonNode?> after)
    {
        var key = request.Route("key");
        if (request.RawBody is null)
            throw JiraErrors.Message(400, "The property value can not be empty.");
        PropertyRules.Check(key, request.RawBody);
        after = before.ToDictionary().With(key, request.RawBody.DeepClone());
        return new ApiAnswer(before.ContainsKey(key) ? 200 : 201, new JsonObject());
    }

    public static ApiAnswer Delete(
        JiraRequest request, IReadOnlyDictionary<string, JsonNode?> before, out IReadOnlyDictionary<string, JsonNode?> after)
    {
        var key = request.Route("key");
        if (!before.ContainsKey(key))
            throw Missing(key);
        after = before.Where(one => one.Key != key).ToDictionary();
        return new ApiAnswer(204);
    }

    private static Dictionary<string, JsonNode?> With(this Dictionary<string, JsonNode?> properties, string key, JsonNode? value)
    {
        properties[key] = value;
        return properties;
    }

    private static ApiException Missing(string key) => JiraErrors.Message(404, $"The property with key '{key}' does not exist.");
}
