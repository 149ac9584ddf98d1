using System.Xml.Linq;
using Exalate.Sandbox.Board;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Exalate.Sandbox.Asana.Html;

/// <summary>What a person types on the board (Markdown) as Asana's rich text.</summary>
internal static class MarkdownMarkup
{
    public static string Read(string markdown, MarkupPlace place)
    {
        var body = new XElement("body");
        var writer = new Writer(place);
        writer.Blocks(MarkdownText.Parse(markdown), body);
        return AsanaMarkup.Write(body);
    }

    private sealed class Writer(MarkupPlace place)
    {
        public void Blocks(ContainerBlock container, XElement target)
        {
            Block? before = null;
            foreach (var block in container)
            {
                // There are no paragraphs in this dialect: an empty line stands between two of them.
                if (before is ParagraphBlock or HeadingBlock { Level: > 2 } && block is ParagraphBlock)
                    target.Add("\n\n");
                Block(block, target);
                before = block;
            }
        }

        private void Block(Block block, XElement target)
        {
            switch (block)
            {
                case HeadingBlock heading when place == MarkupPlace.Notes:
                    target.Add(Inlines(heading.Inline, new XElement(heading.Level == 1 ? "h1" : "h2")));
                    break;
                case HeadingBlock heading:
                    target.Add(Inlines(heading.Inline, new XElement("strong")), "\n");
                    break;
                case ListBlock list:
                    target.Add(List(list));
                    break;
                case CodeBlock code:
                    target.Add(new XElement("pre", code.Lines.ToString()));
                    break;
                case ThematicBreakBlock:
                    target.Add(place == MarkupPlace.Notes ? new XElement("hr") : "\n---\n");
                    break;
                case QuoteBlock quote:
                    target.Add(Quote(quote));
                    break;
                case LeafBlock { Inline: { } inline }:
                    Inlines(inline, target);
                    break;
                case ContainerBlock container:
                    Blocks(container, target);
                    break;
            }
        }

        private XElement List(ListBlock list)
        {
            var element = new XElement(list.IsOrdered ? "ol" : "ul");
            foreach (var item in list.OfType<ListItemBlock>())
            {
                var li = new XElement("li");
                foreach (var block in item)
                {
                    if (block is ListBlock nested)
                        li.Add(List(nested));
                    else if (block is LeafBlock { Inline: { } inline })
                        Inlines(inline, li);
                }

                element.Add(li);
            }

            return element;
        }

        private XElement Quote(QuoteBlock quote)
        {
            var element = new XElement("blockquote");
            foreach (var leaf in quote.Descendants<LeafBlock>().Where(leaf => leaf.Inline is not null))
            {
                if (element.Nodes().Any())
                    element.Add("\n");
                Inlines(leaf.Inline, element);
            }

            return element;
        }

        private XElement Inlines(ContainerInline? container, XElement target)
        {
            foreach (var inline in container ?? [])
                Inline(inline, target);
            return target;
        }

        private void Inline(Inline inline, XElement target)
        {
            switch (inline)
            {
                case LiteralInline literal: target.Add(literal.Content.ToString()); break;
                case CodeInline code: target.Add(new XElement("code", code.Content)); break;
                case LineBreakInline: target.Add("\n"); break;
                case HtmlEntityInline entity: target.Add(entity.Transcoded.ToString()); break;
                case TaskList task: target.Add(task.Checked ? "☑" : "☐"); break;
                case AutolinkInline link: target.Add(new XElement("a", new XAttribute("href", link.Url), link.Url)); break;
                case LinkInline { IsImage: true, Url: { } url } when place == MarkupPlace.Notes && url.StartsWith("gid:", StringComparison.Ordinal):
                    target.Add(new XElement("img", new XAttribute("data-asana-gid", url["gid:".Length..])));
                    break;
                case LinkInline { IsImage: false, Url: { } url } mention when url.StartsWith("gid:", StringComparison.Ordinal):
                    target.Add(new XElement("a", new XAttribute("data-asana-gid", url["gid:".Length..])));
                    break;
                case LinkInline link: target.Add(Inlines(link, new XElement("a", new XAttribute("href", link.Url ?? "")))); break;
                case EmphasisInline emphasis: target.Add(Inlines(emphasis, new XElement(Tag(emphasis)))); break;
                case ContainerInline other: Inlines(other, target); break;
            }
        }

        private static string Tag(EmphasisInline emphasis) => emphasis.DelimiterChar switch
        {
            '~' => "s",
            '+' => "u",
            _ => emphasis.DelimiterCount == 2 ? "strong" : "em",
        };
    }
}
