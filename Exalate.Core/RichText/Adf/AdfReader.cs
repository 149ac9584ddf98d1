using System.Text.Json;
using System.Text.Json.Nodes;
using static Exalate.Core.RichText.JsonRead;

namespace Exalate.Core.RichText;

/// <summary>
/// Reads the Atlassian Document Format of Jira's REST v3. Never throws: nodes it does not know become opaque with what they contain,
/// odd values become text. Source: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/.
/// Not kept: localId, annotations, the access level of mentions.
/// </summary>
public static class AdfReader
{
    /// <summary>Null, or anything that holds no text, gives the empty document.</summary>
    public static RichDocument Read(JsonNode? adf, RichTextHooks? hooks = null)
    {
        if (adf is null) return RichDocument.Empty;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = 100_000 })) adf.WriteTo(writer);
        using var parsed = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = 100_000 });
        return Read(parsed.RootElement, hooks);
    }

    public static RichDocument Read(JsonElement adf, RichTextHooks? hooks = null)
    {
        var blocks = new AdfBlockReader(hooks ?? RichTextHooks.None).Read(adf);
        return blocks.Count == 0 ? RichDocument.Empty : new RichDocument(DepthLimit.Apply(blocks.ToNodeList()));
    }
}
