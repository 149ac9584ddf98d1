using System.Text.Json.Nodes;
using Exalate.Sandbox.Board;
using Markdig.Extensions.Alerts;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Exalate.Sandbox.Jira.Documents;

/// <summary>What a person types on the board (Markdown) as a document.</summary>
internal static class MarkdownReader
{
    public static JsonObject Read(string markdown) => Document(Blocks(MarkdownText.Parse(markdown)));

    private static JsonObject Document(JsonArray content) => new() { ["type"] = "doc", ["version"] = 1, ["content"] = content };

    private static JsonArray Blocks(ContainerBlock container) => new([.. container.SelectMany(Block)]);

    private static IEnumerable<JsonNode> Block(Block block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                return [Node("heading", Inlines(heading.Inline), new JsonObject { ["level"] = heading.Level })];
            case AlertBlock alert:
                return [Node("panel", NotEmpty(Blocks(alert)), new JsonObject { ["panelType"] = Panel(alert.Kind.ToString()) })];
            case QuoteBlock quote:
                return [Node("blockquote", NotEmpty(Quoted(quote)))];
            case ListBlock list when IsTaskList(list):
                return [Node("taskList", new JsonArray([.. list.OfType<ListItemBlock>().Select(TaskItem)]))];
            case ListBlock list:
                return [Node(list.IsOrdered ? "orderedList" : "bulletList", new JsonArray([.. list.OfType<ListItemBlock>().Select(Item)]))];
            case CodeBlock code:
                return [Code(code)];
            case ThematicBreakBlock:
                return [new JsonObject { ["type"] = "rule" }];
            case Table table:
                return [Node("table", new JsonArray([.. table.OfType<TableRow>().Select(Row)]))];
            case ParagraphBlock { Inline: { FirstChild: LinkInline picture } content } when picture == content.LastChild && Media(picture, "media") is { } media:
                return [Node("mediaSingle", [media], new JsonObject { ["layout"] = "center" })];
            case ParagraphBlock paragraph:
                return [Node("paragraph", Inlines(paragraph.Inline))];
            case ContainerBlock container:
                return container.SelectMany(Block);
            default:
                return [];
        }
    }

    /// <summary>A quote holds fewer kinds of blocks than a document.</summary>
    private static JsonArray Quoted(QuoteBlock quote)
    {
        var blocks = Blocks(quote);
        foreach (var heading in blocks.OfType<JsonObject>().Where(node => (string?)node["type"] == "heading"))
        {
            heading["type"] = "paragraph";
            heading.Remove("attrs");
        }

        return new JsonArray([.. blocks.Where(node => (string?)node!["type"] is "paragraph" or "bulletList" or "orderedList" or "codeBlock")
            .Select(node => node!.DeepClone())]);
    }

    private static JsonArray NotEmpty(JsonArray blocks)
    {
        if (blocks.Count == 0)
            blocks.Add(Node("paragraph", []));
        return blocks;
    }

    private static string Panel(string kind) => kind.ToLowerInvariant() switch
    {
        "warning" or "caution" => "warning",
        "tip" or "success" => "success",
        "important" or "error" => "error",
        "info" => "info",
        _ => "note",
    };

    private static bool IsTaskList(ListBlock list) =>
        !list.IsOrdered && list.OfType<ListItemBlock>().All(item => item.FirstOrDefault() is ParagraphBlock { Inline.FirstChild: TaskList });

    private static JsonObject TaskItem(ListItemBlock item)
    {
        var inline = ((ParagraphBlock)item[0]).Inline!;
        var done = ((TaskList)inline.FirstChild!).Checked;
        return Node("taskItem", Trimmed(Inlines(inline)), new JsonObject { ["state"] = done ? "DONE" : "TODO" });
    }

    private static JsonArray Trimmed(JsonArray inlines)
    {
        if (inlines.Count > 0 && (string?)inlines[0]!["type"] == "text")
        {
            var text = ((string)inlines[0]!["text"]!).TrimStart();
            if (text.Length == 0)
                inlines.RemoveAt(0);
            else
                inlines[0]!["text"] = text;
        }

        return inlines;
    }

    private static JsonObject Item(ListItemBlock item)
    {
        var content = new JsonArray([.. Blocks(item).Where(node => (string?)node!["type"] is "paragraph" or "bulletList" or "orderedList" or "codeBlock" or "taskList")
            .Select(node => node!.DeepClone())]);
        return Node("listItem", NotEmpty(content));
    }

    private static JsonObject Row(TableRow row) => Node("tableRow", new JsonArray([.. row.OfType<TableCell>().Select(cell =>
        Node(row.IsHeader ? "tableHeader" : "tableCell", NotEmpty(Blocks(cell))))]));

    private static JsonObject Code(CodeBlock code)
    {
        var text = code.Lines.ToString();
        var language = (code as FencedCodeBlock)?.Info;
        return Node(
            "codeBlock",
            text.Length == 0 ? [] : [new JsonObject { ["type"] = "text", ["text"] = text }],
            string.IsNullOrEmpty(language) ? null : new JsonObject { ["language"] = language });
    }

    private static JsonArray Inlines(ContainerInline? container)
    {
        var nodes = new JsonArray();
        foreach (var inline in container ?? [])
            Inline(inline, [], nodes);
        return nodes;
    }

    private static void Inline(Inline inline, IReadOnlyList<JsonObject> marks, JsonArray nodes)
    {
        switch (inline)
        {
            case LiteralInline literal: Text(literal.Content.ToString(), marks, nodes); break;
            case CodeInline code: Text(code.Content, [.. marks.Where(mark => (string?)mark["type"] == "link"), Mark("code")], nodes); break;
            case LineBreakInline { IsHard: true }: nodes.Add(new JsonObject { ["type"] = "hardBreak" }); break;
            case LineBreakInline: Text(" ", marks, nodes); break;
            case HtmlEntityInline entity: Text(entity.Transcoded.ToString(), marks, nodes); break;
            case HtmlInline html: Text(html.Tag, marks, nodes); break;
            case AutolinkInline link: Text(link.Url, [.. marks, LinkMark(link.Url)], nodes); break;
            case LinkInline { IsImage: true } picture when Media(picture, "mediaInline") is { } media: nodes.Add(media); break;
            case LinkInline { IsImage: false, Url: { } url } mention when url.StartsWith("accountid:", StringComparison.Ordinal):
                nodes.Add(new JsonObject { ["type"] = "mention", ["attrs"] = new JsonObject { ["id"] = url["accountid:".Length..] } });
                break;
            case LinkInline link: Nested(link, [.. marks, LinkMark(link.Url ?? "")], nodes); break;
            case EmphasisInline emphasis: Nested(emphasis, [.. marks, Mark(Kind(emphasis))], nodes); break;
            case ContainerInline other: Nested(other, marks, nodes); break;
        }
    }

    private static JsonObject? Media(LinkInline picture, string type)
    {
        if (!picture.IsImage || picture.Url?.StartsWith("media:", StringComparison.Ordinal) != true)
            return null;
        var attributes = new JsonObject { ["type"] = "file", ["id"] = picture.Url["media:".Length..], ["collection"] = "" };
        if (picture.FirstChild is LiteralInline alt)
            attributes["alt"] = alt.Content.ToString();
        return new JsonObject { ["type"] = type, ["attrs"] = attributes };
    }

    private static string Kind(EmphasisInline emphasis) => emphasis.DelimiterChar switch
    {
        '~' => "strike",
        '+' => "underline",
        _ => emphasis.DelimiterCount == 2 ? "strong" : "em",
    };

    private static void Nested(ContainerInline container, IReadOnlyList<JsonObject> marks, JsonArray nodes)
    {
        foreach (var child in container)
            Inline(child, marks, nodes);
    }

    private static void Text(string text, IReadOnlyList<JsonObject> marks, JsonArray nodes)
    {
        if (text.Length == 0)
            return;
        var node = new JsonObject { ["type"] = "text", ["text"] = text };
        if (marks.Count > 0)
            node["marks"] = new JsonArray([.. marks.DistinctBy(mark => (string?)mark["type"]).Select(mark => mark.DeepClone())]);
        nodes.Add(node);
    }

    private static JsonObject Mark(string type) => new() { ["type"] = type };

    private static JsonObject LinkMark(string href) => new() { ["type"] = "link", ["attrs"] = new JsonObject { ["href"] = href } };

    private static JsonObject Node(string type, JsonArray content, JsonObject? attrs = null)
    {
        var node = new JsonObject { ["type"] = type };
        if (attrs is not null)
            node["attrs"] = attrs;
        node["content"] = content;
        return node;
    }
}
