using System.Text;

namespace Exalate.Core.RichText;

/// <summary>
/// Tabs count to the next multiple of four where they decide about structure, but stay tabs in code. So a line has two forms of the same length:
/// one with blanks, and one that knows which of them were a tab.
/// </summary>
internal static class MdTabs
{
    private const char First = '\u000e';
    private const char Further = '\u000f';

    public static (string Line, string? Tabs) Expand(ReadOnlySpan<char> line)
    {
        if (!line.Contains('\t')) return (line.ToString(), null);
        var blanks = new StringBuilder(line.Length + 16);
        var tabs = new StringBuilder(line.Length + 16);
        foreach (var c in line)
        {
            if (c != '\t')
            {
                blanks.Append(c);
                tabs.Append(c);
                continue;
            }
            var width = 4 - (blanks.Length % 4);
            blanks.Append(' ', width);
            tabs.Append(First).Append(Further, width - 1);
        }
        return (blanks.ToString(), tabs.ToString());
    }

    /// <summary>A tab of which a part was structure is the blanks that are left of it.</summary>
    public static string Restore(ReadOnlySpan<char> tabs)
    {
        var text = new StringBuilder(tabs.Length);
        for (var i = 0; i < tabs.Length; i++)
        {
            if (tabs[i] == First)
            {
                text.Append('\t');
                while (i + 1 < tabs.Length && tabs[i + 1] == Further) i++;
            }
            else
            {
                text.Append(tabs[i] == Further ? ' ' : tabs[i]);
            }
        }
        return text.ToString();
    }
}
