namespace Exalate.Core.RichText;

/// <summary>How a range of items looks; null and None say nothing.</summary>
internal sealed record MdFormat
{
    public MarkStyle Style { get; init; }

    public string? Color { get; init; }

    public string? Background { get; init; }

    public string? Href { get; init; }

    public string? Title { get; init; }
}

/// <summary>Formats over ranges of items, laid over them in one sweep.</summary>
internal sealed class MdRanges
{
    private readonly List<(int Start, int End, MdFormat Format)> _ranges = [];

    public void Add(int start, int end, MdFormat format)
    {
        if (end > start) _ranges.Add((start, end, format));
    }

    public Sweeper Sweep(int count) => new(_ranges, count);

    /// <summary>Walks over the items in order and tells the marks of each.</summary>
    internal sealed class Sweeper
    {
        private readonly List<MdFormat>?[] _starts;
        private readonly List<MdFormat>?[] _ends;
        private readonly List<MdFormat> _valued = [];
        private readonly int[] _styles = new int[7];
        private Marks _marks = Marks.None;

        public Sweeper(List<(int Start, int End, MdFormat Format)> ranges, int count)
        {
            _starts = new List<MdFormat>?[count + 1];
            _ends = new List<MdFormat>?[count + 1];
            // Outer ranges are found after the inner ones: of those that begin together the outer comes first.
            for (var i = ranges.Count - 1; i >= 0; i--)
            {
                (_starts[ranges[i].Start] ??= []).Add(ranges[i].Format);
                (_ends[ranges[i].End] ??= []).Add(ranges[i].Format);
            }
        }

        public Marks Next(int index)
        {
            if (_starts[index] is null && _ends[index] is null) return _marks;
            foreach (var format in _ends[index] ?? []) Change(format, -1);
            foreach (var format in _starts[index] ?? []) Change(format, 1);
            return _marks = Current();
        }

        private void Change(MdFormat format, int by)
        {
            for (var bit = 0; bit < _styles.Length; bit++)
            {
                if (((int)format.Style & (1 << bit)) != 0) _styles[bit] += by;
            }
            if (format.Color is null && format.Background is null && format.Href is null) return;
            if (by > 0) _valued.Add(format);
            else _valued.RemoveAt(_valued.FindLastIndex(f => ReferenceEquals(f, format)));
        }

        private Marks Current()
        {
            var style = MarkStyle.None;
            for (var bit = 0; bit < _styles.Length; bit++)
            {
                if (_styles[bit] > 0) style |= (MarkStyle)(1 << bit);
            }
            var marks = Marks.Of(style);
            foreach (var format in _valued)
            {
                marks = marks with
                {
                    Color = format.Color ?? marks.Color,
                    Background = format.Background ?? marks.Background,
                    Href = format.Href ?? marks.Href,
                    HrefTitle = format.Href is null ? marks.HrefTitle : format.Title,
                };
            }
            return marks;
        }
    }
}
