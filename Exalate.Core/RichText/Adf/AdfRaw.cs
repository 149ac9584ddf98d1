using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exalate.Core.RichText;

/// <summary>Nodes that were kept as text because the model does not know them, checked before they are sent again: they may come from a partner.</summary>
internal static class AdfRaw
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 48 };

    /// <summary>Null when it is no node, or holds an address that must not pass.</summary>
    public static JsonObject? Parse(string raw)
    {
        try
        {
            return JsonNode.Parse(raw, documentOptions: Options) is JsonObject node && node["type"] is JsonValue type && type.TryGetValue<string>(out _) && IsSafe(node, "") ? node : null;
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsSafe(JsonNode? node, string name) => node switch
    {
        JsonObject parts => parts.All(part => IsSafe(part.Value, part.Key)),
        JsonArray items => items.All(item => IsSafe(item, name)),
        JsonValue value when value.TryGetValue<string>(out var text) => IsSafe(text, name),
        _ => true,
    };

    private static bool IsSafe(string text, string name)
    {
        if (name is "href" or "url" or "src") return text.Length == 0 || SafeLink.Clean(text) is not null;
        // Running text may speak of "javascript:"; an address in another attribute may not begin with it.
        return name == "text" || !SafeLink.IsDangerous(text);
    }
}
