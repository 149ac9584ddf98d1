using System.Globalization;
using System.Text;

namespace Exalate.Core.RichText;

/// <summary>
/// A table as lines of text with aligned columns, for dialects without tables, and back:
/// <code>
/// | Name  | Count |
/// | ----- | ----- |
/// | Apple | 3     |
/// </code>
/// </summary>
internal static class TextTable
{
    private const int MaxPadding = 60;

    // Empty cells that stand for spans and for the ends of short rows: some for any table, and so many for each cell there is. A few hundred
    // cells that span a thousand columns each would be millions.
    private const int MaxEmpty = 10_000;
    private const int MaxEmptyForEach = 4;

    public static List<string> Lines(Table table)
    {
        var rows = Grid(table);
        var columns = rows.Count == 0 ? 0 : rows.Max(r => r.Length);
        var widths = new int[columns];
        foreach (var row in rows)
        {
            for (var c = 0; c < row.Length; c++) widths[c] = Math.Max(widths[c], Math.Min(MaxPadding, Width(row[c])));
        }
        for (var c = 0; c < columns; c++) widths[c] = Math.Max(3, widths[c]);

        var lines = new List<string>();
        var isEven = (long)rows.Count * columns <= Most(table) + rows.Sum(r => (long)r.Length);
        for (var r = 0; r < rows.Count; r++)
        {
            lines.Add(Line(rows[r], widths, isEven ? columns : rows[r].Length));
            if (r == 0 && table.Rows[0].Cells.Any(c => c.Header)) lines.Add("| " + string.Join(" | ", widths.Select(w => new string('-', w))) + " |");
        }
        return lines;
    }

    /// <summary>The table that <see cref="Lines"/> made the text of, with plain paragraphs in its cells; null when the text is none.</summary>
    public static Table? Parse(string code)
    {
        var rows = new List<TableRow>();
        var header = false;
        foreach (var line in code.Split('\n'))
        {
            var text = line.Trim();
            if (text.Length == 0) continue;
            if (text.Length < 2 || text[0] != '|' || text[^1] != '|') return null;
            var cells = Cells(text);
            if (rows.Count == 1 && cells.All(c => c.Length >= 3 && c.All(x => x == '-')))
            {
                header = true;
                continue;
            }
            rows.Add(new TableRow(cells.Select(c => new TableCell([RichNodes.PlainParagraph(c)])).ToNodeList()));
        }
        if (rows.Count == 0) return null;
        if (header) rows[0] = new TableRow(rows[0].Cells.Select(c => c with { Header = true }).ToNodeList());
        return new Table(rows.ToNodeList());
    }

    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length && line[i + 1] is '|' or '\\')
            {
                cell.Append(line[++i]);
            }
            else if (line[i] == '|')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }
        return cells;
    }

    private static long Most(Table table) => MaxEmpty + (MaxEmptyForEach * table.Rows.Sum(r => (long)r.Cells.Count));

    private static string Line(string[] row, int[] widths, int columns)
    {
        var line = new StringBuilder("|");
        for (var c = 0; c < columns; c++)
        {
            var text = c < row.Length ? row[c] : "";
            line.Append(' ').Append(text).Append(' ', Math.Max(0, widths[c] - Width(text))).Append(" |");
        }
        return line.ToString();
    }

    // Spans become empty cells, so that the columns stay in line; beyond the bound they are none.
    private static List<string[]> Grid(Table table)
    {
        var rows = new List<string[]>();
        var blocked = new Dictionary<int, int>();
        var left = Most(table);
        foreach (var row in table.Rows)
        {
            var cells = new List<string>();
            foreach (var cell in row.Cells)
            {
                SkipBlocked(cells, blocked, ref left);
                var span = (int)Math.Min(Math.Min(cell.ColSpan, 50), left + 1);
                left -= span - 1;
                for (var i = 0; i < span; i++)
                {
                    if (cell.RowSpan > 1 && left > 0) blocked[cells.Count] = cell.RowSpan - 1;
                    cells.Add(i == 0 ? CellText(cell) : "");
                }
            }
            SkipBlocked(cells, blocked, ref left);
            rows.Add([.. cells]);
        }
        return rows;
    }

    private static void SkipBlocked(List<string> cells, Dictionary<int, int> blocked, ref long left)
    {
        while (left > 0 && blocked.TryGetValue(cells.Count, out var rows))
        {
            if (rows <= 1) blocked.Remove(cells.Count);
            else blocked[cells.Count] = rows - 1;
            left--;
            cells.Add("");
        }
    }

    private static string CellText(TableCell cell) =>
        string.Join(" / ", PlainTextWriter.Lines(cell.Content, tight: true, inCell: true).Select(l => l.Trim()).Where(l => l.Length > 0))
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal);

    // What people see as one sign counts once, wide East Asian signs and pictograms twice.
    private static int Width(string text)
    {
        var width = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var first = Rune.TryGetRuneAt(text, elements.ElementIndex, out var rune) ? rune.Value : 0;
            width += first is >= 0x1100 and <= 0x115f or >= 0x2e80 and <= 0xa4cf or >= 0xac00 and <= 0xd7a3 or >= 0xf900 and <= 0xfaff
                or >= 0xfe30 and <= 0xfe6f or >= 0xff00 and <= 0xff60 or >= 0x1f300 and <= 0x1faff ? 2 : 1;
        }
        return width;
    }
}
