using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Writes blocks as lines of Markdown.</summary>
internal sealed class MdBlockWriter(RichTextHooks hooks, MarkdownFlavor flavor)
{
    private readonly MdInlineWriter _inlines = new(hooks, flavor);

    public List<string> Blocks(IReadOnlyList<RichBlock> blocks, bool inList)
    {
        var lines = new List<string>();
        ListBlock? before = null;
        var sign = 0;
        foreach (var block in blocks.SelectMany(Shown))
        {
            // Two lists of one sort behind each other would be one: the second one gets the other sign.
            sign = block is ListBlock list && before is not null && Ordered(list) == Ordered(before) ? 1 - sign : sign;
            var start = lines.Count;
            Block(block, inList, sign, lines);
            if (lines.Count > start) before = block as ListBlock;
            if (start > 0 && lines.Count > start && !IsTight(block, inList, start, lines)) lines.Insert(start, "");
        }
        return lines;
    }

    private IEnumerable<RichBlock> Shown(RichBlock block) => IsOwn(block) ? [block] : block is OpaqueBlock opaque ? opaque.Fallback.SelectMany(Shown) : [block];

    private bool IsOwn(RichBlock block) => flavor == MarkdownFlavor.Azure && block is OpaqueBlock opaque && MdAzure.Checked(opaque) is not null;

    // Inside an item a nested list follows its line directly.
    private static bool IsTight(RichBlock block, bool inList, int start, List<string> lines) =>
        inList && start == 1 && block is ListBlock { Start: 1 } list && list.Items is [{ Content: [Paragraph { Content.Count: > 0 }, ..] }, ..] && lines[0].Length > 0 && !lines[0].StartsWith("```", StringComparison.Ordinal) && !lines[0].StartsWith('<');

    private static bool Ordered(ListBlock list) => list.Kind == ListKind.Ordered;

    private void Block(RichBlock block, bool inList, int sign, List<string> lines)
    {
        switch (block)
        {
            case Paragraph p:
                Add(_inlines.Write(p.Content), lines);
                break;
            case Heading h:
                lines.Add((new string('#', h.Level) + " " + _inlines.WriteLine(h.Content)).TrimEnd());
                break;
            case ListBlock list:
                List(list, sign, lines);
                break;
            case Quote quote:
                Quoted(Blocks(quote.Content, inList: false), lines);
                break;
            case CodeBlock code:
                Code(code, lines);
                break;
            case OpaqueBlock opaque:
                Add(opaque.Raw, lines);
                break;
            case Rule:
                lines.Add(inList ? "___" : "---");
                break;
            case Table table:
                Rows(table, lines);
                break;
            case ImageBlock image:
                Add(_inlines.Write([image.Image]), lines);
                break;
            case Panel panel when flavor == MarkdownFlavor.Common && MdAlerts.WordFor(panel) is { } word:
                Quoted([word, .. Blocks(panel.Content, inList: false)], lines);
                break;
            case Panel panel:
                Block(QuoteForms.Lower(panel), inList, sign, lines);
                break;
            case Expand expand when flavor == MarkdownFlavor.Common:
                Section(expand, lines);
                break;
            case Expand expand:
                Block(QuoteForms.Lower(expand), inList, sign, lines);
                break;
        }
    }

    private static void Add(string text, List<string> lines)
    {
        if (text.Length > 0) lines.AddRange(text.Split('\n'));
    }

    private void Section(Expand expand, List<string> lines)
    {
        lines.Add($"<details><summary>{TagWriter.Escaped(expand.Title.Replace('\n', ' '))}</summary>");
        lines.Add("");
        var content = Blocks(expand.Content, inList: false);
        lines.AddRange(content);
        if (content.Count > 0) lines.Add("");
        lines.Add("</details>");
    }

    private static void Quoted(List<string> content, List<string> lines)
    {
        if (content.Count == 0) lines.Add(">");
        foreach (var line in content) lines.Add(line.Length == 0 ? ">" : "> " + line);
    }

    private void List(ListBlock list, int sign, List<string> lines)
    {
        var number = list.Start;
        foreach (var item in list.Items)
        {
            var marker = list.Kind == ListKind.Ordered
                ? (number++).ToString(CultureInfo.InvariantCulture) + (sign == 0 ? ". " : ") ")
                : sign == 0 ? "- " : "* ";
            var content = Blocks(item.Content.SkipWhile(RichNodes.IsBlank).ToList(), inList: true);
            if (item.Checked is { } done)
            {
                // A task begins with a line of text, or it is none.
                if (content.Count == 0 || item.Content.SkipWhile(RichNodes.IsBlank).FirstOrDefault() is not (Paragraph or ImageBlock))
                {
                    // A list that begins with another number than 1 would go on in that line.
                    if (content.Count > 0 && item.Content.SkipWhile(RichNodes.IsBlank).First() is not ListBlock { Start: 1 }) content.Insert(0, "");
                    content.Insert(0, MdTasks.NoWords);
                }
                content[0] = (done ? "[x] " : "[ ] ") + content[0];
            }
            var indent = new string(' ', marker.Length);
            if (content.Count == 0) lines.Add(marker.TrimEnd());
            for (var i = 0; i < content.Count; i++) lines.Add(i == 0 ? marker + content[i] : content[i].Length == 0 ? "" : indent + content[i]);
        }
    }

