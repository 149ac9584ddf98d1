using System.Net;
using System.Text.Json.Nodes;

namespace Exalate.Tests.Sandbox;

/// <summary>Failures a test can order.</summary>
public sealed class FaultFacts(SandboxBench bench) : IClassFixture<SandboxBench>, IAsyncLifetime
{
    private const string Create = """{"fields":{"project":{"key":"SUP"},"issuetype":{"name":"Task"},"summary":"SUMMARY"}}""";

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => ControlAsync(HttpMethod.Delete, "faults");

    [Fact]
    public async Task AFault_StrikesAsOftenAsOrdered()
    {
        await ControlAsync(HttpMethod.Post, "faults", new
        {
            tracker = "jira", method = "POST", path = "/issue$", status = 429, times = 2, headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
            body = new { errorMessages = new[] { "slow down" } },
        });
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var struck = await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/issue", Create.Replace("SUMMARY", "struck"));
            Assert.Equal((HttpStatusCode.TooManyRequests, "7", "slow down"),
                (struck.Status, struck.Raw.Headers.GetValues("Retry-After").Single(), (string?)struck.Json["errorMessages"]![0]));
        }

        Assert.Equal(HttpStatusCode.Created, (await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/issue", Create.Replace("SUMMARY", "passed"))).Status);
        Assert.Equal(0, await CountAsync("struck"));
    }

    [Fact]
    public async Task AnAnswerLostAfterTheEffect_LeavesTheEffect()
    {
        await ControlAsync(HttpMethod.Post, "faults", new { tracker = "jira", method = "POST", path = "/issue$", when = "after" });
        await Assert.ThrowsAsync<HttpRequestException>(() => bench.JiraAsync(HttpMethod.Post, "/rest/api/3/issue", Create.Replace("SUMMARY", "effective")));
        Assert.Equal(1, await CountAsync("effective"));
    }

    [Fact]
    public async Task AnAnswerReplacedAfterTheEffect_LeavesTheEffectToo()
    {
        await ControlAsync(HttpMethod.Post, "faults", new { tracker = "jira", method = "POST", path = "/issue$", when = "after", status = 503 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/issue", Create.Replace("SUMMARY", "replaced"))).Status);
        Assert.Equal(1, await CountAsync("replaced"));
    }

    [Fact]
    public async Task TheLog_ShowsRequestsAndNoSecret()
    {
        await ControlAsync(HttpMethod.Delete, "log");
        await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/issue/TEST-1?fields=summary");
        await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/issue/TEST-999");
        var log = await ControlAsync(HttpMethod.Get, "log");
        Assert.Equal(
            ["GET /rest/api/3/issue/TEST-1?fields=summary 200 Exalate Proxy", "GET /rest/api/3/issue/TEST-999 404 Exalate Proxy"],
            log.Json.AsArray().Select(one => $"{one!["method"]} {one["path"]} {one["status"]} {one["caller"]}"));
        Assert.DoesNotContain("jira-sandbox-token", log.Text);
    }

    [Theory]
    [InlineData("Host", "attacker.example")]
    [InlineData("Origin", "http://attacker.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task TheControls_AreOutOfReachForWebPages(string header, string value)
    {
        var answer = await bench.SendAsync(HttpMethod.Post, new Uri(bench.Host.JiraUrl, "/_sandbox/faults"), new { status = 500 }, null, (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task AnOrderThatMakesNoSense_IsRefused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await ControlAsync(HttpMethod.Post, "faults", new { tracker = "trello" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await ControlAsync(HttpMethod.Post, "faults", new { path = "(" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await ControlAsync(HttpMethod.Post, "faults", "{")).Status);
    }

    private async Task<int> CountAsync(string word) =>
        ((JsonArray)(await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/search/jql", new { jql = $"summary ~ {word}" })).Json["issues"]!).Count;

    private Task<Answer> ControlAsync(HttpMethod method, string path, object? body = null) =>
        bench.SendAsync(method, new Uri(bench.Host.JiraUrl, "/_sandbox/" + path), body);
}
