using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exalate.Benchmarks.Processes;

namespace Exalate.Benchmarks.Sync;

/// <summary>One call of a node to its tracker, from the sandbox's log.</summary>
internal sealed record TrackerCallEntry(string Tracker, string Method, string Path, DateTimeOffset At);

/// <summary>Collects what the nodes ask the trackers while a phase runs; the sandbox keeps its last 2,000 calls only.</summary>
internal sealed partial class CallLog(People people) : IAsyncDisposable
{
    private const string NodeOnJira = "Exalate Proxy";
    private const string NodeOnAsana = "Exalate Integration";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, long> last = new() { ["jira"] = 0, ["asana"] = 0 };
    private readonly List<TrackerCallEntry> calls = [];
    private Task reading = Task.CompletedTask;

    public IReadOnlyList<TrackerCallEntry> Calls => calls;

    /// <summary>From now on; what was called before is passed over.</summary>
    public async Task StartAsync()
    {
        await ReadAsync();
        calls.Clear();
        reading = LoopAsync();
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await reading;
        await ReadAsync();
    }

    /// <summary>Calls per item by kind, most frequent first. Example: "2.00 (asana POST tasks 1.00, jira GET issue 1.00)".</summary>
    public string PerItem(int items)
    {
        var kinds = calls.GroupBy(call => $"{call.Tracker} {call.Method} {Shape(call.Path)}")
            .OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => $"{kind.Key} {(double)kind.Count() / items:0.00}");
        return $"{(double)calls.Count / items:0.00} ({string.Join(", ", kinds)})";
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading;
        stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            await ReadAsync();
            await Task.WhenAny(Task.Delay(Pause, stop.Token));
        }
    }

    private async Task ReadAsync()
    {
        foreach (var tracker in last.Keys.ToList())
        {
            var entries = (await people.SandboxAsync(tracker, HttpMethod.Get, $"log?tracker={tracker}&after={last[tracker]}")).AsArray();
            foreach (var entry in entries)
            {
                last[tracker] = entry!["number"]!.GetValue<long>();
                if (entry["caller"]?.GetValue<string>() is NodeOnJira or NodeOnAsana)
                    calls.Add(new TrackerCallEntry(tracker, entry["method"]!.GetValue<string>(), entry["path"]!.GetValue<string>(), entry["at"]!.GetValue<DateTimeOffset>()));
            }
        }
    }

    /// <summary>The path without what differs from item to item.</summary>
    private static string Shape(string path) => Id().Replace(path.Split('?')[0].Replace("/rest/api/3/", "", StringComparison.Ordinal).Replace("/api/1.0/", "", StringComparison.Ordinal), "/*");

    [GeneratedRegex(@"/\d+")]
    private static partial Regex Id();
}
