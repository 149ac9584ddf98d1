using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Exalate.Sandbox.Http;

/// <summary>One Kestrel on 127.0.0.1.</summary>
internal sealed class TrackerServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TrackerServer(WebApplication app, Uri url)
    {
        this.app = app;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<TrackerServer> StartAsync(
        string tracker, int port, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        // The empty builder: neither environment variables nor settings files of the process around may move this server elsewhere.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Exalate.Sandbox" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        var app = builder.Build();
        map(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException problem)
        {
            await app.DisposeAsync();
            throw new SandboxException($"Port {port} on 127.0.0.1, meant for the {tracker} sandbox, is in use by another program: "
                + "stop that program or choose another port.", problem);
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new TrackerServer(app, new Uri(address));
    }

    public Task StopAsync(CancellationToken cancellationToken) => app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