    private void Code(CodeBlock code, List<string> lines)
    {
        if (flavor == MarkdownFlavor.Azure && code.Extras?["form"] is { } form && AzureFence(form, code) is { } fences)
        {
            lines.Add(fences.Open);
            if (code.Code.Length > 0) lines.AddRange(code.Code.Split('\n'));
            lines.Add(fences.Close);
            return;
        }
        int longest = 2, run = 0;
        foreach (var c in code.Code)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        var fence = new string('`', longest + 1);
        var language = new StringBuilder();
        foreach (var c in code.Language ?? "")
        {
            if (c > ' ' && c is not ('`' or '\\' or '{')) language.Append(c);
        }
        lines.Add(fence + language);
        if (code.Code.Length > 0) lines.AddRange(code.Code.Split('\n'));
        lines.Add(fence);
    }

    // Drawings and formulas in the form they came in, unless their text would end it.
    private static (string Open, string Close)? AzureFence(string form, CodeBlock code) => (form, code.Language) switch
    {
        ("colons", "mermaid") when !code.Code.Contains(":::", StringComparison.Ordinal) => ("::: mermaid", ":::"),
        ("dollars", "math") when !code.Code.Contains("$$", StringComparison.Ordinal) => ("$$", "$$"),
        _ => null,
    };

    private void Rows(Table table, List<string> lines)
    {
        if (table.Rows.Count == 0) return;
        if (!MdPipeTables.Fits(table))
        {
            var html = new StringBuilder();
            new HtmlBlockWriter(html, new HtmlInlineWriter(html, hooks) { FileNames = true }) { NoBlankLines = true }.Blocks([table]);
            lines.Add(html.ToString());
            return;
        }
        var columns = table.Rows.Max(r => r.Cells.Count);
        var header = table.Rows[0].Cells.All(c => c.Header);
        lines.Add(header ? Row(table.Rows[0], columns) : "|" + string.Concat(Enumerable.Repeat("  |", columns)));
        lines.Add(MdPipeTables.Delimiters(table.Extras, columns));
        foreach (var row in header ? table.Rows.Skip(1) : table.Rows) lines.Add(Row(row, columns));
    }

    private string Row(TableRow row, int columns)
    {
        var line = new StringBuilder("|");
        for (var c = 0; c < columns; c++)
            line.Append(' ').Append(c < row.Cells.Count ? Cell(row.Cells[c]) : "").Append(" |");
        return line.ToString();
    }

    private string Cell(TableCell cell) =>
        string.Join("<br><br>", cell.Content.Select(b => _inlines.WriteCell(b is Paragraph p ? p.Content : b is ImageBlock image ? [image.Image] : [])));
}

/// <summary>Tasks of lists.</summary>
internal static class MdTasks
{
    /// <summary>Stands for the words of a task that has none, since a sign alone is none: a blank of no width.</summary>
    public const string NoWords = "&#8203;";
}

/// <summary>What GitHub's tables can show.</summary>
internal static class MdPipeTables
{
    /// <summary>One header row at most, no spans, and lines of text alone in the cells: other tables are written as HTML.</summary>
    public static bool Fits(Table table)
    {
        for (var r = 0; r < table.Rows.Count; r++)
        {
            var row = table.Rows[r];
            if (row.Cells.Count != table.Rows[0].Cells.Count || row.Cells.Count == 0) return false;
            foreach (var cell in row.Cells)
            {
                if (cell.ColSpan != 1 || cell.RowSpan != 1 || (cell.Header && (r > 0 || !row.Cells[0].Header)) || (r == 0 && cell.Header != row.Cells[0].Header)) return false;
                foreach (var block in cell.Content)
                {
                    if (block is not (Paragraph or ImageBlock)) return false;
                }
            }
        }
        return !(table.Rows[0].Cells[0].Header && table.Rows[0].Cells.All(c => c.Content.All(RichNodes.IsBlank)));
    }

    public static string Delimiters(Extras? looks, int columns)
    {
        var aligns = looks?["columns"]?.Split(',') ?? [];
        var line = new StringBuilder("|");
        for (var c = 0; c < columns; c++)
        {
            line.Append((c < aligns.Length ? aligns[c] : "") switch { "center" => " :---: |", "right" => " ---: |", "left" => " :--- |", _ => " --- |" });
        }
        return line.ToString();
    }
}
