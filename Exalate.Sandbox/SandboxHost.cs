using Exalate.Sandbox.Faults;
using Exalate.Sandbox.Jira;

namespace Exalate.Sandbox;

/// <summary>The running sandbox trackers.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly JiraTracker? jira;

    private SandboxHost(JiraTracker? jira)
    {
        this.jira = jira;
    }

    /// <summary>Address of the Jira sandbox. Example: http://127.0.0.1:5091/.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public Uri JiraUrl => jira?.Url ?? throw new InvalidOperationException("The Jira sandbox was not started.");

    /// <summary>Sign-in data, projects and a few keys of every started tracker, for a table on the screen.</summary>
    public IReadOnlyList<SandboxTrackerOverview> Overview => jira is null ? [] : [jira.Overview()];

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
        var host = new SandboxHost(options.JiraPort is null ? null : new JiraTracker(options, faults["jira"]));
        try
        {
            if (host.jira is not null)
                await host.jira.StartAsync(options.JiraPort!.Value, new ControlEndpoints(faults, "jira"), cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (jira is not null)
            await jira.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (jira is not null)
            await jira.DisposeAsync();
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
