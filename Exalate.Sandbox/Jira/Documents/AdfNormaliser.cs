using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Documents;

/// <summary>
/// What Jira makes of a valid document when it stores it: neighbouring texts with the same marks become one, some nodes get a
/// <c>localId</c> and default attributes, a mention gets its display text. A client that compares bytes sees a change.
/// </summary>
internal static class AdfNormaliser
{
    public static JsonObject Normalise(JsonNode document, Func<string, string?> nameOfAccount)
    {
        var copy = (JsonObject)document.DeepClone();
        Visit(copy, nameOfAccount);
        return copy;
    }

    /// <summary>Ids of media-service files that the document refers to.</summary>
    public static IEnumerable<string> MediaIds(JsonNode? node) => node switch
    {
        JsonObject element when element["type"].Text() is "media" or "mediaInline" && element["attrs"].Get("type").Text() is "file" or "image" =>
            [element["attrs"]!["id"].Text() ?? ""],
        JsonObject element => MediaIds(element["content"]),
        JsonArray children => children.SelectMany(MediaIds),
        _ => [],
    };

    private static void Visit(JsonObject node, Func<string, string?> nameOfAccount)
    {
        Decorate(node, nameOfAccount);
        if (node["content"] is not JsonArray content)
            return;
        MergeTexts(content);
        foreach (var child in content.OfType<JsonObject>())
            Visit(child, nameOfAccount);
    }

    private static void Decorate(JsonObject node, Func<string, string?> nameOfAccount)
    {
        switch (node["type"].Text())
        {
            case "table":
                Default(node, "isNumberColumnEnabled", false);
                Default(node, "layout", "default");
                Default(node, "localId", Randomness.Uuid());
                break;
            case "taskList" or "taskItem" or "decisionList" or "decisionItem" or "expand" or "nestedExpand" or "status":
                Default(node, "localId", Randomness.Uuid());
                break;
            case "orderedList":
                Default(node, "order", 1);
                break;
            case "tableCell" or "tableHeader":
                Attributes(node);
                break;
            case "mention":
                Default(node, "text", "@" + (nameOfAccount(node["attrs"]!["id"].Text()!) ?? "unknown user"));
                Default(node, "accessLevel", "");
                Default(node, "localId", Randomness.Uuid());
                break;
        }
    }

    private static void MergeTexts(JsonArray content)
    {
        for (var index = content.Count - 1; index > 0; index--)
        {
            if (content[index] is JsonObject right && content[index - 1] is JsonObject left
                && right["type"].Text() == "text" && left["type"].Text() == "text"
                && SameMarks(left, right))
            {
                left["text"] = left["text"].Text() + right["text"].Text();
                content.RemoveAt(index);
            }
        }
    }

    private static bool SameMarks(JsonObject left, JsonObject right)
    {
        var a = left["marks"] as JsonArray ?? [];
        var b = right["marks"] as JsonArray ?? [];
        return JsonNode.DeepEquals(a, b);
    }

    private static JsonObject Attributes(JsonObject node)
    {
        if (node["attrs"] is not JsonObject attributes)
            node["attrs"] = attributes = [];
        return attributes;
    }

    private static void Default(JsonObject node, string name, JsonNode value)
    {
        var attributes = Attributes(node);
        attributes[name] ??= value;
    }
}
