using System.Collections.Concurrent;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Runs worlds side by side, each from start to end on one thread.</summary>
internal static class SeedRunner
{
    /// <summary>The first outcome in which the switched-off safeguard is missed; null when no seed misses it.</summary>
    public static Outcome? Find(Break sabotage, int from, int count, int workers) => Run(from, count, workers, sabotage).FirstOrDefault(outcome => outcome.Broken.Count > 0);

    /// <summary>Outcomes as they come. Stop reading and no further seed is begun.</summary>
    /// <param name="only">Which seeds count, see <see cref="World.Kinds"/>; null: all.</param>
    public static IEnumerable<Outcome> Run(int from, int count, int workers, Break? sabotage = null, bool isPlain = false, string? only = null)
    {
        using var seeds = Enumerable.Range(from, int.MaxValue - from).Where(seed => only is null || World.IsOf(seed, only)).Take(count).GetEnumerator();
        var gate = new Lock();
        using var outcomes = new BlockingCollection<Outcome>(workers);
        using var stop = new CancellationTokenSource();
        var threads = Enumerable.Range(0, Math.Min(workers, count)).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        try
        {
            for (var taken = 0; taken < count; taken++)
                yield return outcomes.Take();
        }
        finally
        {
            stop.Cancel();
            threads.ForEach(thread => thread.Join());
        }

        void Work()
        {
            while (!stop.IsCancellationRequested && Next() is { } seed)
            {
                var outcome = World.Run(seed, sabotage, isPlain);
                try
                {
                    outcomes.Add(outcome, stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        int? Next()
        {
            lock (gate)
                return seeds.MoveNext() ? seeds.Current : null;
        }
    }
}
