using System.Diagnostics;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>One of our programs as a process of its own, started from the built dll. Its output is kept; it is ended by its own id alone.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StreamWriter log;
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningProgram(string name, Process process)
    {
        this.process = process;
        log = new StreamWriter(Path.Combine(Artifacts.Folder, $"{name}.log"), append: true) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"{name} ended before it was ready:{Environment.NewLine}{Output}"));
    }

    public string Output
    {
        get
        {
            lock (gate)
                return string.Join(Environment.NewLine, lines);
        }
    }

    /// <summary>Starts and waits until it is ready: for the line "Ready", or, where an address is given, until that answers 200.</summary>
    /// <param name="name">For the log file. Example: "demo".</param>
    /// <param name="dll">Example: "Exalate.Console".</param>
    /// <param name="healthUrl">Example: "http://127.0.0.1:5080/health/ready".</param>
    public static async Task<RunningProgram> StartAsync(string name, string dll, IEnumerable<string> arguments, string? healthUrl = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(DllOf(dll));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var program = new RunningProgram(name, process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await (healthUrl is null ? program.ready.Task : program.HealthyAsync(healthUrl)).WaitAsync(StartPatience);
        }
        catch (TimeoutException)
        {
            await program.DisposeAsync();
            throw new TimeoutException($"{name} was not ready after {StartPatience.TotalSeconds:0} s:{Environment.NewLine}{program.Output}");
        }

        return program;
    }

    /// <summary>As Ctrl-C or a service manager does it.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
            return;
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>As a power cut does it.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
        await log.DisposeAsync();
    }

    private async Task HealthyAsync(string healthUrl)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(healthUrl);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        await ready.Task;
    }

    // The projects are built beside the tests, in the same configuration.
    private static string DllOf(string project)
    {
        var folder = AppContext.BaseDirectory.Replace("Exalate.Tests", project, StringComparison.Ordinal);
        var dll = Path.Combine(folder, project + ".dll");
        return File.Exists(dll) ? dll : throw new FileNotFoundException($"Build {project} first: {dll} is missing.");
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (gate)
        {
            lines.Add(line);
            log.WriteLine(line);
        }

        if (line.Trim() == "Ready")
            ready.TrySetResult();
    }
}
