using System.Diagnostics;

namespace Exalate.Tests.EndToEnd;

/// <summary>The chaos run as its users start it: the built program, with processes of its own.</summary>
[Collection(Support.EndToEndCollection.Name)]
public sealed class Chaos
{
    private const int Kills = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Twenty_kills_lose_double_and_part_nothing()
    {
        var dll = Path.Combine(AppContext.BaseDirectory.Replace("Exalate.Tests", "Exalate.Benchmarks", StringComparison.Ordinal), "Exalate.Benchmarks.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { dll, "chaos", "--kills", $"{Kills}", "--seed", "7" })
            start.ArgumentList.Add(argument);
        using var chaos = Process.Start(start)!;
        var (output, errors) = (chaos.StandardOutput.ReadToEndAsync(), chaos.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await chaos.WaitForExitAsync(patience.Token);

        var said = await output + await errors;
        Assert.True(chaos.ExitCode == 0, said);
        Assert.Matches(@"lost +0\n", said);
        Assert.Matches(@"doubled +0\n", said);
        Assert.Matches(@"diverged +0\n", said);
    }
}
