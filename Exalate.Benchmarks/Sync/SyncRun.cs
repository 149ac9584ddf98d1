using System.Globalization;
using Exalate.Benchmarks.Processes;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Benchmarks.Sync;

/// <summary>Measures first syncs, then updates, from Jira to Asana; the floor before and after each.</summary>
internal sealed class SyncRun : IAsyncDisposable
{
    private const int PeopleAtOnce = 8;
    private const int PacedEdits = 200;

    /// <summary>Pairs that go through everything before the clock starts: a process that has just started compiles more than it works.</summary>
    private const int WarmUp = 100;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly int items;
    private readonly int latency;
    private readonly int pairs;
    private readonly TimeSpan idle;
    private readonly TwoCompanies companies;
    private readonly People people;
    private readonly Floor floor;
    private readonly Random dice = new(1);

    private SyncRun(int items, int latency, int pairs, TimeSpan idle, TwoCompanies companies)
    {
        (this.items, this.latency, this.pairs, this.idle, this.companies) = (items, latency, pairs, idle, companies);
        people = new People(companies.JiraTracker, companies.AsanaTracker);
        floor = new Floor(companies.JiraTracker, companies.AsanaTracker, new SyncOptions().PairsPerConnection);
    }

    public static async Task<SyncRun> StartAsync(int items, int latency, int pairs, TimeSpan idle, string? folder, IReadOnlyList<string> settings) => new(
        items, latency, pairs, idle,
        await TwoCompanies.StartAsync(new TwoCompaniesOptions(folder) { NodeSettings = settings, SandboxArguments = ["--latency", latency.ToString(CultureInfo.InvariantCulture)] }));

    public async Task RunAsync()
    {
        await WarmUpAsync();
        if (pairs > 0)
        {
            await OldPairs.AddAsync(companies.Jira, pairs);
            await OldPairs.AddAsync(companies.Asana, pairs);
        }

        var issues = await CreateIssuesAsync(items);
        var ids = issues.Select(issue => issue.EntityId).ToList();
        var elsewhere = await people.SecondAsanaProjectAsync();
        var before = (Jira: await Footprint.OfAsync(companies.Jira), Asana: await Footprint.OfAsync(companies.Asana));

        System.Console.WriteLine($"{items} pairs{(pairs > 0 ? $" beside {pairs} that are there already" : "")}, {latency} ms added per tracker call");
        var (floorFirst, tasks) = await floor.FirstSyncAsync(ids, elsewhere);
        var first = await FirstSyncAsync(issues);
        var (floorFirstAgain, _) = await floor.FirstSyncAsync(ids, elsewhere);
        var firstRatio = Say("first sync", first, (floorFirst + floorFirstAgain) / 2);

        var after = (Jira: await Footprint.OfAsync(companies.Jira), Asana: await Footprint.OfAsync(companies.Asana));
        System.Console.WriteLine($"database per pair  jira node {(after.Jira.Bytes - before.Jira.Bytes) / items:N0} bytes, {(double)(after.Jira.Rows - before.Jira.Rows) / items:0.0} rows; "
            + $"asana node {(after.Asana.Bytes - before.Asana.Bytes) / items:N0} bytes, {(double)(after.Asana.Rows - before.Asana.Rows) / items:0.0} rows");

        var floorUpdate = await floor.UpdateAsync(ids, tasks);
        var update = await UpdateAsync(ids);
        var floorUpdateAgain = await floor.UpdateAsync(ids, tasks);
        var updateRatio = Say("update", update, (floorUpdate + floorUpdateAgain) / 2);
        await SayLatencyAsync(ids, items / update.Took.TotalSeconds);
        if (idle > TimeSpan.Zero)
            await SayIdleAsync();
        System.Console.WriteLine($"peak memory        jira node {companies.Jira.Program.PeakMegabytes:0} MB, asana node {companies.Asana.Program.PeakMegabytes:0} MB");
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio first-sync {firstRatio:0.00} update {updateRatio:0.00}"));
    }

    public async ValueTask DisposeAsync()
    {
        floor.Dispose();
        people.Dispose();
        await companies.DisposeAsync();
    }

    private async Task WarmUpAsync()
    {
        var issues = await CreateIssuesAsync(WarmUp);
        var ids = issues.Select(issue => issue.EntityId).ToList();
        var (_, tasks) = await floor.FirstSyncAsync(ids, await people.SecondAsanaProjectAsync());
        await floor.UpdateAsync(ids, tasks);
        await companies.Jira.ExalateAsync(issues, NewId);
        await ComeToRestAsync();
        foreach (var id in ids)
            await people.SetIssueAsync(id, $"Issue {id}, warm", null);
        await ComeToRestAsync();
    }

    private async Task<Measured> FirstSyncAsync(IReadOnlyList<NewPair> issues) => await MeasureAsync(() => companies.Jira.ExalateAsync(issues, NewId));

