using System.CommandLine;
using System.CommandLine.Invocation;
using Exalate.Console.Converting;
using Exalate.Console.Demo;
using Exalate.Console.Hosting;

namespace Exalate.Console.Commands;

/// <summary>The program's commands. Expected failures end as a sentence on stderr and exit code 1.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = NodeCommand.Create();
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(ConvertCommand.Create());
        // Ctrl-C and stop signals belong to the hosts: they close circuits and let the engine finish its step.
        var parsed = root.Parse(arguments);
        // What is wrong is said on stderr; pages of help on stdout would land in a pipe.
        if (parsed.Action is ParseErrorAction wrong) wrong.ShowHelp = false;
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (StartupException problem)
        {
            foreach (var sentence in problem.Sentences)
                await System.Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }
}
