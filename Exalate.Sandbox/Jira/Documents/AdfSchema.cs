using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Documents;

/// <summary>
/// Whether JSON is an Atlassian document. Follows the published structure (developer.atlassian.com, "Atlassian Document Format"):
/// known nodes in their places, known marks, the attributes that a node can't do without. Unknown attributes are let through.
/// </summary>
internal static class AdfSchema
{
    private const string Inline = "text hardBreak mention emoji date status inlineCard placeholder mediaInline inlineExtension";
    private const string Media = "mediaSingle mediaGroup";
    private const string Lists = "bulletList orderedList";
    private const string Cards = "blockCard embedCard";
    private const string Extensions = "extension";
    private const string Blocks = $"paragraph heading {Lists} taskList decisionList blockquote codeBlock rule panel table {Media} {Cards} {Extensions}";
    private const string ListItem = $"paragraph {Lists} taskList codeBlock {Media} {Extensions}";
    private const string Cell = $"paragraph heading {Lists} taskList decisionList blockquote codeBlock rule panel nestedExpand {Media} {Cards} {Extensions}";

    private static readonly Dictionary<string, NodeRule> Nodes = new(StringComparer.Ordinal)
    {
        ["doc"] = new($"{Blocks} expand bodiedExtension layoutSection"),
        ["paragraph"] = new(Inline),
        ["heading"] = new(Inline) { Attributes = attrs => attrs?["level"].Number() is >= 1 and <= 6 },
        ["bulletList"] = new("listItem") { NeedsContent = true },
        ["orderedList"] = new("listItem") { NeedsContent = true },
        ["listItem"] = new(ListItem) { NeedsContent = true },
        ["taskList"] = new("taskItem taskList blockTaskItem") { NeedsContent = true },
        ["taskItem"] = new(Inline) { Attributes = attrs => attrs?["state"].Text() is "TODO" or "DONE" },
        ["blockTaskItem"] = new("paragraph extension") { Attributes = attrs => attrs?["state"].Text() is "TODO" or "DONE" },
        ["decisionList"] = new("decisionItem") { NeedsContent = true },
        ["decisionItem"] = new(Inline) { Attributes = attrs => attrs?["state"].Text() is not null },
        ["blockquote"] = new($"paragraph {Lists} codeBlock {Media} {Extensions}") { NeedsContent = true },
        ["codeBlock"] = new("text") { PlainText = true },
        ["rule"] = NodeRule.Leaf,
        ["panel"] = new($"paragraph heading {Lists} blockCard taskList decisionList rule codeBlock {Media} {Extensions}")
        {
            NeedsContent = true,
            Attributes = attrs => attrs?["panelType"].Text() is "info" or "note" or "tip" or "warning" or "error" or "success" or "custom",
        },
        ["table"] = new("tableRow") { NeedsContent = true },
        ["tableRow"] = new("tableCell tableHeader"),
        ["tableCell"] = new(Cell),
        ["tableHeader"] = new(Cell),
        ["mediaSingle"] = new("media caption") { NeedsContent = true },
        ["mediaGroup"] = new("media") { NeedsContent = true },
        ["media"] = NodeRule.Leaf with { Attributes = IsMedia },
        ["mediaInline"] = NodeRule.Leaf with { Attributes = IsMedia },
        ["caption"] = new(Inline),
        ["expand"] = new($"{Cell} table") { NeedsContent = true },
        ["nestedExpand"] = new($"paragraph heading {Lists} taskList decisionList blockquote codeBlock rule panel {Media} {Extensions}")
            { NeedsContent = true },
        ["layoutSection"] = new("layoutColumn") { NeedsContent = true },
        ["layoutColumn"] = new($"{Blocks} expand"),
        ["blockCard"] = NodeRule.Leaf with { Attributes = IsCard },
        ["embedCard"] = NodeRule.Leaf with { Attributes = IsCard },
        ["inlineCard"] = NodeRule.Leaf with { Attributes = IsCard },
        ["extension"] = NodeRule.Leaf with { Attributes = IsExtension },
        ["inlineExtension"] = NodeRule.Leaf with { Attributes = IsExtension },
        ["bodiedExtension"] = new(Blocks) { Attributes = IsExtension },
        ["text"] = NodeRule.Leaf,
        ["hardBreak"] = NodeRule.Leaf,
        ["placeholder"] = NodeRule.Leaf with { Attributes = attrs => attrs?["text"].Text() is not null },
        ["mention"] = NodeRule.Leaf with { Attributes = attrs => attrs?["id"].Text() is { Length: > 0 } },
        ["emoji"] = NodeRule.Leaf with { Attributes = attrs => attrs?["shortName"].Text() is { Length: > 0 } },
        ["date"] = NodeRule.Leaf with { Attributes = attrs => attrs?["timestamp"].TextOrNumber() is { Length: > 0 } },
        ["status"] = NodeRule.Leaf with
        {
            Attributes = attrs => attrs?["text"].Text() is { Length: > 0 }
                && attrs["color"].Text() is "neutral" or "purple" or "blue" or "red" or "yellow" or "green",
        },
    };

