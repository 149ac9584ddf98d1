using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Exalate.Core.RichText;

/// <summary>
/// Parses JSON of any depth in linear time. What nests deeper than any document of people is cut down to its texts first: the framework's parser
/// looks back through everything inside a value when it ends, so a document 100,000 levels deep would take minutes.
/// </summary>
internal static class DeepJson
{
    /// <summary>Levels of JSON. A table is six of them, and readers keep 100 levels of blocks.</summary>
    private const int MaxDepth = 1_000;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = int.MaxValue, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = MaxDepth + 10, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(string json)
    {
        // Halves of characters become the replacement character here, where the parser would throw.
        var utf8 = Encoding.UTF8.GetBytes(json);
        return JsonDocument.Parse(IsDeep(utf8) ? Shallow(utf8) : utf8, Parsing);
    }

    private static bool IsDeep(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8, Reading);
        var deep = false;
        while (reader.Read()) deep |= reader.CurrentDepth > MaxDepth;
        return deep;
    }

    private static ReadOnlyMemory<byte> Shallow(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8, Reading);
        var buffer = new ArrayBufferWriter<byte>(utf8.Length);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = MaxDepth + 10, SkipValidation = true }))
        {
            var inArray = new Stack<bool>();
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    if (reader.CurrentDepth >= MaxDepth)
                    {
                        Texts(ref reader, writer, inArray.Peek());
                        continue;
                    }
                    inArray.Push(reader.TokenType == JsonTokenType.StartArray);
                }
                else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    inArray.Pop();
                }
                Copy(ref reader, writer);
            }
        }
        return buffer.WrittenMemory;
    }

    // The value that begins here as paragraphs of its texts, one for each list that holds some.
    private static void Texts(ref Utf8JsonReader reader, Utf8JsonWriter writer, bool inArray)
    {
        var end = reader.CurrentDepth;
        var texts = new List<string>();
        var isText = false;
        if (!inArray) writer.WriteNullValue();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName) isText = reader.ValueTextEquals("text");
            else if (reader.TokenType == JsonTokenType.String && isText) texts.Add(Text(ref reader));
            var closes = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject && reader.CurrentDepth == end;
            if (inArray && texts.Count > 0 && (closes || reader.TokenType == JsonTokenType.EndArray)) Paragraph(texts, writer);
            if (closes) return;
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return HalfCharacters.Unescape($"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\"");
        }
    }

    private static void Paragraph(List<string> texts, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "paragraph");
        writer.WriteStartArray("content");
        foreach (var text in texts)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", text);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        texts.Clear();
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(Text(ref reader));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(Text(ref reader));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
