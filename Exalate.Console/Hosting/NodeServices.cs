using Exalate.Core;
using MediatR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Radzen;

namespace Exalate.Console.Hosting;

/// <summary>The services of a node, in the order in which one would explain them.</summary>
internal static class NodeServices
{
    public static void AddNodeServices(this WebApplicationBuilder builder, NodeHostOptions options)
    {
        builder.AddWebServer(options);
        builder.AddNodeLogging();
        builder.Services.AddConsole();
    }

    private static void AddWebServer(this WebApplicationBuilder builder, NodeHostOptions options)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. options.Urls ?? [builder.Configuration["urls"] ?? "http://localhost:5080"]]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Endpoints that take attachments raise this for themselves.
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        // Open circuits hang on web sockets; nobody who presses Ctrl-C wants to wait for browsers.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        builder.Services.AddRouting();
    }

    private static void AddNodeLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
    }

    private static void AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddHttpContextAccessor();
        services.AddAuthentication();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddMediator();
    }

    // MediatR 5 brings no registration of its own.
    private static void AddMediator(this IServiceCollection services)
    {
        services.TryAddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.TryAddScoped<IMediator, Mediator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRandomSource, SystemRandomSource>();
    }
}
