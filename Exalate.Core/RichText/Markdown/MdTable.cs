using System.Text;

namespace Exalate.Core.RichText;

/// <summary>Rows of GitHub's tables.</summary>
internal static class MdTable
{
    private const int MaxColumns = 500;

    /// <summary>What the second line of a table says about its columns ("left", "center", "right", ""), or null when it is none.</summary>
    public static string[]? Aligns(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        if (text.IsEmpty || text.ContainsAnyExcept("|:- \t") || !text.Contains('-') || !text.Contains('|')) return null;
        var cells = Cells(text.ToString());
        if (cells.Count > MaxColumns) return null;
        var aligns = new string[cells.Count];
        for (var i = 0; i < aligns.Length; i++)
        {
            var cell = cells[i];
            var dashes = cell.Trim(':');
            if (dashes.Length == 0 || dashes.AsSpan().ContainsAnyExcept('-') || cell.Length - dashes.Length > 2) return null;
            aligns[i] = (cell[0] == ':', cell[^1] == ':') switch { (true, true) => "center", (false, true) => "right", (true, false) => "left", _ => "" };
        }
        return aligns;
    }

    /// <summary>The cells of one line; a pipe behind a backslash is part of the text.</summary>
    public static List<string> Cells(string line)
    {
        var text = line.AsSpan().Trim();
        if (text.StartsWith("|")) text = text[1..];
        var cells = new List<string>();
        var cell = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '|')
            {
                cell.Append('|');
                i++;
            }
            else if (text[i] == '|')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(text[i]);
                // An escaped backslash escapes no pipe.
                if (text[i] == '\\' && i + 1 < text.Length) cell.Append(text[++i]);
            }
        }
        if (cell.Length > 0 && !string.IsNullOrWhiteSpace(cell.ToString())) cells.Add(cell.ToString().Trim());
        return cells;
    }
}
