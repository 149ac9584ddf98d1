using System.Net;
using System.Text.Json.Nodes;
using static Exalate.Tests.Sandbox.SandboxBench;

namespace Exalate.Tests.Sandbox;

/// <summary>JQL and the enhanced search.</summary>
public sealed class JiraSearchFacts(SandboxBench bench) : IClassFixture<SandboxBench>
{
    private const string Search = "/rest/api/3/search/jql";

    [Theory]
    [InlineData("")]
    [InlineData("ORDER BY updated")]
    public async Task AnUnboundedQuery_IsRefusedInTheRecordedWords(string jql)
    {
        var answer = await bench.JiraAsync(HttpMethod.Post, Search, new { jql });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            """{"errorMessages":["Unbounded JQL queries are not allowed here. Please add a search restriction to your query."],"errors":{}}""", answer.Text);
    }

    [Fact]
    public async Task AnUnknownPropertyOfTheBody_IsRefusedWithoutErrors()
    {
        var answer = await bench.JiraAsync(HttpMethod.Post, Search, new { jql = "project = TEST", startAt = 0 });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("""{"errorMessages":["Invalid request payload. Refer to the REST API documentation and try again."]}""", answer.Text);
    }

    [Fact]
    public async Task TheOldSearch_IsGone()
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var answer = await bench.JiraAsync(method, "/rest/api/3/search", method == HttpMethod.Post ? new { jql = "project = TEST" } : null);
            Assert.Equal(HttpStatusCode.Gone, answer.Status);
            Assert.StartsWith("The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.", (string?)answer.Json["errorMessages"]![0]);
        }
    }

    [Fact]
    public async Task WithoutFields_OnlyTheIdComes_AndNoTotal()
    {
        var answer = await bench.JiraAsync(HttpMethod.Get, Search + "?jql=key%20%3D%20TEST-1");
        Assert.Equal("""{"issues":[{"id":"10000"}],"isLast":true}""", answer.Text);
    }

    [Fact]
    public async Task Pages_ContinueByTokenUntilThereIsNone()
    {
        var keys = new List<string>();
        JsonNode page;
        string? token = null;
        do
        {
            var query = new JsonObject { ["jql"] = "project in (TEST, COM) AND key != TEST-4 ORDER BY key DESC", ["maxResults"] = 4, ["fields"] = new JsonArray("summary") };
            if (token is not null)
                query["nextPageToken"] = token;
            page = (await bench.JiraAsync(HttpMethod.Post, Search, query.ToJsonString())).Json;
            keys.AddRange(page["issues"]!.AsArray().Select(issue => (string)issue!["key"]!));
            token = (string?)page["nextPageToken"];
            Assert.Equal(token is null, (bool)page["isLast"]!);
        }
        while (token is not null);
        var seeded = keys.Where(key => int.Parse(key.Split('-')[1]) <= 7).ToList();
        Assert.Equal(
            ["TEST-7", "TEST-6", "TEST-5", "TEST-3", "TEST-2", "TEST-1", "COM-7", "COM-6", "COM-5", "COM-4", "COM-3", "COM-2", "COM-1"], seeded);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Theory]
    [InlineData("type = Bug AND project = TEST", "TEST-2 TEST-6")]
    [InlineData("project = TEST AND status in (Done, \"In Progress\")", "TEST-5")]
    [InlineData("project = COM AND (issuetype = Story OR issuetype = Epic)", "COM-2 COM-5")]
    [InlineData("project = TEST AND NOT type in (Bug, Task)", "TEST-3 TEST-4")]
    [InlineData("summary ~ \"invoice 2026*\"", "SUP-2")]
    [InlineData("text ~ carrier", "COM-2")]
    [InlineData("reporter = 712020:9d21e4b8-0a6c-4e53-91f7-58b3c6d7a804 AND project = SUP", "SUP-1")]
    [InlineData("project = Support && statusCategory = \"In Progress\"", "SUP-1")]
    [InlineData("project = TEST AND created >= 1789000000000 AND created < \"2026/09/11\"", "TEST-4")]
    [InlineData("key in (test-1, COM-2) OR id = 10002", "TEST-1 TEST-3 COM-2")]
    public async Task AQuery_FindsWhatItSays(string jql, string expected)
    {
        var answer = await bench.JiraAsync(HttpMethod.Post, Search, new { jql = jql + " ORDER BY id", fields = new[] { "summary" } });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(expected, string.Join(' ', answer.Json["issues"]!.AsArray().Select(issue => (string?)issue!["key"])));
    }

    [Fact]
    public async Task CurrentUser_IsTheCaller()
    {
        var key = await bench.NewIssueAsync("By the proxy");
        foreach (var (who, expected) in new[] { ("exalate@acme.example:jira-sandbox-token", true), ("ben@acme.example:jira-token-ben", false) })
        {
            var found = await bench.JiraAsync(HttpMethod.Post, Search, new { jql = "creator = currentUser() AND created >= -15m", fields = new[] { "summary" } }, who);
            Assert.Equal(expected, found.Json["issues"]!.AsArray().Any(issue => (string?)issue!["key"] == key));
        }
    }

    [Theory]
    [InlineData("nonsense = 1", "Field 'nonsense' does not exist or you do not have permission to view it.")]
    [InlineData("project = NOSUCH", "The value 'NOSUCH' does not exist for the field 'project'.")]
    [InlineData("project = TEST AND", "Error in the JQL Query: Expecting a field name but reached the end of the query.")]
    [InlineData("project = TEST AND updated > soon", "Date value 'soon' for field 'updated' is invalid.")]
    [InlineData("summary = x", "The operator '=' is not supported by the 'summary' field.")]
    public async Task AQueryThatIsWrong_IsRefusedWithTheReason(string jql, string reason)
    {
        var answer = await bench.JiraAsync(HttpMethod.Post, Search, new { jql });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(reason, (string?)answer.Json["errorMessages"]![0]);
    }

    [Fact]
    public async Task DatesWithoutZone_AreReadInTheSearchersZone()
    {
        // TEST-1 was created at 02:30 UTC, which is 04:30 in Brussels (the proxy) and 23:30 of the day before in Sao Paulo (Carla).
        foreach (var (who, local) in new[] { ("exalate@acme.example:jira-sandbox-token", "2026-09-08 04:30"), ("carla@acme.example:jira-token-carla", "2026-09-07 23:30") })
        {
            var found = await bench.JiraAsync(HttpMethod.Post, Search, new { jql = $"key = TEST-1 AND created >= \"{local}\" AND created <= \"{local}\"" }, who);
            Assert.Single(found.Json["issues"]!.AsArray());
        }
    }

    [Fact]
    public async Task TheIndexLags_ReconcileForcesSingleIssues()
    {
        var clock = new ManualTime();
        var lagging = new SandboxBench { Options = options => options with { AsanaPort = null, IndexLag = TimeSpan.FromSeconds(30), TimeProvider = clock } };
        await lagging.InitializeAsync();
        try
        {
            var made = (await lagging.JiraAsync(HttpMethod.Post, "/rest/api/3/issue", new
            {
                fields = new { project = new { key = "TEST" }, issuetype = new { name = "Task" }, summary = "laggard" },
            })).Json;
            Assert.Equal(HttpStatusCode.OK, (await lagging.JiraAsync(HttpMethod.Get, $"/rest/api/3/issue/{made["key"]}")).Status);
            Assert.Equal(0, await CountAsync(new { jql = "summary ~ laggard" }));
            Assert.Equal(1, await CountAsync(new { jql = "summary ~ laggard", reconcileIssues = new[] { long.Parse((string)made["id"]!) } }));
            clock.Advance(TimeSpan.FromSeconds(31));
            Assert.Equal(1, await CountAsync(new { jql = "summary ~ laggard" }));
        }
        finally
        {
            await lagging.DisposeAsync();
        }

        async Task<int> CountAsync(object query) => (await lagging.JiraAsync(HttpMethod.Post, Search, query)).Json["issues"]!.AsArray().Count;
    }
}
