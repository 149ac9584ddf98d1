using Exalate.Console.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exalate.Tests.Console.Host;

/// <summary>A whole node on a free loopback port, with its data in a temporary folder.</summary>
internal sealed class HostedNode : IAsyncDisposable
{
    public const string Email = "kim@acme.example";
    public const string Password = "four unrelated words";

    private readonly NodeHost host;
    private readonly bool ownsFolder;

    private HostedNode(NodeHost host, string folder, bool ownsFolder, RecordedLog log) =>
        (this.host, Folder, this.ownsFolder, Log) = (host, folder, ownsFolder, log);

    public string Folder { get; }

    public RecordedLog Log { get; }

    public string Url => host.Url;

    public IServiceProvider Services => host.Services;

    /// <summary>Where the console itself was built: its static files are found from there, not from the tests' folder.</summary>
    public static string ProgramFolder { get; } = AppContext.BaseDirectory.Replace("Exalate.Tests", "Exalate.Console", StringComparison.Ordinal);

    /// <param name="folder">Null: a new one, removed at the end.</param>
    /// <param name="withAdmin">Whether <see cref="Email"/> can sign in from the start.</param>
    public static async Task<HostedNode> StartAsync(
        Dictionary<string, string?>? settings = null, bool withAdmin = true, string? folder = null, Action<WebApplicationBuilder>? configure = null, bool demo = false,
        string url = "http://127.0.0.1:0")
    {
        var log = new RecordedLog();
        var where = folder ?? TemporaryFolder.Make();
        var all = new Dictionary<string, string?>(settings ?? []);
        if (withAdmin)
        {
            all.TryAdd("Exalate:FirstAdmin:Email", Email);
            all.TryAdd("Exalate:FirstAdmin:Password", Password);
        }

        var host = NodeHost.Build(Options(where, all, log) with { Urls = [url], IsDemo = demo, Configure = builder =>
        {
            builder.Logging.AddProvider(log);
            configure?.Invoke(builder);
        } });
        try
        {
            await host.StartAsync(CancellationToken.None);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        return new HostedNode(host, where, folder is null, log);
    }

    public static NodeHostOptions Options(string folder, Dictionary<string, string?> settings, RecordedLog log) => new()
    {
        Urls = ["http://127.0.0.1:0"],
        DataFolder = folder,
        Settings = settings,
        ProgramFolder = ProgramFolder,
        UseMachineConfiguration = false,
        Configure = builder => builder.Logging.AddProvider(log),
    };

    public TestBrowser Browser() => new(Url);

    public async Task<TestBrowser> SignedInAsync()
    {
        var browser = Browser();
        await browser.SignInAsync(Email, Password);
        return browser;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await host.StopAsync(patience.Token);
        await host.DisposeAsync();
        if (ownsFolder)
            TemporaryFolder.Remove(Folder);
    }
}

internal static class TemporaryFolder
{
    public static string Make() => Directory.CreateTempSubdirectory("exalate-host-").FullName;

    public static void Remove(string folder)
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
