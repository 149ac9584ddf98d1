using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira;

/// <summary>Limits of entity properties.</summary>
internal static class PropertyRules
{
    private const int MaxValue = 32_768;
    private const int MaxKey = 255;

    public static void Check(string key, JsonNode? value)
    {
        if (key.Length is 0 or > MaxKey)
            throw JiraErrors.Message(400, "The length of the property key must be between 1 and 255 characters.");
        if (value is not null && JsonText.Write(value).Length > MaxValue)
            throw JiraErrors.Message(400, "The property value is too large. The maximum length is 32768 characters.");
    }

    /// <summary>The list form in which create and edit calls carry properties.</summary>
    public static Dictionary<string, JsonNode?> Read(JsonNode? node)
    {
        var properties = new Dictionary<string, JsonNode?>();
        foreach (var property in node as JsonArray ?? [])
        {
            var key = property.Get("key").Text() ?? throw JiraErrors.Message(400, "The property key is missing.");
            Check(key, property.Get("value"));
            properties[key] = property.Get("value")?.DeepClone();
        }

        return properties;
    }
}
