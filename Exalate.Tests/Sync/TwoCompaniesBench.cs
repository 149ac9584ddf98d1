using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Exalate.Core.Sync;
using Exalate.Tests.Trackers.Support;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Sync;

/// <summary>Two engines with real connectors on the sandbox's Jira and Asana, and the people of both companies, who write with their own accounts.</summary>
internal sealed class TwoCompaniesBench : IAsyncDisposable
{
    /// <summary>A picture of one red pixel, as a program would draw it.</summary>
    public static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    private static readonly AuthenticationHeaderValue Anna = SandboxFixture.Basic("anna@acme.example", "jira-token-anna");
    private static readonly AuthenticationHeaderValue Priya = SandboxFixture.Bearer("asana-token-priya");

    private readonly SandboxFixture sandbox;
    private readonly TrackerBench trackers = new();
    private readonly HttpClient http = new();

    private TwoCompaniesBench(SandboxFixture sandbox) => this.sandbox = sandbox;

    public EnginePair Pair { get; private set; } = null!;

    public required bool JiraInvites { get; init; }

    public EngineSide JiraSide => JiraInvites ? Pair.A : Pair.B;

    public EngineSide AsanaSide => JiraInvites ? Pair.B : Pair.A;

    public static async Task<TwoCompaniesBench> CreateAsync(SandboxFixture sandbox, bool jiraInvites = true)
    {
        var bench = new TwoCompaniesBench(sandbox) { JiraInvites = jiraInvites };
        var (jira, asana) = (sandbox.Host.Overview.Single(o => o.Tracker == "Jira Cloud"), sandbox.Host.Overview.Single(o => o.Tracker == "Asana"));
        var (a, b) = (bench.trackers.Jira(sandbox.Host.JiraUrl, jira.Token, jira.AccountName!), bench.trackers.Asana(sandbox.Host.AsanaUrl, asana.Token));
        bench.Pair = await (jiraInvites ? EnginePair.CreateAsync(a, b) : EnginePair.CreateAsync(b, a));
        await bench.Pair.AgreeOnSecretAsync();
        await UseProjectAsync(bench.JiraSide, "10000");
        await UseProjectAsync(bench.AsanaSide, (await b.ListProjectsAsync("Support", null, default)).Items.Single().Id);
        return bench;
    }

    public Task<JsonNode?> JiraAsync(HttpMethod method, string path, object? body = null) => sandbox.SendAsync(method, new Uri(sandbox.Host.JiraUrl, "/rest/api/3/" + path), Anna, body);

    public async Task<JsonNode> AsanaAsync(HttpMethod method, string path, object? data = null) =>
        (await sandbox.SendAsync(method, new Uri(sandbox.Host.AsanaUrl, "/api/1.0/" + path), Priya, data is null ? null : new { data }))!["data"]!;

    /// <summary>The id of a new issue of Anna's.</summary>
    public async Task<string> NewIssueAsync(string summary, JsonNode? description = null) => (string)(await JiraAsync(HttpMethod.Post, "issue", new
    {
        fields = new { project = new { key = "TEST" }, issuetype = new { name = "Task" }, summary, description },
    }))!["id"]!;

    public async Task<string> NewTaskAsync(string name, string? html = null)
    {
        var project = (await AsanaSide.Db().Connections.SingleAsync()).ProjectId!;
        return (string)(await AsanaAsync(HttpMethod.Post, "tasks", new { name, projects = new[] { project }, html_notes = html ?? "<body></body>" }))["gid"]!;
    }

