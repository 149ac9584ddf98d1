using System.CommandLine;
using Exalate.Console.Hosting;

namespace Exalate.Console.Commands;

/// <summary>Without a command: the product itself, one node.</summary>
internal static class NodeCommand
{
    private const string Description = """
        Exalate keeps work items in step between issue trackers of different companies.

        Without a command it runs one node: the console for its admins, the API for partners' nodes and the engine that synchronizes.
        'demo' runs two nodes with sandbox trackers on this machine, ready to click through.

        Every setting can stand in appsettings.json (or the file named by --settings), in the environment (Exalate__Node__Name=…)
        or on the command line (--Exalate:Node:Name=…); the later one wins.

          urls                          Where to listen, separated by ';'. Default: http://localhost:5080
          Exalate:DataFolder            Folder for database, key ring and id. Default: data
          Database:Provider             Sqlite (default) or SqlServer
          ConnectionStrings:Exalate     Default: Data Source=exalate.db (in the data folder). SQL Server elsewhere needs Encrypt=True
          Exalate:Sync, Peers           How the engine and the traffic between nodes work: docs/operations.md
          Exalate:Proxy:Trusted         Reverse proxies whose X-Forwarded-* headers count, as addresses or networks

        First settings, taken into an empty database once; afterwards General Settings rules:

          Exalate:Node:Name, :ShortName, :ExalateUrl, :AllowedNetworks
          Exalate:Tracker:Kind (Jira, Asana), :Url, :Account, :Token, :DefaultProjectId, :DefaultProjectName, :DefaultProjectKey, :DefaultEntityType
          Exalate:FirstAdmin:Email, :Password     Without them the log shows a one-time link to make the first admin

        HTTPS: listen on https:// with Kestrel:Certificates:Default:Path and :Password, or put a TLS proxy before the node.
        """;

    private static readonly Option<string?> Urls = new("--urls") { Description = "Where to listen, separated by ';'. Example: http://127.0.0.1:5080" };
    private static readonly Option<string?> Data = new("--data") { Description = "Folder for database, key ring and id; made when missing. Default: data" };
    private static readonly Option<string?> Settings = new("--settings") { Description = "A JSON file with settings, read after appsettings.json" };

    public static RootCommand Create()
    {
        var root = new RootCommand(Description) { Urls, Data, Settings };
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction(RunAsync);
        return root;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = SettingArguments.Check(parsed.UnmatchedTokens);
        await using var node = NodeHost.Build(new NodeHostOptions
        {
            Urls = parsed.GetValue(Urls)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            DataFolder = parsed.GetValue(Data),
            SettingsFile = parsed.GetValue(Settings),
            Arguments = settings,
        });
        await node.StartAsync(cancellationToken);
        await node.WaitForShutdownAsync();
        return 0;
    }
}
