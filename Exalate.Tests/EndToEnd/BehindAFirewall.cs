using System.Net.Sockets;
using Exalate.Benchmarks.Processes;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.EntityFrameworkCore;
using Xunit.Abstractions;

namespace Exalate.Tests.EndToEnd;

/// <summary>Real processes in two networks: the public node can't open a connection to the private one at all.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BehindAFirewall(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);
    private int lastId;

    [OtherNetworkFact]
    public async Task Everything_travels_both_ways_at_once_and_after_a_partition_in_order()
    {
        await using var company = await CompanyBehindAFirewall.StartAsync();
        var people = company.People;
        await AssertNobodyCanCallAsync(company.HiddenAddress);

        var issue = await people.CreateIssueAsync(company.JiraProject, "Behind the wall", "Can you hear me?");
        await people.CommentIssueAsync(issue.EntityId, "First word from outside");
        await people.AttachToIssueAsync(issue.EntityId, "outside.bin", new byte[300_000]);
        await company.Public.ExalateAsync([issue], NewId);
        var task = await TaskAsync(company, tasks => tasks.SingleOrDefault(found => found is { Summary: "Behind the wall", Files.Count: 1, Comments.Count: 1 }));

        await people.SetTaskAsync(task.Id, "Heard inside", null);
        await people.CommentTaskAsync(task.Id, "A word from inside");
        await people.AttachToTaskAsync(task.Id, "inside.bin", new byte[200_000]);
        await IssueAsync(company, issue.EntityId, found => found is { Summary: "Heard inside", Files.Count: 2, Comments.Count: 2 });
        for (var edit = 1; edit <= 5; edit++)
        {
            await people.SetIssueAsync(issue.EntityId, $"Edit {edit}", null);
            await TaskAsync(company, tasks => tasks.SingleOrDefault(found => found.Summary == $"Edit {edit}"));
        }

        await AssertQuickAsync(company);

        company.Network.PullCable();
        for (var edit = 1; edit <= 3; edit++)
        {
            await people.SetIssueAsync(issue.EntityId, $"While apart {edit}", null);
            await people.CommentIssueAsync(issue.EntityId, $"Outside {edit}");
            await people.CommentTaskAsync(task.Id, $"Inside {edit}");
            await Task.Delay(TimeSpan.FromSeconds(4));
        }

        Assert.NotEmpty(await company.Public.UnfinishedAsync());
        company.Network.PlugIn();
        var healed = await TaskAsync(company, tasks => tasks.SingleOrDefault(found => found is { Summary: "While apart 3", Comments.Count: 8 }));
        var outside = await IssueAsync(company, issue.EntityId, found => found is { Summary: "While apart 3", Comments.Count: 8 });
        Assert.Equal(["Outside 1", "Outside 2", "Outside 3"], InOrder(healed, "Outside"));
        Assert.Equal(["Inside 1", "Inside 2", "Inside 3"], InOrder(outside, "Inside"));
        await AssertNobodyCanCallAsync(company.HiddenAddress);
    }

    private static IEnumerable<string> InOrder(Standing standing, string word) =>
        standing.Comments.SelectMany(comment => Enumerable.Range(1, 3).Select(number => $"{word} {number}").Where(comment.Contains));

    private static async Task AssertNobodyCanCallAsync(string address)
    {
        var parts = address.Split(':');
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var failure = await Record.ExceptionAsync(() => client.ConnectAsync(parts[0], int.Parse(parts[1], null), patience.Token).AsTask());
        Assert.True(failure is SocketException or OperationCanceledException, "The private node could be called.");
    }

    /// <summary>From the change noticed on the public side to the message durable on the private one.</summary>
    private async Task AssertQuickAsync(CompanyBehindAFirewall company)
    {
        await using var here = company.Public.Db();
        await using var there = company.HiddenDb();
        var noticed = await here.SyncEvents.AsNoTracking().Where(row => row.MessageJson != null).ToDictionaryAsync(row => row.EventId, row => row.CreatedAt);
        var arrived = await there.SyncRequests.AsNoTracking().ToListAsync();
        var lags = arrived.Where(row => noticed.ContainsKey(row.EventId)).Select(row => row.ReceivedAt - noticed[row.EventId]).Order().ToList();
        output.WriteLine($"{lags.Count} changes; noticed to stored on the private side: median {lags[lags.Count / 2].TotalMilliseconds:0} ms, longest {lags[^1].TotalMilliseconds:0} ms");
        Assert.True(lags.Count >= 6);
        Assert.InRange(lags[lags.Count / 2], TimeSpan.Zero, Lag);
    }

    private static Task<Standing> TaskAsync(CompanyBehindAFirewall company, Func<IReadOnlyList<Standing>, Standing?> find) =>
        UntilAsync(async () => find(await company.People.TasksAsync(company.AsanaProject)));

    private static Task<Standing> IssueAsync(CompanyBehindAFirewall company, string id, Func<Standing, bool> isThere) =>
        UntilAsync(async () => (await company.People.IssuesAsync(company.JiraProject)).SingleOrDefault(found => found.Id == id && isThere(found)));

    private static async Task<Standing> UntilAsync(Func<Task<Standing?>> lookAsync)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await lookAsync() is { } found)
                return found;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It did not arrive.");
            await Task.Delay(200);
        }
    }

    private Guid NewId() => new(++lastId, 0, 0, new byte[8]);
}
