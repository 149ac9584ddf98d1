using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exalate.Sandbox.Http;

/// <summary>JSON as both APIs read and write it: documents nest deeper than the default of 64, text stays readable.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 900 };

    private static readonly JsonSerializerOptions Writing = new(JsonSerializerOptions.Default)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1000,
    };

    /// <exception cref="JsonException">Not JSON.</exception>
    public static JsonNode? Parse(string text) => JsonNode.Parse(text, documentOptions: Reading);

    public static Task<JsonNode?> ParseAsync(Stream stream, CancellationToken cancellationToken) =>
        JsonNode.ParseAsync(stream, documentOptions: Reading, cancellationToken: cancellationToken);

    public static string Write(JsonNode node) => node.ToJsonString(Writing);

    public static byte[] WriteBytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Writing);

    /// <summary>A member, or null when there is none or the node is no object: what a client sent may be anything.</summary>
    public static JsonNode? Get(this JsonNode? node, string name) => node is JsonObject members ? members[name] : null;

    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A string, or a number's digits: both APIs take ids either way.</summary>
    public static string? TextOrNumber(this JsonNode? node) =>
        node.Text() ?? (node is JsonValue value && value.TryGetValue(out long number) ? number.ToString() : null);

    public static bool? Flag(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    public static int? Number(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    public static JsonArray ToJson(this IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    public static JsonArray ToJson(this IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
