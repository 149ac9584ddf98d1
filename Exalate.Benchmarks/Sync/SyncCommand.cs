using System.CommandLine;

namespace Exalate.Benchmarks.Sync;

/// <summary><c>sync</c>: what a first synchronization and an update cost, beside the least that they can.</summary>
internal static class SyncCommand
{
    public static Command Create()
    {
        var items = new Option<int>("--items") { Description = "Pairs to bring under sync, and then to update.", DefaultValueFactory = _ => 1000 };
        var latency = new Option<int>("--latency") { Description = "Milliseconds added to every tracker call." };
        var idle = new Option<int>("--idle") { Description = "Seconds at the end in which the calls of the idle nodes are counted." };
        var keep = new Option<string?>("--keep") { Description = "Folder for databases and logs; without it they are removed at the end." };
        var set = new Option<string[]>("--set") { Description = "A setting of both nodes. Example: --set Exalate:Sync:Workers=16" };
        var command = new Command("sync", "First syncs and updates through two nodes and the sandbox trackers, each in its own process, and a bare loop of the unavoidable tracker calls beside them.")
        {
            items, latency, idle, keep, set,
        };
        command.SetAction(async (parsed, _) =>
        {
            await using var run = await SyncRun.StartAsync(
                parsed.GetValue(items), parsed.GetValue(latency), TimeSpan.FromSeconds(parsed.GetValue(idle)), parsed.GetValue(keep), [.. (parsed.GetValue(set) ?? []).Select(setting => "--" + setting)]);
            await run.RunAsync();
        });
        return command;
    }
}
