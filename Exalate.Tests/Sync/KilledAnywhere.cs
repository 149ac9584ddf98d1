using Exalate.Core.RichText;
using Exalate.Core.Sync;

namespace Exalate.Tests.Sync;

/// <summary>Promises 1 and 2: a process that is killed before or after any call to the outside leaves, once it is started again, the same end state as without the kill.</summary>
public sealed class KilledAnywhere
{
    /// <summary>Every single call would take minutes; a prime step visits all kinds of calls.</summary>
    private const int Step = 5;

    /// <summary>The engine is the same; new are the calls around the mail.</summary>
    private const int StepOfPrivate = 7;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task FirstSyncAndAnEditBack_SameEndStateAfterAKillAtEveryCall(bool killInviter, bool isPrivate)
    {
        var total = await RunAsync(killInviter, isPrivate, null);
        var visited = 0;
        for (var at = 1; at <= total; at += isPrivate ? StepOfPrivate : Step)
        {
            await RunAsync(killInviter, isPrivate, at);
            visited++;
        }

        Assert.True(visited > 15, $"Only {visited} places were visited: the scenario has shrunk.");
    }

    /// <summary>What was committed in passing is gone, too: each such step is made again, to the same end.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheSame_WhereTheMachineLosesItsPower(bool killInviter)
    {
        var total = await RunAsync(killInviter, isPrivate: false, null, losesPower: true);
        for (var at = 1; at <= total; at += Step)
            await RunAsync(killInviter, isPrivate: false, at, losesPower: true);
    }

    /// <returns>How many calls the side makes when it is not killed.</returns>
    private static async Task<int> RunAsync(bool killInviter, bool isPrivate, int? at, bool losesPower = false)
    {
        await using var pair = await (isPrivate ? EnginePair.CreatePrivateAsync() : EnginePair.CreateAsync());
        var victim = killInviter ? pair.A : pair.B;
        var bug = pair.A.Tracker.Add("Summary", "Text", "Bug");
        pair.A.Tracker.Comment(bug.Id, "Anna Bright", "A comment");
        pair.A.Tracker.Attach(bug.Id, "file.txt", [1, 2, 3]);
        var twin = await pair.A.ExalateAsync(bug.Key);
        if (losesPower)
            victim.LosePowerToo();
        victim.Crash.Reset();
        victim.Crash.At = at;
        await pair.SettleForAsync(TimeSpan.FromSeconds(80));

        var copy = Assert.Single(pair.B.Tracker.Entities);
        pair.B.Tracker.Edit(copy.Id, entity => entity with { Description = RichDocument.FromPlainText("Edited over there") });
        await pair.B.ReportAsync(copy.Id);
        await pair.SettleForAsync(TimeSpan.FromSeconds(80));
        var calls = victim.Crash.Calls;

        copy = Assert.Single(pair.B.Tracker.Entities);
        var where = $"killed at call {at}";
        Assert.True(("Summary", "Bug") == (copy.Summary, copy.TypeName), where);
        Assert.True(copy.Comments is [var comment] && comment.Body.ToPlainText() == "Anna Bright commented:\n\nA comment", where);
        Assert.True(copy.Attachments is [var file] && pair.B.Tracker.Content(file.Id) is [1, 2, 3], where);
        Assert.True(pair.A.Tracker[bug.Id].Description.ToPlainText() == "Edited over there", where);
        Assert.True(pair.A.Tracker[bug.Id].Comments.Count == 1 && pair.A.Tracker[bug.Id].Attachments.Count == 1, where);
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
        await using var db = pair.A.Db();
        await using var other = pair.B.Db();
        Assert.Empty(db.Intents.ToList().Concat(other.Intents.ToList()));
        return calls;
    }
}
