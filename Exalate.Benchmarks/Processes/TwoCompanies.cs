using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Exalate.Console.Hosting;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exalate.Benchmarks.Processes;

/// <param name="Folder">Where data and logs stay; null: in a temporary folder that goes at the end.</param>
/// <param name="Logs">What the log files' names begin with, where they are to outlive that folder. Example: "/repo/artifacts/WhenThingsStop".</param>
/// <param name="AreConnected">False: two nodes with their trackers, as their admins find them on the first day.</param>
internal sealed record TwoCompaniesOptions(string? Folder = null, string? Logs = null, bool AreConnected = true)
{
    /// <summary>For both nodes. Example: "--Exalate:Sync:Workers=4".</summary>
    public IReadOnlyList<string> NodeSettings { get; init; } = [];

    /// <summary>Example: "--latency", "20".</summary>
    public IReadOnlyList<string> SandboxArguments { get; init; } = [];
}

/// <summary>A Jira node, an Asana node and the sandbox with both trackers, each in a process of its own: they share nothing but HTTP, and each can be stopped alone.</summary>
internal sealed class TwoCompanies : IAsyncDisposable
{
    /// <summary>Signs in at either console, with <see cref="AdminPassword"/>.</summary>
    public const string AdminEmail = "admin@example.com";
    public const string AdminPassword = "four unrelated words";

    private readonly TwoCompaniesOptions options;
    private readonly string folder;

    private TwoCompanies(TwoCompaniesOptions options)
    {
        this.options = options;
        folder = options.Folder is null ? Directory.CreateTempSubdirectory("exalate-companies-").FullName : Directory.CreateDirectory(options.Folder).FullName;
        (JiraTracker, AsanaTracker) = (new Uri($"http://127.0.0.1:{FreePort()}"), new Uri($"http://127.0.0.1:{FreePort()}"));
    }

    public NodeProcess Jira { get; private set; } = null!;

    public NodeProcess Asana { get; private set; } = null!;

    public Uri JiraTracker { get; }

    public Uri AsanaTracker { get; }

    public ProgramProcess Sandbox { get; private set; } = null!;

    /// <summary>Project that takes incoming tasks.</summary>
    public string AsanaProject { get; private set; } = null!;

    /// <summary>Null while they are not connected.</summary>
    public string JiraProject { get; private set; } = null!;

    public static async Task<TwoCompanies> StartAsync(TwoCompaniesOptions options)
    {
        var companies = new TwoCompanies(options);
        try
        {
            await companies.StartAsync();
            return companies;
        }
        catch
        {
            await companies.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Jira is not null)
            await Jira.DisposeAsync();
        if (Asana is not null)
            await Asana.DisposeAsync();
        if (Sandbox is not null)
            await Sandbox.DisposeAsync();
        if (options.Folder is null)
            Directory.Delete(folder, recursive: true);
    }

    private async Task StartAsync()
    {
        Sandbox = ProgramProcess.Start(
            "Exalate.Sandbox",
            [
                "--jira-port", JiraTracker.Port.ToString(CultureInfo.InvariantCulture), "--asana-port", AsanaTracker.Port.ToString(CultureInfo.InvariantCulture),
                "--data", Path.Combine(folder, "sandbox"), .. options.SandboxArguments,
            ],
            LogOf("sandbox"));
        await Sandbox.UntilReadyAsync();
        using var people = new People(JiraTracker, AsanaTracker);
        AsanaProject = await people.FirstAsanaProjectAsync();
        // One host name for the one company, another for the other: a browser keeps them apart.
        var (jiraPort, asanaPort) = (FreePort(), FreePort());
        var (jira, asana) = (JiraSettings($"http://127.0.0.1:{jiraPort}"), AsanaSettings($"http://localhost:{asanaPort}"));
        Jira = Node("jira", "127.0.0.1", jiraPort, jira);
        Asana = Node("asana", "localhost", asanaPort, asana);
        if (options.AreConnected)
            await ConnectAsync(jira, asana);
        await Task.WhenAll(Jira.StartAsync(), Asana.StartAsync());
    }

