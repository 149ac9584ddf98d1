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
        var sabotage = new Option<string?>("--break") { Description = "Switches off one safeguard of the product; stops at the first seed that finds it. 'all' goes through all of them." };
        var plain = new Option<bool>("--plain") { Description = "Worlds without what came later (haste, private connections, admins): the histories of old seeds." };
        var only = new Option<string?>("--only") { Description = $"Only seeds whose worlds are of one kind: {string.Join(", ", World.Kinds)}." };
        only.AcceptOnlyFromAmong([.. World.Kinds]);
        var history = new Option<bool>("--history") { Description = "Prints the history of every seed, also of one that kept the promises." };
        var list = new Option<bool>("--list-breaks") { Description = "Lists the safeguards that can be switched off." };
        var command = new Command("simulate", "Runs the real engine in simulated worlds, one seed each, and checks the promises. Exit code 1: one was broken.") { seeds, from, workers, sabotage, plain, only, history, list };
        command.SetAction(parsed =>
        {
            var output = System.Console.Out;
            if (parsed.GetValue(list))
                return List(output);
            return parsed.GetValue(sabotage) is { } name
                ? Search(name, parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(workers), output)
                : Run(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(workers), parsed.GetValue(plain), parsed.GetValue(only), parsed.GetValue(history), output);
        });
        return command;
    }

    private static int List(TextWriter output)
    {
        foreach (var broken in Break.All)
            output.WriteLine($"{broken.Name,-28} promise {broken.Promise}: {broken.SwitchesOff}");
        return 0;
    }

    /// <summary>Exit code 1 when a break was found (a promise did not hold, as it should), 0 when none of the seeds found it: that is the bad news here.</summary>
    private static int Search(string name, int from, int seeds, int workers, TextWriter output)
    {
        var chosen = Break.All.Where(broken => name == "all" || broken.Name == name).ToList();
        if (chosen.Count == 0)
        {
            output.WriteLine($"No safeguard is called '{name}'. --list-breaks names them.");
            return 2;
        }

        var found = 0;
        foreach (var broken in chosen)
        {
            var outcome = SeedRunner.Find(broken, from, seeds, workers);
            found += outcome is null ? 0 : 1;
            output.WriteLine(outcome is null ? $"{broken.Name}: not found in {seeds} seeds" : $"{broken.Name}: found by seed {outcome.Seed}: {outcome.Broken[0]}");
            if (outcome is not null && chosen.Count == 1)
                output.WriteLine(string.Join('\n', outcome.History));
        }

        return found == chosen.Count ? 1 : 0;
    }

    private static int Run(int from, int seeds, int workers, bool isPlain, string? only, bool isTold, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var (done, edits, window, failed) = (0, 0, 0, 0);
        foreach (var outcome in SeedRunner.Run(from, seeds, workers, null, isPlain, only))
        {
            done++;
            edits += outcome.Edits;
            window += outcome.LostInTheWindow;
            if (seeds == 1)
                output.WriteLine($"History {outcome.Hash}");
            if (outcome.Broken.Count > 0)
            {
                failed++;
                output.WriteLine($"Seed {outcome.Seed} ({outcome.Hash}):\n  {string.Join("\n  ", outcome.Broken)}\n{string.Join('\n', outcome.History)}\n");
            }
            else if (isTold)
            {
                output.WriteLine($"Seed {outcome.Seed} ({outcome.Hash}) kept the promises:\n{string.Join('\n', outcome.History)}\n");
            }

            if (done % 100 == 0)
                output.WriteLine($"{done} of {seeds} seeds, {edits} edits, {failed} failed, {watch.Elapsed.TotalSeconds:0} s, {watch.Elapsed.TotalMilliseconds / done:0} ms a seed");
        }

        output.WriteLine($"{done} seeds{(only is null ? "" : $" of '{only}'")} from {from}, {edits} edits, {failed} failed, {window} edits lost in the documented window, {watch.Elapsed.TotalSeconds:0.0} s");
        return failed == 0 ? 0 : 1;
    }
}
