using System.CommandLine;
using System.Runtime.InteropServices;

namespace Exalate.Sandbox;

/// <summary>The command line of the sandbox in a process of its own.</summary>
internal static class SandboxCommand
{
    public static RootCommand Create()
    {
        var jira = new Option<int>("--jira-port") { Description = "Port of the Jira sandbox on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 5091 };
        var asana = new Option<int>("--asana-port") { Description = "Port of the Asana sandbox on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 5092 };
        var data = new Option<string>("--data") { Description = "Folder that keeps the state over restarts.", DefaultValueFactory = _ => "sandbox-data" };
        var loopback = new Option<bool>("--no-loopback-webhooks") { Description = "Refuse webhooks to this machine, as the vendors do." };
        var free = new Option<bool>("--asana-free-plan") { Description = "Answer Asana's task search with 402." };
        var lag = new Option<int>("--index-lag") { Description = "Milliseconds by which the search follows the writes." };
        var latency = new Option<int>("--latency") { Description = "Milliseconds added to every API request." };
        var command = new RootCommand("The sandbox trackers: Jira Cloud and Asana as their REST APIs describe them, on this machine, without any account.")
        {
            jira, asana, data, loopback, free, lag, latency,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new SandboxOptions
            {
                JiraPort = parsed.GetValue(jira),
                AsanaPort = parsed.GetValue(asana),
                DataFolder = Path.GetFullPath(parsed.GetValue(data)!),
                AllowLoopbackWebhooks = !parsed.GetValue(loopback),
                AsanaFreePlan = parsed.GetValue(free),
                IndexLag = TimeSpan.FromMilliseconds(parsed.GetValue(lag)),
                Latency = TimeSpan.FromMilliseconds(parsed.GetValue(latency)),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var cancelled = cancellationToken.Register(() => stop.TrySetResult());
        try
        {
            await using var host = await SandboxHost.StartAsync(options, cancellationToken);
            foreach (var line in host.Describe())
                Console.WriteLine(line);
            Console.WriteLine("Ready");
            await stop.Task;
            await host.StopAsync(CancellationToken.None);
            return 0;
        }
        catch (SandboxException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }
}
