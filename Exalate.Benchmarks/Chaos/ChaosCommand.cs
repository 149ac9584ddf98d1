using System.CommandLine;
using Exalate.Benchmarks.Processes;

namespace Exalate.Benchmarks.Chaos;

/// <summary><c>chaos</c>: real processes, killed while they work.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var kills = new Option<int>("--kills") { Description = "How often a node is killed.", DefaultValueFactory = _ => 20 };
        var edits = new Option<int>("--edits") { Description = "Edits of people between two kills.", DefaultValueFactory = _ => 50 };
        var seed = new Option<int>("--seed") { Description = "What people do and when kills fall; the processes' own timing is not in it.", DefaultValueFactory = _ => 1 };
        var minutes = new Option<int>("--minutes") { Description = "No more kills after that, however many were asked for; what was done is judged all the same.", DefaultValueFactory = _ => 24 * 60 };
        var keep = new Option<string?>("--keep") { Description = "Folder for databases and logs; without it they are removed at the end." };
        var command = new Command("chaos", "Two node processes and the sandbox trackers: people edit, trackers fail, webhooks come twice, and kill -9 strikes either node in the middle of its work.")
        {
            kills, edits, seed, minutes, keep,
        };
        command.SetAction((parsed, stop) => Interruption.GuardAsync(
            () => ChaosRun.StartAsync(parsed.GetValue(seed), parsed.GetValue(keep)),
            run => run.RunAsync(parsed.GetValue(kills), parsed.GetValue(edits), TimeSpan.FromMinutes(parsed.GetValue(minutes))),
            stop));
        return command;
    }
}
