using System.Text.Json.Nodes;
using Exalate.Sandbox.Board;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Documents;

/// <summary>A document as Markdown, for the board's text boxes. What Markdown has no word for is written as its text.</summary>
internal static class AdfMarkdown
{
    public static string Write(JsonNode? document) => document is null ? "" : Blocks(document, "\n\n");

    private static string Blocks(JsonNode node, string separator) =>
        string.Join(separator, Content(node).Select(Block).Where(text => text.Length > 0));

    private static string Block(JsonNode node)
    {
        var attrs = node["attrs"];
        switch (node["type"].Text())
        {
            case "paragraph": return Inline(node);
            case "heading": return new string('#', attrs.Get("level").Number() ?? 1) + " " + Inline(node);
            case "bulletList": return string.Join('\n', Content(node).Select(item => "- " + MarkdownText.Indent(Blocks(item, "\n"), "  ")));
            case "orderedList": return string.Join('\n', Content(node).Select((item, index) => $"{index + 1}. " + MarkdownText.Indent(Blocks(item, "\n"), "   ")));
            case "taskList": return string.Join('\n', Content(node).Select(item => (item["attrs"].Get("state").Text() == "DONE" ? "- [x] " : "- [ ] ") + Inline(item)));
            case "blockquote": return "> " + MarkdownText.Indent(Blocks(node, "\n\n"), "> ");
            case "panel": return $"> [!{Alert(attrs.Get("panelType").Text())}]\n> " + MarkdownText.Indent(Blocks(node, "\n\n"), "> ");
            case "codeBlock": return $"```{attrs.Get("language").Text()}\n{string.Concat(Content(node).Select(child => child["text"].Text()))}\n```";
            case "rule": return "---";
            case "media": return Picture(node);
            case "table": return Table(node);
            case "blockCard" or "embedCard": return $"<{attrs.Get("url").Text()}>";
            default: return Blocks(node, "\n\n");
        }
    }

    private static string Picture(JsonNode node) =>
        node["attrs"].Get("id").Text() is { } id ? $"![{MarkdownText.Escape(node["attrs"].Get("alt").Text() ?? "")}](media:{id})" : "";

    private static string Alert(string? panel) => panel switch
    {
        "warning" => "WARNING",
        "success" or "tip" => "TIP",
        "error" => "IMPORTANT",
        _ => "NOTE",
    };

    private static string Table(JsonNode table)
    {
        var rows = Content(table).Select(row => "| " + string.Join(" | ", Content(row).Select(cell => Blocks(cell, " ").Replace('\n', ' '))) + " |").ToList();
        var columns = Content(Content(table).First()).Count();
        rows.Insert(1, "|" + string.Concat(Enumerable.Repeat(" --- |", columns)));
        return string.Join('\n', rows);
    }

    private static string Inline(JsonNode node) => string.Concat(Content(node).Select(child =>
    {
        var attrs = child["attrs"];
        return child["type"].Text() switch
        {
            "text" => Marked(child),
            "hardBreak" => "\\\n",
            "mention" => $"[{MarkdownText.Escape(attrs.Get("text").Text() ?? "@")}](accountid:{attrs.Get("id").Text()})",
            "emoji" => attrs.Get("text").Text() ?? attrs.Get("shortName").Text(),
            "date" => AdfHtml.DateText(attrs.Get("timestamp").TextOrNumber()),
            "status" => attrs.Get("text").Text(),
            "mediaInline" => Picture(child),
            "inlineCard" => $"<{attrs.Get("url").Text()}>",
            _ => "",
        };
    }));

    private static string Marked(JsonNode node)
    {
        var raw = node["text"].Text() ?? "";
        var marks = (node["marks"] as JsonArray ?? []).OfType<JsonNode>().ToList();
        var text = marks.Exists(mark => mark["type"].Text() == "code") ? $"`{raw}`" : MarkdownText.Escape(raw);
        foreach (var mark in marks)
        {
            text = mark["type"].Text() switch
            {
                "strong" => $"**{text}**",
                "em" => $"*{text}*",
                "strike" => $"~~{text}~~",
                "underline" => $"++{text}++",
                _ => text,
            };
        }

        var href = marks.Find(mark => mark["type"].Text() == "link")?["attrs"].Get("href").Text();
        return href is null ? text : $"[{text}]({href})";
    }

    private static IEnumerable<JsonNode> Content(JsonNode node) => (node["content"] as JsonArray ?? []).OfType<JsonNode>();
}
