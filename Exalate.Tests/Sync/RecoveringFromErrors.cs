using Exalate.Benchmarks.Simulation;
using Exalate.Core.Connections;
using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Errors;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Sync;

/// <summary>What the Errors page lists, and what Retry, Ignore and Unexalate do to both sides.</summary>
public sealed class RecoveringFromErrors : IAsyncLifetime
{
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Fact]
    public async Task ARefusedWrite_IsAnErrorOnBothSides_AndRetryEndsIt()
    {
        var (a, b) = await SyncedAsync();
        B.BeforeWrite = _ => throw new TrackerException(FailureCategory.Rejected, "B refused the summary (400).") { TrackerSaid = "no fire" };
        await EditAsync(a, "Refused");

        var here = Assert.Single((await ErrorsAsync(pair.B)).Items);
        Assert.Equal((ErrorScope.Entity, "B refused the summary (400).", true), (here.Scope, here.Sentence, here.NeedsAttention));
        Assert.Contains("summary", here.IgnoreMeans, StringComparison.Ordinal);
        var there = Assert.Single((await ErrorsAsync(pair.A)).Items);
        Assert.Equal((false, null), (there.CanRetry, there.IgnoreMeans));

        B.BeforeWrite = null;
        await pair.B.SendAsync(new RetryErrors(new ErrorSelection([here.Id]), "kim@b.example"));
        await pair.SettleAsync();
        Assert.Equal("Refused", B[b].Summary);
        Assert.Equal((0, 0), (await pair.A.SendAsync(new CountErrors()), await pair.B.SendAsync(new CountErrors())));
    }

    [Fact]
    public async Task AnErrorWithACauseOutside_EndsByItself()
    {
        var (a, b) = await SyncedAsync();
        B.BeforeWrite = _ => throw new TrackerException(FailureCategory.Unavailable, "B does not answer (503).");
        await EditAsync(a, "Later");
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        var error = Assert.Single((await ErrorsAsync(pair.B)).Items);
        Assert.True(error.NextAttemptAt > pair.Time.GetUtcNow() && error.Attempts > 1);

        B.BeforeWrite = null;
        await pair.SettleForAsync(TimeSpan.FromSeconds(15));
        Assert.Equal("Later", B[b].Summary);
        Assert.Equal(0, await pair.B.SendAsync(new CountErrors()));
    }

    [Fact]
    public async Task APartnerThatIsDown_IsOneErrorOfItsConnection()
    {
        var first = await SyncedAsync();
        var second = await SyncedAsync();
        pair.A.Wire.IsCut = true;
        await EditAsync(first.A, "One");
        await EditAsync(second.A, "Two");
        await pair.SettleForAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(ErrorScope.Connection, Assert.Single((await ErrorsAsync(pair.A)).Items).Scope);
        Assert.True(Assert.Single(await pair.A.SendAsync(new ListConnections())).HasErrors);

        pair.A.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromSeconds(60));
        Assert.False(Assert.Single(await pair.A.SendAsync(new ListConnections())).HasErrors);
        Assert.Equal(0, await pair.A.SendAsync(new CountErrors()));
        Assert.Equal(("One", "Two"), (B[first.B].Summary, B[second.B].Summary));
    }

    [Fact]
    public async Task AnIgnoredRequest_LeavesOurValue_AndThePairGoesOnWithTheNextChange()
    {
        var (a, b) = await SyncedAsync();
        var before = B[b].Summary;
        B.BeforeWrite = _ => throw new TrackerException(FailureCategory.Rejected, "B refused it (400).");
        A.Attach(a, "huge.bin", [1]);
        await EditAsync(a, "Refused");
        B.BeforeWrite = null;
        await IgnoreAllAsync(pair.B);
        Assert.Equal((before, "Refused"), (B[b].Summary, A[a].Summary));
        Assert.Equal((0, 0), (await pair.A.SendAsync(new CountErrors()), await pair.B.SendAsync(new CountErrors())));

        // Neither the refused file nor the refused summary come again with a change of something else.
        A.Edit(a, entity => entity with { Description = RichDocument.FromPlainText("Next") });
        await ReportAsync(a);
        Assert.Equal(("Next", before), (B[b].Description.ToPlainText(), B[b].Summary));
        Assert.Empty(B[b].Attachments);

        await EditAsync(a, "Taken");
        Assert.Equal("Taken", B[b].Summary);
    }

    [Fact]
    public async Task AnIgnoredEvent_GoesAlongWithTheNextChange()
    {
        var (a, b) = await SyncedAsync();
        A.BeforeAnyCall = () => throw new TrackerException(FailureCategory.Unexpected, "A answered nonsense.");
        await EditAsync(a, "Unread");
        await pair.SettleForAsync(TimeSpan.FromMinutes(3));
        Assert.True(Assert.Single((await ErrorsAsync(pair.A)).Items).NeedsAttention);
        A.BeforeAnyCall = () => { };
        await IgnoreAllAsync(pair.A);
        Assert.NotEqual("Unread", B[b].Summary);

        A.Edit(a, entity => entity with { Description = RichDocument.FromPlainText("Next") });
        await ReportAsync(a);
        Assert.Equal(("Unread", "Next"), (B[b].Summary, B[b].Description.ToPlainText()));
    }

    [Fact]
    public async Task AnIgnoredFirstSync_EndsThePairOnBothSides_AndCanBeStartedAgain()
    {
        var bug = A.Add("Not wanted");
        B.BeforeWrite = _ => throw new TrackerException(FailureCategory.Rejected, "B refused it (400).");
        var twinId = await pair.A.ExalateAsync(bug.Key);
        await pair.SettleAsync();
        B.BeforeWrite = null;
        await IgnoreAllAsync(pair.B);
        Assert.Empty(B.Entities);
        Assert.Contains("chose not to take", (await pair.A.ProgressAsync(twinId)).Note, StringComparison.Ordinal);

        await pair.A.ExalateAsync(bug.Key);
        await pair.SettleAsync();
        Assert.Equal("Not wanted", Assert.Single(B.Entities).Summary);
    }

    [Fact]
    public async Task ManyAtOnce_ByFilter()
    {
        B.BeforeWrite = _ => throw new TrackerException(FailureCategory.Rejected, "B refused it (400).");
        for (var i = 0; i < 3; i++)
            await pair.A.ExalateAsync(A.Add($"Bug {i}").Key);
        await pair.SettleAsync();
        var one = (await ErrorsAsync(pair.B)).Items[1];
        Assert.Equal(one.Id, Assert.Single((await pair.B.SendAsync(new ListErrors(new ErrorFilter(Text: one.RemoteKey)))).Items).Id);
        Assert.Equal(one.Id, (await pair.B.SendAsync(new GetError(one.Id)))!.Id);
        Assert.Empty((await pair.B.SendAsync(new ListErrors(new ErrorFilter(ErrorScope.Connection)))).Items);

        B.BeforeWrite = null;
        var handled = await pair.B.SendAsync(new RetryErrors(new ErrorSelection([], new ErrorFilter()), null));
        Assert.Equal(3, handled.Value.Done);
        await pair.SettleAsync();
        Assert.Equal(3, B.Entities.Count);
        Assert.Null(await pair.B.SendAsync(new GetError(one.Id)));
    }

    [Fact]
    public async Task TenThousandErrors_ArePagedInTheDatabase()
    {
        await SyncedAsync();
        await using (var db = pair.A.Db())
        {
            await db.Database.ExecuteSqlRawAsync(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO SyncEvents (EventId, ConnectionId, TwinId, Stage, Version, Attempts, NeedsAttention, CreatedAt, Problem, ProblemSince)
                SELECT 'many' || i, ConnectionId, TwinId, 'Prepared', 1, 1, 1, 0, 'Refused ' || i, i FROM n, (SELECT ConnectionId, TwinId FROM SyncEvents LIMIT 1)
                """);
        }

        var first = await ErrorsAsync(pair.A);
        var last = await pair.A.SendAsync(new ListErrors(new ErrorFilter(), 400));
        Assert.Equal((10_000, 10_000, 25, 25), (first.Total, first.OfEntities, first.Items.Count, last.Items.Count));
        Assert.Equal(("Refused 10000", "Refused 1"), (first.Items[0].Sentence, last.Items[^1].Sentence));
        Assert.Equal(1, (await pair.A.SendAsync(new ListErrors(new ErrorFilter(Text: "Refused 7777")))).Total);
        Assert.Equal(10_000, await pair.A.SendAsync(new CountErrors()));
    }

    [Fact]
    public async Task Unexalate_EndsBothTwins_AndKeepsBothEntities()
    {
        var (a, b) = await SyncedAsync();
        await UnexalateAsync(pair.A);
        await pair.SettleAsync();
        await using (var told = pair.B.Db())
            Assert.Equal(TwinState.Ended, told.Twins.Single().State);
        await EditAsync(a, "Ours alone");
        B.Edit(b, entity => entity with { Description = RichDocument.FromPlainText("Theirs alone") });
        await pair.B.ReportAsync(b);
        await pair.SettleAsync();

        Assert.NotEqual(A[a].Summary, B[b].Summary);
        Assert.NotEqual(A[a].Description.ToPlainText(), B[b].Description.ToPlainText());
        await using var db = pair.B.Db();
        Assert.Equal(TwinState.Ended, db.Twins.Single().State);
        Assert.DoesNotContain(db.SyncEvents.ToList(), row => row.IsOpen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExalateAgain_TakesThePairUp_WithoutASecondCopyOfAnything(bool fromTheSideThatStarted)
    {
        var (a, b) = await SyncedAsync();
        A.Comment(a, "Anna", "one");
        await ReportAsync(a);
        await UnexalateAsync(pair.A);
        await pair.SettleAsync();
        A.Edit(a, entity => entity with { Summary = "Edited here meanwhile" });
        A.Comment(a, "Anna", "two");
        B.Edit(b, entity => entity with { Description = RichDocument.FromPlainText("Edited there meanwhile") });

        await (fromTheSideThatStarted ? pair.A.ExalateAsync(A[a].Key) : pair.B.ExalateAsync(B[b].Key));
        await pair.SettleAsync();

        Assert.Equal((1, 1), (A.Entities.Count, B.Entities.Count));
        Assert.Equal(("Edited here meanwhile", "Edited there meanwhile"), (B[b].Summary, A[a].Description.ToPlainText()));
        Assert.Equal(2, B[b].Comments.Count);
        Assert.Equal(2, A[a].Comments.Count);
        await EditAsync(a, "And on");
        Assert.Equal("And on", B[b].Summary);
    }

    [Fact]
    public async Task ExalateAgain_BeforeThePartnerHeardOfTheEnd_IsInOrder()
    {
        var (a, b) = await SyncedAsync();
        pair.A.Wire.IsCut = true;
        await UnexalateAsync(pair.A);
        await pair.A.ExalateAsync(A[a].Key);
        await EditAsync(a, "Again");
        pair.A.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("Again", B[b].Summary);
        Assert.Single(B.Entities);
    }

    [Fact]
    public async Task BothUnexalateAtOnce_AndAnEditOnItsWay_EndInPeace()
    {
        var (a, _) = await SyncedAsync();
        pair.A.Wire.IsCut = pair.B.Wire.IsCut = true;
        await EditAsync(a, "On its way");
        await UnexalateAsync(pair.A);
        await UnexalateAsync(pair.B);
        pair.A.Wire.IsCut = pair.B.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));

        await using var here = pair.A.Db();
        await using var there = pair.B.Db();
        Assert.Equal((TwinState.Ended, TwinState.Ended), (here.Twins.Single().State, there.Twins.Single().State));
        Assert.DoesNotContain(here.SyncEvents.ToList().Concat(there.SyncEvents.ToList()), row => row.IsOpen);
    }

    /// <summary>What was created holds what the first request said; the next one says more.</summary>
    [Fact]
    public async Task ExalateAgain_WhereTheFirstCreateWasInDoubt_FindsItsEntity_AndBringsItUpToDate()
    {
        var entity = A.Add("First", "Text");
        B.AfterWrite = call =>
        {
            B.AfterWrite = null;
            throw new TrackerException(FailureCategory.Transient, $"No answer to {call}.") { OutcomeUnknown = true };
        };
        await pair.A.ExalateAsync(entity.Key);
        await pair.SettleAsync();
        await UnexalateAsync(pair.A);
        await pair.SettleAsync();
        A.Edit(entity.Id, row => row with { Summary = "Second" });
        await pair.A.ExalateAsync(entity.Key);
        await pair.SettleForAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("Second", Assert.Single(B.Entities).Summary);
        B.Edit(B.Entities.Single().Id, row => row with { Summary = "And back" });
        await pair.B.ReportAsync(B.Entities.Single().Id);
        await pair.SettleAsync();
        Assert.Equal("And back", A[entity.Id].Summary);
    }

    /// <summary>The side that ends the pair gives up the result that it owed: the other must not wait for it.</summary>
    [Fact]
    public async Task Unexalate_BeforeTheLastResultWasDelivered_EndsBothTwins()
    {
        var (a, _) = await SyncedAsync();
        pair.B.Wire.LosesResults = true;
        await EditAsync(a, "Applied, and never answered");
        await UnexalateAsync(pair.B);
        pair.B.Wire.LosesResults = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));

        await using var db = pair.A.Db();
        Assert.Equal(TwinState.Ended, db.Twins.Single().State);
        Assert.DoesNotContain(db.SyncEvents.ToList(), row => row.IsOpen);
    }

    /// <summary>Neither side has heard what the other holds: what differs may be somebody's edit.</summary>
    [Fact]
    public async Task ExalateAgain_WhereTheFirstRequestWasNeverAnswered_RecordsWhatItOverwrites()
    {
        var entity = A.Add("First", "Text");
        A.Comment(entity.Id, "Anna", "one");
        B.BeforeWrite = call =>
        {
            if (call == "comment")
                throw new TrackerException(FailureCategory.Unavailable, "The tracker does not take comments.");
        };
        await pair.A.ExalateAsync(entity.Key);
        await pair.SettleAsync();
        await UnexalateAsync(pair.A);
        await pair.SettleAsync();
        B.BeforeWrite = null;
        var copy = Assert.Single(B.Entities).Id;
        B.Edit(copy, row => row with { Summary = "Edited there" });
        A.Edit(entity.Id, row => row with { Summary = "Edited here" });
        await pair.A.ExalateAsync(entity.Key);
        await pair.SettleForAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(("Edited here", "Edited here"), (A[entity.Id].Summary, B[copy].Summary));
        await using var db = pair.B.Db();
        Assert.Equal("Edited there", Assert.Single(db.Conflicts.ToList()).LocalValue);
    }

    /// <summary>As by a call: a partner that fetches its mail has nothing to end when it does not know the pair.</summary>
    [Fact]
    public async Task TheEndOfAPair_ThatThePartnerRefusesByMail_WaitsForNoAdmin()
    {
        await SyncedAsync();
        pair.A.Wire.IsCut = true;
        await UnexalateAsync(pair.A);
        await using (var db = pair.A.Db())
        {
            var word = db.SyncEvents.OrderBy(row => row.Id).Last();
            await pair.A.Inbox.RefusedAsync(pair.A.ConnectionId, false, word.EventId, "This pair is not under sync here (any more).", default);
        }

        await using var after = pair.A.Db();
        Assert.DoesNotContain(after.SyncEvents.ToList(), row => row.IsOpen || row.NeedsAttention);
        pair.A.Wire.IsCut = false;
    }

    [Fact]
    public async Task BothExalateAgainAtOnce_GoOnAsOnePair()
    {
        var (a, b) = await SyncedAsync();
        await UnexalateAsync(pair.A);
        await pair.SettleAsync();
        B.Edit(b, entity => entity with { Description = RichDocument.FromPlainText("Edited there meanwhile") });
        pair.A.Wire.IsCut = pair.B.Wire.IsCut = true;
        await pair.A.ExalateAsync(A[a].Key);
        await pair.B.ExalateAsync(B[b].Key);
        await EditAsync(a, "Edited here");
        pair.A.Wire.IsCut = pair.B.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));

        await using var here = pair.A.Db();
        await using var there = pair.B.Db();
        Assert.Equal((TwinState.Synchronized, TwinState.Synchronized), (here.Twins.Single().State, there.Twins.Single().State));
        Assert.Equal(here.Twins.Single().PairId, there.Twins.Single().PairId);
        Assert.DoesNotContain(here.SyncEvents.ToList().Concat(there.SyncEvents.ToList()), row => row.IsOpen);
        Assert.Equal(("Edited here", "Edited there meanwhile"), (B[b].Summary, A[a].Description.ToPlainText()));
        Assert.Equal((1, 1), (A.Entities.Count, B.Entities.Count));
    }

    [Fact]
    public async Task Exalate_AfterTheTwinWasDeleted_MakesANewOne()
    {
        var (a, b) = await SyncedAsync();
        B.Delete(b);
        await pair.B.ReportAsync(b);
        await pair.SettleForAsync(TimeSpan.FromMinutes(5));
        await pair.A.ExalateAsync(A[a].Key);
        await pair.SettleAsync();

        Assert.Equal(A[a].Summary, Assert.Single(B.Entities).Summary);
    }

    private static Task<ErrorPage> ErrorsAsync(EngineSide side) => side.SendAsync(new ListErrors(new ErrorFilter()));

    private static async Task UnexalateAsync(EngineSide side)
    {
        await using var db = side.Db();
        var result = await side.SendAsync(new UnexalateEntity(db.Twins.Single().Id, "kim@example.com"));
        Assert.True(result.IsSuccess, result.Error?.Sentence);
    }

    private async Task IgnoreAllAsync(EngineSide side)
    {
        var handled = await side.SendAsync(new IgnoreErrors(new ErrorSelection([], new ErrorFilter()), "kim@example.com"));
        Assert.Equal((1, 0), (handled.Value.Done, handled.Value.Skipped));
        await pair.SettleAsync();
    }

    private async Task<(string A, string B)> SyncedAsync()
    {
        var entity = A.Add("The printer is on fire", "Bring water");
        var (_, twin) = await pair.ExalateAsync(entity.Key);
        return (entity.Id, twin);
    }

    private async Task EditAsync(string a, string summary)
    {
        A.Edit(a, entity => entity with { Summary = summary });
        await ReportAsync(a);
    }

    private async Task ReportAsync(string a)
    {
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
    }
}
