using Exalate.Core.Trackers;
using Exalate.Core.Trackers.Asana;
using Exalate.Core.Trackers.Jira;
using Exalate.Tests.Http;
using Exalate.Tests.Trackers.Calls;
using Exalate.Tests.Trackers.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Exalate.Tests.Trackers.Jira;

/// <summary>Reading while somebody else changes things, played by a server.</summary>
public sealed class JiraReadingTests
{
    [Fact]
    public async Task Comments_OneDeletedBetweenTwoPages_NoOtherIsMissed()
    {
        List<int> comments = [.. Enumerable.Range(1, 150)];
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            if (!c.Request.Path.Value!.EndsWith("/comment", StringComparison.Ordinal))
            {
                return TrackerFaultTests.Answer(c, 200, """{"id":"10042","key":"TEST-1","fields":{}}""");
            }

            var page = comments.Skip(int.Parse(c.Request.Query["startAt"]!, null)).Take(100).Select(id => $$"""{"id":"{{id}}"}""").ToList();
            var total = comments.Count;
            comments.Remove(1);
            return TrackerFaultTests.Answer(c, 200, $$"""{"total":{{total}},"comments":[{{string.Join(',', page)}}]}""");
        });
        using var bench = new TrackerBench();

        var read = await bench.Jira(server.Url).ReadAsync("TEST-1", TrackerBench.Patience);

        Assert.Equal(Enumerable.Range(2, 149).Select(i => $"{i}"), read!.Comments.Select(c => c.Id).Order(Comparer<string>.Create((a, b) => int.Parse(a, null) - int.Parse(b, null))));
    }

    [Fact]
    public async Task MovedIssue_AskedByItsOldKey_AnswersWithTheNewOne()
    {
        await using var server = await LoopbackServer.StartAsync(c => TrackerFaultTests.Answer(
            c, 200, c.Request.Path.Value!.EndsWith("/comment", StringComparison.Ordinal) ? """{"total":0,"comments":[]}""" : """{"id":"10042","key":"NEW-7","fields":{}}"""));
        using var bench = new TrackerBench();

        var read = await bench.Jira(server.Url).ReadAsync("TEST-1", TrackerBench.Patience);

        Assert.Equal(("10042", "NEW-7"), (read!.Id, read.Key));
        Assert.EndsWith("/browse/NEW-7", read.Link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_ShortAndEmptyPages_DoNotEndTheWalk()
    {
        var answers = new Queue<string>(
        [
            """{"issues":[],"nextPageToken":"a"}""",
            """{"issues":[{"id":"7","fields":{"updated":"2026-03-01T10:00:00.000+0000"}}],"nextPageToken":"b","isLast":false}""",
            """{"issues":[{"id":"8","fields":{"updated":"2026-03-01T10:00:01.000+0000"}}],"isLast":true}""",
        ]);
        await using var server = await LoopbackServer.StartAsync(c => TrackerFaultTests.Answer(c, 200, answers.Dequeue()));
        using var bench = new TrackerBench();
        var jira = bench.Jira(server.Url);
        var told = new List<string>();
        PollPage page;
        string? cursor = null;
        do
        {
            page = await jira.PollAsync(new PollRequest { ProjectIds = ["10000"], Cursor = cursor, Since = DateTimeOffset.UnixEpoch.AddYears(56) }, TrackerBench.Patience);
            told.AddRange(page.Changes.Select(c => c.EntityId));
            cursor = page.Cursor;
        }
        while (page.HasMore);

        Assert.Equal(["7", "8"], told);
    }

    [Fact]
    public void Factory_FromTheContainer_MakesBothAndRefusesOptionsThatCantWork()
    {
        var services = new ServiceCollection().AddTrackers();
        services.Configure<JiraOptions>(o => (o.PollPageSize, o.Http.ConcurrentReads) = (0, -1));
        using var provider = services.BuildServiceProvider();
        using var fine = new ServiceCollection().AddTrackers().BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ITrackerFactory>().Describe(TrackerKind.Jira));
        var factory = fine.GetRequiredService<ITrackerFactory>();

        Assert.Equal(2, refused.Failures.Count());
        Assert.Contains("Trackers:Jira:PollPageSize is 0", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("Jira Cloud", true), (factory.Describe(TrackerKind.Jira).ProductName, factory.Describe(TrackerKind.Jira).NeedsAccountName));
        Assert.Equal(("Asana", false), (factory.Describe(TrackerKind.Asana).ProductName, factory.Describe(TrackerKind.Asana).AsksForProject));
        Assert.Equal("https://app.asana.com", factory.Create(new TrackerAccess(TrackerKind.Asana, new Uri("https://app.asana.com/0/home"), null, "t")).InstanceUrl);
        Assert.NotNull(fine.GetRequiredService<IOptions<AsanaOptions>>().Value);
    }
}
