using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Core.Trackers;
using Exalate.Sandbox;
using Exalate.Tests.Console.Host;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.EndToEnd;

/// <summary>Two nodes and the sandbox, the nodes in processes of their own, killed with SIGKILL in the middle of the work and started again.</summary>
[Collection(Support.EndToEndCollection.Name)]
public sealed class KilledForReal : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string folder = TemporaryFolder.Make();
    private readonly int ports = RunningProgram.FreePortBase();
    private readonly HttpClient http = new();
    private SandboxHost trackers = null!;
    private RunningProgram? jira;
    private RunningProgram? asana;
    private Guid connection;

    private string JiraUrl => $"http://localhost:{ports + 1}";

    private string AsanaUrl => $"http://localhost:{ports + 2}";

    public async Task InitializeAsync()
    {
        trackers = await SandboxHost.StartAsync(new SandboxOptions { DataFolder = Path.Combine(folder, "trackers") });
        await ConnectAsync();
        jira = await StartNodeAsync("jira", JiraUrl);
        asana = await StartNodeAsync("asana", AsanaUrl);
    }

    public async Task DisposeAsync()
    {
        if (jira is not null)
            await jira.DisposeAsync();
        if (asana is not null)
            await asana.DisposeAsync();
        await trackers.DisposeAsync();
        http.Dispose();
        TemporaryFolder.Remove(folder);
    }

    [Fact]
    public async Task ReceiverKilledWhileItsCreateIsUnderWay_NoSecondEntity()
    {
        // The task is made, and the answer takes so long that the kill comes first.
        await FaultAsync(trackers.AsanaUrl, new { method = "POST", path = "/tasks(\\?|$)", times = 1, delayMs = 5000, when = "after" });
        var twin = await ExalateAsync("TEST-2");
        await UntilAsync("the task exists", async () => await TasksNamedAsync(await SummaryAsync("TEST-2")) == 1);
        asana!.Signal("KILL");
        await asana.WaitForExitAsync();
        asana = await StartNodeAsync("asana", AsanaUrl);

        await UntilSynchronizedAsync(twin);
        Assert.Equal(1, await TasksNamedAsync(await SummaryAsync("TEST-2")));
    }

    [Fact]
    public async Task BothKilledAgainAndAgain_EveryEditArrives_AndNothingTwice()
    {
        var twin = await ExalateAsync("TEST-3");
        var dice = new Random(7);
        for (var round = 1; round <= 4; round++)
        {
            await CommentAsync("TEST-3", $"comment {round}");
            await JiraAsync(HttpMethod.Put, "issue/TEST-3", new { fields = new { summary = $"Summary {round}" } });
            await Task.Delay(dice.Next(0, 250));
            if (round % 2 == 0)
                jira = await KillAndStartAsync(jira!, "jira", JiraUrl);
            else
                asana = await KillAndStartAsync(asana!, "asana", AsanaUrl);
        }

        await UntilSynchronizedAsync(twin);
        var task = await RemoteIdAsync(twin);
        await UntilAsync("the last edit arrives", async () => (await TaskAsync(task))["name"]!.GetValue<string>() == "Summary 4");
        await UntilAsync("all comments arrive", async () => (await CommentsAsync(task)).Count(text => text.Contains("comment ", StringComparison.Ordinal)) >= 4);
        var comments = await CommentsAsync(task);
        Assert.All(Enumerable.Range(1, 4), round => Assert.Single(comments, text => text.EndsWith($"comment {round}", StringComparison.Ordinal)));
        Assert.Equal(1, await TasksNamedAsync("Summary 4"));
    }

    /// <summary>The two agree while they run inside the test; the processes find the connection in their databases.</summary>
    private async Task ConnectAsync()
    {
        await using var a = await HostAsync("jira", JiraUrl, new()
        {
            ["Exalate:Tracker:Kind"] = "Jira",
            ["Exalate:Tracker:Url"] = trackers.JiraUrl.ToString(),
            ["Exalate:Tracker:Account"] = "exalate@acme.example",
            ["Exalate:Tracker:Token"] = "jira-sandbox-token",
        });
        await using var b = await HostAsync("asana", AsanaUrl, new()
        {
            ["Exalate:Tracker:Kind"] = "Asana",
            ["Exalate:Tracker:Url"] = trackers.AsanaUrl.ToString(),
            ["Exalate:Tracker:Token"] = "asana-sandbox-token",
            ["Exalate:Tracker:DefaultProjectId"] = trackers.Overview[1].Projects[0].Id,
            ["Exalate:Tracker:DefaultEntityType"] = "Task",
        });
        var projects = (await a.Get<IMediator>().Send(new Core.Settings.ListTrackerProjects(null))).Value.Items;
        var initiated = await a.Get<IMediator>().Send(new InitiateConnection
        {
            RequestId = Ids.New(),
            DestinationUrl = AsanaUrl,
            Mode = ConnectionMode.Basic,
            Project = projects.Single(project => project.Key == "TEST"),
            HasAdminAccess = false,
        });
        connection = initiated.Value.ConnectionId;
        var code = (await a.Get<IMediator>().Send(new GetInvitation(connection))).Value.Code!;
        var offer = await b.Get<IMediator>().Send(new ReadInvitation(code));
        Assert.True((await b.Get<IMediator>().Send(new AcceptInvitation(offer.Value.Handle, null, null))).IsSuccess);
    }

    private async Task<HostedNode> HostAsync(string name, string url, Dictionary<string, string?> settings)
    {
        settings["Exalate:Node:Name"] = name;
        settings["Exalate:Node:ShortName"] = name;
        settings["Exalate:Node:ExalateUrl"] = url;
        settings["Exalate:Node:AllowedNetworks"] = "127.0.0.0/8, ::1";
        return await HostedNode.StartAsync(settings, folder: Path.Combine(folder, name), url: url);
    }

    private async Task<RunningProgram> StartNodeAsync(string name, string url)
    {
        var program = RunningProgram.Start(folder, "Production", "--data", Path.Combine(folder, name), "--urls", url);
        await UntilAsync($"{name} is ready", async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri($"{url}/health/ready"))).StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return program;
    }

    private async Task<RunningProgram> KillAndStartAsync(RunningProgram program, string name, string url)
    {
        program.Signal("KILL");
        await program.WaitForExitAsync();
        await program.DisposeAsync();
        return await StartNodeAsync(name, url);
    }

    /// <summary>What the first-sync dialog stores; the engine in the other process finds it.</summary>
    private async Task<Guid> ExalateAsync(string key)
    {
        var issue = await JiraAsync(HttpMethod.Get, $"issue/{key}?fields=project");
        var now = TimeProvider.System.GetUtcNow();
        await using var db = Db();
        var twin = new Twin
        {
            Id = Ids.New(),
            ConnectionId = connection,
            PairId = Ids.New(),
            LocalEntityId = issue["id"]!.GetValue<string>(),
            LocalKey = key,
            LocalProjectId = issue["fields"]!["project"]!["id"]!.GetValue<string>(),
            State = TwinState.FirstSync,
            StartedHere = true,
            CreatedAt = now,
            DueAt = now,
        };
        db.Twins.Add(twin);
        db.SyncEvents.Add(new SyncEvent { EventId = Ids.New().ToString("N"), ConnectionId = connection, TwinId = twin.Id, Stage = EventStage.Queued, CreatedAt = now });
        await db.SaveChangesAsync();
        return twin.Id;
    }

    private ExalateDbContext Db() => new SqliteExalateDbContext(
        new DbContextOptionsBuilder<SqliteExalateDbContext>().UseSqlite($"Data Source={Path.Combine(folder, "jira", "exalate.db")};Pooling=False").Options);

    private Task UntilSynchronizedAsync(Guid twin) => UntilAsync("the pair is synchronized", async () =>
    {
        await using var db = Db();
        return await db.Twins.AnyAsync(row => row.Id == twin && row.State == TwinState.Synchronized)
            && !await db.SyncEvents.AnyAsync(row => row.TwinId == twin && row.FinishedAt == null);
    });

    private async Task<string> RemoteIdAsync(Guid twin)
    {
        await using var db = Db();
        return (await db.Twins.SingleAsync(row => row.Id == twin)).RemoteEntityId!;
    }

    private async Task UntilAsync(string what, Func<Task<bool>> isTrueAsync)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (!await isTrueAsync())
                await Task.Delay(100, patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not come about that {what}.\njira: {jira?.Output} {jira?.Errors}\nasana: {asana?.Output} {asana?.Errors}");
        }
    }

    private async Task FaultAsync(Uri tracker, object fault) => (await http.PostAsJsonAsync(new Uri(tracker, "/_sandbox/faults"), fault)).EnsureSuccessStatusCode();

    private async Task<string> SummaryAsync(string key) => (await JiraAsync(HttpMethod.Get, $"issue/{key}?fields=summary"))["fields"]!["summary"]!.GetValue<string>();

    private Task CommentAsync(string key, string text) => JiraAsync(HttpMethod.Post, $"issue/{key}/comment", new
    {
        body = new { type = "doc", version = 1, content = new[] { new { type = "paragraph", content = new[] { new { type = "text", text } } } } },
    });

    private async Task<JsonNode> JiraAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(trackers.JiraUrl, $"/rest/api/3/{path}"));
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("exalate@acme.example:jira-sandbox-token"u8));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> AsanaAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(trackers.AsanaUrl, $"/api/1.0/{path}"));
        request.Headers.Authorization = new("Bearer", "asana-sandbox-token");
        using var response = await http.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!;
    }

    private Task<JsonNode> TaskAsync(string gid) => AsanaAsync($"tasks/{gid}?opt_fields=name");

    private async Task<IReadOnlyList<string>> CommentsAsync(string gid) =>
        [.. (await AsanaAsync($"tasks/{gid}/stories?opt_fields=text,resource_subtype&limit=100")).AsArray()
            .Where(story => story!["resource_subtype"]!.GetValue<string>() == "comment_added").Select(story => story!["text"]!.GetValue<string>().Trim())];

    private async Task<int> TasksNamedAsync(string name) =>
        (await AsanaAsync($"tasks?project={trackers.Overview[1].Projects[0].Id}&limit=100&opt_fields=name")).AsArray().Count(task => task!["name"]!.GetValue<string>() == name);
}
