using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Reads text without formats: a blank line starts a new paragraph, a single line break stays one.</summary>
public static class PlainTextReader
{
    public static RichDocument Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return RichDocument.Empty;
        var blocks = new List<RichBlock>();
        var line = new InlineBuilder();
        var rest = text.AsSpan().TrimStart('\ufeff');
        while (!rest.IsEmpty)
        {
            var clean = TextClean.Line(TextLines.Take(ref rest));
            if (clean.IsWhiteSpace())
            {
                End();
                continue;
            }
            if (!line.IsEmpty) line.Add(new LineBreak());
            line.Text(clean, Marks.None);
        }
        End();
        return new RichDocument(blocks);

        void End()
        {
            if (line.IsEmpty) return;
            blocks.Add(new Paragraph(line.Take()));
        }
    }
}

/// <summary>Shows a document as text that people can read: list signs, quotes with "&gt;", tables with aligned columns.</summary>
public static class PlainTextWriter
{
    public static string Write(RichDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var lines = new List<string>();
        Blocks(document.Nodes, lines, tight: false, inCell: false);
        return Tidy(lines);
    }

    // As it would be read and written again: one blank line at most, none at the ends, no blanks at line ends.
    private static string Tidy(List<string> lines)
    {
        var text = new StringBuilder();
        var blank = false;
        foreach (var part in lines.SelectMany(line => line.Split('\n')))
        {
            var line = part.AsSpan().TrimEnd();
            if (line.IsEmpty)
            {
                blank = text.Length > 0;
                continue;
            }
            if (text.Length > 0) text.Append(blank ? "\n\n" : "\n");
            text.Append(line);
            blank = false;
        }
        return text.ToString();
    }

    /// <param name="blocks">What to show.</param>
    /// <param name="tight">Without blank lines.</param>
    /// <param name="inCell">For a cell of a table of text: tables inside it are lines, since signs in signs would grow with each level.</param>
    internal static List<string> Lines(NodeList<RichBlock> blocks, bool tight, bool inCell = false)
    {
        var lines = new List<string>();
        Blocks(blocks, lines, tight, inCell);
        return lines;
    }

    private static void Blocks(NodeList<RichBlock> blocks, List<string> lines, bool tight, bool inCell)
    {
        var first = true;
        foreach (var block in blocks)
        {
            if (!first && !tight) lines.Add("");
            first = false;
            Block(block, lines, inCell);
        }
    }

    private static void Block(RichBlock block, List<string> lines, bool inCell)
    {
        switch (block)
        {
            case Paragraph p:
                lines.AddRange(Text(p.Content).Split('\n').Select(l => l.TrimEnd()));
                break;
            case Heading h:
                lines.AddRange(Text(h.Content).Split('\n'));
                break;
            case ListBlock list:
                Items(list, lines, inCell);
                break;
            case Quote quote:
                Indented(quote.Content, "> ", lines, inCell);
                break;
            case CodeBlock code:
                lines.AddRange(code.Code.Split('\n'));
                break;
            case Rule:
                lines.Add(RuleForm.TextLine);
                break;
            case Table table when inCell:
                lines.AddRange(table.Rows.Select(r => string.Join(" / ", r.Cells.Select(c => string.Join(' ', Lines(c.Content, tight: true, inCell))))));
                break;
            case Table table:
                lines.AddRange(TextTable.Lines(table));
                break;
            case ImageBlock image:
                lines.Add(RichNodes.DisplayText(image.Image));
                break;
            case Panel panel:
                lines.Add("> " + PanelKinds.Announce(panel));
                Indented(panel.Content, "> ", lines, inCell);
                break;
            case Expand expand:
                lines.Add("> " + PanelKinds.ExpandSign + expand.Title);
                Indented(expand.Content, "> ", lines, inCell);
                break;
            case OpaqueBlock opaque:
                Blocks(opaque.Fallback, lines, tight: false, inCell);
                break;
        }
    }

    private static void Items(ListBlock list, List<string> lines, bool inCell)
    {
        var number = list.Start;
        foreach (var item in list.Items)
        {
            var sign = list.Kind == ListKind.Ordered ? $"{number++.ToString(CultureInfo.InvariantCulture)}. " : item.Checked is null ? "- " : "";
            if (item.Checked is { } done) sign += TaskSigns.For(done);
            var start = lines.Count;
            Blocks(item.Content, lines, tight: true, inCell);
            if (lines.Count == start) lines.Add("");
            lines[start] = sign + lines[start];
            for (var i = start + 1; i < lines.Count; i++) lines[i] = lines[i].Length == 0 ? "" : "  " + lines[i];
        }
    }

    private static void Indented(NodeList<RichBlock> content, string prefix, List<string> lines, bool inCell)
    {
        var start = lines.Count;
        Blocks(content, lines, tight: false, inCell);
        for (var i = start; i < lines.Count; i++) lines[i] = (prefix + lines[i]).TrimEnd();
    }

    private static string Text(NodeList<RichInline> content)
    {
        var text = new StringBuilder();
        for (var i = 0; i < content.Count; i++)
        {
            text.Append(RichNodes.DisplayText(content[i]));
            // The address behind a link would be lost: it is shown once, behind the last run of that link.
            var href = content[i].Marks.Href;
            if (href is null || (i + 1 < content.Count && content[i + 1].Marks.Href == href)) continue;
            var shown = LinkText(content, i, href);
            if (shown != href && "mailto:" + shown != href) text.Append(CultureInfo.InvariantCulture, $" ({href})");
        }
        return text.ToString();
    }

    private static string LinkText(NodeList<RichInline> content, int last, string href)
    {
        var first = last;
        while (first > 0 && content[first - 1].Marks.Href == href) first--;
        var text = "";
        for (var i = first; i <= last; i++) text += RichNodes.DisplayText(content[i]);
        return text;
    }
}

/// <summary>How a task is shown where there are no task lists.</summary>
internal static class TaskSigns
{
    public const string Open = "☐ ";
    public const string Done = "☑ ";

    public static string For(bool done) => done ? Done : Open;

    /// <summary>True or false for text that begins with a sign, else null.</summary>
    public static bool? Read(string text) =>
        text.StartsWith('☐') ? false : text.StartsWith('☑') || text.StartsWith('☒') ? true : null;
}

/// <summary>Takes out what no tracker stores and no page shows.</summary>
internal static class TextClean
{
    /// <summary>The line without control characters (XML and JSON consumers refuse them); tabs stay.</summary>
    public static ReadOnlySpan<char> Line(ReadOnlySpan<char> text) => IsClean(text) ? text : Clean(text);

    public static string Line(string text) => IsClean(text) ? text : Clean(text);

    private static bool IsClean(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < ' ' and not ('\t' or '\n') or '\u007f' or '\ufffe' or '\uffff') return false;
            if (!char.IsSurrogate(c)) continue;
            if (!char.IsHighSurrogate(c) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }
        return true;
    }

    private static string Clean(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\v' or '\f' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                // Breaks of another kind (Word's within a paragraph) stand between words.
                result.Append(' ');
                continue;
            }
            if (c is < ' ' and not ('\t' or '\n') or '\u007f' or '\ufffe' or '\uffff') continue;
            if (!char.IsSurrogate(c))
            {
                result.Append(c);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                result.Append(c).Append(text[++i]);
            }
            else
            {
                // Half of a character: UTF-8 has no form for it.
                result.Append('\ufffd');
            }
        }
        return result.ToString();
    }
}
