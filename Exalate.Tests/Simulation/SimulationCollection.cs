using System.Diagnostics;

namespace Exalate.Tests.Simulation;

/// <summary>Worlds use every processor: they run when the other tests are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SimulationCollection
{
    public const string Name = "Simulation";
}

/// <summary>The simulations and measurements as programs of their own.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What it printed; fails with that unless the exit code is 0.</summary>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync(Patience, arguments);

    /// <inheritdoc cref="RunAsync(string[])"/>
    public static async Task<string> RunAsync(TimeSpan within, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory.Replace("Exalate.Tests", "Exalate.Benchmarks", StringComparison.Ordinal), "Exalate.Benchmarks.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var program = Process.Start(start)!;
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(within);
        await program.WaitForExitAsync(patience.Token);
        var said = await output + await errors;
        Assert.True(program.ExitCode == 0, said);
        return said;
    }
}
