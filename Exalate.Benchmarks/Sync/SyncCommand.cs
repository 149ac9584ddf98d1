using System.CommandLine;
using Exalate.Benchmarks.Processes;

namespace Exalate.Benchmarks.Sync;

/// <summary><c>sync</c>: what a first synchronization and an update cost, beside the least that they can.</summary>
internal static class SyncCommand
{
    public static Command Create()
    {
        var items = new Option<int>("--items") { Description = "Pairs to bring under sync, and then to update.", DefaultValueFactory = _ => 1000 };
        var latency = new Option<int>("--latency") { Description = "Milliseconds added to every tracker call." };
        var pairs = new Option<int>("--pairs") { Description = "Pairs that the nodes have already, stored straight into their databases: what the measured ones cost beside so many." };
        var idle = new Option<int>("--idle") { Description = "Seconds at the end in which the calls of the idle nodes are counted." };
        var keep = new Option<string?>("--keep") { Description = "Folder for databases and logs; without it they are removed at the end." };
        var set = new Option<string[]>("--set") { Description = "A setting of both nodes. Example: --set Exalate:Sync:Workers=16" };
        var command = new Command("sync", "First syncs and updates through two nodes and the sandbox trackers, each in its own process, and a bare loop of the unavoidable tracker calls beside them.")
        {
            items, latency, pairs, idle, keep, set,
        };
        command.SetAction((parsed, stop) => Interruption.GuardAsync(
            () => SyncRun.StartAsync(
                parsed.GetValue(items), parsed.GetValue(latency), parsed.GetValue(pairs), TimeSpan.FromSeconds(parsed.GetValue(idle)), parsed.GetValue(keep),
                [.. (parsed.GetValue(set) ?? []).Select(setting => "--" + setting)]),
            async run =>
            {
                await run.RunAsync();
                return 0;
            },
            stop));
        return command;
    }
}
