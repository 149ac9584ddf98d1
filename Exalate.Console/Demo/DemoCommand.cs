using System.CommandLine;
using Exalate.Console.Hosting;

namespace Exalate.Console.Demo;

/// <summary>'demo': two companies on one machine, ready to click through.</summary>
internal static class DemoCommand
{
    private const string Description = """
        Runs three nodes (one beside a sandbox Jira, one beside a sandbox Asana, and a private one that nobody can call) in this process, on loopback alone. No account, no installation.

        With the default --port-base 5080: Jira node on 5081, Asana node on 5082, private node on 5083, sandbox Jira on 5091, sandbox Asana on 5092.
        What was done is kept in the data folder: started again, the demo goes on where it was. Ctrl-C stops it.
        """;

    private static readonly Option<bool> Reset = new("--reset") { Description = "Forget everything and start from the beginning" };
    private static readonly Option<string?> Data = new("--data") { Description = "Folder for the demo's data. Default: demo-data beside the solution, else in the current folder" };
    private static readonly Option<int> PortBase = new("--port-base") { Description = "First of the ports: nodes on +1, +2 and +3, trackers on +11 and +12", DefaultValueFactory = _ => 5080 };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Log what the nodes do, not only what goes wrong" };

    public static Command Create()
    {
        var command = new Command("demo", Description) { Reset, Data, PortBase, Verbose };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var ports = DemoPorts.From(parsed.GetValue(PortBase));
        using var folder = DemoFolder.Open(parsed.GetValue(Data));
        ports.CheckFree();
        if (parsed.GetValue(Reset))
            folder.Clear();

        using var stop = new StopSignal();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, cancellationToken);
        try
        {
            await using var demo = await DemoWorld.StartAsync(ports, folder, parsed.GetValue(Verbose), either.Token);
            await System.Console.Out.WriteLineAsync(DemoGuide.Text(demo, folder));
            await demo.WaitUntilHealthyAsync(either.Token);
            await System.Console.Out.WriteLineAsync("Ready");
            await stop.Task;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Stopped while starting: nothing to say.
        }

        return 0;
    }
}
