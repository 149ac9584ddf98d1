namespace Exalate.Core.RichText;

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

    // For each edited item: the shown ones that it was (none when First is negative), and whether it still looks the same.
    private readonly (int First, int Last, bool Same)[] _was = Filled(edited.Count, (-1, -1, false));

    // For each shown item: the edited ones that it became; none when First is negative.
    private readonly (int First, int Last)[] _became = Filled(shown.Count, (-1, -1));

    public List<T> Run()
    {
        AlignOriginal();
        AlignEdited();
        return Build();
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
        var isFreeS = Filled(s1 - s0, true);
        foreach (var j in pair.Where(j => j >= 0)) isFreeS[j] = false;
        int at = o0, from = s0;
        for (var i = 0; i < pair.Length; i++)
        {
            if (pair[i] < 0) continue;
            // What stands beside a pair and belongs to one side of it joins the pair: a block shown as several, or several as one.
            int first = s0 + pair[i], end = first + 1;
            while (Next(first, -1) is { } before) first = before;
            while (Next(end - 1, 1) is { } after) end = after + 1;
            int start = o0 + i, last = start + 1;
            var one = end == first + 1;
            while (one && start > at && Belongs(o[start - 1], s[first])) start--;
            while (one && last < o1 && pair[last - o0] < 0 && Belongs(o[last], s[first])) last++;
            Loose(start, first);
            _segments.Add(new Segment(start, last, first, end));
            (at, from) = (last, end);
            i = last - o0 - 1;

            // What has no words of its own (a rule between two parts of a list) belongs to what is on both sides of it.
            int? Next(int of, int step)
            {
                var next = of + step;
                if (IsFree(next) && s[next].Count == 0) next += step;
                return IsFree(next) && Belongs(s[next], o[o0 + i]) ? next : null;
            }

            bool IsFree(int index) => index >= from && index < s1 && isFreeS[index - s0];
        }
        Loose(o1, s1);

        // What has no partner.
        void Loose(int toO, int toS)
        {
            while (at < toO) _segments.Add(new Segment(at, ++at, from, from));
            while (from < toS) _segments.Add(new Segment(at, at, from, ++from));
        }

        static bool Belongs(Words part, Words whole) => part.Count > 0 && part.ShareIn(whole) > 0.6;
    }

    private double Score(T a, T b, Words wa, Words wb)
    {
        var words = Math.Max(wa.Similarity(wb), 0.8 * Math.Max(wa.ShareIn(wb), wb.ShareIn(wa)));
        if (wa.Count == 0 && wb.Count == 0) return siblings.Alike(a, b) ? 0.5 : 0;
        return words + (siblings.Alike(a, b) ? 0.1 : 0);
    }

    private void AlignEdited()
    {
        var match = Alignment.Match(shown.Select(siblings.Canonical).ToList(), edited.Select(siblings.Canonical).ToList());
        int i = 0, j = 0;
        while (i < shown.Count || j < edited.Count)
        {
            if (i < shown.Count && match[i] == j)
            {
                _was[j] = (i, i, true);
                _became[i++] = (j, j++);
                continue;
            }
            var (i0, j0) = (i, j);
            while (i < shown.Count && match[i] < 0) i++;
            j = i < shown.Count ? match[i] : edited.Count;
            EditedGap(i0, i, j0, j);
        }
    }

    private void EditedGap(int s0, int s1, int e0, int e1)
    {
        if (s0 == s1 || e0 == e1) return;
        var s = shown.Skip(s0).Take(s1 - s0).Select(siblings.WordsOf).ToList();
        var e = edited.Skip(e0).Take(e1 - e0).Select(siblings.WordsOf).ToList();
        // One for one of the same sort is an edit, however much was rewritten.
        var alone = s.Count == 1 && e.Count == 1 && siblings.Alike(shown[s0], edited[e0]);
        var pair = alone ? [0] : Pair(s.Count, e.Count, (i, j) => Score(shown[s0 + i], edited[e0 + j], s[i], e[j]));
        bool[] isFreeS = Array.ConvertAll(pair, p => p < 0), isFreeE = Filled(e.Count, true);
        foreach (var j in pair.Where(j => j >= 0)) isFreeE[j] = false;
        for (var i = 0; i < pair.Length; i++)
        {
            if (pair[i] is not (>= 0 and var j)) continue;
            (int First, int Last) cut = (j, j), joined = (i, i);
            if (siblings.CanBeCut(shown[s0 + i]) && siblings.CanBeCut(edited[e0 + j]))
            {
                cut = Parts(j, e, e0, edited, isFreeE, s[i]);
                if (cut.First == cut.Last) joined = Parts(i, s, s0, shown, isFreeS, e[j]);
            }
            for (var k = cut.First; k <= cut.Last; k++) (_was[e0 + k], isFreeE[k]) = ((s0 + joined.First, s0 + joined.Last, false), false);
            for (var k = joined.First; k <= joined.Last; k++) (_became[s0 + k], isFreeS[k]) = ((e0 + cut.First, e0 + cut.Last), false);
        }
    }

    // What stands beside one half of something that was cut, and is the other half.
    private (int First, int Last) Parts(int at, List<Words> words, int start, IReadOnlyList<T> items, bool[] isFree, Words whole)
    {
        int first = at, last = at;
        while (Next(last, 1) is { } next) last = next;
        while (Next(first, -1) is { } next) first = next;
        return (first, last);

        int? Next(int from, int step)
        {
            var next = from + step;
            if (next >= 0 && next < words.Count && isFree[next] && siblings.IsBorder(items[start + next])) next += step;
            return next >= 0 && next < words.Count && isFree[next] && siblings.CanBeCut(items[start + next]) && words[next].Count > 0 && words[next].ShareIn(whole) > 0.6
                ? next
                : null;
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

    private List<T> Build()
    {
        var segmentOf = new int[shown.Count];
        for (var k = 0; k < _segments.Count; k++)
        {
            for (var i = _segments[k].S0; i < _segments[k].S1; i++) segmentOf[i] = k;
        }
        var moved = Moved();
        var result = new List<T>();
        var done = new bool[_segments.Count];
        for (var j = 0; j < edited.Count; j++)
        {
            if (_was[j].First < 0)
            {
                if (moved.TryGetValue(siblings.Canonical(edited[j]), out var home) && home.TryDequeue(out var from)) result.AddRange(Originals(_segments[segmentOf[from]]));
                else result.Add(siblings.Enrich(edited[j]));
                continue;
            }
            var first = segmentOf[_was[j].First];
            if (done[first]) continue;
            Unseen(first, done, result);
            j = Segments(segmentOf, first, j, done, result);
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

    // Writes a segment, with those that were put together with it, and returns the index of the last edited item that it took.
    private int Segments(int[] segmentOf, int k, int first, bool[] done, List<T> result)
    {
        int lastSegment = k, last = first, s0 = _segments[k].S0, s1 = s0;
        var intact = true;
        for (var i = s0; i < _segments[lastSegment].S1; i++)
        {
            s1 = i + 1;
            intact &= _became[i] == (first + (i - s0), first + (i - s0)) && _was[_became[i].First].Same;
            for (var j = last; j <= _became[i].Last; j++)
            {
                last = j;
                if (_was[j].Last >= 0) lastSegment = Math.Max(lastSegment, segmentOf[_was[j].Last]);
            }
        }
        var originals = new List<T>();
        for (var i = k; i <= lastSegment; i++)
        {
            if (_segments[i].S0 == _segments[i].S1) continue;
            done[i] = true;
            originals.AddRange(Originals(_segments[i]));
        }
        // Nothing, for what the other side alone shows: nobody changed it there.
        if (intact) result.AddRange(originals);
        else if (originals.Count == 1 && s1 - s0 == 1 && first == last) result.AddRange(siblings.Merge(originals[0], shown[s0], edited[first]));
        else result.AddRange(siblings.MergeGroup(originals, shown.Skip(s0).Take(s1 - s0).ToList(), edited.Skip(first).Take(last - first + 1).ToList()));
        return last;
    }

    // Items that stand elsewhere now, unchanged: by their look, the shown ones that nobody took.
    private Dictionary<object, Queue<int>> Moved()
    {
        var result = new Dictionary<object, Queue<int>>();
        if (_was.All(w => w.First >= 0)) return result;
        foreach (var segment in _segments)
        {
            if (segment.S1 - segment.S0 != 1 || segment.O0 == segment.O1 || _became[segment.S0].First >= 0) continue;
            var key = siblings.Canonical(shown[segment.S0]);
            if (!result.TryGetValue(key, out var queue)) result[key] = queue = new Queue<int>();
            queue.Enqueue(segment.S0);
        }
        return result;
    }

    private static TItem[] Filled<TItem>(int count, TItem with)
    {
        var items = new TItem[count];
        Array.Fill(items, with);
        return items;
    }

    private IEnumerable<T> Originals(Segment segment) => original.Skip(segment.O0).Take(segment.O1 - segment.O0);
}
