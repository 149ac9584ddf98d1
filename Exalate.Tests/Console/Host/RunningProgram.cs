using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Exalate.Tests.Console.Host;

/// <summary>The built program in a process of its own, as people start it.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly SemaphoreSlim more = new(0);

    private RunningProgram(Process process) => this.process = process;

    public int ExitCode => process.ExitCode;

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString();
        }
    }

    public static RunningProgram Start(string workingFolder, string environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(HostedNode.ProgramFolder, "Exalate.Console.dll"), .. arguments])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        var program = new RunningProgram(Process.Start(start)!);
        program.process.OutputDataReceived += (_, line) => program.Take(program.output, line.Data);
        program.process.ErrorDataReceived += (_, line) => program.Take(program.errors, line.Data);
        program.process.BeginOutputReadLine();
        program.process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Waits until a line of the output holds the text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (Output.Split('\n').FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                return found.Trim();
            if (process.HasExited)
                throw new InvalidOperationException($"The program ended with {process.ExitCode}: {Output} {Errors}");
            await more.WaitAsync(patience.Token);
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString()]);
        kill.WaitForExit();
    }

    public async Task WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>A base whose ports +1, +2, +11 and +12 nobody listens on right now.</summary>
    public static int FreePortBase()
    {
        while (true)
        {
            using var any = new TcpListener(IPAddress.Loopback, 0);
            any.Start();
            var first = ((IPEndPoint)any.LocalEndpoint).Port;
            if (first < 65000 && new[] { 1, 2, 3, 11, 12 }.All(offset => IsFree(first + offset)))
                return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Take(StringBuilder into, string? line)
    {
        lock (into)
            into.AppendLine(line);
        more.Release();
    }
}
