using System.Net.Http.Json;
using Exalate.Benchmarks.Processes;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>Two companies in one process, as the README starts them.</summary>
internal sealed class Demo : IAsyncDisposable
{
    private readonly int port = FreePorts.DemoBase();
    private readonly string data = Directory.CreateTempSubdirectory("exalate-demo-").FullName;
    private readonly string name;
    private ProgramProcess program = null!;

    private Demo(string name) => this.name = name;

    /// <summary>The Jira company's console.</summary>
    public string Jira => $"http://localhost:{port + 1}";

    public string Asana => $"http://localhost:{port + 2}";

    /// <summary>The console of the company that nobody can call.</summary>
    public string Private => $"http://localhost:{port + 3}";

    public string JiraTracker => $"http://127.0.0.1:{port + 11}";

    public string AsanaTracker => $"http://127.0.0.1:{port + 12}";

    public string Output => program.Output;

    /// <param name="name">For the log file: the test's name.</param>
    public static async Task<Demo> StartAsync(string name)
    {
        var demo = new Demo(name);
        try
        {
            await demo.StartAsync();
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>For the first time, or again after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public Task StartAsync()
    {
        program = ProgramProcess.Start("Exalate.Console", ["demo", "--port-base", $"{port}", "--data", data], Path.Combine(Artifacts.Folder, name + ".log"));
        return program.UntilReadyAsync();
    }

    /// <summary>Makes the next calls of a kind to a tracker fail.</summary>
    public static async Task FailAsync(string tracker, object rule)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync($"{tracker}/_sandbox/faults", rule);
        answer.EnsureSuccessStatusCode();
    }

    public static async Task HealAsync(string tracker)
    {
        using var http = new HttpClient();
        using var answer = await http.DeleteAsync($"{tracker}/_sandbox/faults");
        answer.EnsureSuccessStatusCode();
    }

    public Task StopAsync() => program.StopAsync();

    public Task KillAsync() => program.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
