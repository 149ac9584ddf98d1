using System.Globalization;
using Exalate.Core.RichText;

namespace Exalate.Benchmarks.RichText;

/// <summary>'richtext --hostile': whether four times as much nonsense takes four times as long, in every reader and every writer.</summary>
internal static class HostileRun
{
    /// <summary>4 is linear, 16 quadratic.</summary>
    private const double MostGrowth = 8;

    private const int StackBytes = 512 * 1024;

    private const long Memory = 512L * 1024 * 1024;

    /// <summary>Below this the clock and the garbage collector tell more than the work.</summary>
    private static readonly TimeSpan Measurable = TimeSpan.FromMilliseconds(400);

    /// <returns>The exit code: 1 when something grows faster than its input, or throws.</returns>
    public static int Run(int largest)
    {
        System.Console.WriteLine($"Documents of {largest / 4096} and {largest / 1024} KB of one kind of nonsense each, on a stack of {StackBytes / 1024} KB; processor time.");
        var code = 0;
        var thread = new Thread(() => code = Dialects.All.Sum(dialect => Tell(dialect, largest)), StackBytes);
        thread.Start();
        thread.Join();
        System.Console.WriteLine(code == 0 ? $"Linear: four times as much never takes {MostGrowth} times as long." : $"NOT LINEAR: {code} of them, see above.");
        return code == 0 ? 0 : 1;
    }

    private static int Tell(Dialect dialect, int largest)
    {
        var (kinds, slow, longest, of) = (0, 0, TimeSpan.Zero, "");
        foreach (var (what, make) in HostileInputs.For(dialect.Name))
        {
            kinds++;
            string small = make(largest / 4), large = make(largest);
            RichDocument few = dialect.Read(small, RichTextHooks.None), many = dialect.Read(large, RichTextHooks.None);
            var works = Dialects.All
                .Select(to => (Name: $"written as {to.Name}", Small: (Action)(() => to.Write(few, RichTextHooks.None)), Large: (Action)(() => to.Write(many, RichTextHooks.None))))
                .Prepend(("read", () => dialect.Read(small, RichTextHooks.None), () => dialect.Read(large, RichTextHooks.None)));
            foreach (var (name, runSmall, runLarge) in works)
            {
                var (shorter, longer) = Measure(runSmall, runLarge);
                if (longer > longest)
                    (longest, of) = (longer, $"'{what}' {name}");
                if (longer < Measurable || longer < shorter * MostGrowth)
                    continue;
                slow++;
                System.Console.WriteLine($"  {dialect.Name} '{what}' {name}: {shorter.TotalMilliseconds:F0} ms, then {longer.TotalMilliseconds:F0} ms");
            }
        }

        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{dialect.Name,-16}{kinds} kinds, {slow} not linear; the longest took {longest.TotalMilliseconds:F0} ms: {of}"));
        return slow;
    }

    /// <summary>A pause of the machine makes one run slow; only what is slow in each of several runs is.</summary>
    private static (TimeSpan Shorter, TimeSpan Longer) Measure(Action small, Action large)
    {
        TimeSpan shorter = TimeSpan.MaxValue, longer = TimeSpan.MaxValue;
        for (var run = 0; run < 4; run++)
        {
            longer = Min(longer, Time(large));
            if (longer < Measurable)
                break;
            shorter = Min(shorter, Time(small));
            if (longer < shorter * MostGrowth)
                break;
        }

        return (shorter, longer);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Time(Action work)
    {
        // The collector's work grows with what happens to live, not with the text: none while the clock runs, as long as that much memory lasts.
        var isQuiet = GC.TryStartNoGCRegion(Memory);
        var before = Environment.CpuUsage.TotalTime;
        work();
        var took = Environment.CpuUsage.TotalTime - before;
        if (isQuiet && System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion)
            GC.EndNoGCRegion();
        return took;
    }
}
