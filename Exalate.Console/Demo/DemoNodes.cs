using Exalate.Console.Auth;
using Exalate.Console.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Console.Demo;

/// <summary>The nodes as their admins would have set them up.</summary>
internal static class DemoNodes
{
    public static NodeHost Jira(DemoPorts ports, DemoFolder folder, DemoTrackers trackers, bool verbose) => Build("jira", ports.JiraNode, folder.JiraNode, verbose, new()
    {
        ["Exalate:Node:Name"] = "Jira node",
        ["Exalate:Node:ShortName"] = "jira",
        ["Exalate:Tracker:Kind"] = "Jira",
        ["Exalate:Tracker:Url"] = trackers.Jira.Url,
        ["Exalate:Tracker:Account"] = trackers.Jira.Account,
        ["Exalate:Tracker:Token"] = trackers.Jira.Token,
    });

    public static NodeHost Asana(DemoPorts ports, DemoFolder folder, DemoTrackers trackers, bool verbose) =>
        Build("asana", ports.AsanaNode, folder.AsanaNode, verbose, BesideAsana("Asana node", "asana", trackers.Asana, trackers.Asana.Projects[0]));

    /// <summary>A third company, behind a firewall: no partner and no tracker can call its node.</summary>
    public static NodeHost Private(DemoPorts ports, DemoFolder folder, DemoTrackers trackers, bool verbose)
    {
        var settings = BesideAsana("Private node", "private", trackers.Asana, trackers.Asana.Projects[^1]);
        settings["Exalate:Node:ExalateUrl"] = "";
        // What can't be told is asked for; here nobody counts the calls.
        settings["Exalate:Sync:PollInterval"] = "00:00:02";
        return Build("private", ports.PrivateNode, folder.PrivateNode, verbose, settings);
    }

    private static Dictionary<string, string?> BesideAsana(string name, string shortName, DemoTracker tracker, DemoProject project) => new()
    {
        ["Exalate:Node:Name"] = name,
        ["Exalate:Node:ShortName"] = shortName,
        ["Exalate:Tracker:Kind"] = "Asana",
        ["Exalate:Tracker:Url"] = tracker.Url,
        ["Exalate:Tracker:Token"] = tracker.Token,
        ["Exalate:Tracker:DefaultProjectId"] = project.Id,
        ["Exalate:Tracker:DefaultProjectKey"] = project.Key,
        ["Exalate:Tracker:DefaultProjectName"] = project.Name,
        ["Exalate:Tracker:DefaultEntityType"] = "Task",
    };

    private static NodeHost Build(string name, int port, string folder, bool verbose, Dictionary<string, string?> settings)
    {
        var url = $"http://localhost:{port}";
        settings.TryAdd("Exalate:Node:ExalateUrl", url);
        // Everything of the demo is on this machine; a real node calls nothing private unless its admin says so.
        settings["Exalate:Node:AllowedNetworks"] = "127.0.0.0/8, ::1";
        settings["Exalate:FirstAdmin:Email"] = DemoPasswords.Email;
        settings["Exalate:FirstAdmin:Password"] = DemoPasswords.Password;
        settings["Logging:LogLevel:Default"] = verbose ? "Information" : "Warning";
        settings["Logging:LogLevel:Microsoft"] = "Warning";
        settings["Logging:LogLevel:System.Net.Http"] = "Warning";
        return NodeHost.Build(new NodeHostOptions
        {
            Urls = [url],
            DataFolder = folder,
            Settings = settings,
            LogName = name,
            IsDemo = true,
            UseMachineConfiguration = false,
            // The demo stops all its hosts itself, in order.
            Configure = builder => builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>()),
        });
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
