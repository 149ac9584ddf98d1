namespace Exalate.Core.RichText;

/// <summary>Finds the closing run of backticks for an opening one, looking at each run once.</summary>
internal sealed class MdBackticks(string text)
{
    private Dictionary<int, List<int>>? _runs;

    /// <summary>Where the closing run begins (-1: there is none) and how wide the opening one is.</summary>
    public (int End, int Width) Closing(int at)
    {
        var width = Width(at);
        _runs ??= Collect();
        if (!_runs.TryGetValue(width, out var starts)) return (-1, width);
        var next = starts.BinarySearch(at + width);
        if (next < 0) next = ~next;
        return (next < starts.Count ? starts[next] : -1, width);
    }

    private int Width(int at)
    {
        var end = at;
        while (end < text.Length && text[end] == '`') end++;
        return end - at;
    }

    private Dictionary<int, List<int>> Collect()
    {
        var runs = new Dictionary<int, List<int>>();
        for (var i = text.IndexOf('`'); i >= 0; i = i < text.Length ? text.IndexOf('`', i) : -1)
        {
            var width = Width(i);
            if (!runs.TryGetValue(width, out var starts)) runs[width] = starts = [];
            starts.Add(i);
            i += width;
        }
        return runs;
    }
}
