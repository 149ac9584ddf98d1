namespace Exalate.Core.Sync.Entities;

/// <summary>Which lines two texts have in common.</summary>
internal static class TextDiff
{
    /// <summary>The table has one cell for each pair of lines: texts beyond that are compared as wholes.</summary>
    private const int MaxLines = 600;

    public static IReadOnlyList<DiffLine> Of(string local, string remote)
    {
        if (local == remote)
            return [];
        var (ours, theirs) = (Lines(local), Lines(remote));
        if (ours.Length > MaxLines || theirs.Length > MaxLines)
            return [new DiffLine(DiffSide.LocalOnly, local), new DiffLine(DiffSide.RemoteOnly, remote)];
        var common = Common(ours, theirs);
        var lines = new List<DiffLine>();
        var (i, j) = (0, 0);
        while (i < ours.Length || j < theirs.Length)
        {
            if (i < ours.Length && j < theirs.Length && ours[i] == theirs[j])
                (lines, i, j) = (Add(lines, DiffSide.Both, ours[i]), i + 1, j + 1);
            else if (j == theirs.Length || (i < ours.Length && common[i + 1, j] >= common[i, j + 1]))
                lines = Add(lines, DiffSide.LocalOnly, ours[i++]);
            else
                lines = Add(lines, DiffSide.RemoteOnly, theirs[j++]);
        }

        return lines;
    }

    /// <summary>Length of the longest common sequence of the rests that begin at (i, j).</summary>
    private static int[,] Common(string[] ours, string[] theirs)
    {
        var lengths = new int[ours.Length + 1, theirs.Length + 1];
        for (var i = ours.Length - 1; i >= 0; i--)
        {
            for (var j = theirs.Length - 1; j >= 0; j--)
                lengths[i, j] = ours[i] == theirs[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }

        return lengths;
    }

    private static List<DiffLine> Add(List<DiffLine> lines, DiffSide side, string text)
    {
        lines.Add(new DiffLine(side, text));
        return lines;
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');
}
