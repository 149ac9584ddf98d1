using Exalate.Console.Hosting;

namespace Exalate.Console.Demo;

/// <summary>All companies, running.</summary>
internal sealed class DemoWorld(DemoTrackers trackers, IReadOnlyList<NodeHost> nodes) : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BeforeWord = TimeSpan.FromSeconds(15);

    public DemoTrackers Trackers => trackers;

    public string JiraNodeUrl => nodes[0].Url;

    public string AsanaNodeUrl => nodes[1].Url;

    public string PrivateNodeUrl => nodes[2].Url;

    /// <exception cref="StartupException">A port is taken or a folder can't be used.</exception>
    public static async Task<DemoWorld> StartAsync(DemoPorts ports, DemoFolder folder, bool verbose, CancellationToken cancellationToken)
    {
        var trackers = await DemoTrackers.StartAsync(ports, folder, cancellationToken);
        var nodes = new List<NodeHost>();
        var world = new DemoWorld(trackers, nodes);
        try
        {
            nodes.Add(DemoNodes.Jira(ports, folder, trackers, verbose));
            nodes.Add(DemoNodes.Asana(ports, folder, trackers, verbose));
            nodes.Add(DemoNodes.Private(ports, folder, trackers, verbose));
            await Task.WhenAll(nodes.Select(node => node.StartAsync(cancellationToken)));
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once every part says that it is healthy; says after a while what it still waits for.</summary>
    public async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var waiting = nodes.Select(node => node.Url + "/health/ready").ToList();
        var started = TimeProvider.System.GetTimestamp();
        var said = false;
        while (true)
        {
            waiting = await StillUnhealthyAsync(http, waiting, cancellationToken);
            if (waiting.Count == 0)
                return;
            if (!said && TimeProvider.System.GetElapsedTime(started) > BeforeWord)
            {
                said = true;
                await System.Console.Error.WriteLineAsync($"Still waiting for {string.Join(" and ", waiting)}; --verbose shows what happens.");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopPatience);
        // Nodes first, side by side: an engine that loses its tracker while stopping would only complain about it.
        await Task.WhenAll(nodes.Select(node => node.StopAsync(patience.Token)));
        foreach (var node in nodes)
            await node.DisposeAsync();
        await trackers.DisposeAsync();
    }

    private static async Task<List<string>> StillUnhealthyAsync(HttpClient http, List<string> urls, CancellationToken cancellationToken)
    {
        var unhealthy = new List<string>();
        foreach (var url in urls)
        {
            if (!await IsHealthyAsync(http, url, cancellationToken))
                unhealthy.Add(url);
        }

        return unhealthy;
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, string url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(url, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
