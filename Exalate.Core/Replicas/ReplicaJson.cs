using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exalate.Core.Replicas;

/// <summary>One way to turn replicas and messages into JSON, in the database and on the wire: camel case, nulls left out, unknown properties passed over.</summary>
public static class ReplicaJson
{
    /// <summary>Documents nest: a list in a quote in a table is deeper than the serializer's own limit of 64.</summary>
    private const int MaxDepth = 1024;

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = MaxDepth,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">The text is no such JSON.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The JSON is the literal null.");
}
