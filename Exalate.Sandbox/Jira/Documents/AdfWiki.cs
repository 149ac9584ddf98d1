using System.Text;
using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Documents;

/// <summary>A document as the wiki markup that API v2 and webhook payloads carry.</summary>
internal static class AdfWiki
{
    public static string? Write(JsonNode? document)
    {
        if (document is null)
            return null;
        var text = new StringBuilder();
        Blocks(document, "", text);
        return text.ToString().TrimEnd('\n');
    }

    private static void Blocks(JsonNode node, string list, StringBuilder text)
    {
        foreach (var child in Content(node))
            Block(child, list, text);
    }

    private static void Block(JsonNode node, string list, StringBuilder text)
    {
        switch (node["type"].Text())
        {
            case "paragraph": Inline(node, text); text.Append(list == "" ? "\n\n" : "\n"); break;
            case "heading": text.Append('h').Append(node["attrs"].Get("level").Number() ?? 1).Append(". "); Inline(node, text); text.Append("\n\n"); break;
            case "bulletList": Items(node, list + "*", text); break;
            case "orderedList": Items(node, list + "#", text); break;
            case "taskList": Tasks(node, text); break;
            case "blockquote": Fenced("{quote}", node, text); break;
            case "panel": Fenced("{panel}", node, text); break;
            case "codeBlock": Code(node, text); break;
            case "rule": text.Append("----\n\n"); break;
            case "table": Table(node, text); break;
            case "blockCard" or "embedCard": text.Append('[').Append(node["attrs"].Get("url").Text()).Append("]\n\n"); break;
            default: Blocks(node, list, text); break;
        }
    }

    private static void Items(JsonNode node, string marker, StringBuilder text)
    {
        foreach (var item in Content(node))
        {
            text.Append(marker).Append(' ');
            Blocks(item, marker, text);
        }

        if (marker.Length == 1)
            text.Append('\n');
    }

    private static void Tasks(JsonNode node, StringBuilder text)
    {
        foreach (var item in Content(node))
        {
            text.Append(item["attrs"].Get("state").Text() == "DONE" ? "* (/) " : "* ");
            Inline(item, text);
            text.Append('\n');
        }

        text.Append('\n');
    }

    private static void Fenced(string fence, JsonNode node, StringBuilder text)
    {
        var inner = new StringBuilder();
        Blocks(node, "", inner);
        text.Append(fence).Append('\n').Append(inner.ToString().TrimEnd('\n')).Append('\n').Append(fence).Append("\n\n");
    }

    private static void Code(JsonNode node, StringBuilder text)
    {
        var language = node["attrs"].Get("language").Text();
        text.Append(language is null ? "{code}" : $"{{code:{language}}}").Append('\n');
        foreach (var child in Content(node))
            text.Append(child["text"].Text());
        text.Append("\n{code}\n\n");
    }

    private static void Table(JsonNode node, StringBuilder text)
    {
        foreach (var row in Content(node))
        {
            foreach (var cell in Content(row))
            {
                var inner = new StringBuilder();
                Blocks(cell, "", inner);
                text.Append(cell["type"].Text() == "tableHeader" ? "||" : "|").Append(inner.ToString().Trim().Replace("\n", " "));
            }

            text.Append("|\n");
        }

        text.Append('\n');
    }

    private static void Inline(JsonNode node, StringBuilder text)
    {
        foreach (var child in Content(node))
        {
            var attrs = child["attrs"];
            text.Append(child["type"].Text() switch
            {
                "text" => Marked(child),
                "hardBreak" => "\n",
                "mention" => $"[~accountid:{attrs.Get("id").Text()}]",
                "emoji" => attrs.Get("text").Text() ?? attrs.Get("shortName").Text(),
                "date" => AdfHtml.DateText(attrs.Get("timestamp").TextOrNumber()),
                "status" => attrs.Get("text").Text(),
                "inlineCard" => $"[{attrs.Get("url").Text()}]",
                _ => "",
            });
        }
    }

    private static string Marked(JsonNode node)
    {
        var text = node["text"].Text() ?? "";
        foreach (var mark in (node["marks"] as JsonArray ?? []).Reverse())
        {
            text = mark!["type"].Text() switch
            {
                "strong" => $"*{text}*",
                "em" => $"_{text}_",
                "code" => $"{{{{{text}}}}}",
                "strike" => $"-{text}-",
                "underline" => $"+{text}+",
                "link" => $"[{text}|{mark["attrs"].Get("href").Text()}]",
                "subsup" => mark["attrs"].Get("type").Text() == "sub" ? $"~{text}~" : $"^{text}^",
                _ => text,
            };
        }

        return text;
    }

    private static IEnumerable<JsonNode> Content(JsonNode node) => (node["content"] as JsonArray ?? []).OfType<JsonNode>();
}
