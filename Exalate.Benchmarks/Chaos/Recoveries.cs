using Exalate.Benchmarks.Processes;

namespace Exalate.Benchmarks.Chaos;

/// <summary>Watches how long it takes after each kill until all that it left unfinished is done.</summary>
internal sealed class Recoveries : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> watches = [];
    private readonly List<TimeSpan> times = [];

    public TimeSpan Longest => times.Count == 0 ? TimeSpan.Zero : times.Max();

    public void Watch(NodeProcess node, IReadOnlyList<string> open) => watches.Add(WatchAsync(node, open, TimeProvider.System.GetTimestamp()));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(watches);
        stop.Dispose();
    }

    private async Task WatchAsync(NodeProcess node, IReadOnlyList<string> open, long killed)
    {
        try
        {
            while ((await node.UnfinishedAsync()).Intersect(open).Any())
                await Task.Delay(Pause, stop.Token);
            lock (times)
                times.Add(TimeProvider.System.GetElapsedTime(killed));
        }
        catch (OperationCanceledException)
        {
            // The run is over; what never recovered is in its findings.
        }
    }
}
