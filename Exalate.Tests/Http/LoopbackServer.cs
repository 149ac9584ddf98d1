using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Exalate.Tests.Http;

/// <summary>A real HTTP server on a free port of 127.0.0.1 that answers as told and remembers what it was asked.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<Seen> requests = [];

    private LoopbackServer(WebApplication app) => this.app = app;

    public sealed record Seen(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers);

    public Uri Url { get; private set; } = null!;

    public int Port => Url.Port;

    public IReadOnlyList<Seen> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    public static async Task<LoopbackServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var server = new LoopbackServer(builder.Build());
        server.app.Run(async context =>
        {
            lock (server.requests)
            {
                var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
                server.requests.Add(new Seen(context.Request.Method, context.Request.Path + context.Request.QueryString.ToString(), headers));
            }

            await answer(context);
        });
        await server.app.StartAsync();
        server.Url = new Uri(server.app.Urls.Single() + "/");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }
}