    /// <summary>All issues are edited while webhooks are held back; the clock starts as they are let go.</summary>
    private async Task<Measured> UpdateAsync(IReadOnlyList<string> ids)
    {
        await people.SandboxAsync("jira", HttpMethod.Post, "webhooks", new { pause = true });
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = PeopleAtOnce }, async (i, _) => await people.SetIssueAsync(ids[i], $"Issue {i}, edited", null));
        return await MeasureAsync(() => people.SandboxAsync("jira", HttpMethod.Post, "webhooks", new { resume = true }));
    }

    /// <summary>Until all events of the Jira node are finished. The calls of echoes that follow are counted, too.</summary>
    private async Task<Measured> MeasureAsync(Func<Task> beginAsync)
    {
        await using var calls = new CallLog(people);
        await calls.StartAsync();
        var done = await FinishedAsync();
        var used = ProcessorTime();
        var started = TimeProvider.System.GetTimestamp();
        await beginAsync();
        while (await FinishedAsync() - done < items)
            await Task.Delay(Look);
        var took = TimeProvider.System.GetElapsedTime(started);
        await ComeToRestAsync();
        used = ProcessorTime() - used;
        await calls.StopAsync();
        return new Measured(took, calls.PerItem(items), used / items);
    }

    private async Task<int> FinishedAsync()
    {
        await using var db = companies.Jira.Db();
        return await db.SyncEvents.CountAsync(row => row.FinishedAt != null && row.Stage == EventStage.Done);
    }

    private async Task ComeToRestAsync()
    {
        var quietSince = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(quietSince) < Quiet)
        {
            await Task.Delay(Look);
            if (await Footprint.IsBusyAsync(companies.Jira) || await Footprint.IsBusyAsync(companies.Asana))
                quietSince = TimeProvider.System.GetTimestamp();
        }
    }

    /// <summary>Single edits at half of the pace that the nodes can hold: from the edit's answer (its webhook leaves then) to the partner's tracker having taken the write.</summary>
    private async Task SayLatencyAsync(IReadOnlyList<string> ids, double perSecond)
    {
        await using var calls = new CallLog(people);
        await calls.StartAsync();
        Dictionary<string, string> copies;
        await using (var db = companies.Jira.Db())
            copies = await db.Twins.Where(twin => twin.LocalEntityId != null && twin.RemoteEntityId != null).ToDictionaryAsync(twin => twin.LocalEntityId!, twin => twin.RemoteEntityId!);
        var edited = new Dictionary<string, DateTimeOffset>();
        var pause = TimeSpan.FromSeconds(2 / perSecond);
        foreach (var id in ids.Take(PacedEdits))
        {
            await people.SetIssueAsync(id, $"Issue {id}, edited alone", null);
            edited[copies[id]] = TimeProvider.System.GetUtcNow();
            await Task.Delay(pause);
        }

        await ComeToRestAsync();
        await calls.StopAsync();
        var took = calls.Calls
            .Where(call => call is { Tracker: "asana", Method: "PUT" })
            .Select(call => (Task: call.Path.Split('?')[0].Split('/')[^1], call.At))
            .Where(call => edited.ContainsKey(call.Task))
            .Select(call => (call.At - edited[call.Task]).TotalMilliseconds)
            .Order().ToList();
        System.Console.WriteLine($"webhook to visible p50 {At(took, 0.5):0} ms, p95 {At(took, 0.95):0} ms, p99 {At(took, 0.99):0} ms ({took.Count} single edits, one every {pause.TotalMilliseconds:0} ms)");
    }

    private async Task SayIdleAsync()
    {
        await using var calls = new CallLog(people);
        await calls.StartAsync();
        await Task.Delay(idle);
        await calls.StopAsync();
        System.Console.WriteLine($"idle               {calls.Calls.Count} tracker calls in {idle.TotalSeconds:0} s, both nodes together: {calls.PerItem(1)}");
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    private double Say(string what, Measured measured, TimeSpan bare)
    {
        System.Console.WriteLine($"{what,-18} {items / measured.Took.TotalSeconds:0.0} items/s in {measured.Took.TotalSeconds:0.0} s; floor {items / bare.TotalSeconds:0.0} items/s in {bare.TotalSeconds:0.0} s; "
            + $"nodes' processor time {measured.Processor.TotalMilliseconds:0.0} ms per item");
        System.Console.WriteLine($"{"",-18} tracker calls per item {measured.Calls}");
        return measured.Took / bare;
    }

    private TimeSpan ProcessorTime() => companies.Jira.Program.ProcessorTime + companies.Asana.Program.ProcessorTime;

    private async Task<IReadOnlyList<NewPair>> CreateIssuesAsync(int count)
    {
        var issues = new NewPair[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = PeopleAtOnce },
            async (i, _) => issues[i] = await people.CreateIssueAsync(companies.JiraProject, $"Issue {i}", $"The text of issue {i}, as long as such texts are: it says what happened, when, and what was expected instead."));
        return issues;
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        dice.NextBytes(bytes);
        return new Guid(bytes);
    }

    private sealed record Measured(TimeSpan Took, string Calls, TimeSpan Processor);
}
