using System.Text.Json;
using Exalate.Console.Hosting;
using Exalate.Core.RichText;

namespace Exalate.Console.Converting;

/// <summary>
/// The attachments that pictures stand for, from a JSON file. Key: what the document calls the picture (an id, a file name, an address).
/// Value: the file on the other side; every part may be missing, and a plain string is an address or a name.
/// <code>{"media-id-1": {"name": "shot.png", "url": "https://files.example/shot.png", "id": "77"}}</code>
/// </summary>
internal static class AttachmentFile
{
    private const string Shape = """{"ID OR NAME": {"name": "a.png", "url": "https://…", "id": "77"}}""";

    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <exception cref="StartupException">The file can't be read, or is no such JSON.</exception>
    public static AttachmentMap Read(string path)
    {
        try
        {
            using var parsed = JsonDocument.Parse(File.ReadAllBytes(path).AsMemory(), Options);
            return Read(parsed.RootElement);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StartupException($"--attachments: '{path}' can't be read: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            throw new StartupException($"--attachments: '{path}' is not the JSON that is expected, {Shape}: {problem.Message}", problem);
        }
    }

    private static AttachmentMap Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"its root is no object but {root.ValueKind}.");
        return new AttachmentMap(root.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Of(p.Name, p.Value))));
    }

    private static AttachmentRef Of(string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return SafeLink.CleanWeb(value.GetString()) is { } url ? new AttachmentRef(key, url) : new AttachmentRef(value.GetString()!);
        if (value.ValueKind != JsonValueKind.Object) throw new FormatException($"the entry '{key}' is no object but {value.ValueKind}.");
        return new AttachmentRef(Text(value, "name") ?? key, Text(value, "url"), Text(value, "id"));
    }

    private static string? Text(JsonElement value, string name)
    {
        if (!value.TryGetProperty(name, out var part)) return null;
        return part.ValueKind switch
        {
            JsonValueKind.String when part.GetString() is { Length: > 0 } text => text,
            JsonValueKind.Number => part.GetRawText(),
            _ => null,
        };
    }
}
