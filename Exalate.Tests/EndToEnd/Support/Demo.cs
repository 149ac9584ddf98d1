namespace Exalate.Tests.EndToEnd.Support;

/// <summary>Two companies in one process, as the README starts them.</summary>
internal sealed class Demo : IAsyncDisposable
{
    private readonly int port = FreePorts.DemoBase();
    private readonly string data = Directory.CreateTempSubdirectory("exalate-demo-").FullName;
    private readonly string name;
    private RunningProgram program = null!;

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
        await demo.StartAsync();
        return demo;
    }

    public async Task StartAsync() =>
        program = await RunningProgram.StartAsync(name, "Exalate.Console", ["demo", "--port-base", $"{port}", "--data", data]);

    public Task StopAsync() => program.StopAsync();

    public Task KillAsync() => program.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
