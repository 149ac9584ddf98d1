using System.Net;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Host;

public sealed class HealthAnswers
{
    private const string Secret = "tracker-token-5317";

    [Fact]
    public async Task A_new_node_is_live_and_ready()
    {
        await using var node = await HostedNode.StartAsync(withAdmin: false);
        using var browser = node.Browser();

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(browser, "/health/live"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(browser, "/health/ready"));
    }

    [Fact]
    public async Task A_tracker_that_refuses_makes_the_node_unready_without_saying_why()
    {
        await using var node = await StartWithRefusingTrackerAsync();
        using var browser = node.Browser();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(browser, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(browser, "/health/live"));
        Assert.Contains(node.Log.Lines, line => line.Contains("refused the token", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_thousand_questions_ask_the_tracker_once()
    {
        await using var node = await StartWithRefusingTrackerAsync();
        using var browser = node.Browser();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => AskAsync(browser, "/health/ready")));

        Assert.All(answers, answer => Assert.Equal("Unhealthy", answer.Body));
        Assert.Equal(1, ((RefusingTrackers)node.Get<ITrackerFactory>()).MadeForRequests);
    }

    [Fact]
    public async Task A_lost_database_makes_the_node_unready()
    {
        await using var node = await HostedNode.StartAsync();
        using var browser = node.Browser();
        await using (var db = await node.Get<IDbContextFactory<ExalateDbContext>>().CreateDbContextAsync())
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE Settings RENAME TO Gone");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(browser, "/health/ready"));
    }

    private static Task<HostedNode> StartWithRefusingTrackerAsync() => HostedNode.StartAsync(
        new() { ["Exalate:Tracker:Kind"] = "Jira", ["Exalate:Tracker:Url"] = "https://acme.example", ["Exalate:Tracker:Token"] = Secret },
        configure: builder => builder.Services.AddHttpContextAccessor().AddSingleton<ITrackerFactory, RefusingTrackers>());

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(TestBrowser browser, string path)
    {
        using var response = await browser.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The engine asks for its connector in rounds of its own, whenever it likes: those do not count.</summary>
    private sealed class RefusingTrackers(IHttpContextAccessor requests) : ITrackerFactory
    {
        private int made;

        public int MadeForRequests => Volatile.Read(ref made);

        public TrackerDescription Describe(TrackerKind kind) => throw new NotSupportedException();

        public ITracker Create(TrackerAccess access)
        {
            if (requests.HttpContext is not null)
                Interlocked.Increment(ref made);
            throw new TrackerException(FailureCategory.Unauthorized, $"Jira at {access.Url} refused the token (401).");
        }
    }
}
