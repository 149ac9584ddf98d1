using Exalate.Benchmarks.Simulation;
using Exalate.Core.RichText;
using Exalate.Core.Sync;

namespace Exalate.Tests.Sync;

/// <summary>Pairs that end in an awkward moment, and are taken up again: both entities hold the same in the end, and the latest text that was written with the others seen.</summary>
public sealed class TakingUpAgain
{
    /// <summary>The process of the console may die over an admin's decision as well: the pair is either ended on both sides or on none, and nobody holds it.</summary>
    [Fact]
    public async Task Unexalate_KilledAtAnyCall_EndsThePairOnBothSidesOrOnNone()
    {
        var (outcomes, total) = (new HashSet<TwinState>(), await UnexalateAsync(null));
        for (var at = 1; at <= total.Calls; at++)
            outcomes.Add((await UnexalateAsync(at)).State);
        Assert.Equal([TwinState.Synchronized, TwinState.Ended], outcomes.Order());
    }

    /// <summary>
    /// The answer to the last change arrives after the pair has ended. Were it not learnt from, the text that the change replaced, written again over there, would be taken for
    /// what stood there all the time.
    /// </summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task AChangeWhoseAnswerWasGivenUp_AndIsTakenBackOverThere(bool hereFirst, bool thereToo)
    {
        await using var pair = await EnginePair.CreateAsync();
        var (a, b) = await GiveUpAnAnswerAsync(pair);
        pair.B.Tracker.Edit(b, row => row with { Summary = "First", Description = RichDocument.FromPlainText("One\n\nTwo") });

        pair.A.Wire.IsCut = pair.B.Wire.IsCut = true;
        if (hereFirst)
            await pair.A.ExalateAsync(pair.A.Tracker[a].Key);
        if (thereToo)
            await pair.B.ExalateAsync(pair.B.Tracker[b].Key);
        await pair.SettleAsync();
        pair.A.Wire.IsCut = pair.B.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));

        var (here, there) = (pair.A.Tracker[a], pair.B.Tracker[b]);
        Assert.Equal((here.Summary, here.Description.ToPlainText()), (there.Summary, there.Description.ToPlainText()));
        await using var db = pair.A.Db();
        await using var dbThere = pair.B.Db();
        var recorded = db.Conflicts.ToList().Concat(dbThere.Conflicts.ToList()).SelectMany(row => new[] { row.LocalValue, row.RemoteValue }).ToList();
        Assert.True(there.Summary == "First" || recorded.Contains("First"), "The last edit is nowhere.");
    }

    /// <summary>Ended, taken up and ended again while the partner can't be reached: of the three pair ids the partner knows the first alone, and hears that it is over.</summary>
    [Fact]
    public async Task AnEndThatHasNotGoneOut_IsToldAlthoughThePairIsTakenUpAndEndedAgain()
    {
        await using var pair = await EnginePair.CreateAsync();
        var entity = pair.A.Tracker.Add("Summary");
        var (twin, _) = await pair.ExalateAsync(entity.Key);
        pair.A.Wire.IsCut = true;
        await EndAsync(pair.A, twin);
        await pair.A.ExalateAsync(entity.Key);
        await EndAsync(pair.A, twin);
        await pair.SettleAsync();
        pair.A.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        await AssertBothAsync(pair, TwinState.Ended);
    }

    /// <summary>The partner's word that the pair is over was stored here and not worked in when it ended here as well: whoever waits for its answer gets one.</summary>
    [Theory]
    [InlineData(false, TwinState.Ended)]
    [InlineData(true, TwinState.Synchronized)] // the last to decide: the word is about the pair's old id
    public async Task AnEndThatMeetsAnEnd_IsAnswered(bool isTakenUp, TwinState state)
    {
        await using var pair = await EnginePair.CreateAsync();
        var entity = pair.A.Tracker.Add("Summary");
        var (twin, _) = await pair.ExalateAsync(entity.Key);
        await EndAsync(pair.B, await OnlyTwinAsync(pair.B));
        while (await pair.B.WorkAsync())
            await pair.B.WorkAsync();
        await EndAsync(pair.A, twin);
        if (isTakenUp)
            await pair.A.ExalateAsync(entity.Key);
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        await AssertBothAsync(pair, state);
    }

    /// <summary>Our first request made a copy, and its answer is still on the way when the copy is taken up over there: it is that copy, and no second entity is made for it.</summary>
    [Fact]
    public async Task ACopyThatIsTakenUp_BeforeItsOriginalHeardOfIt_IsNotCopiedBack()
    {
        await using var pair = await EnginePair.CreateAsync();
        var entity = pair.A.Tracker.Add("First", "Text");
        var twin = await pair.A.ExalateAsync(entity.Key);
        pair.B.Wire.LosesResults = true;
        await pair.SettleAsync();
        await EndAsync(pair.A, twin);
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        var copy = Assert.Single(pair.B.Tracker.Entities);
        pair.B.Tracker.Edit(copy.Id, row => row with { Summary = "Of B" });
        await pair.B.ExalateAsync(copy.Key);
        await pair.SettleAsync();
        pair.B.Wire.LosesResults = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(20));
        Assert.Equal(Assert.Single(pair.A.Tracker.Entities).Summary, Assert.Single(pair.B.Tracker.Entities).Summary);
        await AssertBothAsync(pair, TwinState.Synchronized);
    }

    /// <summary>Deleted before the partner heard that the pair is taken up again: the partner knows it as over, and nothing waits for an admin.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnEntityDeletedBeforeItsTakingUpWasTold_WaitsForNobody(bool isPrivate)
    {
        await using var pair = isPrivate ? await EnginePair.CreatePrivateAsync() : await EnginePair.CreateAsync();
        var entity = pair.A.Tracker.Add("Summary");
        var (twin, _) = await pair.ExalateAsync(entity.Key);
        await EndAsync(pair.A, twin);
        await pair.SettleForAsync(TimeSpan.FromMinutes(1));
        await pair.A.ExalateAsync(entity.Key);
        pair.A.Tracker.Delete(entity.Id);
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        await using var here = pair.A.Db();
        await using var there = pair.B.Db();
        Assert.Equal((TwinState.LocalRemoved, TwinState.Ended), (here.Twins.Single().State, there.Twins.Single().State));
        Assert.DoesNotContain(here.SyncEvents.ToList(), row => row.IsOpen);
    }

    private static async Task EndAsync(EngineSide side, Guid twin) => Assert.True((await side.SendAsync(new UnexalateEntity(twin, null))).IsSuccess);

    private static async Task<Guid> OnlyTwinAsync(EngineSide side)
    {
        await using var db = side.Db();
        return db.Twins.Single().Id;
    }

    private static async Task AssertBothAsync(EnginePair pair, TwinState state)
    {
        foreach (var side in new[] { pair.A, pair.B })
        {
            await using var db = side.Db();
            Assert.Equal(state, db.Twins.Single().State);
            Assert.DoesNotContain(db.SyncEvents.ToList(), row => row.IsOpen);
            Assert.DoesNotContain(db.SyncRequests.ToList(), row => row.IsOpen);
        }
    }

    /// <summary>A is cut off from what B answers, and ends the pair.</summary>
    private static async Task<(string A, string B)> GiveUpAnAnswerAsync(EnginePair pair)
    {
        var entity = pair.A.Tracker.Add("First", "One\n\nTwo");
        var (twin, b) = await pair.ExalateAsync(entity.Key);
        pair.B.Wire.LosesResults = true;
        pair.A.Tracker.Edit(entity.Id, row => row with { Summary = "Second", Description = RichDocument.FromPlainText("One") });
        await pair.A.ReportAsync(entity.Id);
        await pair.SettleAsync();
        Assert.Equal("Second", pair.B.Tracker[b].Summary);
        Assert.True((await pair.A.SendAsync(new UnexalateEntity(twin, null))).IsSuccess);
        await pair.SettleAsync();
        pair.B.Wire.LosesResults = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        return (entity.Id, b);
    }

    private static async Task<(TwinState State, int Calls)> UnexalateAsync(int? killedAt)
    {
        await using var pair = await EnginePair.CreateAsync();
        var (twin, _) = await pair.ExalateAsync(pair.A.Tracker.Add("Summary").Key);
        pair.A.Crash.Reset();
        pair.A.Crash.At = killedAt;
        try
        {
            await pair.A.SendAsync(new UnexalateEntity(twin, null));
        }
        catch (Exception) when (pair.A.Crash.HasCrashed)
        {
            pair.A.Restart();
        }

        var calls = pair.A.Crash.Calls;
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));
        await using var here = pair.A.Db();
        await using var there = pair.B.Db();
        var state = here.Twins.Single().State;
        Assert.Equal((state, null), (there.Twins.Single().State, here.Twins.Single().LeaseOwner));
        Assert.DoesNotContain(here.SyncEvents.ToList(), row => row.IsOpen);
        return (state, calls);
    }
}
