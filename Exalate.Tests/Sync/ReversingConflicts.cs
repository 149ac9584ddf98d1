using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Conflicts;
using Exalate.Core.Sync.Entities;

namespace Exalate.Tests.Sync;

/// <summary>The losing value of a conflict is kept, shown, and can be written back; and what else Entity Sync status shows.</summary>
public sealed class ReversingConflicts : IAsyncLifetime
{
    private EnginePair pair = null!;

    private FakeTracker A => pair.A.Tracker;

    private FakeTracker B => pair.B.Tracker;

    public async Task InitializeAsync() => pair = await EnginePair.CreateAsync();

    public async Task DisposeAsync() => await pair.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reverse_WritesTheLosingValue_ToBothSides(bool onTheWinnersSide)
    {
        var (a, b) = await ConflictAsync(onTheWinnersSide);
        var side = onTheWinnersSide ? pair.A : pair.B;
        var conflict = await ConflictOfAsync(side);
        Assert.Equal((onTheWinnersSide, true), (conflict.LocalWon, conflict.CanReverse));
        Assert.Null((await side.SendAsync(new ReverseConflict(conflict.Id, "kim@example.com"))).Error);
        await pair.SettleAsync();

        Assert.Equal(("Accepter's", "Accepter's"), (A[a].Summary, B[b].Summary));
        var again = await ConflictOfAsync(side);
        Assert.Equal(("kim@example.com", false), (again.ReversedBy, again.CanReverse));
        Assert.IsType<Core.Conflict>((await side.SendAsync(new ReverseConflict(conflict.Id, null))).Error);
    }

    [Fact]
    public async Task Reverse_AsksBeforeANewerEditIsReplaced_AndKeepsThatEdit()
    {
        var (a, b) = await ConflictAsync(onTheWinnersSide: true);
        A.Edit(a, entity => entity with { Summary = "Newer" });
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
        var conflict = await ConflictOfAsync(pair.A);
        var asked = Assert.IsType<EditedSinceConflict>((await pair.A.SendAsync(new ReverseConflict(conflict.Id, null))).Error);
        Assert.Contains("Newer", asked.Sentence, StringComparison.Ordinal);
        Assert.Equal("Newer", A[a].Summary);

        Assert.Null((await pair.A.SendAsync(new ReverseConflict(conflict.Id, null, Anyway: true))).Error);
        await pair.SettleAsync();
        Assert.Equal(("Accepter's", "Accepter's"), (A[a].Summary, B[b].Summary));
        Assert.Contains((await pair.A.SendAsync(new ListConflicts())).Items, row => row is { LocalValue: "Newer", CanReverse: true });
    }

    [Fact]
    public async Task Reverse_OfADescription_KeepsItsFormatting()
    {
        var (a, b) = await SyncedAsync();
        var theirs = new RichDocument([new Heading(2, [new TextRun("Heading")]), new Paragraph([new TextRun("bold", MarkStyle.Bold)])]);
        A.Edit(a, entity => entity with { Description = RichDocument.FromPlainText("Inviter's") });
        B.Edit(b, entity => entity with { Description = theirs });
        await pair.B.ReportAsync(b);
        await pair.SettleAsync();
        var conflict = await ConflictOfAsync(pair.A);
        Assert.Null((await pair.A.SendAsync(new ReverseConflict(conflict.Id, null))).Error);
        await pair.SettleAsync();

        Assert.True(DocumentMerge.SameContent(theirs, A[a].Description));
        Assert.True(DocumentMerge.SameContent(theirs, B[b].Description));
    }

