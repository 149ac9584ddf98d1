using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Faults;

/// <summary>One request as the log shows it: never a header value, never a body.</summary>
internal sealed record RequestLogEntry(long Number, DateTimeOffset At, string Method, string Path, int Status, long Ms, string? Caller, string? Fault);

/// <summary>The failures that a test ordered for one tracker, its request log and the switches of its webhook deliveries.</summary>
internal sealed class TrackerFaults(TimeProvider time)
{
    private const int LogLength = 2000;

    private readonly Lock gate = new();
    private readonly List<FaultRule> rules = [];
    private readonly Queue<RequestLogEntry> log = [];
    private int lastRule;
    private long lastEntry;

    public DeliverySwitches Deliveries { get; } = new();

    public TimeProvider Time => time;

    public FaultRule Add(JsonObject order)
    {
        var rule = new FaultRule
        {
            Id = Interlocked.Increment(ref lastRule),
            Method = order["method"].Text(),
            Path = new Regex(order["path"].Text() ?? ".*", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            UserAgent = order["userAgent"].Text(),
            Status = order["status"].Number(),
            Remaining = order["times"].Number() ?? 1,
            Delay = TimeSpan.FromMilliseconds(order["delayMs"].Number() ?? 0),
            When = order["when"].Text() == "after" ? FaultMoment.After : FaultMoment.Before,
            Abort = order["abort"].Flag() ?? (order["status"] is null && (order["delayMs"] is null || order["when"].Text() == "after")),
            Body = order["body"]?.DeepClone(),
            Headers = (order["headers"] as JsonObject)?.ToDictionary(header => header.Key, header => header.Value.TextOrNumber() ?? "")
                ?? [],
        };
        lock (gate)
            rules.Add(rule);
        return rule;
    }

    public void Clear()
    {
        lock (gate)
            rules.Clear();
        Deliveries.Reset();
    }

    public FaultRule? Take(string method, string pathAndQuery, string userAgent)
    {
        lock (gate)
        {
            var rule = rules.Find(candidate => candidate.Matches(method, pathAndQuery, userAgent));
            if (rule is not null)
                rule.Remaining--;
            return rule;
        }
    }

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (gate)
                return [.. rules];
        }
    }

    public void Record(string method, string path, int status, TimeSpan took, string? caller, FaultRule? fault)
    {
        lock (gate)
        {
            log.Enqueue(new RequestLogEntry(
                ++lastEntry, time.GetUtcNow(), method, path, status, (long)took.TotalMilliseconds, caller, fault?.Id.ToString()));
            if (log.Count > LogLength)
                log.Dequeue();
        }
    }

    public IReadOnlyList<RequestLogEntry> Log
    {
        get
        {
            lock (gate)
                return [.. log];
        }
    }

    public void ClearLog()
    {
        lock (gate)
            log.Clear();
    }
}
