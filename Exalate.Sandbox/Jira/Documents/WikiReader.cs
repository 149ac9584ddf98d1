using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Exalate.Sandbox.Jira.Documents;

/// <summary>Wiki markup, as API v2 takes it, to a document: headings, lists, code, quotes, the common marks. The rest stays text.</summary>
internal static partial class WikiReader
{
    public static JsonObject Read(string wiki)
    {
        var content = new JsonArray();
        var lines = wiki.ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length;)
            at = Block(lines, at, content);
        return new JsonObject { ["version"] = 1, ["type"] = "doc", ["content"] = content };
    }

    private static int Block(string[] lines, int at, JsonArray content)
    {
        var line = lines[at];
        if (line.Trim().Length == 0)
            return at + 1;
        if (Heading().Match(line) is { Success: true } heading)
        {
            content.Add(Node("heading", Inline(heading.Groups[2].Value), new JsonObject { ["level"] = int.Parse(heading.Groups[1].ValueSpan) }));
            return at + 1;
        }

        if (Code().Match(line) is { Success: true } code)
            return CodeBlock(lines, at, code.Groups[2].Value, content);
        if (Rule().IsMatch(line))
        {
            content.Add(new JsonObject { ["type"] = "rule" });
            return at + 1;
        }

        return Item().IsMatch(line) ? List(lines, at, 1, content) : Paragraph(lines, at, content);
    }

    private static int CodeBlock(string[] lines, int at, string language, JsonArray content)
    {
        var end = Array.FindIndex(lines, at + 1, line => line.Trim() is "{code}" or "{noformat}");
        if (end < 0)
            end = lines.Length;
        var text = string.Join('\n', lines[(at + 1)..end]);
        content.Add(Node(
            "codeBlock",
            text.Length == 0 ? [] : [new JsonObject { ["type"] = "text", ["text"] = text }],
            language.Length == 0 ? null : new JsonObject { ["language"] = language }));
        return end + 1;
    }

    private static int List(string[] lines, int at, int depth, JsonArray content)
    {
        var kind = Item().Match(lines[at]).Groups[1].Value[depth - 1];
        var items = new JsonArray();
        while (at < lines.Length && Item().Match(lines[at]) is { Success: true } match)
        {
            var marker = match.Groups[1].Value;
            if (marker.Length < depth || marker[depth - 1] != kind)
                break;
            if (marker.Length > depth)
            {
                if (items.Count == 0)
                    items.Add(Node("listItem", [Node("paragraph", [])]));
                at = List(lines, at, depth + 1, (JsonArray)items[^1]!["content"]!);
                continue;
            }

            items.Add(Node("listItem", [Node("paragraph", Inline(match.Groups[2].Value))]));
            at++;
        }

        content.Add(Node(kind == '#' ? "orderedList" : "bulletList", items));
        return at;
    }

    private static int Paragraph(string[] lines, int at, JsonArray content)
    {
        var inline = new JsonArray();
        while (at < lines.Length && lines[at].Trim().Length > 0
            && !Heading().IsMatch(lines[at]) && !Code().IsMatch(lines[at]) && !Item().IsMatch(lines[at]))
        {
            if (inline.Count > 0)
                inline.Add(new JsonObject { ["type"] = "hardBreak" });
            foreach (var node in Inline(lines[at]).ToList())
            {
                node!.Parent!.AsArray().Remove(node);
                inline.Add(node);
            }

            at++;
        }

        content.Add(Node("paragraph", inline));
        return at;
    }

    private static JsonArray Inline(string text)
    {
        var nodes = new JsonArray();
        var at = 0;
        foreach (Match match in Mark().Matches(text))
        {
            Plain(text[at..match.Index], nodes);
            nodes.Add(Marked(match));
            at = match.Index + match.Length;
        }

        Plain(text[at..], nodes);
        return nodes;
    }

    private static JsonObject Marked(Match match)
    {
        if (match.Groups["user"] is { Success: true } user)
            return new JsonObject { ["type"] = "mention", ["attrs"] = new JsonObject { ["id"] = user.Value } };
        JsonObject mark;
        string text;
        if (match.Groups["href"] is { Success: true } href)
        {
            text = match.Groups["text"] is { Success: true, Length: > 0 } label ? label.Value : href.Value;
            mark = new JsonObject { ["type"] = "link", ["attrs"] = new JsonObject { ["href"] = href.Value } };
        }
        else
        {
            var kind = new[] { "strong", "em", "code" }.First(name => match.Groups[name].Success);
            text = match.Groups[kind].Value;
            mark = new JsonObject { ["type"] = kind };
        }

        return new JsonObject { ["type"] = "text", ["text"] = text, ["marks"] = new JsonArray(mark) };
    }

    private static void Plain(string text, JsonArray nodes)
    {
        if (text.Length > 0)
            nodes.Add(new JsonObject { ["type"] = "text", ["text"] = text });
    }

    private static JsonObject Node(string type, JsonArray content, JsonObject? attrs = null)
    {
        var node = new JsonObject { ["type"] = type };
        if (attrs is not null)
            node["attrs"] = attrs;
        node["content"] = content;
        return node;
    }

    [GeneratedRegex(@"^h([1-6])\. +(.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\{(code|noformat)(?::([A-Za-z0-9+#-]+))?\}\s*$")]
    private static partial Regex Code();

    [GeneratedRegex(@"^-{4,}\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^([*#]+) +(.+)$")]
    private static partial Regex Item();

    [GeneratedRegex(@"\[~accountid:(?<user>[^\]]+)\]|\[(?:(?<text>[^|\]]*)\|)?(?<href>(?:https?://|mailto:)[^\]|]+)\]|\{\{(?<code>[^}]+)\}\}|(?<![\w*])\*(?<strong>[^*\s](?:[^*]*[^*\s])?)\*(?![\w*])|(?<![\w_])_(?<em>[^_\s](?:[^_]*[^_\s])?)_(?![\w_])")]
    private static partial Regex Mark();
}