    /// <summary>What a document calls the file that Anna attaches.</summary>
    public async Task<string> AttachToIssueAsync(string issue, string fileName)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Png), "file", fileName } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(sandbox.Host.JiraUrl, $"/rest/api/3/issue/{issue}/attachments")) { Content = form };
        request.Headers.Add("X-Atlassian-Token", "no-check");
        var id = (string)(await SendAsync(request, Anna))![0]!["id"]!;
        return await MediaIdAsync(id);
    }

    /// <summary>The gid of the file that Priya attaches.</summary>
    public async Task<string> AttachToTaskAsync(string task, string fileName)
    {
        using var form = new MultipartFormDataContent { { new StringContent(task), "parent" }, { new ByteArrayContent(Png), "file", fileName } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(sandbox.Host.AsanaUrl, "/api/1.0/attachments")) { Content = form };
        return (string)(await SendAsync(request, Priya))!["data"]!["gid"]!;
    }

    public async Task<IReadOnlyList<(string Name, string MediaId)>> FilesOfIssueAsync(string issue)
    {
        var files = new List<(string, string)>();
        foreach (var file in (await JiraAsync(HttpMethod.Get, $"issue/{issue}?fields=attachment"))!["fields"]!["attachment"]!.AsArray())
            files.Add(((string)file!["filename"]!, await MediaIdAsync((string)file["id"]!)));
        return files;
    }

    public async Task<IReadOnlyList<(string Name, string Gid)>> FilesOfTaskAsync(string task) =>
        [.. (await AsanaAsync(HttpMethod.Get, $"attachments?parent={task}&opt_fields=name&limit=100")).AsArray().Select(file => ((string)file!["name"]!, (string)file["gid"]!))];

    public async Task<JsonNode> DescriptionAsync(string issue) => (await JiraAsync(HttpMethod.Get, $"issue/{issue}?fields=description"))!["fields"]!["description"]!;

    public async Task<string> NotesAsync(string task) => (string)(await AsanaAsync(HttpMethod.Get, $"tasks/{task}?opt_fields=html_notes"))["html_notes"]!;

    public Task DescribeAsync(string issue, JsonNode description) => JiraAsync(HttpMethod.Put, $"issue/{issue}", new { fields = new { description } });

    public Task NoteAsync(string task, string html) => AsanaAsync(HttpMethod.Put, $"tasks/{task}", new { html_notes = html });

    /// <summary>First sync, to its end. Gives the id of the copy.</summary>
    public async Task<string> ExalateAsync(EngineSide from, string entityId)
    {
        var twin = await from.ExalateAsync(entityId);
        await Pair.SettleForAsync(TimeSpan.FromSeconds(3));
        await using var db = from.Db();
        var row = await db.Twins.SingleAsync(one => one.Id == twin);
        Assert.True(row.State == TwinState.Synchronized, string.Join(' ', (await from.Db().SyncEvents.ToListAsync()).Select(e => e.Problem)) + string.Join(' ', (await (from == Pair.A ? Pair.B : Pair.A).Db().SyncRequests.ToListAsync()).Select(e => e.Problem)));
        return row.RemoteEntityId!;
    }

    /// <summary>Both trackers tell of a change, several times, as they do.</summary>
    public async Task ReportAsync(string issue, string task)
    {
        for (var round = 0; round < 2; round++)
        {
            await JiraSide.ReportAsync(issue);
            await AsanaSide.ReportAsync(task);
            await Pair.SettleForAsync(TimeSpan.FromSeconds(3));
        }
    }

    /// <summary>Fails when anything is sent or written although nothing changed.</summary>
    public async Task AssertQuietAsync(string issue, string task)
    {
        var before = (Pair.A.Wire.Sent.Count, Pair.B.Wire.Sent.Count);
        var written = (await WritesAsync()).Count;
        await ReportAsync(issue, task);
        Assert.Equal(before, (Pair.A.Wire.Sent.Count, Pair.B.Wire.Sent.Count));
        Assert.Equal(written, (await WritesAsync()).Count);
    }

    /// <summary>What changed something in a tracker, in order, as "METHOD path".</summary>
    public async Task<IReadOnlyList<string>> WritesAsync() =>
        [.. (await sandbox.LogAsync(sandbox.Host.JiraUrl)).Concat(await sandbox.LogAsync(sandbox.Host.AsanaUrl)).Where(line => !line.StartsWith("GET", StringComparison.Ordinal))];

    public async Task<IReadOnlyList<string>> ReadsAsync(Uri tracker) => [.. (await sandbox.LogAsync(tracker)).Where(line => line.StartsWith("GET", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Pair.DisposeAsync();
        trackers.Dispose();
    }

    /// <summary>An ADF document of these blocks.</summary>
    public static JsonNode Adf(params string[] blocks) => JsonNode.Parse($$"""{"type":"doc","version":1,"content":[{{string.Join(',', blocks)}}]}""")!;

    public static string Text(string words) => $$"""{"type":"paragraph","content":[{"type":"text","text":"{{words}}"}]}""";

    public static string Media(string id, string alt) =>
        $$$"""{"type":"mediaSingle","attrs":{"layout":"wide","width":66.5},"content":[{"type":"media","attrs":{"type":"file","id":"{{{id}}}","collection":"","alt":"{{{alt}}}","width":640,"height":480}}]}""";

    private static async Task UseProjectAsync(EngineSide side, string project)
    {
        await using var db = side.Db();
        (await db.Connections.SingleAsync()).ProjectId = project;
        (await db.Settings.SingleAsync()).DefaultProjectId = project;
        await db.SaveChangesAsync();
    }

    private async Task<string> MediaIdAsync(string attachment)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(sandbox.Host.JiraUrl, $"/rest/api/3/attachment/content/{attachment}"));
        request.Headers.Authorization = Anna;
        using var answer = await client.SendAsync(request);
        return answer.Headers.Location!.AbsolutePath.Split('/')[3];
    }

    private async Task<JsonNode?> SendAsync(HttpRequestMessage request, AuthenticationHeaderValue who)
    {
        request.Headers.Authorization = who;
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text);
    }
}
