using Exalate.Benchmarks.Processes;

namespace Exalate.Benchmarks.Chaos;

/// <summary>What goes wrong at the trackers: refused and cut calls, lost answers, slow answers, webhooks that come twice or never.</summary>
internal sealed class Weather(People people, Random dice)
{
    /// <summary>The nodes' programs; people are left alone.</summary>
    private const string Nodes = "Exalate";

    private static readonly (string Tracker, Func<object> Order)[] Storms =
    [
        ("jira", () => new { userAgent = Nodes, method = "PUT", path = "/issue/\\d+", status = 503 }),
        ("jira", () => new { userAgent = Nodes, method = "POST", path = "/issue$", when = "after" }),
        ("jira", () => new { userAgent = Nodes, method = "POST", path = "/comment$", when = "after" }),
        ("jira", () => new { userAgent = Nodes, method = "POST", path = "/attachments$", when = "after" }),
        ("jira", () => new { userAgent = Nodes, method = "GET", path = "/issue/", times = 2, status = 429, headers = new Dictionary<string, string> { ["Retry-After"] = "1" } }),
        ("jira", () => new { userAgent = Nodes, method = "GET", path = "/issue/", times = 3, delayMs = 300 }),
        ("jira", () => new { userAgent = Nodes, method = "GET", path = "/issue/" }),
        ("asana", () => new { userAgent = Nodes, method = "PUT", path = "/tasks/\\d+", status = 500 }),
        ("asana", () => new { userAgent = Nodes, method = "PUT", path = "/tasks/\\d+", when = "after" }),
        ("asana", () => new { userAgent = Nodes, method = "POST", path = "/tasks(\\?|$)", when = "after" }),
        ("asana", () => new { userAgent = Nodes, method = "POST", path = "/stories(\\?|$)", when = "after" }),
        ("asana", () => new { userAgent = Nodes, method = "POST", path = "/attachments(\\?|$)", when = "after" }),
        ("asana", () => new { userAgent = Nodes, method = "POST", path = "/tasks(\\?|$)", times = 2, delayMs = 400, when = "after", status = 504 }),
        ("asana", () => new { userAgent = Nodes, method = "GET", path = "/tasks/", times = 2, status = 429, headers = new Dictionary<string, string> { ["Retry-After"] = "1" } }),
        ("asana", () => new { userAgent = Nodes, method = "GET", path = "/stories", times = 3, delayMs = 300 }),
    ];

    /// <summary>Three new failures, and other habits of the webhooks.</summary>
    public async Task ChangeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var (tracker, order) = Storms[dice.Next(Storms.Length)];
            await people.SandboxAsync(tracker, HttpMethod.Post, "faults", order());
        }

        foreach (var tracker in new[] { "jira", "asana" })
            await people.SandboxAsync(tracker, HttpMethod.Post, "webhooks", new { duplicate = dice.Next(2) == 0, drop = dice.Next(3) == 0 ? 1 : 0 });
    }

    public async Task CalmAsync()
    {
        foreach (var tracker in new[] { "jira", "asana" })
            await people.SandboxAsync(tracker, HttpMethod.Delete, "faults?tracker=" + tracker);
    }
}
