using Exalate.Sandbox.Asana;
using Exalate.Sandbox.Faults;
using Exalate.Sandbox.Jira;

namespace Exalate.Sandbox;

/// <summary>The running sandbox trackers.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private JiraTracker? jira;
    private AsanaTracker? asana;

    private SandboxHost()
    {
    }

    /// <summary>Address of the Jira sandbox. Example: http://127.0.0.1:5091/.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public Uri JiraUrl => jira?.Url ?? throw new InvalidOperationException("The Jira sandbox was not started.");

    /// <summary>Address of the Asana sandbox; its API is below /api/1.0. Example: http://127.0.0.1:5092/.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public Uri AsanaUrl => asana?.Url ?? throw new InvalidOperationException("The Asana sandbox was not started.");

    /// <summary>Sign-in data, projects and a few keys of every started tracker, for a table on the screen.</summary>
    public IReadOnlyList<SandboxTrackerOverview> Overview =>
        new[] { jira?.Overview(), asana?.Overview() }.OfType<SandboxTrackerOverview>().ToList();

    /// <summary>The overview as lines of text.</summary>
    public IEnumerable<string> Describe() => Overview.SelectMany(tracker => new[]
    {
        $"{tracker.Tracker} sandbox: {tracker.Url}",
        $"  sign in with: {(tracker.AccountName is null ? "" : tracker.AccountName + " / ")}{tracker.Token}",
        $"  projects: {string.Join(", ", tracker.Projects.Select(project => project.Key == project.Id ? $"{project.Name} ({project.Id})" : $"{project.Key} {project.Name}"))}",
        $"  keys to try: {string.Join(", ", tracker.Keys)}",
    });

    /// <summary>Starts what the options name; returns when the servers listen.</summary>
    /// <exception cref="SandboxException">A port is in use, or the data folder can't be used; the message says which, in a sentence.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellationToken = default)
    {
        CreateFolder(options.DataFolder);
        var faults = new Dictionary<string, TrackerFaults>(StringComparer.OrdinalIgnoreCase)
        {
            ["jira"] = new(options.TimeProvider),
            ["asana"] = new(options.TimeProvider),
        };
        var host = new SandboxHost();
        try
        {
            if (options.JiraPort is { } jiraPort)
            {
                host.jira = new JiraTracker(options, faults["jira"]);
                await host.jira.StartAsync(jiraPort, new ControlEndpoints(faults, "jira"), cancellationToken);
            }

            if (options.AsanaPort is { } asanaPort)
            {
                host.asana = new AsanaTracker(options, faults["asana"]);
                await host.asana.StartAsync(asanaPort, new ControlEndpoints(faults, "asana"), cancellationToken);
            }

            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops taking requests; what was answered is stored already.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (jira is not null)
            await jira.StopAsync(cancellationToken);
        if (asana is not null)
            await asana.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (jira is not null)
            await jira.DisposeAsync();
        if (asana is not null)
            await asana.DisposeAsync();
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, ".write-test");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException($"The sandbox's data folder {folder} can't be written ({problem.Message}). Choose another one.", problem);
        }
    }
}
