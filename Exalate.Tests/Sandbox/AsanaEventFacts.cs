using System.Net;
using System.Net.Http.Headers;
using static Exalate.Tests.Sandbox.SandboxBench;

namespace Exalate.Tests.Sandbox;

/// <summary>Asana: event streams, webhooks, attachments, search.</summary>
public sealed class AsanaEventFacts : IAsyncLifetime
{
    private static readonly AuthenticationHeaderValue Proxy = new("Bearer", "asana-sandbox-token");

    private readonly SandboxBench bench = new()
    {
        Options = options => options with { JiraPort = null, WebhookRetryDelays = [TimeSpan.FromMilliseconds(30)], AsanaWebhookLife = TimeSpan.FromMilliseconds(400) },
    };

    public Task InitializeAsync() => bench.InitializeAsync();

    public Task DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task AStream_StartsWith412AndAToken_ThenTellsWhatHappened()
    {
        var path = $"/events?resource={bench.SupportProject}";
        var first = await bench.AsanaAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.PreconditionFailed, first.Status);
        var gid = await bench.NewTaskAsync("Streamed");
        await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { name = "Renamed" } });
        await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{gid}/stories", new { data = new { text = "hi" } });
        await bench.AsanaAsync(HttpMethod.Delete, $"/tasks/{gid}");
        var events = await bench.AsanaAsync(HttpMethod.Get, $"{path}&sync={first.Json["sync"]}");
        Assert.False((bool)events.Json["has_more"]!);
        var told = events.Json["data"]!.AsArray().Select(one =>
            $"{one!["resource"]!["resource_type"]} {one["resource"]!["resource_subtype"]} {one["action"]} {one["parent"]?["resource_type"]}{one["change"]?["field"]}").ToList();
        Assert.Equal(
        [
            "task default_task added project", "task default_task added section", "story added_to_project added task",
            "task default_task changed name", "story name_changed added task", "story comment_added added task", "task default_task deleted ",
        ], told);
        var later = await bench.AsanaAsync(HttpMethod.Get, $"{path}&sync={events.Json["sync"]}");
        Assert.Empty(later.Json["data"]!.AsArray());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await bench.AsanaAsync(HttpMethod.Get, path + "&sync=de4774f6915eae04714ca93bb2f5ee81")).Status);
    }

    [Fact]
    public async Task ATokenOfYesterday_IsTooOld()
    {
        var clock = new ManualTime();
        var old = new SandboxBench { Options = options => options with { JiraPort = null, TimeProvider = clock } };
        await old.InitializeAsync();
        try
        {
            var path = $"/events?resource={old.SupportProject}";
            var token = (await old.AsanaAsync(HttpMethod.Get, path)).Json["sync"];
            Assert.Equal(HttpStatusCode.OK, (await old.AsanaAsync(HttpMethod.Get, $"{path}&sync={token}")).Status);
            clock.Advance(TimeSpan.FromHours(25));
            var answer = await old.AsanaAsync(HttpMethod.Get, $"{path}&sync={token}");
            Assert.Equal(HttpStatusCode.PreconditionFailed, answer.Status);
            Assert.Equal(HttpStatusCode.OK, (await old.AsanaAsync(HttpMethod.Get, $"{path}&sync={answer.Json["sync"]}")).Status);
        }
        finally
        {
            await old.DisposeAsync();
        }
    }

    [Fact]
    public async Task TheHandshake_HappensInsideTheCreateCall()
    {
        await using var hook = await Hook.StartAsync();
        var made = await RegisterAsync(hook);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var handshake = hook.Calls[0];
        Assert.Equal((string?)made.Json["X-Hook-Secret"], handshake.Header("X-Hook-Secret"));
        var heartbeat = await hook.WaitForAsync(call => call.Body == """{"events":[]}""");
        Assert.Equal(Hook.Hmac(handshake.Header("X-Hook-Secret")!, heartbeat.Body), heartbeat.Header("X-Hook-Signature"));
        Assert.Equal(HttpStatusCode.Forbidden, (await RegisterAsync(hook)).Status);
        var read = await bench.AsanaAsync(HttpMethod.Get, $"/webhooks/{made.Json["data"]!["gid"]}");
        Assert.DoesNotContain(handshake.Header("X-Hook-Secret")!, read.Text);
    }

    [Fact]
    public async Task WithoutTheEcho_NoWebhookIsMade()
    {
        await using var silent = await Hook.StartAsync(echoes: false);
        Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync(silent)).Status);
        await using var failing = await Hook.StartAsync();
        failing.Answer(500);
        Assert.Equal(HttpStatusCode.BadRequest, (await RegisterAsync(failing)).Status);
        Assert.Empty((await bench.AsanaAsync(HttpMethod.Get, $"/webhooks?workspace={await WorkspaceAsync()}")).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task AComment_IsDeliveredAsAStoryOfItsTask_SignedAndWithoutItsText()
    {
        await using var hook = await Hook.StartAsync();
        var secret = (string)(await RegisterAsync(hook, new { resource_type = "story", resource_subtype = "comment_added", action = "added" })).Json["X-Hook-Secret"]!;
        var gid = await bench.NewTaskAsync();
        await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{gid}/stories", new { data = new { text = "private words" } }, "asana-token-tom");
        var call = await hook.WaitForAsync(one => one.Body.Contains("comment_added", StringComparison.Ordinal));
        Assert.Equal(Hook.Hmac(secret, call.Body), call.Header("X-Hook-Signature"));
        Assert.DoesNotContain("private words", call.Body);
        var told = Assert.Single(call.Json["events"]!.AsArray())!;
        Assert.Equal((gid, "task"), ((string?)told["parent"]!["gid"], (string?)told["parent"]!["resource_type"]));
        Assert.NotNull((string?)told["user"]!["gid"]);
    }

    [Fact]
    public async Task AFailingReceiver_IsTriedAgain_AndLosesItsWebhookInTheEnd()
    {
        await using var hook = await Hook.StartAsync();
        await RegisterAsync(hook);
        await hook.WaitForAsync(call => call.Body == """{"events":[]}""");
        hook.Answer(503);
        await bench.NewTaskAsync("told twice");
        var calls = await hook.WaitForAsync(2, call => call.Body.Contains("\"task\"", StringComparison.Ordinal));
        Assert.Equal(calls[0].Body, calls[1].Body);
        hook.Answer(Enumerable.Repeat(500, 1000));
        await bench.NewTaskAsync("never told");
        await EventuallyAsync(async () =>
            (await bench.AsanaAsync(HttpMethod.Get, $"/webhooks?workspace={await WorkspaceAsync()}")).Json["data"]!.AsArray() is { Count: 0 } none ? none : null);
    }

    [Fact]
    public async Task WithTheSwitchOff_LocalhostIsRefused()
    {
        var strict = new SandboxBench { Options = options => options with { JiraPort = null, AllowLoopbackWebhooks = false } };
        await strict.InitializeAsync();
        try
        {
            var answer = await strict.AsanaAsync(HttpMethod.Post, "/webhooks", new { data = new { resource = strict.SupportProject, target = "http://localhost:1/x" } });
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        }
        finally
        {
            await strict.DisposeAsync();
        }
    }

    [Fact]
    public async Task AnUpload_DoesNotDependOnTheOrderOfParts_AndTakesEncodedNames()
    {
        var gid = await bench.NewTaskAsync();
        var body = string.Join("\r\n",
            "--x", "Content-Disposition: form-data; name=\"file\"; filename=\"gr%C3%BC%C3%9Fe.txt\"; filename*=UTF-8''gr%C3%BC%C3%9Fe.txt", "Content-Type: text/plain", "", "hello",
            "--x", "Content-Disposition: form-data; name=\"parent\"", "", gid, "--x--", "");
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        var made = await bench.SendAsync(HttpMethod.Post, new Uri(bench.Host.AsanaUrl, "/api/1.0/attachments?opt_fields=name,size,download_url"), content, Proxy);
        Assert.Equal((HttpStatusCode.OK, "grüße.txt", 5), (made.Status, (string?)made.Json["data"]!["name"], (int)made.Json["data"]!["size"]!));
        var download = await bench.SendAsync(HttpMethod.Get, new Uri((string)made.Json["data"]!["download_url"]!));
        Assert.Equal((HttpStatusCode.OK, "hello"), (download.Status, download.Text));
        var list = (await bench.AsanaAsync(HttpMethod.Get, $"/attachments?parent={gid}")).Json["data"]!.AsArray();
        Assert.Equal(["gid", "resource_type", "name", "resource_subtype"], Assert.Single(list)!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task ADownloadAddress_LivesTwoMinutes()
    {
        var clock = new ManualTime();
        var timed = new SandboxBench { Options = options => options with { JiraPort = null, TimeProvider = clock, AsanaUploadLimit = 10 } };
        await timed.InitializeAsync();
        try
        {
            var attachments = new Uri(timed.Host.AsanaUrl, "/api/1.0/attachments?opt_fields=download_url");
            var gid = await timed.NewTaskAsync();
            var form = File("file", "a.txt", "x"u8.ToArray());
            form.Add(new StringContent(gid), "parent");
            var made = await timed.SendAsync(HttpMethod.Post, attachments, form, Proxy);
            var address = new Uri((string)made.Json["data"]!["download_url"]!);
            clock.Advance(TimeSpan.FromSeconds(119));
            Assert.Equal(HttpStatusCode.OK, (await timed.SendAsync(HttpMethod.Get, address)).Status);
            clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(HttpStatusCode.Forbidden, (await timed.SendAsync(HttpMethod.Get, address)).Status);
            var large = File("file", "b.txt", new byte[11]);
            large.Add(new StringContent(gid), "parent");
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await timed.SendAsync(HttpMethod.Post, attachments, large, Proxy)).Status);
        }
        finally
        {
            await timed.DisposeAsync();
        }
    }

    [Fact]
    public async Task Search_IsPaid_AndFollowsTheWrites()
    {
        var clock = new ManualTime();
        var free = new SandboxBench { Options = options => options with { JiraPort = null, AsanaFreePlan = true } };
        var lagging = new SandboxBench { Options = options => options with { JiraPort = null, IndexLag = TimeSpan.FromSeconds(20), TimeProvider = clock } };
        await free.InitializeAsync();
        await lagging.InitializeAsync();
        try
        {
            var workspace = await WorkspaceAsync();
            Assert.Equal(HttpStatusCode.PaymentRequired, (await free.AsanaAsync(HttpMethod.Get, $"/workspaces/{workspace}/tasks/search?text=x")).Status);
            await lagging.NewTaskAsync("Needle");
            var search = $"/workspaces/{workspace}/tasks/search?text=needle&projects.any={lagging.SupportProject}";
            Assert.Empty((await lagging.AsanaAsync(HttpMethod.Get, search)).Json["data"]!.AsArray());
            clock.Advance(TimeSpan.FromSeconds(21));
            Assert.Single((await lagging.AsanaAsync(HttpMethod.Get, search)).Json["data"]!.AsArray());
        }
        finally
        {
            await free.DisposeAsync();
            await lagging.DisposeAsync();
        }
    }

    private Task<Answer> RegisterAsync(Hook hook, params object[] filters) =>
        bench.AsanaAsync(HttpMethod.Post, "/webhooks", new { data = new { resource = bench.SupportProject, target = hook.Url, filters } });

    private async Task<string> WorkspaceAsync() => (string)(await bench.AsanaAsync(HttpMethod.Get, "/workspaces")).Json["data"]![0]!["gid"]!;
}
