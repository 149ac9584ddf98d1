using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exalate.Benchmarks.Processes;
using Exalate.Console.Hosting;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>A public Jira company here and a private Asana company in another network, each with its node and its sandbox in processes of their own; HTTPS between them.</summary>
internal sealed class CompanyBehindAFirewall : IAsyncDisposable
{
    private const string CertificatePassword = "of-the-test";
    private readonly string folder = Directory.CreateTempSubdirectory("exalate-firewall-").FullName;
    private readonly int jiraTrackerPort = FreePort();
    private readonly int asanaTrackerPort = FreePort();
    private readonly int httpsPort = FreePort();
    private readonly int hiddenPort = FreePort();
    private readonly List<ProgramProcess> programs = [];
    private HttpMessageHandler caller = null!;

    public OtherNetwork Network { get; private set; } = null!;

    public NodeProcess Public { get; private set; } = null!;

    public People People { get; private set; } = null!;

    public string JiraProject { get; private set; } = null!;

    public string AsanaProject { get; private set; } = null!;

    public string HiddenAddress => $"{Network.There}:{hiddenPort}";

    private string HiddenData => Path.Combine(folder, "hidden");

    public static async Task<CompanyBehindAFirewall> StartAsync()
    {
        var company = new CompanyBehindAFirewall();
        try
        {
            await company.RunAsync();
            return company;
        }
        catch
        {
            await company.DisposeAsync();
            throw;
        }
    }

