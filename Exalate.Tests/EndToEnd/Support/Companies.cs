using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>Two companies, each node and the sandbox in a process of its own: they share nothing but HTTP, and each can be stopped alone.</summary>
internal sealed class Companies : IAsyncDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("exalate-companies-").FullName;
    private readonly string name;
    private readonly int jiraPort = FreePort();
    private readonly int asanaPort = FreePort();
    private readonly int jiraTrackerPort = FreePort();
    private readonly int asanaTrackerPort = FreePort();
    private readonly string[] extra;
    private RunningProgram sandbox = null!;

    private Companies(string name, string[] extra) => (this.name, this.extra) = (name, extra);

    /// <summary>One host name for the one company, another for the other.</summary>
    public string Jira => $"http://127.0.0.1:{jiraPort}";

    public string Asana => $"http://localhost:{asanaPort}";

    public string JiraTracker => $"http://127.0.0.1:{jiraTrackerPort}";

    public string AsanaTracker => $"http://127.0.0.1:{asanaTrackerPort}";

    public RunningProgram JiraNode { get; private set; } = null!;

    public RunningProgram AsanaNode { get; private set; } = null!;

    /// <param name="extra">Settings for both nodes. Example: "--Peers:InvitationLifetime=00:01:00".</param>
    public static async Task<Companies> StartAsync(string name, params string[] extra)
    {
        var companies = new Companies(name, extra);
        companies.sandbox = await RunningProgram.StartAsync(
            name + "-sandbox", "Exalate.Sandbox",
            ["--jira-port", $"{companies.jiraTrackerPort}", "--asana-port", $"{companies.asanaTrackerPort}", "--data", Path.Combine(companies.data, "sandbox")]);
        await companies.StartJiraAsync();
        await companies.StartAsanaAsync();
        return companies;
    }

    public async Task StartJiraAsync() => JiraNode = await StartNodeAsync("jira", Jira,
    [
        "--Exalate:Tracker:Kind=Jira", $"--Exalate:Tracker:Url={JiraTracker}", "--Exalate:Tracker:Account=exalate@acme.example", "--Exalate:Tracker:Token=jira-sandbox-token",
    ]);

    public async Task StartAsanaAsync()
    {
        var project = await FirstAsanaProjectAsync();
        AsanaNode = await StartNodeAsync("asana", Asana,
        [
            "--Exalate:Tracker:Kind=Asana", $"--Exalate:Tracker:Url={AsanaTracker}", "--Exalate:Tracker:Token=asana-sandbox-token",
            $"--Exalate:Tracker:DefaultProjectId={project.Gid}", $"--Exalate:Tracker:DefaultProjectKey={project.Gid}", $"--Exalate:Tracker:DefaultProjectName={project.Name}",
            "--Exalate:Tracker:DefaultEntityType=Task",
        ]);
    }

    /// <summary>Makes the next calls of a kind to a tracker fail.</summary>
    /// <param name="tracker">"jira" or "asana".</param>
    public async Task FailAsync(string tracker, object rule)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync($"{(tracker == "jira" ? JiraTracker : AsanaTracker)}/_sandbox/faults", rule);
        answer.EnsureSuccessStatusCode();
    }

    public async Task HealAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.DeleteAsync($"{JiraTracker}/_sandbox/faults");
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await JiraNode.DisposeAsync();
        await AsanaNode.DisposeAsync();
        await sandbox.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private Task<RunningProgram> StartNodeAsync(string node, string url, string[] tracker) => RunningProgram.StartAsync(
        $"{name}-{node}", "Exalate.Console",
        [
            "--urls", url, "--data", Path.Combine(data, node),
            $"--Exalate:Node:Name={char.ToUpperInvariant(node[0])}{node[1..]} node", $"--Exalate:Node:ShortName={node}", $"--Exalate:Node:ExalateUrl={url}",
            "--Exalate:Node:AllowedNetworks=127.0.0.0/8, ::1", $"--Exalate:FirstAdmin:Email={ConsolePage.Email}", $"--Exalate:FirstAdmin:Password={ConsolePage.Password}",
            .. tracker, .. extra,
        ],
        url + "/health/ready");

    private async Task<AsanaProject> FirstAsanaProjectAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "asana-sandbox-token");
        var projects = await http.GetFromJsonAsync<AsanaProjects>($"{AsanaTracker}/api/1.0/projects?limit=1");
        return projects!.Data[0];
    }

    private sealed record AsanaProjects(IReadOnlyList<AsanaProject> Data);

    private sealed record AsanaProject(string Gid, string Name);
}
