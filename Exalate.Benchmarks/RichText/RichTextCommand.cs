using System.CommandLine;
using Exalate.Core.RichText;

namespace Exalate.Benchmarks.RichText;

/// <summary>'richtext': megabytes per second of every reader and writer, and whether twice the size takes twice the time.</summary>
internal static class RichTextCommand
{
    private static readonly Option<int> Kilobytes = new("--kb") { Description = "Size of the largest document. Default: 1024", DefaultValueFactory = _ => 1024 };

    private static readonly Option<bool> Hostile = new("--hostile") { Description = "Documents full of one kind of nonsense each, through every reader and from there through every writer." };

    public static Command Create()
    {
        var command = new Command("richtext", "Speed of the rich text readers and writers, and how it grows with the size of the document") { Kilobytes, Hostile };
        command.SetAction(parsed => parsed.GetValue(Hostile) ? HostileRun.Run(parsed.GetValue(Kilobytes) * 1024) : Run(parsed.GetValue(Kilobytes) * 1024));
        return command;
    }

    private static int Run(int largest)
    {
        var sizes = new[] { largest / 8, largest / 4, largest / 2, largest };
        System.Console.WriteLine($"Documents of {string.Join(", ", sizes.Select(s => $"{s / 1024} KB"))} in each dialect. MB per second of processor time at the largest; then time for twice the size, each step (2.0 is linear).");
        System.Console.WriteLine();
        System.Console.WriteLine($"{"dialect",-16}{"read MB/s",10}{"growth",18}{"write MB/s",14}{"growth",18}");
        var linear = true;
        foreach (var dialect in Dialects.All)
        {
            var documents = sizes.Select(size => SampleDocument.OfSize(dialect, size)).ToList();
            var texts = documents.ConvertAll(d => dialect.Write(d, RichTextHooks.None));
            var reads = texts.ConvertAll(text => Best(() => dialect.Read(text, RichTextHooks.None)));
            var writes = documents.ConvertAll(document => Best(() => dialect.Write(document, RichTextHooks.None)));
            System.Console.WriteLine($"{dialect.Name,-16}{Speed(texts, reads),10:F1}{Growth(texts, reads),18}{Speed(texts, writes),14:F1}{Growth(texts, writes),18}");
            linear &= IsLinear(reads) && IsLinear(writes);
        }
        System.Console.WriteLine();
        System.Console.WriteLine(linear ? "Linear: eight times the size takes less than sixteen times as long, everywhere." : "NOT LINEAR: see the growth above.");
        return linear ? 0 : 1;
    }

    // Processor time, and the best of several runs: what the machine does beside it only ever makes a run slower.
    private static double Best(Action run)
    {
        run();
        var best = double.MaxValue;
        for (var i = 0; i < 7; i++)
        {
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            run();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        return best;
    }

    private static double Speed(List<string> texts, List<double> seconds) => texts[^1].Length / 1e6 / seconds[^1];

    private static string Growth(List<string> texts, List<double> seconds) =>
        string.Join(' ', Enumerable.Range(1, seconds.Count - 1).Select(i => (seconds[i] / seconds[i - 1] * 2 * texts[i - 1].Length / texts[i].Length).ToString("F1", System.Globalization.CultureInfo.InvariantCulture)));

    private static bool IsLinear(List<double> seconds) => seconds[^1] / seconds[0] < 16;
}
