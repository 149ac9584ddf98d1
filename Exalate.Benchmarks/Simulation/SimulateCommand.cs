using System.CommandLine;
using System.Diagnostics;

namespace Exalate.Benchmarks.Simulation;

internal static class SimulateCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many worlds to run.", DefaultValueFactory = _ => 1000 };
        var from = new Option<int>("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var command = new Command("simulate", "Runs the real engine in simulated worlds.") { seeds, from };
        command.SetAction(async (parsed, _) =>
        {
            var watch = Stopwatch.StartNew();
            for (var seed = parsed.GetValue(from); seed < parsed.GetValue(from) + parsed.GetValue(seeds); seed++)
            {
                await using var world = await World.CreateAsync(seed);
                await world.RunAsync(30);
                var broken = await world.FindBrokenPromisesAsync();
                if (broken.Count > 0)
                    System.Console.WriteLine($"Seed {seed}:\n{string.Join('\n', broken)}");
            }

            System.Console.WriteLine($"{watch.Elapsed.TotalMilliseconds / parsed.GetValue(seeds):0} ms per seed");
            return 0;
        });
        return command;
    }
}