    /// <summary>The two agree while they run in this process, by the messages that the console's pages send; their own processes find the connection in their databases.</summary>
    private async Task ConnectAsync(Dictionary<string, string?> jira, Dictionary<string, string?> asana)
    {
        await using var a = await HostAsync(Jira, jira);
        await using var b = await HostAsync(Asana, asana);
        var (inviter, accepter) = (a.Services.GetRequiredService<IMediator>(), b.Services.GetRequiredService<IMediator>());
        var project = (await inviter.Send(new ListTrackerProjects(null))).Value.Items.Single(candidate => candidate.Key == "TEST");
        JiraProject = project.Id;
        var initiated = await inviter.Send(new InitiateConnection
        {
            RequestId = new Guid(1, 0, 0, new byte[8]),
            DestinationUrl = Asana.Url,
            Mode = ConnectionMode.Basic,
            Project = project,
            HasAdminAccess = false,
        });
        var invitation = await inviter.Send(new GetInvitation(initiated.Value.ConnectionId));
        var offer = await accepter.Send(new ReadInvitation(invitation.Value.Code!));
        var accepted = await accepter.Send(new AcceptInvitation(offer.Value.Handle, null, null));
        if (!accepted.IsSuccess)
            throw new InvalidOperationException(accepted.Error.Sentence);
        await a.StopAsync(CancellationToken.None);
        await b.StopAsync(CancellationToken.None);
    }

    private static async Task<NodeHost> HostAsync(NodeProcess node, Dictionary<string, string?> settings)
    {
        var host = NodeHost.Build(new NodeHostOptions
        {
            Urls = [node.Url],
            DataFolder = node.DataFolder,
            Settings = settings,
            ProgramFolder = ProgramProcess.FolderOf("Exalate.Console"),
            UseMachineConfiguration = false,
            Configure = builder => builder.Logging.ClearProviders(),
        });
        await host.StartAsync(CancellationToken.None);
        return host;
    }

    private Dictionary<string, string?> JiraSettings(string url) => new(NodeSettings("jira", url))
    {
        ["Exalate:Tracker:Kind"] = "Jira",
        ["Exalate:Tracker:Url"] = JiraTracker.ToString(),
        ["Exalate:Tracker:Account"] = "exalate@acme.example",
        ["Exalate:Tracker:Token"] = "jira-sandbox-token",
    };

    private Dictionary<string, string?> AsanaSettings(string url) => new(NodeSettings("asana", url))
    {
        ["Exalate:Tracker:Kind"] = "Asana",
        ["Exalate:Tracker:Url"] = AsanaTracker.ToString(),
        ["Exalate:Tracker:Token"] = "asana-sandbox-token",
        ["Exalate:Tracker:DefaultProjectId"] = AsanaProject,
        ["Exalate:Tracker:DefaultProjectKey"] = AsanaProject,
        ["Exalate:Tracker:DefaultProjectName"] = "Support",
        ["Exalate:Tracker:DefaultEntityType"] = "Task",
    };

    private static Dictionary<string, string?> NodeSettings(string name, string url) => new()
    {
        ["Exalate:Node:Name"] = $"{char.ToUpperInvariant(name[0])}{name[1..]} node",
        ["Exalate:Node:ShortName"] = name,
        ["Exalate:Node:ExalateUrl"] = url,
        ["Exalate:Node:AllowedNetworks"] = "127.0.0.0/8, ::1",
        ["Exalate:FirstAdmin:Email"] = AdminEmail,
        ["Exalate:FirstAdmin:Password"] = AdminPassword,
    };

    private NodeProcess Node(string name, string host, int port, Dictionary<string, string?> settings) => new(
        name, Path.Combine(folder, name), port, [.. settings.Select(setting => $"--{setting.Key}={setting.Value}"), .. options.NodeSettings], host: host, logFile: LogOf(name));

    private string LogOf(string name) => options.Logs is null ? Path.Combine(folder, name + ".log") : $"{options.Logs}-{name}.log";

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
