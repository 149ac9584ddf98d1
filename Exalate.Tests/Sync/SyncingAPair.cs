using Exalate.Core;
using Exalate.Core.Peers;
using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Entities;
using Exalate.Core.Trackers;

namespace Exalate.Tests.Sync;

/// <summary>Two engines, real databases, trackers in memory: what travels, and what must not.</summary>
public sealed class SyncingAPair : IAsyncLifetime
{
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Fact]
    public async Task FirstSync_CreatesTheTwin_WithTypeTextCommentsAndFiles()
    {
        var bug = A.Add("The printer is on fire", "First paragraph\n\nSecond", "Bug");
        A.Comment(bug.Id, "Anna Bright", "Bring water");
        A.Attach(bug.Id, "fire.png", [1, 2, 3]);

        var (twinId, twin) = await pair.ExalateAsync(bug.Key);

        var copy = B[twin];
        Assert.Equal(("The printer is on fire", "Bug"), (copy.Summary, copy.TypeName));
        Assert.Equal("First paragraph\n\nSecond", copy.Description.ToPlainText());
        Assert.Equal("Anna Bright commented:\n\nBring water", Assert.Single(copy.Comments).Body.ToPlainText());
        Assert.Equal([1, 2, 3], B.Content(Assert.Single(copy.Attachments).Id));
        var progress = await pair.A.ProgressAsync(twinId);
        Assert.Equal((SyncPhase.Synchronized, copy.Key, copy.Link), (progress.Phase, progress.RemoteKey, progress.RemoteLink));
        Assert.Null(progress.Problem);
    }

    [Fact]
    public async Task FirstSync_TypeUnknownOverThere_FallsBackAndSaysSo()
    {
        var epic = A.Add("Big", type: "Epic");
        var (twinId, twin) = await pair.ExalateAsync(epic.Key);
        Assert.Equal("Task", B[twin].TypeName);
        Assert.Contains("'Epic'", (await pair.A.ProgressAsync(twinId)).Note);
    }

    [Fact]
    public async Task Edits_TravelBothWays_AndNothingEchoes()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);

        A.Edit(a, entity => entity with { Summary = "From A" });
        await ReportBothAsync(a, twin);
        Assert.Equal("From A", B[twin].Summary);

        B.Edit(twin, entity => entity with { Description = RichDocument.FromPlainText("From B") });
        await ReportBothAsync(a, twin);
        Assert.Equal("From B", A[a].Description.ToPlainText());

        var (sentByA, sentByB) = (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count);
        await ReportBothAsync(a, twin);
        Assert.Equal((sentByA, sentByB), (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count));
    }

    [Fact]
    public async Task Comments_EditsAndDeletionsFollowTheOriginal_AnEditOfTheCopyStays()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);
        var original = A.Comment(a, "Anna Bright", "One");
        var theirs = B.Comment(twin, "Bo Chen", "Two");
        await ReportBothAsync(a, twin);
        Assert.Equal(["One", "Bo Chen commented:\n\nTwo"], A[a].Comments.Select(comment => comment.Body.ToPlainText()));

        A.EditComment(a, original, "One, better");
        await ReportBothAsync(a, twin);
        Assert.Contains(B[twin].Comments, comment => comment.Body.ToPlainText().EndsWith("One, better", StringComparison.Ordinal));

        var copyOfTheirs = A[a].Comments.Single(comment => comment.Id != original).Id;
        A.EditComment(a, copyOfTheirs, "somebody wrote into the copy");
        await ReportBothAsync(a, twin);
        Assert.Equal("Two", B[twin].Comments.Single(comment => comment.Id == theirs).Body.ToPlainText());

        A.RemoveComment(a, original);
        await ReportBothAsync(a, twin);
        Assert.Equal([theirs], B[twin].Comments.Select(comment => comment.Id));
    }

    [Fact]
    public async Task RestrictedComment_NeverLeaves_AndOneThatBecomesRestrictedIsTakenBack()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);
        var comment = A.Comment(a, "Anna Bright", "open");
        await ReportBothAsync(a, twin);
        Assert.Single(B[twin].Comments);

        A.Edit(a, entity => entity with { Comments = [.. entity.Comments.Select(row => row.Id == comment ? row with { IsRestricted = true } : row)] });
        await ReportBothAsync(a, twin);
        Assert.Empty(B[twin].Comments);
    }

    [Fact]
    public async Task Attachments_RemovalFollowsBothWays()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);
        var first = A.Attach(a, "first.txt", [1]);
        A.Attach(a, "second.txt", [2]);
        await ReportBothAsync(a, twin);
        Assert.Equal(["first.txt", "second.txt"], B[twin].Attachments.Select(file => file.FileName));

        A.RemoveAttachment(a, first);
        await ReportBothAsync(a, twin);
        Assert.Equal(["second.txt"], B[twin].Attachments.Select(file => file.FileName));

        B.RemoveAttachment(twin, B[twin].Attachments[0].Id);
        await ReportBothAsync(a, twin);
        Assert.Empty(A[a].Attachments);
        Assert.Empty(B[twin].Attachments);
    }

    [Fact]
    public async Task BothSidesEditOneField_TheInviterWins_AndBothValuesAreRecorded()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);
        A.Edit(a, entity => entity with { Summary = "Inviter's" });
        B.Edit(twin, entity => entity with { Summary = "Accepter's" });
        await ReportBothAsync(a, twin);

        Assert.Equal(("Inviter's", "Inviter's"), (A[a].Summary, B[twin].Summary));
        await using var db = pair.B.Db();
        await using var other = pair.A.Db();
        Assert.Contains(db.Conflicts.ToList().Concat(other.Conflicts.ToList()), conflict =>
            new[] { conflict.LocalValue, conflict.RemoteValue }.Order().SequenceEqual(["Accepter's", "Inviter's"]));
    }

    [Fact]
    public async Task BothSidesEdit_DifferentFields_BothStand()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);
        A.Edit(a, entity => entity with { Summary = "New summary" });
        B.Edit(twin, entity => entity with { Description = RichDocument.FromPlainText("New description") });
        await ReportBothAsync(a, twin);
        Assert.Equal((A[a].Summary, A[a].Description.ToPlainText()), (B[twin].Summary, B[twin].Description.ToPlainText()));
        Assert.Equal(("New summary", "New description"), (A[a].Summary, A[a].Description.ToPlainText()));
    }

    [Theory]
    [InlineData("update")]
    [InlineData("create")]
    [InlineData("comment")]
    [InlineData("attach")]
    public async Task AnswerOfAWriteLost_NothingIsWrittenTwice(string call)
    {
        var (a, lost) = (A.Add("Once", "Text"), false);
        A.Comment(a.Id, "Anna Bright", "One comment");
        A.Attach(a.Id, "one.txt", [1]);
        B.AfterWrite = written =>
        {
            if (written != call || lost)
                return;
            lost = true;
            throw new TrackerException(FailureCategory.Transient, "The answer was lost.") { OutcomeUnknown = true };
        };
        if (call == "update")
        {
            await pair.ExalateAsync(a.Key);
            A.Edit(a.Id, entity => entity with { Summary = "Twice" });
            await pair.A.ReportAsync(a.Id);
        }
        else
        {
            await pair.A.ExalateAsync(a.Key);
        }

        await pair.SettleForAsync(TimeSpan.FromSeconds(30));

        Assert.True(lost);
        var copy = Assert.Single(B.Entities);
        Assert.Equal(A[a.Id].Summary, copy.Summary);
        Assert.Single(copy.Comments);
        Assert.Single(copy.Attachments);
    }

    [Fact]
    public async Task CreateThatSurelyFailed_IsRepeatedAtOnce_WithoutALook()
    {
        var (a, failed) = (A.Add("Once"), false);
        B.BeforeWrite = written =>
        {
            if (written != "create" || failed)
                return;
            failed = true;
            throw new TrackerException(FailureCategory.Unavailable, "Jira could not be reached (connection refused).");
        };
        await pair.A.ExalateAsync(a.Key);
        await pair.SettleForAsync(TimeSpan.FromSeconds(3));
        Assert.Single(B.Entities);
        Assert.DoesNotContain("find", B.Calls);
    }

    [Fact]
    public async Task PartnerStopped_WaitingForRemoteSaysWhy_AndCompletesWhenItIsBack()
    {
        var a = A.Add("Patience");
        pair.A.Wire.IsCut = true;
        var twin = await pair.A.ExalateAsync(a.Key);
        await pair.SettleForAsync(TimeSpan.FromMinutes(2));
        var waiting = await pair.A.ProgressAsync(twin);
        Assert.Equal(SyncPhase.WaitingForRemote, waiting.Phase);
        Assert.Contains("could not be reached", waiting.Problem);
        Assert.False(waiting.NeedsAttention);

        pair.A.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromSeconds(75));
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
        Assert.Single(B.Entities);
    }

    [Fact]
    public async Task ResultCouldNotBeDelivered_TheEntityIsNotCreatedAgain()
    {
        var a = A.Add("Once");
        pair.B.Wire.IsCut = true;
        var twin = await pair.A.ExalateAsync(a.Key);
        await pair.SettleForAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(SyncPhase.WaitingForRemote, (await pair.A.ProgressAsync(twin)).Phase);
        pair.B.Wire.IsCut = false;
        await pair.SettleForAsync(TimeSpan.FromSeconds(75));
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
        Assert.Single(B.Entities);
    }

    [Fact]
    public async Task EveryMessageDoubledAndItsAnswerLost_ChangesNothing()
    {
        (pair.A.Wire.Doubles, pair.B.Wire.Doubles) = (true, true);
        (pair.A.Wire.AnswersToLose, pair.B.Wire.AnswersToLose) = (2, 2);
        var a = A.Add("Once", "Text");
        A.Comment(a.Id, "Anna Bright", "Hello");
        var twin = await pair.A.ExalateAsync(a.Key);
        await pair.SettleForAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
        Assert.Single(Assert.Single(B.Entities).Comments);
    }

    [Fact]
    public async Task TrackerRefusesTheContent_ThePartnerReadsWhy_AndRetryGoesOn()
    {
        var a = A.Add("Refused");
        B.BeforeWrite = call => throw new TrackerException(FailureCategory.Rejected, "Jira at https://b.example refused the issue: no permission.") { TrackerSaid = "no permission" };
        var twin = await pair.A.ExalateAsync(a.Key);
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        var progress = await pair.A.ProgressAsync(twin);
        Assert.Equal(SyncPhase.WaitingForRemote, progress.Phase);
        Assert.Contains("no permission", progress.Problem);
        Assert.DoesNotContain("https://b.example", progress.Problem);

        B.BeforeWrite = null;
        await using var db = pair.B.Db();
        Assert.True((await pair.B.SendAsync(new RetryTwin(db.Twins.Single().Id, null))).IsSuccess);
        await pair.SettleAsync();
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
    }

    [Fact]
    public async Task EntityDeleted_TheTwinStays_AndBothSidesKnow()
    {
        var (twinId, twin) = await SyncedAsync();
        var key = A[Only(A)].Key;
        A.Delete(Only(A));
        await using (var db = pair.A.Db())
            await pair.A.ReportAsync(db.Twins.Single().LocalEntityId!);
        await pair.SettleAsync();
        Assert.NotNull(B[twin]);
        // Where it was deleted there is nothing to open or to send; the side that is left can have a new twin made.
        var gone = await pair.A.SendAsync(new GetEntityStatus(key));
        Assert.Equal((true, null, 0), (gone.IsGone, gone.Link, gone.CanExalateOn.Count));
        var left = await pair.B.SendAsync(new GetEntityStatus(B[twin].Key));
        Assert.Equal((false, B[twin].Link, 1), (left.IsGone, left.Link, left.CanExalateOn.Count));
        await using var other = pair.B.Db();
        Assert.Equal(TwinState.RemoteRemoved, other.Twins.Single().State);
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twinId)).Phase);
    }

    [Fact]
    public async Task PersonEditsWhileWeWrite_TheEditIsNotMistakenForOurs()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);
        A.Edit(a, entity => entity with { Summary = "From A" });
        B.AfterWrite = call =>
        {
            if (call == "update")
                B.Edit(twin, entity => entity with { Summary = "By a person, a moment later" });
        };
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
        B.AfterWrite = null;
        await pair.B.ReportAsync(twin);
        await pair.SettleAsync();
        Assert.Equal(("By a person, a moment later", "By a person, a moment later"), (A[a].Summary, B[twin].Summary));
    }

    [Fact]
    public async Task PersonEditsBetweenOurReadAndOurWrite_TheLossIsRecordedAndShown()
    {
        var (_, twin) = await SyncedAsync();
        var a = Only(A);
        B.History = [];
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        A.Edit(a, entity => entity with { Summary = "From A" });
        B.BeforeWrite = call =>
        {
            if (call != "update")
                return;
            pair.Time.Advance(TimeSpan.FromSeconds(1));
            B.Edit(twin, entity => entity with { Summary = "In the window" });
            B.History.Add(new FieldEdit("summary", "person", pair.Time.GetUtcNow()));
            pair.Time.Advance(TimeSpan.FromSeconds(1));
            B.History.Add(new FieldEdit("summary", FakeTracker.Account, pair.Time.GetUtcNow()));
        };
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();

        Assert.Equal("From A", B[twin].Summary);
        await using var db = pair.B.Db();
        Assert.Equal(("summary", false), db.Conflicts.ToList().Select(row => (row.Field, row.LocalWon)).Single());
        Assert.Contains("was overwritten", db.Twins.Single().Note);
    }

    [Theory]
    [InlineData("nothing-like-it", "shows no issue")]
    [InlineData("  ", "Enter the issue key")]
    public async Task Exalate_WrongKey_SaysSo(string typed, string words)
    {
        var result = await pair.A.SendAsync(new ExalateEntity(pair.A.ConnectionId, typed, null));
        Assert.Contains(words, result.Error!.Sentence);
    }

    [Fact]
    public async Task Exalate_AnotherProjectOrTwice_SaysSo()
    {
        var elsewhere = A.Add("Elsewhere", project: "Q");
        Assert.Contains("belongs to the project", (await pair.A.SendAsync(new ExalateEntity(pair.A.ConnectionId, elsewhere.Key, null))).Error!.Sentence);

        var here = A.Add("Here");
        var (_, twin) = await pair.ExalateAsync(here.Key);
        var again = await pair.A.SendAsync(new ExalateEntity(pair.A.ConnectionId, here.Key, null));
        Assert.Contains(B[twin].Key, Assert.IsType<Conflict>(again.Error).Sentence);
    }

    [Fact]
    public async Task PartnerAsksForAFile_OnlyWhatWasOffered()
    {
        var (_, _) = await SyncedAsync();
        var a = Only(A);
        var offered = A.Attach(a, "offered.txt", [1]);
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
        var added = A.Attach(a, "not-yet.txt", [2]);
        Assert.NotNull(await pair.A.Inbox.OpenAttachmentAsync(pair.A.ConnectionId, a, offered, default));
        Assert.Null(await pair.A.Inbox.OpenAttachmentAsync(pair.A.ConnectionId, a, added, default));
        Assert.Null(await pair.A.Inbox.OpenAttachmentAsync(Ids.New(), a, offered, default));
    }

    [Fact]
    public async Task UpdateOfAPairThatIsNotKnown_IsRefused()
    {
        var answer = await pair.B.Inbox.StoreRequestAsync(
            pair.B.ConnectionId,
            new SyncRequestMessage { EventId = "e1", PairId = Ids.New(), Kind = SyncRequestKind.Removed, Version = 2, BasedOn = 1 },
            default);
        Assert.Equal(InboxOutcome.Refused, answer.Outcome);
    }

    private async Task<(Guid TwinId, string B)> SyncedAsync() => await pair.ExalateAsync(A.Add("Summary", "Description").Key);

    private static string Only(FakeTracker tracker) => Assert.Single(tracker.Entities).Id;

    private async Task ReportBothAsync(string a, string b)
    {
        await pair.A.ReportAsync(a);
        await pair.B.ReportAsync(b);
        await pair.SettleAsync();
        // Each tracker reports our own writes too.
        await pair.A.ReportAsync(a);
        await pair.B.ReportAsync(b);
        await pair.SettleAsync();
    }
}
