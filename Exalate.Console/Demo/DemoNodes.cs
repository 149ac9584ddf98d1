using Exalate.Console.Auth;
using Exalate.Console.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Exalate.Console.Demo;

/// <summary>The two nodes as their admins would have set them up.</summary>
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

    public static NodeHost Asana(DemoPorts ports, DemoFolder folder, DemoTrackers trackers, bool verbose) => Build("asana", ports.AsanaNode, folder.AsanaNode, verbose, new()
    {
        ["Exalate:Node:Name"] = "Asana node",
        ["Exalate:Node:ShortName"] = "asana",
        ["Exalate:Tracker:Kind"] = "Asana",
        ["Exalate:Tracker:Url"] = trackers.Asana.Url,
        ["Exalate:Tracker:Token"] = trackers.Asana.Token,
        ["Exalate:Tracker:DefaultProjectId"] = trackers.Asana.Projects[0].Id,
        ["Exalate:Tracker:DefaultProjectKey"] = trackers.Asana.Projects[0].Key,
        ["Exalate:Tracker:DefaultProjectName"] = trackers.Asana.Projects[0].Name,
        ["Exalate:Tracker:DefaultEntityType"] = "Task",
    });

    private static NodeHost Build(string name, int port, string folder, bool verbose, Dictionary<string, string?> settings)
    {
        var url = $"http://localhost:{port}";
        settings["Exalate:Node:ExalateUrl"] = url;
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
