using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exalate.Core.Trackers.Calls;

/// <summary>
/// Looking into vendors' JSON without falling over it: a property that is missing, null or of another kind reads as null;
/// ids may come as strings or numbers.
/// </summary>
internal static class JsonReading
{
    // Rich text nests deeper than the default of 64.
    internal const int MaxDepth = 1000;

    internal static readonly JsonSerializerOptions WriteOptions = new() { MaxDepth = MaxDepth };

    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = MaxDepth };

    /// <exception cref="JsonException">It is no JSON.</exception>
    internal static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        var node = JsonNode.Parse(json, null, ReadOptions);
        return node;
    }

    internal static bool TryParse(ReadOnlySpan<byte> json, out JsonNode? node)
    {
        try
        {
            node = Parse(json);
            return true;
        }
        catch (JsonException)
        {
            node = null;
            return false;
        }
    }

    internal static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = node is JsonObject o && o.TryGetPropertyValue(name, out var child) ? child : null;
        }

        return node;
    }

    internal static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => null,
    };

    internal static long? Whole(this JsonNode? node, params ReadOnlySpan<string> path) =>
        long.TryParse(node.Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) switch
    {
        JsonValue value when value.GetValueKind() is JsonValueKind.True => true,
        JsonValue value when value.GetValueKind() is JsonValueKind.False => false,
        _ => null,
    };

    internal static IReadOnlyList<JsonNode> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? [.. array.OfType<JsonNode>()] : [];

    /// <summary>ISO 8601 with any offset, also Jira's "2026-01-01T10:00:00.000-0800" without a colon.</summary>
    internal static DateTimeOffset? Time(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var text = node.Text(path);
        return DateTimeOffset.TryParse(WithColon(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;
    }

    private static string? WithColon(string? time) =>
        time is { Length: > 5 } && time[^5] is '+' or '-' && time.Contains('T', StringComparison.Ordinal) ? $"{time[..^2]}:{time[^2..]}" : time;
}
