using Exalate.Benchmarks.Processes;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Benchmarks.Chaos;

/// <summary>People edit on both sides while nodes are killed and trackers fail; then all must come to rest with nothing lost, doubled or different.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private const double LeastShareOfKillsAtWork = 0.8;
    private static readonly TimeSpan RestPatience = TimeSpan.FromMinutes(4);

    /// <summary>Longer than a backup poll: what no webhook told has come by then.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(14);

    private readonly Random dice;
    private readonly TwoCompanies companies;
    private readonly People people;
    private readonly Weather weather;
    private readonly Recoveries recoveries = new();
    private readonly List<LedgerItem> items = [];
    private readonly Dictionary<string, int> edits = [];
    private int lastEdit;

    private ChaosRun(int seed, TwoCompanies companies)
    {
        dice = new Random(seed);
        this.companies = companies;
        people = new People(companies.JiraTracker, companies.AsanaTracker);
        weather = new Weather(people, dice);
    }

    /// <summary>The sandbox does within moments what it was sent, also for a process that is dead by then: no need to wait as long as for a vendor.</summary>
    public static async Task<ChaosRun> StartAsync(int seed, string? folder) =>
        new(seed, await TwoCompanies.StartAsync(new TwoCompaniesOptions(folder) { NodeSettings = ["--Exalate:Sync:BackupPollInterval=00:00:10", "--Exalate:Sync:ResendAfter=00:01:00", "--Exalate:Sync:CreateSettles=00:00:05"] }));

    /// <returns>The exit code: 0 when nothing is lost, doubled or different.</returns>
    public async Task<int> RunAsync(int mostKills, int editsPerKill, TimeSpan atMost)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (kills, atWork) = (0, 0);
        for (; kills < mostKills && TimeProvider.System.GetElapsedTime(started) < atMost; kills++)
        {
            await weather.ChangeAsync();
            for (var i = 0; i < editsPerKill; i++)
                await EditAsync();
            atWork += await KillAsync(dice.Next(2) == 0 ? companies.Jira : companies.Asana) ? 1 : 0;
            System.Console.Write(".");
        }

        System.Console.WriteLine();
        await weather.CalmAsync();
        var unrest = await ComeToRestAsync();
        var found = Ledger.Compare(items, await people.IssuesAsync(companies.JiraProject), await people.TasksAsync(companies.AsanaProject));
        foreach (var sentence in unrest.Concat(found.Lost.Select(what => "lost: " + what)).Concat(found.Doubled.Select(what => "doubled: " + what)).Concat(found.Diverged.Select(what => "diverged: " + what)))
            System.Console.WriteLine(sentence);

        var share = kills == 0 ? 1 : (double)atWork / kills;
        System.Console.WriteLine($"entities          {items.Count}");
        System.Console.WriteLine($"edits             {lastEdit} ({string.Join(", ", edits.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Value} {kind.Key}"))})");
        System.Console.WriteLine($"kills             {kills}, while work was unfinished {atWork} ({share:P0})");
        System.Console.WriteLine($"lost              {found.Lost.Count}");
        System.Console.WriteLine($"doubled           {found.Doubled.Count}");
        System.Console.WriteLine($"diverged          {found.Diverged.Count}");
        System.Console.WriteLine($"longest recovery  {recoveries.Longest.TotalSeconds:0.0} s");
        System.Console.WriteLine($"took              {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
        if (share < LeastShareOfKillsAtWork)
            System.Console.WriteLine($"Too few kills struck unfinished work for the run to say anything: less than {LeastShareOfKillsAtWork:P0}.");
        return unrest.Count + found.Lost.Count + found.Doubled.Count + found.Diverged.Count == 0 && share >= LeastShareOfKillsAtWork ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        await recoveries.DisposeAsync();
        await companies.DisposeAsync();
        people.Dispose();
    }

    private async Task EditAsync()
    {
        lastEdit++;
        var roll = dice.Next(100);
        if (items.Count < 3 || roll < 10)
        {
            await CreateAsync();
            return;
        }

        var item = items[dice.Next(items.Count)];
        var inJira = await SideForAsync(item, roll < 50 || item.IsContested ? dice.Next(2) == 0 : item.FieldsBelongToJira);
        await (roll switch
        {
            < 38 => CommentAsync(item, inJira),
            < 50 => AttachAsync(item, inJira),
            _ when !item.IsContested && inJira != item.FieldsBelongToJira => CommentAsync(item, inJira),
            < 80 => SummaryAsync(item, inJira),
            _ => TextAsync(item, inJira),
        });
    }

    private async Task CreateAsync()
    {
        var item = new LedgerItem(items.Count + 1, dice.Next(3) > 0, dice.Next(2) == 0, dice.Next(10) == 0) { Summary = lastEdit, Text = lastEdit };
        var (summary, text) = (Ledger.SummaryOf(item, lastEdit), Ledger.TextOf(item, lastEdit));
        var pair = item.StartedInJira
            ? await people.CreateIssueAsync(companies.JiraProject, summary, text)
            : await people.CreateTaskAsync(companies.AsanaProject, summary, text);
        (item.IssueId, item.TaskId) = item.StartedInJira ? (pair.EntityId, null) : ((string?)null, pair.EntityId);
        await (item.StartedInJira ? companies.Jira : companies.Asana).ExalateAsync([pair], NewId);
        items.Add(item);
        Count("creates");
    }

    /// <summary>The side that was rolled where the copy is known already, else the side where it began. True for Jira.</summary>
    private async Task<bool> SideForAsync(LedgerItem item, bool wantsJira)
    {
        if (item.IssueId is not null && item.TaskId is not null)
            return wantsJira;
        if (wantsJira == item.StartedInJira)
            return wantsJira;
        var origin = item.StartedInJira ? companies.Jira : companies.Asana;
        var localId = item.IssueId ?? item.TaskId;
        await using var db = origin.Db();
        var copy = await db.Twins.Where(twin => twin.LocalEntityId == localId).Select(twin => twin.RemoteEntityId).SingleAsync();
        if (copy is null)
            return item.StartedInJira;
        (item.IssueId, item.TaskId) = (item.IssueId ?? copy, item.TaskId ?? copy);
        return wantsJira;
    }

    private async Task CommentAsync(LedgerItem item, bool inJira)
    {
        var text = Ledger.CommentOf(lastEdit);
        await (inJira ? people.CommentIssueAsync(item.IssueId!, text) : people.CommentTaskAsync(item.TaskId!, text));
        item.Comments.Add(lastEdit);
        Count("comments");
    }

    private async Task AttachAsync(LedgerItem item, bool inJira)
    {
        var content = new byte[dice.Next(100, 20_000)];
        dice.NextBytes(content);
        var name = $"file-{lastEdit}.bin";
        await (inJira ? people.AttachToIssueAsync(item.IssueId!, name, content) : people.AttachToTaskAsync(item.TaskId!, name, content));
        item.Files[name] = content.Length;
        Count("attachments");
    }

    private async Task SummaryAsync(LedgerItem item, bool inJira)
    {
        var summary = Ledger.SummaryOf(item, lastEdit);
        await (inJira ? people.SetIssueAsync(item.IssueId!, summary, null) : people.SetTaskAsync(item.TaskId!, summary, null));
        item.Summary = lastEdit;
        Count("summaries");
    }

    private async Task TextAsync(LedgerItem item, bool inJira)
    {
        var text = Ledger.TextOf(item, lastEdit);
        await (inJira ? people.SetIssueAsync(item.IssueId!, null, text) : people.SetTaskAsync(item.TaskId!, null, text));
        item.Text = lastEdit;
        Count("descriptions");
    }

    private void Count(string kind) => edits[kind] = edits.GetValueOrDefault(kind) + 1;

    /// <returns>Whether the node had unfinished work at that moment.</returns>
    private async Task<bool> KillAsync(NodeProcess node)
    {
        // A node that has caught up gets a little more to do first.
        for (var i = 0; i < 20 && (await node.UnfinishedAsync()).Count == 0; i++)
            await EditAsync();
        await Task.Delay(dice.Next(0, 40));
        var busy = (await node.UnfinishedAsync()).Count > 0;
        await node.KillAsync();
        recoveries.Watch(node, await node.UnfinishedAsync());
        await node.StartAsync();
        return busy;
    }

    /// <returns>What is still unfinished when patience ends; empty when all came to rest.</returns>
    private async Task<IReadOnlyList<string>> ComeToRestAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        var quietSince = started;
        while (TimeProvider.System.GetElapsedTime(started) < RestPatience)
        {
            if ((await companies.Jira.UnfinishedAsync()).Count + (await companies.Asana.UnfinishedAsync()).Count > 0)
                quietSince = TimeProvider.System.GetTimestamp();
            else if (TimeProvider.System.GetElapsedTime(quietSince) > Quiet)
                return [];
            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }

        return [.. await UnrestAsync(companies.Jira), .. await UnrestAsync(companies.Asana)];
    }

    private static async Task<IReadOnlyList<string>> UnrestAsync(NodeProcess node)
    {
        await using var db = node.Db();
        var events = await db.SyncEvents.AsNoTracking().Where(row => row.FinishedAt == null).ToListAsync();
        var requests = await db.SyncRequests.AsNoTracking().Where(row => row.FinishedAt == null).ToListAsync();
        return
        [
            .. events.Select(row => $"not at rest: {node.Name} event {row.Id} {row.Stage} after {row.Attempts} tries: {row.Problem}"),
            .. requests.Select(row => $"not at rest: {node.Name} request {row.Id} {row.Stage} after {row.Attempts} tries: {row.Problem}"),
        ];
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        dice.NextBytes(bytes);
        return new Guid(bytes);
    }
}
