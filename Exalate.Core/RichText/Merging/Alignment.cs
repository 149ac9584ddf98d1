namespace Exalate.Core.RichText;

/// <summary>Finds what two sequences have in common, in order. Bounded work: long sequences are cut at items that occur once in both.</summary>
internal static class Alignment
{
    // Cells of the table that compares everything with everything.
    private const int MaxTable = 1 << 20;

    private const int GreedyReach = 64;

    /// <summary>For each item of a: the index of its partner in b, or -1. Partners are in ascending order.</summary>
    public static int[] Match<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, IEqualityComparer<T>? comparer = null)
        where T : notnull
    {
        var ids = new Dictionary<T, int>(comparer);
        var left = Ids(a, ids);
        var right = Ids(b, ids);
        var match = new int[a.Count];
        Array.Fill(match, -1);
        var open = new Stack<(int A0, int A1, int B0, int B1)>([(0, left.Length, 0, right.Length)]);
        while (open.TryPop(out var range)) Range(left, right, range.A0, range.A1, range.B0, range.B1, match, open);
        return match;
    }

    private static int[] Ids<T>(IReadOnlyList<T> items, Dictionary<T, int> ids)
        where T : notnull
    {
        var result = new int[items.Count];
        for (var i = 0; i < result.Length; i++)
        {
            if (!ids.TryGetValue(items[i], out var id)) ids[items[i]] = id = ids.Count;
            result[i] = id;
        }
        return result;
    }

    private static void Range(int[] a, int[] b, int a0, int a1, int b0, int b1, int[] match, Stack<(int A0, int A1, int B0, int B1)> open)
    {
        while (a0 < a1 && b0 < b1 && a[a0] == b[b0]) match[a0++] = b0++;
        while (a0 < a1 && b0 < b1 && a[a1 - 1] == b[b1 - 1]) match[--a1] = --b1;
        if (a0 == a1 || b0 == b1) return;
        if ((long)(a1 - a0) * (b1 - b0) <= MaxTable) Table(a, b, a0, a1, b0, b1, match);
        else if (!Anchors(a, b, a0, a1, b0, b1, match, open)) Greedy(a, b, a0, a1, b0, b1, match);
    }

    // The longest common subsequence.
    private static void Table(int[] a, int[] b, int a0, int a1, int b0, int b1, int[] match)
    {
        int n = a1 - a0, m = b1 - b0;
        var length = new int[n + 1, m + 1];
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = m - 1; j >= 0; j--)
            {
                length[i, j] = a[a0 + i] == b[b0 + j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }
        for (int i = 0, j = 0; i < n && j < m;)
        {
            if (a[a0 + i] == b[b0 + j]) match[a0 + i++] = b0 + j++;
            else if (length[i + 1, j] >= length[i, j + 1]) i++;
            else j++;
        }
    }

    // Items that occur once on both sides, as far as they are in the same order, cut the ranges into smaller ones.
    private static bool Anchors(int[] a, int[] b, int a0, int a1, int b0, int b1, int[] match, Stack<(int A0, int A1, int B0, int B1)> open)
    {
        var once = new Dictionary<int, (int A, int B)>();
        for (var i = a0; i < a1; i++) once[a[i]] = once.ContainsKey(a[i]) ? (-1, -1) : (i, -1);
        for (var j = b0; j < b1; j++)
        {
            if (once.TryGetValue(b[j], out var at) && at.A >= 0) once[b[j]] = at.B < 0 ? (at.A, j) : (-1, -1);
        }
        var pairs = once.Values.Where(p => p is { A: >= 0, B: >= 0 }).OrderBy(p => p.A).ToList();
        if (pairs.Count == 0) return false;
        int lastA = a0, lastB = b0;
        foreach (var (i, j) in Ascending(pairs))
        {
            match[i] = j;
            open.Push((lastA, i, lastB, j));
            (lastA, lastB) = (i + 1, j + 1);
        }
        open.Push((lastA, a1, lastB, b1));
        return true;
    }

    // The longest subsequence in which the second numbers ascend too.
    private static List<(int A, int B)> Ascending(List<(int A, int B)> pairs)
    {
        var tails = new List<int>();
        var before = new int[pairs.Count];
        for (var i = 0; i < pairs.Count; i++)
        {
            int low = 0, high = tails.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (pairs[tails[middle]].B < pairs[i].B) low = middle + 1;
                else high = middle;
            }
            before[i] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count) tails.Add(i);
            else tails[low] = i;
        }
        var result = new List<(int A, int B)>();
        for (var i = tails.Count > 0 ? tails[^1] : -1; i >= 0; i = before[i]) result.Add(pairs[i]);
        result.Reverse();
        return result;
    }

    private static void Greedy(int[] a, int[] b, int a0, int a1, int b0, int b1, int[] match)
    {
        var j = b0;
        for (var i = a0; i < a1; i++)
        {
            var end = Math.Min(b1, j + GreedyReach);
            for (var k = j; k < end; k++)
            {
                if (a[i] != b[k]) continue;
                match[i] = k;
                j = k + 1;
                break;
            }
        }
    }
}
