using System.Net;
using System.Text;
using System.Xml.Linq;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Html;

/// <summary>A stored rich text as plain text (<c>notes</c>, <c>text</c>) and as HTML for the board.</summary>
internal static class MarkupText
{
    public static string Plain(string markup)
    {
        var text = new StringBuilder();
        Plain(XElement.Parse(markup, LoadOptions.PreserveWhitespace), text);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Every tag is written anew, every text encoded, links only with harmless schemes.</summary>
    public static string Html(string markup)
    {
        var html = new StringBuilder();
        Html(XElement.Parse(markup, LoadOptions.PreserveWhitespace), html);
        return html.ToString();
    }

    private static void Plain(XElement element, StringBuilder text)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText value)
                text.Append(value.Value);
            if (node is not XElement child)
                continue;
            var name = child.Name.ToString();
            if (name is "li" or "h1" or "h2" or "ul" or "ol" or "blockquote" or "pre" or "hr" or "tr" && text.Length > 0 && text[^1] != '\n')
                text.Append('\n');
            if (name == "li")
                text.Append("• ");
            Plain(child, text);
            if (name is "li" or "h1" or "h2" or "blockquote" or "pre" or "tr" && text.Length > 0 && text[^1] != '\n')
                text.Append('\n');
            if (name == "td")
                text.Append('\t');
        }
    }

    private static void Html(XElement element, StringBuilder html)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText value)
                html.Append(WebUtility.HtmlEncode(value.Value));
            if (node is XElement child)
                Tag(child, html);
        }
    }

    private static void Tag(XElement element, StringBuilder html)
    {
        var name = element.Name.ToString();
        switch (name)
        {
            case "hr": html.Append("<hr>"); break;
            case "a":
                var href = (string?)element.Attribute("href") ?? "";
                html.Append(SafeLinks.Is(href) ? $"<a href=\"{WebUtility.HtmlEncode(href)}\" rel=\"nofollow noreferrer noopener\">" : "<span>");
                Html(element, html);
                html.Append(SafeLinks.Is(href) ? "</a>" : "</span>");
                break;
            case "img" when (string?)element.Attribute("data-asana-gid") is { } gid:
                html.Append("<img src=\"/board/file/").Append(WebUtility.HtmlEncode(Uri.EscapeDataString(gid))).Append("\" alt=\"\">");
                break;
            case "img" or "object": html.Append("<span>[image]</span>"); break;
            default:
                html.Append('<').Append(name).Append('>');
                Html(element, html);
                html.Append("</").Append(name).Append('>');
                break;
        }
    }
}
