using System.Text;
using System.Xml.Linq;
using Exalate.Sandbox.Board;

namespace Exalate.Sandbox.Asana.Html;

/// <summary>Asana's rich text as Markdown, for the board's text boxes.</summary>
internal static class MarkupMarkdown
{
    public static string Write(string markup)
    {
        var text = new StringBuilder();
        Nodes(XElement.Parse(markup, LoadOptions.PreserveWhitespace), "", text);
        return text.ToString().Trim('\n');
    }

    private static void Nodes(XElement element, string prefix, StringBuilder text)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText value)
                Text(value.Value, text);
            else if (node is XElement child)
                Tag(child, prefix, text);
        }
    }

    /// <summary>A single newline is a line break here, so it needs the backslash that Markdown's soft breaks don't.</summary>
    private static void Text(string value, StringBuilder text)
    {
        var lines = value.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            if (index > 0)
                text.Append('\n');
            text.Append(MarkdownText.Escape(lines[index]));
        }
    }

    private static void Tag(XElement element, string prefix, StringBuilder text)
    {
        switch (element.Name.ToString())
        {
            case "strong": Wrap("**", element, prefix, text); break;
            case "em": Wrap("*", element, prefix, text); break;
            case "u": Wrap("++", element, prefix, text); break;
            case "s": Wrap("~~", element, prefix, text); break;
            case "code": text.Append('`').Append(element.Value).Append('`'); break;
            case "img": text.Append("![](gid:").Append((string?)element.Attribute("data-asana-gid")).Append(')'); break;
            case "a": Link(element, prefix, text); break;
            case "h1": Block("# ", element, prefix, text); break;
            case "h2": Block("## ", element, prefix, text); break;
            case "ul": List(element, prefix, _ => "- ", text); break;
            case "ol": List(element, prefix, index => $"{index + 1}. ", text); break;
            case "blockquote": Quote(element, text); break;
            case "pre": Fresh(text).Append("```\n").Append(element.Value).Append("\n```\n\n"); break;
            case "hr": Fresh(text).Append("---\n\n"); break;
            default: Nodes(element, prefix, text); break;
        }
    }

    private static void Wrap(string mark, XElement element, string prefix, StringBuilder text)
    {
        text.Append(mark);
        Nodes(element, prefix, text);
        text.Append(mark);
    }

    private static void Link(XElement element, string prefix, StringBuilder text)
    {
        text.Append('[');
        Nodes(element, prefix, text);
        text.Append("](").Append((string?)element.Attribute("data-asana-gid") is { } gid ? "gid:" + gid : (string?)element.Attribute("href")).Append(')');
    }

    private static void Block(string mark, XElement element, string prefix, StringBuilder text)
    {
        Fresh(text).Append(mark);
        Nodes(element, prefix, text);
        text.Append("\n\n");
    }

    private static void Quote(XElement element, StringBuilder text)
    {
        var inner = new StringBuilder();
        Nodes(element, "", inner);
        Fresh(text).Append("> ").Append(inner.ToString().Trim('\n').Replace("\n", "\n> ", StringComparison.Ordinal)).Append("\n\n");
    }

    private static void List(XElement element, string prefix, Func<int, string> marker, StringBuilder text)
    {
        if (prefix.Length == 0)
            Fresh(text);
        else
            text.Append('\n');
        var index = 0;
        foreach (var item in element.Elements("li"))
        {
            if (index > 0)
                text.Append('\n');
            var mark = marker(index++);
            text.Append(prefix).Append(mark);
            Nodes(item, prefix + new string(' ', mark.Length), text);
        }

        if (prefix.Length == 0)
            text.Append("\n\n");
    }

    /// <summary>Before a block: an empty line, unless it is the first.</summary>
    private static StringBuilder Fresh(StringBuilder text)
    {
        while (text.Length > 0 && !(text.Length > 1 && text[^1] == '\n' && text[^2] == '\n'))
            text.Append('\n');
        return text;
    }
}