    [Fact]
    public async Task EntityStatus_FindsThePairByAnyName_AndShowsWhatDiffers()
    {
        var (a, b) = await SyncedAsync();
        B.BeforeWrite = _ => throw new Core.Trackers.TrackerException(Core.Trackers.FailureCategory.Rejected, "B refused it (400).");
        A.Edit(a, entity => entity with { Summary = "Only here", Description = RichDocument.FromPlainText("one\ntwo") });
        A.Comment(a, "Anna", "hello");
        await pair.A.ReportAsync(a);
        await pair.SettleAsync();
        foreach (var name in new[] { A[a].Key, A[a].Link, B[b].Key, B[b].Link })
        {
            var found = Assert.Single((await pair.A.SendAsync(new GetEntityStatus($" {name} "))).Pairs);
            Assert.Equal((A[a].Key, B[b].Key), (found.Progress.LocalKey, found.Progress.RemoteKey));
        }

        var there = Assert.Single((await pair.B.SendAsync(new GetEntityStatus(B[b].Key))).Pairs);
        Assert.Equal((0, 1), (there.OpenOutgoing, there.OpenIncoming));
        Assert.Equal("B refused it (400).", Assert.Single(there.Errors).Sentence);
        Assert.Empty((await pair.B.SendAsync(new GetEntityStatus(B[b].Key))).CanExalateOn);
    }

    [Fact]
    public async Task EntityStatus_OfDivergedFields_ShowsTheLines_AndOfAnUnknownKey_AWord()
    {
        var (a, b) = await ConflictAsync(onTheWinnersSide: false);
        B.BeforeWrite = _ => throw new Core.Trackers.TrackerException(Core.Trackers.FailureCategory.Rejected, "B refused it (400).");
        await pair.B.SendAsync(new Core.Sync.Errors.ListErrors(new Core.Sync.Errors.ErrorFilter()));
        A.Edit(a, entity => entity with { Summary = "Refused over there" });
        await ReportBothAsync(a, b);
        await pair.B.SendAsync(new Core.Sync.Errors.IgnoreErrors(new Core.Sync.Errors.ErrorSelection([], new Core.Sync.Errors.ErrorFilter()), null));
        await pair.SettleAsync();
        var summary = Assert.Single((await pair.B.SendAsync(new GetEntityStatus(B[b].Key))).Pairs).Fields.Single(field => field.Name == "Summary");
        Assert.Equal(("Inviter's", "Refused over there"), (summary.Local, summary.Remote));
        Assert.Equal([new DiffLine(DiffSide.LocalOnly, "Inviter's"), new DiffLine(DiffSide.RemoteOnly, "Refused over there")], summary.Lines);

        var free = A.Add("Not synced");
        var status = await pair.A.SendAsync(new GetEntityStatus(free.Key));
        Assert.Equal((free.Key, "Not synced", "a_to_b"), (status.Key, status.Summary, Assert.Single(status.CanExalateOn).Name));
        Assert.Contains("knows 'A-9999'", (await pair.A.SendAsync(new GetEntityStatus("A-9999"))).Problem, StringComparison.Ordinal);
    }

    private static async Task<ConflictView> ConflictOfAsync(EngineSide side) => Assert.Single((await side.SendAsync(new ListConflicts())).Items);

    /// <summary>The side that hears of the other's change records the conflict.</summary>
    private async Task<(string A, string B)> ConflictAsync(bool onTheWinnersSide)
    {
        var (a, b) = await SyncedAsync();
        A.Edit(a, entity => entity with { Summary = "Inviter's" });
        B.Edit(b, entity => entity with { Summary = "Accepter's" });
        await (onTheWinnersSide ? pair.B.ReportAsync(b) : pair.A.ReportAsync(a));
        await pair.SettleAsync();
        await ReportBothAsync(a, b);
        Assert.Equal(("Inviter's", "Inviter's"), (A[a].Summary, B[b].Summary));
        return (a, b);
    }

    private async Task<(string A, string B)> SyncedAsync()
    {
        var entity = A.Add("The printer is on fire", "Bring water");
        var (_, twin) = await pair.ExalateAsync(entity.Key);
        return (entity.Id, twin);
    }

    private async Task ReportBothAsync(string a, string b)
    {
        await pair.A.ReportAsync(a);
        await pair.B.ReportAsync(b);
        await pair.SettleAsync();
    }
}
