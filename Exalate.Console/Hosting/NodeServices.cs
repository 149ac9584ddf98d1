using Exalate.Console.Auth;
using Exalate.Console.Health;
using Exalate.Console.Shared;
using Exalate.Core;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Radzen;

namespace Exalate.Console.Hosting;

/// <summary>The services of a node, in the order in which one would explain them.</summary>
internal static class NodeServices
{
    public static void AddNodeServices(this WebApplicationBuilder builder, NodeHostOptions options, NodeDataFolder folder)
    {
        builder.AddNodeLogging(options);
        builder.AddNodeOptions(folder);
        builder.AddWebServer(options);
        builder.Services.AddSecrets(folder);
        builder.Services.AddExalateCore();
        builder.Services.AddSingleton<NodeNameSource>();
        builder.Services.AddAccess(folder, options.IsDemo);
        builder.Services.AddNodeHealth();
        builder.Services.AddConsole();
    }

    private static void AddNodeLogging(this WebApplicationBuilder builder, NodeHostOptions options)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        // ASP.NET Core writes the whole address of a request, query and all, at Information; the set-up link's token would stand there.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        // It warns of unencrypted keys at each start; the key folder is readable by this user alone.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Logging.AddConsoleFormatter<NodeConsoleFormatter, NodeConsoleFormatterOptions>(format => format.NodeName = options.LogName);
        builder.Logging.AddConsole(console => console.FormatterName = NodeConsoleFormatter.FormatterName);
    }

    private static void AddWebServer(this WebApplicationBuilder builder, NodeHostOptions options)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. options.Urls ?? (builder.Configuration["urls"] ?? "http://localhost:5080").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Certificates and endpoints of https:// addresses.
            kestrel.Configure(builder.Configuration.GetSection("Kestrel"));
            kestrel.AddServerHeader = false;
            // Endpoints that take attachments raise this for themselves.
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        // Open circuits hang on web sockets; nobody who presses Ctrl-C wants to wait for browsers.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        builder.Services.AddRouting();
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, proxy) => proxy.Value.Apply(forwarded));
    }

    private static void AddSecrets(this IServiceCollection services, NodeDataFolder folder)
    {
        services.AddSingleton(folder);
        services.AddDataProtection()
            .SetApplicationName("Exalate." + folder.NodeId)
            .PersistKeysToFileSystem(new DirectoryInfo(folder.KeyRing));
        services.TryAddSingleton<ISecretProtector, SecretProtector>();
    }

    private static void AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // A laptop that slept through lunch finds its half-filled form again.
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(30);
            circuits.DisconnectedCircuitMaxRetained = 200;
        })
        // A pasted description or script is one message; the default of 32 KB would end the circuit without a word.
        .AddHubOptions(hub => hub.MaximumReceiveMessageSize = 1024 * 1024);
        services.AddRadzenComponents();
        services.AddConsolePages();
        services.AddHttpContextAccessor();
    }
}
