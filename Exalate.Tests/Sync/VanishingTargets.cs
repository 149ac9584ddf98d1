using Exalate.Core.Connections;
using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Errors;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Sync;

/// <summary>What is written to, or copied from, is deleted by a person between any two calls of one request: nobody has to help, nothing is left over.</summary>
public sealed class VanishingTargets : IAsyncLifetime
{
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Theory]
    [InlineData("update")]
    [InlineData("attach")]
    [InlineData("detach")]
    [InlineData("comment")]
    [InlineData("comment-update")]
    [InlineData("comment-delete")]
    public async Task AnEntityDeletedRightBeforeAWrite_EndsThePairLikeOneDeletedBefore(string call)
    {
        var a = A.Add("Summary").Id;
        var (edited, removed, file) = (A.Comment(a, "Anna", "One"), A.Comment(a, "Anna", "Two"), A.Attach(a, "old.txt", [1]));
        var (_, b) = await pair.ExalateAsync(A[a].Key);
        B.BeforeWrite = about =>
        {
            if (about == call)
                B.Delete(b);
        };

        A.Edit(a, entity => entity with { Summary = "Other" });
        A.EditComment(a, edited, "One, better");
        A.RemoveComment(a, removed);
        A.Comment(a, "Anna", "Three");
        A.RemoveAttachment(a, file);
        A.Attach(a, "new.txt", [2]);
        await SyncAsync(a);

        Assert.Empty(B.Entities);
        Assert.Contains(call, B.Calls);
        await using (var here = pair.A.Db())
            Assert.Equal(TwinState.RemoteRemoved, here.Twins.Single().State);
        await using (var there = pair.B.Db())
            Assert.Equal(TwinState.LocalRemoved, there.Twins.Single().State);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task AnEntityDeletedInItsFirstSync_EndsThePair()
    {
        var a = A.Add("Summary").Id;
        A.Attach(a, "file.txt", [1]);
        B.BeforeWrite = call =>
        {
            if (call == "attach")
                B.Delete(B.Entities.Single().Id);
        };

        await pair.ExalateAsync(A[a].Key);

        await using (var here = pair.A.Db())
            Assert.Equal(TwinState.RemoteRemoved, here.Twins.Single().State);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task AWriteToAPartThatIsHidden_StillAsksAnAdmin()
    {
        var (a, _) = await SyncedAsync();
        B.BeforeWrite = call =>
        {
            if (call == "comment")
                throw new TrackerException(FailureCategory.Rejected, "B refused to comment (404).") { TargetGone = true };
        };
        A.Comment(a, "Anna", "One");
        await SyncAsync(a);
        Assert.Equal("B refused to comment (404).", Assert.Single((await pair.B.SendAsync(new ListErrors(new ErrorFilter()))).Items).Sentence);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFileRemovedWhileItsUploadIsInDoubt_IsOnNeitherSideInTheEnd(bool wasDone)
    {
        var (a, b) = await SyncedAsync();
        var file = A.Attach(a, "brief.txt", [1, 2]);
        void Fail(string call)
        {
            if (call != "attach")
                return;
            A.RemoveAttachment(a, file);
            (B.BeforeWrite, B.AfterWrite) = (null, null);
            throw new TrackerException(FailureCategory.Transient, "B did not answer in time.") { OutcomeUnknown = true };
        }

        if (wasDone)
            B.AfterWrite = Fail;
        else
            B.BeforeWrite = Fail;
        await SyncAsync(a);
        await SyncAsync(b, pair.B);
        await SyncAsync(a);

        Assert.Empty(A[a].Attachments);
        Assert.Empty(B[b].Attachments);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task AFileRemovedWhileItsCopierIsDead_IsOnNeitherSideInTheEnd()
    {
        var visited = 0;
        for (var at = 1; await KilledAsync(at); at += 3)
        {
            visited++;
            await DisposeAsync();
            await InitializeAsync();
        }

        Assert.True(visited >= 5, $"Only {visited} places were visited: the scenario has shrunk.");
    }

    /// <summary>The admin takes the pair out of sync while it is not known whether the copies were made; later it is taken up again.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task APairTakenOutOfSyncInTheMiddle_AndUpAgain_HasNothingTwice(bool fromTheCopysSide, bool originalsRemoved)
    {
        var (a, b) = await SyncedAsync();
        var (comment, file) = (A.Comment(a, "Anna", "One"), A.Attach(a, "brief.txt", [1, 2]));
        B.AfterWrite = call => throw new TrackerException(FailureCategory.Transient, $"B did not answer '{call}' in time.") { OutcomeUnknown = true };
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
        pair.Time.Advance(TimeSpan.FromSeconds(2));
        await pair.SettleAsync();
        Assert.Equal((1, 1), (B[b].Comments.Count, B[b].Attachments.Count));
        await using (var db = pair.B.Db())
            Assert.True((await pair.B.SendAsync(new UnexalateEntity(db.Twins.Single().Id, null))).IsSuccess);
        B.AfterWrite = null;
        if (originalsRemoved)
        {
            A.RemoveComment(a, comment);
            A.RemoveAttachment(a, file);
        }

        await pair.SettleAsync();
        await (fromTheCopysSide ? pair.B.ExalateAsync(B[b].Key) : pair.A.ExalateAsync(A[a].Key));
        await SyncAsync(a);
        await SyncAsync(b, pair.B);

        var left = originalsRemoved ? 0 : 1;
        Assert.Equal((left, left), (A[a].Comments.Count, A[a].Attachments.Count));
        Assert.Equal((left, left), (B[b].Comments.Count, B[b].Attachments.Count));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task AnIgnoredChangeInDoubt_IsNotOfferedBackAsAnOriginal()
    {
        var (a, b) = await SyncedAsync();
        A.Comment(a, "Anna", "One");
        B.AfterWrite = _ => throw new TrackerException(FailureCategory.Transient, "B did not answer in time.") { OutcomeUnknown = true };
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
        B.BeforeAnyCall = () => throw new TrackerException(FailureCategory.Unavailable, "B does not answer (503).");
        pair.Time.Advance(TimeSpan.FromSeconds(2));
        await pair.SettleAsync();
        Assert.Equal(1, (await pair.B.SendAsync(new IgnoreErrors(new ErrorSelection([], new ErrorFilter()), null))).Value.Done);
        (B.AfterWrite, B.BeforeAnyCall) = (null, () => { });

        B.Edit(b, entity => entity with { Description = RichDocument.FromPlainText("Theirs") });
        await SyncAsync(b, pair.B);
        Assert.Equal(("Theirs", 1), (A[a].Description.ToPlainText(), A[a].Comments.Count));

        A.Edit(a, entity => entity with { Summary = "Ours" });
        await SyncAsync(a);
        Assert.Equal("Ours", B[b].Summary);
        Assert.Empty(B[b].Comments);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task ACopyOfAnotherPairOfTheSameEntity_IsNotTakenForOurLostOne()
    {
        var (a, b) = await SyncedAsync();
        var theirs = B.Attach(b, "log.txt", [9, 9]);
        B.Edit(b, entity => entity with { Attachments = [.. entity.Attachments.Select(file => file with { AuthorId = FakeTracker.Account })] });
        await using (var db = pair.B.Db())
        {
            var connection = db.Connections.AsNoTracking().Single();
            var (connectionId, twinId) = (Ids.New(), Ids.New());
            db.Connections.Add(new Connection
            {
                Id = connectionId, LinkId = Ids.New(), Name = "b_to_c", Type = connection.Type, Reach = connection.Reach, Mode = connection.Mode, Status = connection.Status,
                IsInviter = true, LocalShortName = "here", RemoteShortName = "elsewhere", CreatedAt = connection.CreatedAt,
            });
            db.Twins.Add(new Twin
            {
                Id = twinId, ConnectionId = connectionId, PairId = Ids.New(), LocalEntityId = b, State = TwinState.Synchronized, StartedHere = false, CreatedAt = connection.CreatedAt,
            });
            db.Traces.Add(new Trace { Id = Ids.New(), TwinId = twinId, Kind = TraceKind.Attachment, IsCopyHere = true, LocalId = theirs, RemoteId = "77" });
            await db.SaveChangesAsync();
        }

        A.Attach(a, "log.txt", [1, 1]);
        B.BeforeWrite = call =>
        {
            B.BeforeWrite = null;
            throw new TrackerException(FailureCategory.Transient, $"B did not answer '{call}' in time.") { OutcomeUnknown = true };
        };
        await SyncAsync(a);

        Assert.Equal([[9, 9], [1, 1]], B[b].Attachments.Select(file => B.Content(file.Id)));
    }

    /// <summary>The tracker needs its time to show what was created, from the moment that the call took effect.</summary>
    [Theory]
    [InlineData(true, 25)]
    [InlineData(false, 20)]
    public async Task ACreateThatTookEffectLate_IsNotRepeatedBeforeItIsShown(bool isKilled, int seconds)
    {
        B.SearchLag = B.Description.IndexLag;
        B.BeforeWrite = _ => pair.Time.Advance(TimeSpan.FromSeconds(seconds));
        B.AfterWrite = _ =>
        {
            (B.BeforeWrite, B.AfterWrite) = (null, null);
            if (!isKilled)
                throw new TrackerException(FailureCategory.Transient, "B did not answer in time.") { OutcomeUnknown = true };
            pair.B.Crash.At = pair.B.Crash.Calls + 1;
        };
        var a = A.Add("Summary").Id;
        await pair.A.ExalateAsync(A[a].Key);
        await pair.SettleForAsync(TimeSpan.FromSeconds(80));
        Assert.Equal("Summary", Assert.Single(B.Entities).Summary);
        await AssertNothingLeftAsync();
    }

    /// <returns>False when the copy was done before that call.</returns>
    private async Task<bool> KilledAsync(int at)
    {
        var (a, b) = await SyncedAsync();
        var file = A.Attach(a, "brief.txt", [1, 2]);
        await pair.A.ReportAsync(a);
        while (await pair.A.WorkAsync())
        {
        }

        var process = pair.B.Engine;
        pair.B.Crash.Reset();
        pair.B.Crash.At = at;
        while (await pair.B.WorkAsync() && pair.B.Engine == process)
        {
        }

        var wasKilled = pair.B.Engine != process;
        pair.B.Crash.Reset();
        A.RemoveAttachment(a, file);
        await SyncAsync(a);
        await SyncAsync(b, pair.B);
        await SyncAsync(a);
        Assert.True(A[a].Attachments.Count + B[b].Attachments.Count == 0, $"killed at call {at}");
        await AssertNothingLeftAsync();
        return wasKilled;
    }

    private async Task<(string A, string B)> SyncedAsync()
    {
        var a = A.Add("Summary").Id;
        return (a, (await pair.ExalateAsync(A[a].Key)).B);
    }

    private async Task SyncAsync(string entityId, EngineSide? side = null)
    {
        await (side ?? pair.A).ReportAsync(entityId);
        // Past the index lag and the lease of a dead process.
        for (var look = 0; look < 6; look++)
        {
            await pair.SettleAsync();
            pair.Time.Advance(TimeSpan.FromSeconds(7));
        }
    }

    private async Task AssertNothingLeftAsync()
    {
        foreach (var side in new[] { pair.A, pair.B })
        {
            await using var db = side.Db();
            Assert.Empty(db.Intents.ToList());
            Assert.Empty(db.SyncEvents.Where(row => row.FinishedAt == null).Select(row => row.Problem ?? row.Stage.ToString()).ToList());
            Assert.Empty(db.SyncRequests.Where(row => row.FinishedAt == null).Select(row => row.Problem ?? row.Stage.ToString()).ToList());
        }
    }
}
