using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exalate.Core.RichText;

/// <summary>
/// The JSON in which documents travel between nodes and are stored:
/// <c>{"v":1,"blocks":[{"type":"paragraph","content":[{"type":"text","text":"Hi","marks":["bold"]}]}]}</c>.
/// A node type that this version does not know becomes an opaque node with its text. Deep nesting is written flat, as a
/// reference into a list beside the blocks, so that no reader's depth limit is met.
/// </summary>
public static class RichDocumentJson
{
    internal const int Version = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions ReaderOptions = new() { MaxDepth = 512 };

    public static string Serialize(RichDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions)) RichDocumentJsonWriter.Write(writer, document);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Fails with <see cref="JsonException"/> when the text is no JSON, or too large; whatever is valid JSON gives a document.</summary>
    public static RichDocument Deserialize(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > RichLimits.MaxJsonLength)
            throw new JsonException($"The document has {json.Length} characters of JSON; at most {RichLimits.MaxJsonLength} are read.");
        using var parsed = JsonDocument.Parse(json, ReaderOptions);
        return new RichDocumentJsonReader().Read(parsed.RootElement);
    }
}

/// <summary>Puts a document into the JSON of the record that holds it.</summary>
public sealed class RichDocumentJsonConverter : JsonConverter<RichDocument>
{
    public override bool HandleNull => true;

    public override RichDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var parsed = JsonDocument.ParseValue(ref reader);
        return new RichDocumentJsonReader().Read(parsed.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, RichDocument? value, JsonSerializerOptions options)
    {
        if (value is null) writer.WriteNullValue();
        else RichDocumentJsonWriter.Write(writer, value);
    }
}
