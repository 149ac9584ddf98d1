using Exalate.Console.Hosting;
using Exalate.Sandbox;

namespace Exalate.Console.Demo;

/// <summary>The two sandbox trackers. Nodes meet them over HTTP with a token, like the real ones.</summary>
internal sealed class DemoTrackers(SandboxHost sandbox) : IAsyncDisposable
{
    public DemoTracker Jira { get; } = Describe(sandbox, "Jira");

    public DemoTracker Asana { get; } = Describe(sandbox, "Asana");

    /// <exception cref="StartupException">A port is taken or the folder can't be used.</exception>
    public static async Task<DemoTrackers> StartAsync(DemoPorts ports, DemoFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            return new DemoTrackers(await SandboxHost.StartAsync(
                new SandboxOptions
                {
                    JiraPort = ports.JiraTracker,
                    AsanaPort = ports.AsanaTracker,
                    DataFolder = folder.Trackers,
                    // The vendors call no loopback address; here everything is one.
                    AllowLoopbackWebhooks = true,
                },
                cancellationToken));
        }
        catch (SandboxException e)
        {
            throw new StartupException(e.Message, e);
        }
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static DemoTracker Describe(SandboxHost sandbox, string name)
    {
        var tracker = sandbox.Overview.Single(tracker => tracker.Tracker.StartsWith(name, StringComparison.Ordinal));
        return new DemoTracker(
            tracker.Url.ToString().TrimEnd('/'),
            tracker.AccountName,
            tracker.Token,
            [.. tracker.Projects.Select(project => new DemoProject(project.Id, project.Key, project.Name))],
            tracker.Keys);
    }
}

internal sealed record DemoTracker(string Url, string? Account, string Token, IReadOnlyList<DemoProject> Projects, IReadOnlyList<string> Keys);

/// <param name="Key">As people write it; on Asana, which has none, the id.</param>
internal sealed record DemoProject(string Id, string Key, string Name);
