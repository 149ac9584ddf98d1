using System.CommandLine;
using Exalate.Benchmarks.Chaos;
using Exalate.Benchmarks.Processes;
using Exalate.Benchmarks.Queue;
using Exalate.Benchmarks.RichText;
using Exalate.Benchmarks.Simulation;
using Exalate.Benchmarks.Sync;

// Each command lives in its own folder and is added here: root.Subcommands.Add(XCommand.Create()).
var root = new RootCommand("Simulations, fault runs and measurements of Exalate. Build with -c Release.");
root.Subcommands.Add(ChaosCommand.Create());
root.Subcommands.Add(QueueCommand.Create());
root.Subcommands.Add(RichTextCommand.Create());
root.Subcommands.Add(SyncCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(ClaimsCommand.Create());
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Interruption.Patience });
