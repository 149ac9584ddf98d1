using Exalate.Console.Auth;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>
/// One node: console, peer API and engine in a web application. Several can live in one process: they share nothing but the code, not even names of cookies or key rings.
/// </summary>
internal sealed partial class NodeHost : IAsyncDisposable
{
    private const string ApplicationName = "Exalate.Console";

    private readonly WebApplication app;
    private readonly NodeDataFolder folder;

    private NodeHost(WebApplication app, NodeDataFolder folder) => (this.app, this.folder) = (app, folder);

    public IServiceProvider Services => app.Services;

    /// <summary>The first address it listens on, once started. Example: "http://127.0.0.1:5081".</summary>
    public string Url => ListenAddress.ForBrowser(Addresses.First());

    private ICollection<string> Addresses => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <exception cref="StartupException">The data folder can't be used or the configuration is wrong.</exception>
    public static NodeHost Build(NodeHostOptions options)
    {
        var programFolder = options.ProgramFolder ?? AppContext.BaseDirectory;
        var builder = NodeConfiguration.CreateBuilder(options, ApplicationName, programFolder);
        UseStaticFilesOf(builder, programFolder);
        var folder = NodeDataFolder.Open(options.DataFolder ?? builder.Configuration["Exalate:DataFolder"] ?? "data");
        try
        {
            builder.AddNodeServices(options, folder);
            options.Configure?.Invoke(builder);
            var app = builder.Build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            app.UseNodePipeline(programFolder);
            return new NodeHost(app, folder);
        }
        catch (Exception e)
        {
            folder.Dispose();
            if (StartupProblems.Explain(e) is { } sentence)
                throw sentence;
            throw;
        }
    }

    /// <summary>Prepares the database, fills an empty one, starts the engine and listens.</summary>
    /// <exception cref="StartupException">The port is taken, the database can't be opened, the first admin's password is too weak.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
            await app.Services.SeedSettingsAsync(cancellationToken);
            await app.Services.GetRequiredService<FirstAdmin>().MakeFromConfigurationAsync(cancellationToken);
            await app.Services.GetRequiredService<AccessJournal>().ForgetOldAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (StartupProblems.Explain(e) is { } sentence)
        {
            throw sentence;
        }

        var log = app.Services.GetRequiredService<ILogger<NodeHost>>();
        foreach (var address in Addresses)
            LogListening(log, ListenAddress.ForBrowser(address), folder.Path);
        if (Addresses.Any(ListenAddress.IsOpenAndPlain) && !app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.IsUsed)
            LogPlain(log);
        await app.Services.GetRequiredService<FirstAdmin>().InviteAsync(cancellationToken);
    }

    /// <summary>Until Ctrl-C or a stop signal; then stops what runs.</summary>
    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    public Task StopAsync(CancellationToken cancellationToken) => app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Dispose();
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException(e.Message, e);
        }
    }

    // A built (not published) program finds its own and its packages' static files through a manifest, which ASP.NET Core
    // reads by itself in Development alone. A node must look the same however it was started.
    private static void UseStaticFilesOf(WebApplicationBuilder builder, string programFolder)
    {
        var manifest = Path.Combine(programFolder, ApplicationName + ".staticwebassets.runtime.json");
        if (!File.Exists(manifest))
            return;
        builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = manifest;
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
    }

    [LoggerMessage(EventId = 1010, Level = LogLevel.Information, Message = "The console listens on {Url}; its data is in {Folder}.")]
    private static partial void LogListening(ILogger log, string url, string folder);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Warning,
        Message = "Other machines can reach this console over plain HTTP, so passwords travel readable. Listen on https://, or put a TLS proxy before it and name the proxy in Exalate:Proxy:Trusted.")]
    private static partial void LogPlain(ILogger log);
}
