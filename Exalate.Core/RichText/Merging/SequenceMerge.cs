namespace Exalate.Core.RichText;

/// <summary>What a merge of a row of siblings (blocks, list items, table rows, cells) has to know about them.</summary>
internal abstract class Siblings<T>
    where T : class
{
    public abstract Words WordsOf(T item);

    /// <summary>Two items that look the same to a person have equal keys.</summary>
    public abstract object Canonical(T item);

    /// <summary>True when one can be shown as the other or be edited into it; breaks ties between items with like words.</summary>
    public abstract bool Alike(T a, T b);

    /// <summary>The original with the changes between shown and edited.</summary>
    public abstract IEnumerable<T> Merge(T original, T shown, T edited);

    /// <summary>The same where several items stand for several others.</summary>
    public abstract IEnumerable<T> MergeGroup(List<T> original, List<T> shown, List<T> edited);

    /// <summary>A new item, with what it holds of known ones as rich as it was.</summary>
    public abstract T Enrich(T item);
}

/// <summary>Carries changes in a row of siblings back into the originals of those siblings.</summary>
internal sealed class SequenceMerge<T>(Siblings<T> siblings, IReadOnlyList<T> original, IReadOnlyList<T> shown, IReadOnlyList<T> edited)
    where T : class
{
    private const double Like = 0.34;
    private const int MaxGapPairs = 10_000;

    private readonly List<Segment> _segments = [];

    /// <summary>Originals that were shown as these; either side may be empty.</summary>
    private sealed class Segment(int o0, int o1, int s0, int s1)
    {
        public int O0 => o0;

        public int O1 => o1;

        public int S0 => s0;

        public int S1 => s1;
    }

    public List<T> Run()
    {
        AlignOriginal();
        var (change, origin) = AlignEdited();
        return Build(change, origin);
    }

    private void AlignOriginal()
    {
        var o = original.Select(siblings.WordsOf).ToList();
        var s = shown.Select(siblings.WordsOf).ToList();
        var match = Alignment.Match(o.Select(w => w.Key).ToList(), s.Select(w => w.Key).ToList());
        int i = 0, j = 0;
        while (i < o.Count || j < s.Count)
        {
            if (i < o.Count && match[i] == j)
            {
                _segments.Add(new Segment(i, ++i, j, ++j));
                continue;
            }
            var (i0, j0) = (i, j);
            while (i < o.Count && match[i] < 0) i++;
            j = i < o.Count ? match[i] : s.Count;
            AlignGap(o, s, i0, i, j0, j);
        }
    }

    private void AlignGap(List<Words> o, List<Words> s, int o0, int o1, int s0, int s1)
    {
        var pair = Pair(o1 - o0, s1 - s0, (i, j) => Score(original[o0 + i], shown[s0 + j], o[o0 + i], s[s0 + j]));
        int at = o0, from = s0;
        while (at < o1 || from < s1)
        {
            if (at < o1 && pair[at - o0] >= 0 && s0 + pair[at - o0] == from)
            {
                // What stands beside a pair and belongs to one side of it joins the pair: a block shown as several, or several as one.
                var end = from + 1;
                while (end < s1 && !pair.Contains(end - s0) && s[end].ShareIn(o[at]) > 0.6 && s[end].Count > 0) end++;
                var last = at + 1;
                while (end == from + 1 && last < o1 && pair[last - o0] < 0 && o[last].ShareIn(s[from]) > 0.6) last++;
                _segments.Add(new Segment(at, last, from, end));
                (at, from) = (last, end);
            }
            else if (at < o1 && pair[at - o0] < 0)
            {
                _segments.Add(new Segment(at, ++at, from, from));
            }
            else
            {
                _segments.Add(new Segment(at, at, from, ++from));
            }
        }
    }

    private double Score(T a, T b, Words wa, Words wb)
    {
        var words = Math.Max(wa.Similarity(wb), 0.8 * Math.Max(wa.ShareIn(wb), wb.ShareIn(wa)));
        if (wa.Count == 0 && wb.Count == 0) return siblings.Alike(a, b) ? 0.5 : 0;
        return words + (siblings.Alike(a, b) ? 0.1 : 0);
    }

    // For each edited item: the shown one it was (or -1), and whether it still looks the same.
    private ((int Shown, bool Same)[] Change, int[] Origin) AlignEdited()
    {
        var match = Alignment.Match(shown.Select(siblings.Canonical).ToList(), edited.Select(siblings.Canonical).ToList());
        var change = new (int Shown, bool Same)[edited.Count];
        var origin = new int[shown.Count];
        Array.Fill(change, (-1, false));
        Array.Fill(origin, -1);
        int i = 0, j = 0;
        while (i < shown.Count || j < edited.Count)
        {
            if (i < shown.Count && match[i] == j)
            {
                change[j] = (i, true);
                origin[i++] = j++;
                continue;
            }
            var (i0, j0) = (i, j);
            while (i < shown.Count && match[i] < 0) i++;
            j = i < shown.Count ? match[i] : edited.Count;
            EditedGap(i0, i, j0, j, change, origin);
        }
        return (change, origin);
    }

    private void EditedGap(int s0, int s1, int e0, int e1, (int Shown, bool Same)[] change, int[] origin)
    {
        if (s0 == s1 || e0 == e1) return;
        var s = shown.Skip(s0).Take(s1 - s0).Select(siblings.WordsOf).ToList();
        var e = edited.Skip(e0).Take(e1 - e0).Select(siblings.WordsOf).ToList();
        // One for one of the same sort is an edit, however much was rewritten.
        var alone = s.Count == 1 && e.Count == 1 && siblings.Alike(shown[s0], edited[e0]);
        var pair = alone ? [0] : Pair(s.Count, e.Count, (i, j) => Score(shown[s0 + i], edited[e0 + j], s[i], e[j]));
        for (var i = 0; i < pair.Length; i++)
        {
            if (pair[i] < 0) continue;
            change[e0 + pair[i]] = (s0 + i, false);
            origin[s0 + i] = e0 + pair[i];
        }
    }

    // Partners in ascending order with the greatest sum of scores; too many to compare are paired by place.
    private static int[] Pair(int n, int m, Func<int, int, double> score)
    {
        var pair = new int[n];
        Array.Fill(pair, -1);
        if (n == 0 || m == 0) return pair;
        if ((long)n * m > MaxGapPairs)
        {
            for (var i = 0; i < n; i++)
            {
                var j = (int)((long)i * m / n);
                if ((i == 0 || pair[i - 1] < j) && score(i, j) >= Like) pair[i] = j;
            }
            return Ascending(pair);
        }
        var scores = new double[n, m];
        var best = new double[n + 1, m + 1];
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = m - 1; j >= 0; j--)
            {
                scores[i, j] = score(i, j);
                best[i, j] = Math.Max(Math.Max(best[i + 1, j], best[i, j + 1]), scores[i, j] >= Like ? best[i + 1, j + 1] + scores[i, j] : 0);
            }
        }
        for (int i = 0, j = 0; i < n && j < m;)
        {
            if (scores[i, j] >= Like && best[i, j] <= best[i + 1, j + 1] + scores[i, j] + 1e-9) pair[i++] = j++;
            else if (best[i + 1, j] >= best[i, j + 1]) i++;
            else j++;
        }
        return pair;
    }

    private static int[] Ascending(int[] pair)
    {
        var last = -1;
        for (var i = 0; i < pair.Length; i++)
        {
            if (pair[i] <= last) pair[i] = -1;
            else last = pair[i];
        }
        return pair;
    }

    private List<T> Build((int Shown, bool Same)[] change, int[] origin)
    {
        var segmentOf = new int[shown.Count];
        for (var k = 0; k < _segments.Count; k++)
        {
            for (var i = _segments[k].S0; i < _segments[k].S1; i++) segmentOf[i] = k;
        }
        var moved = Moved(change, origin);
        var result = new List<T>();
        var done = new bool[_segments.Count];
        for (var j = 0; j < edited.Count; j++)
        {
            if (change[j].Shown < 0)
            {
                if (moved.TryGetValue(siblings.Canonical(edited[j]), out var home) && home.TryDequeue(out var from)) result.AddRange(Originals(_segments[segmentOf[from]]));
                else result.Add(siblings.Enrich(edited[j]));
                continue;
            }
            var k = segmentOf[change[j].Shown];
            if (done[k]) continue;
            Unseen(k, done, result);
            done[k] = true;
            j = Segmented(_segments[k], change, origin, j, result);
        }
        Unseen(_segments.Count, done, result);
        return result;
    }

    // What was never shown stays where it was: behind what stood before it.
    private void Unseen(int before, bool[] done, List<T> result)
    {
        for (var k = 0; k < before; k++)
        {
            var segment = _segments[k];
            if (done[k] || segment.S0 != segment.S1) continue;
            done[k] = true;
            result.AddRange(Originals(segment));
        }
    }

    // Writes one segment and returns the index of the last edited item that it took.
    private int Segmented(Segment segment, (int Shown, bool Same)[] change, int[] origin, int first, List<T> result)
    {
        var last = first;
        var intact = true;
        for (var i = segment.S0; i < segment.S1; i++)
        {
            intact &= origin[i] >= 0 && origin[i] == first + (i - segment.S0) && change[origin[i]].Same;
            if (origin[i] > last) last = origin[i];
        }
        if (intact)
        {
            // Nothing, for what the other side alone shows: nobody changed it there.
            result.AddRange(Originals(segment));
        }
        else if (segment.O1 - segment.O0 == 1 && segment.S1 - segment.S0 == 1)
        {
            result.AddRange(siblings.Merge(original[segment.O0], shown[segment.S0], edited[first]));
        }
        else
        {
            result.AddRange(siblings.MergeGroup(
                Originals(segment).ToList(),
                shown.Skip(segment.S0).Take(segment.S1 - segment.S0).ToList(),
                edited.Skip(first).Take(last - first + 1).ToList()));
        }
        return last;
    }

    // Items that stand elsewhere now, unchanged: by their look, the shown ones that nobody took.
    private Dictionary<object, Queue<int>> Moved((int Shown, bool Same)[] change, int[] origin)
    {
        var result = new Dictionary<object, Queue<int>>();
        if (change.All(c => c.Shown >= 0)) return result;
        foreach (var segment in _segments)
        {
            if (segment.S1 - segment.S0 != 1 || segment.O0 == segment.O1 || origin[segment.S0] >= 0) continue;
            var key = siblings.Canonical(shown[segment.S0]);
            if (!result.TryGetValue(key, out var queue)) result[key] = queue = new Queue<int>();
            queue.Enqueue(segment.S0);
        }
        return result;
    }

    private IEnumerable<T> Originals(Segment segment) => original.Skip(segment.O0).Take(segment.O1 - segment.O0);
}
