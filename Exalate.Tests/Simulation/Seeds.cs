using System.Globalization;

namespace Exalate.Tests.Simulation;

/// <summary>Many seeds of the simulated world; a failing one prints its history and replays exactly.</summary>
public sealed class Seeds
{
    private const int EditsAtLeast = 20;

    [Theory]
    [InlineData(1, 25)]
    public async Task EverySeed_KeepsThePromises(int from, int count)
    {
        (from, count) = (Setting("EXALATE_SEED_FROM", from), Setting("EXALATE_SEEDS", count));
        for (var seed = from; seed < from + count; seed++)
        {
            await using var world = await World.CreateAsync(seed);
            await world.RunAsync(EditsAtLeast * 3 / 2);
            var broken = await world.FindBrokenPromisesAsync();
            Assert.True(broken.Count == 0, $"Seed {seed}:\n{string.Join('\n', broken)}\n\n{string.Join('\n', world.History)}");
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
