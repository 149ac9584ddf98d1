using System.Text;

namespace Exalate.Core.Trackers;

/// <summary>What every tracker does to a one-line title.</summary>
internal static class SummaryText
{
    /// <summary>Stands where a tracker wants a summary and the original has none.</summary>
    internal const string WhenEmpty = "(no summary)";

    /// <summary>One trimmed line without control characters, cut to <paramref name="maxLength"/> UTF-16 units with an ellipsis, never through a character.</summary>
    internal static string Normalise(string summary, int maxLength)
    {
        var line = new StringBuilder(summary.Length);
        foreach (var rune in summary.EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && rune.Value is not (0x2028 or 0x2029))
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return Cut(line.ToString().Trim(), maxLength);
    }

    private static string Cut(string line, int maxLength)
    {
        if (line.Length <= maxLength)
        {
            return line;
        }

        var end = maxLength - 1;
        if (char.IsLowSurrogate(line[end]))
        {
            end--;
        }

        return line[..end].TrimEnd() + "…";
    }
}
