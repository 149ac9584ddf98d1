using Exalate.Benchmarks.Processes;

namespace Exalate.Benchmarks.Chaos;

/// <summary>Watches how long it takes after each kill until all that it left unfinished is done. One look at a node serves all kills of it.</summary>
internal sealed class Recoveries : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<Kill> kills = [];
    private readonly List<TimeSpan> times = [];
    private readonly Task watching;

    public Recoveries() => watching = WatchAsync();

    public TimeSpan Longest
    {
        get
        {
            lock (gate)
                return times.Count == 0 ? TimeSpan.Zero : times.Max();
        }
    }

    public void Watch(NodeProcess node, IReadOnlyList<string> open)
    {
        lock (gate)
            kills.Add(new Kill(node, [.. open], TimeProvider.System.GetTimestamp()));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                foreach (var ofNode in Watched())
                    Note(ofNode, await ofNode.Key.UnfinishedAsync());
                await Task.Delay(Pause, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over; what never recovered is in its findings.
        }
    }

    private List<IGrouping<NodeProcess, Kill>> Watched()
    {
        lock (gate)
            return [.. kills.GroupBy(kill => kill.Node)];
    }

    /// <param name="before">The kills that were there before the look.</param>
    private void Note(IEnumerable<Kill> before, IReadOnlyCollection<string> unfinished)
    {
        lock (gate)
        {
            foreach (var over in before.Where(kill => !kill.Open.Overlaps(unfinished)))
            {
                times.Add(TimeProvider.System.GetElapsedTime(over.At));
                kills.Remove(over);
            }
        }
    }

    private sealed record Kill(NodeProcess Node, HashSet<string> Open, long At);
}
