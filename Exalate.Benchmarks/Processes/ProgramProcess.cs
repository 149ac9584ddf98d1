using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Exalate.Benchmarks.Processes;

/// <summary>One of our programs as a process of its own, started from its built dll. Ended by its own id alone.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly StreamWriter log;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramProcess(Process process, string logFile)
    {
        this.process = process;
        log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The program ended before it was ready; see {logFile}."));
    }

    /// <summary>All that it has printed, the log file's part of this start.</summary>
    public string Output
    {
        get
        {
            lock (log)
                return output.ToString();
        }
    }

    /// <summary>Most memory that the process held at once, in MB; read while it lives.</summary>
    public double PeakMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Processor time that the process has used, all cores together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts without waiting.</summary>
    /// <param name="project">Example: "Exalate.Console".</param>
    /// <param name="logFile">Takes what the program prints; added to.</param>
    /// <param name="within">A command that runs the rest of its line in its own place. Example: "ip", "netns", "exec", "globex".</param>
    public static ProgramProcess Start(string project, IEnumerable<string> arguments, string logFile, IReadOnlyList<string>? within = null)
    {
        var line = new List<string>([.. within ?? [], "dotnet", DllOf(project), .. arguments]);
        var start = new ProcessStartInfo(line[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in line.Skip(1))
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var program = new ProgramProcess(process, logFile);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Until it prints "Ready".</summary>
    public Task UntilReadyAsync() => ready.Task.WaitAsync(StartPatience);

    /// <summary>Until the address answers with a success.</summary>
    public async Task UntilHealthyAsync(HttpClient http, string url)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(url);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or too busy with its start to answer in time.
            }

            if (TimeProvider.System.GetElapsedTime(started) > StartPatience)
                throw new TimeoutException($"{url} did not answer with a success within {StartPatience.TotalMinutes:0} minutes.");
            await Task.Delay(Pause);
        }

        await ready.Task;
    }

    /// <summary>SIGKILL: as a power cut does it.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: as a service manager does it.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
            return;
        using var signal = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
        await log.DisposeAsync();
    }

    // The projects are built side by side, in the same configuration.
    internal static string FolderOf(string project) => AppContext.BaseDirectory
        .Replace("Exalate.Benchmarks", project, StringComparison.Ordinal).Replace("Exalate.Tests", project, StringComparison.Ordinal);

    private static string DllOf(string project)
    {
        var dll = Path.Combine(FolderOf(project), project + ".dll");
        return File.Exists(dll) ? dll : throw new FileNotFoundException($"Build {project} first: {dll} is missing.");
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (log)
        {
            log.WriteLine(line);
            output.AppendLine(line);
        }

        if (line.Trim() == "Ready")
            ready.TrySetResult();
    }
}
