using System.Net;
using Exalate.Sandbox.Jira;
using static Exalate.Tests.Sandbox.SandboxBench;

namespace Exalate.Tests.Sandbox;

/// <summary>Jira's webhooks: registration, signature, payload, retries.</summary>
public sealed class JiraWebhookFacts : IAsyncLifetime
{
    private const string Hooks = "/rest/webhooks/1.0/webhook";

    private readonly SandboxBench bench = new()
    {
        Options = options => options with { AsanaPort = null, WebhookRetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(30), 5)] },
    };

    public Task InitializeAsync() => bench.InitializeAsync();

    public Task DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public void TheSignature_IsThePublishedVector() => Assert.Equal(
        "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
        JiraDeliveryPolicy.Sign("It's a Secret to Everybody", "Hello World!"));

    [Fact]
    public async Task AnEdit_IsDeliveredSigned_WithTextsAsMarkupAndTheChange()
    {
        await using var hook = await Hook.StartAsync();
        await RegisterAsync(hook, "project = TEST", "jira:issue_updated");
        await bench.JiraAsync(HttpMethod.Put, "/rest/api/3/issue/COM-3", new { fields = new { summary = "not this one" } });
        await bench.JiraAsync(HttpMethod.Put, "/rest/api/3/issue/TEST-3", new { fields = new { description = Adf("new words") } }, "ben@acme.example:jira-token-ben");
        var call = await hook.WaitForAsync(_ => true);
        Assert.Equal("sha256=" + Hook.Hmac("s3cret", call.Body), call.Header("X-Hub-Signature"));
        Assert.NotNull(call.Header("X-Atlassian-Webhook-Identifier"));
        Assert.Null(call.Header("X-Atlassian-Webhook-Retry"));
        var json = call.Json;
        Assert.Equal(("jira:issue_updated", "TEST-3", "Ben Okafor"),
            ((string?)json["webhookEvent"], (string?)json["issue"]!["key"], (string?)json["user"]!["displayName"]));
        Assert.Equal("new words", (string?)json["issue"]!["fields"]!["description"]);
        Assert.Equal("description", (string?)json["changelog"]!["items"]![0]!["fieldId"]);
        Assert.Equal(1, (long)json["matchedWebhookIds"]![0]!);
        Assert.All(hook.Calls, one => Assert.Equal("TEST-3", (string?)one.Json["issue"]!["key"]));
    }

    [Fact]
    public async Task AComment_RaisesItsOwnEventAndAnUpdateOfTheIssue()
    {
        await using var hook = await Hook.StartAsync();
        await RegisterAsync(hook, "", "comment_created", "comment_updated", "comment_deleted", "jira:issue_updated");
        var comment = await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/issue/TEST-1/comment", new { body = Adf("hello") });
        await bench.JiraAsync(HttpMethod.Delete, $"/rest/api/3/issue/TEST-1/comment/{comment.Json["id"]}");
        var calls = await hook.WaitForAsync(4, _ => true);
        Assert.Equal(
            ["comment_created ", "comment_deleted ", "jira:issue_updated issue_comment_deleted", "jira:issue_updated issue_commented"],
            calls.Select(call => $"{call.Json["webhookEvent"]} {call.Json["issue_event_type_name"]}").Order());
        Assert.All(calls, call => Assert.Equal("hello", (string?)call.Json["comment"]!["body"]));
    }

    [Fact]
    public async Task AFailedDelivery_IsTriedAgainUnderTheSameIdentifier()
    {
        await using var hook = await Hook.StartAsync();
        await RegisterAsync(hook, "", "jira:issue_created");
        hook.Answer(503, 429);
        await bench.NewIssueAsync();
        var calls = await hook.WaitForAsync(3, _ => true);
        Assert.Single(calls.Select(call => call.Header("X-Atlassian-Webhook-Identifier")).Distinct());
        Assert.Equal([null, "1", "2"], calls.Select(call => call.Header("X-Atlassian-Webhook-Retry")));
    }

    [Fact]
    public async Task ADeliveryAnswered404_IsDropped()
    {
        await using var hook = await Hook.StartAsync();
        await RegisterAsync(hook, "", "jira:issue_created");
        hook.Answer(404);
        await bench.NewIssueAsync("first");
        await hook.WaitForAsync(1, _ => true);
        await bench.NewIssueAsync("second");
        await hook.WaitForAsync(call => call.Body.Contains("second", StringComparison.Ordinal));
        Assert.Single(hook.Calls, call => call.Body.Contains("first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADelivery_SurvivesARestart()
    {
        await using var hook = await Hook.StartAsync();
        await RegisterAsync(hook, "", "jira:issue_created");
        await ControlAsync(new { pause = true });
        await bench.NewIssueAsync("before the restart");
        await bench.RestartAsync();
        await hook.WaitForAsync(call => call.Body.Contains("before the restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deliveries_CanBeHeldDoubledAndLost()
    {
        await using var hook = await Hook.StartAsync();
        await RegisterAsync(hook, "", "jira:issue_created");
        await ControlAsync(new { drop = 1 });
        await bench.NewIssueAsync("lost");
        await ControlAsync(new { pause = true, duplicate = true });
        await bench.NewIssueAsync("twice");
        Assert.DoesNotContain(hook.Calls, call => call.Body.Contains("twice", StringComparison.Ordinal));
        await ControlAsync(new { resume = true });
        await hook.WaitForAsync(2, call => call.Body.Contains("twice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADeletedWebhook_GetsNothingMore()
    {
        await using var hook = await Hook.StartAsync();
        var id = await RegisterAsync(hook, "", "jira:issue_created");
        Assert.Equal(HttpStatusCode.NoContent, (await bench.JiraAsync(HttpMethod.Delete, $"{Hooks}/{id}")).Status);
        await bench.NewIssueAsync();
        Assert.Empty((await bench.JiraAsync(HttpMethod.Get, Hooks)).Json.AsArray());
        Assert.Empty(hook.Calls);
    }

    [Fact]
    public async Task DynamicWebhooks_BelongToApps()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/webhook", new { url = "https://x.example", webhooks = Array.Empty<object>() })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.JiraAsync(HttpMethod.Get, Hooks, who: "ben@acme.example:jira-token-ben")).Status);
    }

    [Theory]
    [InlineData("http://localhost:5000/x")]
    [InlineData("http://127.0.0.9/x")]
    [InlineData("http://[::1]/x")]
    [InlineData("http://0.0.0.0/x")]
    public async Task WithTheSwitchOff_LoopbackAddressesAreRefused(string url)
    {
        var strict = new SandboxBench { Options = options => options with { AsanaPort = null, AllowLoopbackWebhooks = false } };
        await strict.InitializeAsync();
        try
        {
            var refused = await strict.JiraAsync(HttpMethod.Post, Hooks, new { name = "n", url, events = new[] { "jira:issue_updated" } });
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.NotNull((string?)refused.Json["errors"]!["url"]);
            var taken = await strict.JiraAsync(HttpMethod.Post, Hooks, new { name = "n", url = "https://hooks.example.com/x", events = new[] { "jira:issue_updated" } });
            Assert.Equal(HttpStatusCode.Created, taken.Status);
        }
        finally
        {
            await strict.DisposeAsync();
        }
    }

    [Fact]
    public async Task ARegistrationThatIsWrong_NamesTheFields()
    {
        var answer = await bench.JiraAsync(HttpMethod.Post, Hooks, new
        {
            name = "", url = "ftp://x", events = new[] { "issue_made" }, filters = new Dictionary<string, string> { ["issue-related-events-section"] = "project = NOSUCH" },
        });
        Assert.Equal(["events", "filters", "name", "url"], answer.Json["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    private async Task<string> RegisterAsync(Hook hook, string jql, params string[] events)
    {
        var made = await bench.JiraAsync(HttpMethod.Post, Hooks, new
        {
            name = "test", url = hook.Url, events, secret = "s3cret", filters = new Dictionary<string, string> { ["issue-related-events-section"] = jql },
        });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.DoesNotContain("s3cret", made.Text);
        return ((string)made.Json["self"]!).Split('/')[^1];
    }

    private Task<Answer> ControlAsync(object order) => bench.SendAsync(HttpMethod.Post, new Uri(bench.Host.JiraUrl, "/_sandbox/webhooks"), order);
}