    private static readonly Dictionary<string, Func<JsonObject?, bool>> Marks = new(StringComparer.Ordinal)
    {
        ["strong"] = _ => true,
        ["em"] = _ => true,
        ["code"] = _ => true,
        ["strike"] = _ => true,
        ["underline"] = _ => true,
        ["link"] = attrs => attrs?["href"].Text() is not null,
        ["subsup"] = attrs => attrs?["type"].Text() is "sub" or "sup",
        ["textColor"] = attrs => attrs?["color"].Text() is { Length: 7 } color && color[0] == '#',
        ["backgroundColor"] = attrs => attrs?["color"].Text() is { Length: 7 } color && color[0] == '#',
        ["annotation"] = attrs => attrs?["id"].Text() is not null,
        ["border"] = _ => true,
        ["alignment"] = attrs => attrs?["align"].Text() is "center" or "end",
        ["indentation"] = attrs => attrs?["level"].Number() is >= 1 and <= 6,
        ["breakout"] = _ => true,
        ["fragment"] = _ => true,
        ["dataConsumer"] = _ => true,
    };

    public static bool IsDocument(JsonNode? node) =>
        node is JsonObject document
        && document["type"].Text() == "doc"
        && document["version"].Number() == 1
        && document["content"] is JsonArray content
        && content.All(child => IsNode(child, Nodes["doc"]));

    private static bool IsNode(JsonNode? node, NodeRule parent)
    {
        if (node is not JsonObject element || element["type"].Text() is not { } type
            || !parent.Children.Contains(type) || !Nodes.TryGetValue(type, out var rule))
            return false;
        if (element["attrs"] is not null and not JsonObject || !rule.Attributes(element["attrs"] as JsonObject))
            return false;
        if (!AreMarks(element["marks"], parent.PlainText))
            return false;
        return type == "text"
            ? element["text"].Text() is { Length: > 0 }
            : IsContent(element["content"], rule);
    }

    private static bool IsContent(JsonNode? content, NodeRule rule)
    {
        if (content is null)
            return !rule.NeedsContent;
        return content is JsonArray children
            && (children.Count > 0 || !rule.NeedsContent)
            && children.All(child => IsNode(child, rule));
    }

    private static bool AreMarks(JsonNode? marks, bool plainText)
    {
        if (marks is null)
            return true;
        if (marks is not JsonArray list || (plainText && list.Count > 0))
            return false;
        var names = list.Select(mark => mark?["type"].Text()).ToList();
        if (names.Contains("code") && names.Any(name => name is not ("code" or "link" or "annotation")))
            return false;
        return list.All(mark => mark is JsonObject one
            && one["type"].Text() is { } type
            && Marks.TryGetValue(type, out var attributes)
            && attributes(one["attrs"] as JsonObject));
    }

    private static bool IsMedia(JsonObject? attrs) => attrs?["type"].Text() switch
    {
        "external" => attrs["url"].Text() is { Length: > 0 },
        "file" or "link" or "image" => attrs["id"].Text() is { Length: > 0 } && attrs["collection"].Text() is not null,
        _ => false,
    };

    private static bool IsCard(JsonObject? attrs) => attrs?["url"].Text() is { Length: > 0 } || attrs?["data"] is JsonObject || attrs?["datasource"] is JsonObject;

    private static bool IsExtension(JsonObject? attrs) => attrs?["extensionKey"].Text() is not null && attrs["extensionType"].Text() is not null;

    private sealed record NodeRule(string Content)
    {
        public static readonly NodeRule Leaf = new("");

        public HashSet<string> Children { get; } = [.. Content.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

        public bool NeedsContent { get; init; }

        public bool PlainText { get; init; }

        public Func<JsonObject?, bool> Attributes { get; init; } = _ => true;
    }
}
