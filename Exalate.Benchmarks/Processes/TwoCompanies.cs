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

/// <summary>A Jira node, an Asana node and the sandbox with both trackers, each in a process of its own; the nodes are connected.</summary>
internal sealed class TwoCompanies : IAsyncDisposable
{
    private readonly string folder;
    private readonly bool ownsFolder;
    private readonly IReadOnlyList<string> sandboxArguments;

    private TwoCompanies(string folder, bool ownsFolder, IReadOnlyList<string> nodeSettings, IReadOnlyList<string> sandboxArguments)
    {
        (this.folder, this.ownsFolder, this.sandboxArguments) = (folder, ownsFolder, sandboxArguments);
        (Jira, Asana) = (new NodeProcess("jira", Path.Combine(folder, "jira"), FreePort(), nodeSettings), new NodeProcess("asana", Path.Combine(folder, "asana"), FreePort(), nodeSettings));
        (JiraTracker, AsanaTracker) = (new Uri($"http://127.0.0.1:{FreePort()}"), new Uri($"http://127.0.0.1:{FreePort()}"));
    }

    public NodeProcess Jira { get; }

    public NodeProcess Asana { get; }

    public Uri JiraTracker { get; }

    public Uri AsanaTracker { get; }

    public ProgramProcess Sandbox { get; private set; } = null!;

    /// <summary>Project that takes incoming tasks.</summary>
    public string AsanaProject { get; private set; } = null!;

    public string JiraProject { get; private set; } = null!;

    /// <param name="folder">Where data and logs stay; null: in a temporary folder that goes at the end.</param>
    /// <param name="nodeSettings">For both nodes. Example: "--Exalate:Sync:Workers=4".</param>
    /// <param name="sandboxArguments">Example: "--latency", "20".</param>
    public static async Task<TwoCompanies> StartAsync(string? folder, IReadOnlyList<string> nodeSettings, IReadOnlyList<string> sandboxArguments)
    {
        var where = folder is null ? Directory.CreateTempSubdirectory("exalate-companies-").FullName : Directory.CreateDirectory(folder).FullName;
        var companies = new TwoCompanies(where, folder is null, nodeSettings, sandboxArguments);
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
        await Jira.DisposeAsync();
        await Asana.DisposeAsync();
        if (Sandbox is not null)
            await Sandbox.DisposeAsync();
        if (ownsFolder)
            Directory.Delete(folder, recursive: true);
    }

    private async Task StartAsync()
    {
        Sandbox = ProgramProcess.Start(
            "Exalate.Sandbox",
            [
                "--jira-port", JiraTracker.Port.ToString(CultureInfo.InvariantCulture), "--asana-port", AsanaTracker.Port.ToString(CultureInfo.InvariantCulture),
                "--data", Path.Combine(folder, "sandbox"), .. sandboxArguments,
            ],
            Path.Combine(folder, "sandbox.log"));
        await Sandbox.UntilReadyAsync();
        using var people = new People(JiraTracker, AsanaTracker);
        AsanaProject = await people.FirstAsanaProjectAsync();
        await ConnectAsync();
        await Task.WhenAll(Jira.StartAsync(), Asana.StartAsync());
    }

    /// <summary>The two agree while they run in this process, by the messages that the console's pages send; their own processes find the connection in their databases.</summary>
    private async Task ConnectAsync()
    {
        await using var a = await HostAsync(Jira, new()
        {
            ["Exalate:Tracker:Kind"] = "Jira",
            ["Exalate:Tracker:Url"] = JiraTracker.ToString(),
            ["Exalate:Tracker:Account"] = "exalate@acme.example",
            ["Exalate:Tracker:Token"] = "jira-sandbox-token",
        });
        await using var b = await HostAsync(Asana, new()
        {
            ["Exalate:Tracker:Kind"] = "Asana",
            ["Exalate:Tracker:Url"] = AsanaTracker.ToString(),
            ["Exalate:Tracker:Token"] = "asana-sandbox-token",
            ["Exalate:Tracker:DefaultProjectId"] = AsanaProject,
            ["Exalate:Tracker:DefaultEntityType"] = "Task",
        });
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
        settings["Exalate:Node:Name"] = $"{node.Name} node";
        settings["Exalate:Node:ShortName"] = node.Name;
        settings["Exalate:Node:ExalateUrl"] = node.Url;
        settings["Exalate:Node:AllowedNetworks"] = "127.0.0.0/8, ::1";
        settings["Exalate:FirstAdmin:Email"] = "admin@example.com";
        settings["Exalate:FirstAdmin:Password"] = "four unrelated words";
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

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