    public SqliteExalateDbContext HiddenDb() => new(new DbContextOptionsBuilder<SqliteExalateDbContext>().UseSqlite($"Data Source={Path.Combine(HiddenData, "exalate.db")};Pooling=False").Options);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in programs)
            await program.DisposeAsync();
        if (Public is not null)
            await Public.DisposeAsync();
        People?.Dispose();
        caller?.Dispose();
        Network?.Dispose();
        foreach (var log in Directory.EnumerateFiles(folder, "*.log"))
            File.Copy(log, Path.Combine(Artifacts.Folder, "firewall-" + Path.GetFileName(log)), overwrite: true);
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task RunAsync()
    {
        Network = OtherNetwork.Make();
        caller = Network.Caller();
        var certificate = MakeCertificate();
        Start("Exalate.Sandbox", ["--jira-port", $"{jiraTrackerPort}", "--data", Path.Combine(folder, "jira-sandbox")], "jira-sandbox");
        Start("Exalate.Sandbox", ["--asana-port", $"{asanaTrackerPort}", "--data", Path.Combine(folder, "asana-sandbox")], "asana-sandbox", Network.Within);
        await Task.WhenAll(programs.Select(program => program.UntilReadyAsync()));
        People = new People(new Uri($"http://127.0.0.1:{jiraTrackerPort}"), new Uri($"http://127.0.0.1:{asanaTrackerPort}"), caller);
        AsanaProject = await People.FirstAsanaProjectAsync();
        Public = new NodeProcess("public", Path.Combine(folder, "public"), FreePort(),
        [
            $"--Kestrel:Certificates:Default:Path={certificate}.pfx", $"--Kestrel:Certificates:Default:Password={CertificatePassword}",
            "--Exalate:Sync:BackupPollInterval=00:00:10",
        ], $"https://{Network.Here}:{httpsPort}");
        await ConnectAsync();
        await Public.StartAsync();
        // Loopback of the other network alone: from here there is nothing to connect to.
        var hidden = Start(
            "Exalate.Console",
            ["--data", HiddenData, "--urls", $"http://127.0.0.1:{hiddenPort}", "--Exalate:Sync:PollInterval=00:00:01", "--Peers:CallTimeout=00:00:05", "--Logging:LogLevel:Default=Warning"],
            "hidden", [.. Network.Within, "env", $"SSL_CERT_FILE={certificate}.pem"]);
        using var http = new HttpClient(caller, disposeHandler: false);
        await hidden.UntilHealthyAsync(http, $"http://127.0.0.1:{hiddenPort}/health/ready");
    }

    private ProgramProcess Start(string project, IEnumerable<string> arguments, string name, IReadOnlyList<string>? within = null)
    {
        var program = ProgramProcess.Start(project, arguments, Path.Combine(folder, name + ".log"), within);
        programs.Add(program);
        return program;
    }

    /// <summary>Both agree while they run in this process; then each goes to its network, where the private one knows the other's address on the cable.</summary>
    private async Task ConnectAsync()
    {
        await using (var a = await HostAsync("public", Public.DataFolder, Public.Url, new()
        {
            ["Exalate:Node:ExalateUrl"] = Public.Url,
            ["Exalate:Tracker:Kind"] = "Jira",
            ["Exalate:Tracker:Url"] = $"http://127.0.0.1:{jiraTrackerPort}",
            ["Exalate:Tracker:Account"] = "exalate@acme.example",
            ["Exalate:Tracker:Token"] = "jira-sandbox-token",
        }))
        await using (var b = await HostAsync("hidden", HiddenData, $"http://localhost:{hiddenPort}", new()
        {
            ["Exalate:Tracker:Kind"] = "Asana",
            ["Exalate:Tracker:Url"] = $"http://127.0.0.1:{asanaTrackerPort}",
            ["Exalate:Tracker:Token"] = "asana-sandbox-token",
            ["Exalate:Tracker:DefaultProjectId"] = AsanaProject,
            ["Exalate:Tracker:DefaultEntityType"] = "Task",
        }))
        {
            var (inviter, accepter) = (a.Services.GetRequiredService<IMediator>(), b.Services.GetRequiredService<IMediator>());
            var project = (await inviter.Send(new ListTrackerProjects(null))).Value.Items.Single(candidate => candidate.Key == "TEST");
            JiraProject = project.Id;
            var initiated = await inviter.Send(new InitiateConnection
            {
                RequestId = new Guid(1, 0, 0, new byte[8]),
                DestinationUrl = null,
                Mode = ConnectionMode.Basic,
                Project = project,
                HasAdminAccess = false,
            });
            var offer = await accepter.Send(new ReadInvitation((await inviter.Send(new GetInvitation(initiated.Value.ConnectionId))).Value.Code!));
            var accepted = await accepter.Send(new AcceptInvitation(offer.Value.Handle, null, null));
            Assert.True(accepted.IsSuccess, accepted.Error?.Sentence);
            await a.StopAsync(CancellationToken.None);
            await b.StopAsync(CancellationToken.None);
        }

        await using var db = HiddenDb();
        (await db.Connections.SingleAsync()).RemoteUrl = $"https://{Network.Here}:{httpsPort}";
        await db.SaveChangesAsync();
    }

    private static async Task<NodeHost> HostAsync(string name, string data, string url, Dictionary<string, string?> settings)
    {
        settings["Exalate:Node:Name"] = $"{name} node";
        settings["Exalate:Node:ShortName"] = name;
        settings["Exalate:Node:AllowedNetworks"] = "127.0.0.0/8, ::1, 10.0.0.0/8";
        settings["Exalate:FirstAdmin:Email"] = ConsolePage.Email;
        settings["Exalate:FirstAdmin:Password"] = TwoCompanies.AdminPassword;
        var host = NodeHost.Build(new NodeHostOptions
        {
            Urls = [url],
            DataFolder = data,
            Settings = settings,
            ProgramFolder = ProgramProcess.FolderOf("Exalate.Console"),
            UseMachineConfiguration = false,
            Configure = builder => builder.Logging.ClearProviders(),
        });
        await host.StartAsync(CancellationToken.None);
        return host;
    }

    /// <returns>Path without its ending: .pfx for the server, .pem for who trusts it.</returns>
    private string MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=public node of the test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(Network.Here));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        var path = Path.Combine(folder, "node");
        File.WriteAllBytes(path + ".pfx", certificate.Export(X509ContentType.Pfx, CertificatePassword));
        File.WriteAllText(path + ".pem", certificate.ExportCertificatePem());
        return path;
    }
}
