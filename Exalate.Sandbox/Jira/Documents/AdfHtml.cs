using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Documents;

/// <summary>A document as HTML, for <c>renderedFields</c> and the board. Everything from the document is encoded; links lose unsafe schemes.</summary>
internal static class AdfHtml
{
    public static string Render(JsonNode? document)
    {
        var html = new StringBuilder();
        Children(document, html);
        return html.ToString();
    }

    private static void Children(JsonNode? node, StringBuilder html)
    {
        if (node.Get("content") is not JsonArray content)
            return;
        foreach (var child in content)
            Node(child!, html);
    }

    private static void Node(JsonNode node, StringBuilder html)
    {
        var attrs = node["attrs"];
        switch (node["type"].Text())
        {
            case "text": Text(node, html); break;
            case "hardBreak": html.Append("<br/>"); break;
            case "rule": html.Append("<hr/>"); break;
            case "paragraph" or "caption" or "taskList" or "decisionList": Wrap(node["type"].Text() is "paragraph" ? "p" : "div", node, html); break;
            case "heading": Wrap("h" + (attrs.Get("level").Number() ?? 1), node, html); break;
            case "bulletList": Wrap("ul", node, html); break;
            case "orderedList": Wrap("ol", node, html); break;
            case "listItem": Wrap("li", node, html); break;
            case "blockquote": Wrap("blockquote", node, html); break;
            case "table": html.Append("<table class=\"confluenceTable\"><tbody>"); Children(node, html); html.Append("</tbody></table>"); break;
            case "tableRow": Wrap("tr", node, html); break;
            case "tableCell": Wrap("td", node, html); break;
            case "tableHeader": Wrap("th", node, html); break;
            case "codeBlock": html.Append("<pre><code>"); Children(node, html); html.Append("</code></pre>"); break;
            case "panel": Classed("div", "panel panel-" + attrs.Get("panelType").Text(), node, html); break;
            case "expand" or "nestedExpand": Expand(node, html); break;
            case "taskItem" or "blockTaskItem": html.Append(attrs.Get("state").Text() == "DONE" ? "<p>&#9745; " : "<p>&#9744; "); Children(node, html); html.Append("</p>"); break;
            case "mention": Classed("span", "user-hover", attrs.Get("text").Text() ?? "@" + attrs.Get("id").Text(), html); break;
            case "emoji": Encode(attrs.Get("text").Text() ?? attrs.Get("shortName").Text(), html); break;
            case "date": Encode(DateText(attrs.Get("timestamp").TextOrNumber()), html); break;
            case "status": Classed("span", "status", attrs.Get("text").Text(), html); break;
            case "inlineCard" or "blockCard" or "embedCard": Link(attrs.Get("url").Text() ?? "", attrs.Get("url").Text() ?? "", html); break;
            case "media" or "mediaInline" when attrs.Get("type").Text() is "file" or "image": Picture(attrs, html); break;
            case "media" or "mediaInline": Link(attrs.Get("url").Text() ?? "", attrs.Get("alt").Text() ?? "[media]", html); break;
            default: Children(node, html); break;
        }
    }

    private static void Picture(JsonNode? attrs, StringBuilder html)
    {
        html.Append("<img src=\"/_media/file/").Append(WebUtility.HtmlEncode(Uri.EscapeDataString(attrs.Get("id").Text() ?? ""))).Append("/binary\" alt=\"");
        Encode(attrs.Get("alt").Text(), html);
        html.Append("\"/>");
    }

    private static void Text(JsonNode node, StringBuilder html)
    {
        var closing = new Stack<string>();
        foreach (var mark in node["marks"] as JsonArray ?? [])
        {
            var type = mark!["type"].Text();
            if (type == "link" && mark["attrs"].Get("href").Text() is { } href && SafeLinks.Is(href))
            {
                html.Append("<a href=\"").Append(WebUtility.HtmlEncode(href)).Append("\" rel=\"nofollow noreferrer noopener\">");
                closing.Push("</a>");
            }
            else if (TagOf(type, mark) is { } tag)
            {
                html.Append('<').Append(tag).Append('>');
                closing.Push($"</{tag}>");
            }
        }

        Encode(node["text"].Text(), html);
        while (closing.TryPop(out var end))
            html.Append(end);
    }

    private static string? TagOf(string? mark, JsonNode node) => mark switch
    {
        "strong" => "b",
        "em" => "em",
        "code" => "tt",
        "strike" => "del",
        "underline" => "ins",
        "subsup" => node["attrs"].Get("type").Text() == "sub" ? "sub" : "sup",
        _ => null,
    };

    private static void Wrap(string tag, JsonNode node, StringBuilder html)
    {
        html.Append('<').Append(tag).Append('>');
        Children(node, html);
        html.Append("</").Append(tag).Append('>');
    }

    private static void Classed(string tag, string name, JsonNode node, StringBuilder html)
    {
        html.Append('<').Append(tag).Append(" class=\"").Append(WebUtility.HtmlEncode(name)).Append("\">");
        Children(node, html);
        html.Append("</").Append(tag).Append('>');
    }

    private static void Classed(string tag, string name, string? text, StringBuilder html)
    {
        html.Append('<').Append(tag).Append(" class=\"").Append(name).Append("\">");
        Encode(text, html);
        html.Append("</").Append(tag).Append('>');
    }

    private static void Expand(JsonNode node, StringBuilder html)
    {
        html.Append("<details open><summary>");
        Encode(node["attrs"].Get("title").Text(), html);
        html.Append("</summary>");
        Children(node, html);
        html.Append("</details>");
    }

    private static void Link(string href, string text, StringBuilder html)
    {
        if (SafeLinks.Is(href))
            html.Append("<a href=\"").Append(WebUtility.HtmlEncode(href)).Append("\" rel=\"nofollow noreferrer noopener\">");
        Encode(text, html);
        if (SafeLinks.Is(href))
            html.Append("</a>");
    }

    internal static string DateText(string? timestamp) =>
        long.TryParse(timestamp, out var ms) ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd") : timestamp ?? "";

    private static void Encode(string? text, StringBuilder html) => html.Append(WebUtility.HtmlEncode(text));
}
