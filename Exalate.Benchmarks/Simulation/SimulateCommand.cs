using System.CommandLine;
using System.Diagnostics;

namespace Exalate.Benchmarks.Simulation;

/// <summary><c>simulate</c>: many seeds of the simulated world, side by side. A failing one prints what broke and its history, and replays exactly.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many worlds to run.", DefaultValueFactory = _ => 1000 };
        var from = new Option<int>("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var workers = new Option<int>("--workers") { Description = "Worlds that run side by side, each on one thread.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("simulate", "Runs the real engine in simulated worlds, one seed each, and checks the promises. Exit code 1: one was broken.") { seeds, from, workers };
        command.SetAction(parsed => Run(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(workers), System.Console.Out));
        return command;
    }

    private static int Run(int from, int seeds, int workers, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var (done, edits, window, failed) = (0, 0, 0, 0);
        foreach (var outcome in SeedRunner.Run(from, seeds, workers))
        {
            done++;
            edits += outcome.Edits;
            window += outcome.LostInTheWindow;
            if (outcome.Broken.Count > 0)
            {
                failed++;
                output.WriteLine($"Seed {outcome.Seed} ({outcome.Hash}):\n  {string.Join("\n  ", outcome.Broken)}\n{string.Join('\n', outcome.History)}\n");
            }

            if (done % 100 == 0)
                output.WriteLine($"{done} of {seeds} seeds, {edits} edits, {failed} failed, {watch.Elapsed.TotalSeconds:0} s, {watch.Elapsed.TotalMilliseconds / done:0} ms a seed");
        }

        output.WriteLine($"{done} seeds from {from}, {edits} edits, {failed} failed, {window} edits lost in the documented window, {watch.Elapsed.TotalSeconds:0.0} s");
        return failed == 0 ? 0 : 1;
    }
}
