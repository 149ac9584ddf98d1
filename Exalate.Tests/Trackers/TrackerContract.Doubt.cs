using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Tests.Trackers.Calls;
using Exalate.Tests.Trackers.Support;

namespace Exalate.Tests.Trackers;

/// <content>Lost answers: what was made is found again, nothing is made twice, nothing of others is adopted.</content>
public abstract partial class TrackerContract
{
    [Fact]
    public async Task LostCreate_IsFoundAgainOnceAndNotRepeated()
    {
        var twin = New("Same summary", RichDocument.FromPlainText("first"));
        var other = New("Same summary", RichDocument.FromPlainText("second"));
        var known = await Tracker.CreateAsync(other, Patience);
        await ConnectAsPerson().CreateAsync(twin with { OriginMark = "a person's" }, Patience);
        await sandbox.FailAsync(Url, new { method = "POST", path = CreatePath, when = "after", abort = true });

        var failure = await TrackerFaultTests.Fails(() => Tracker.CreateAsync(twin, Patience));
        var found = await Tracker.FindCreatedAsync(twin, Intent(twin.OriginMark, known.Id), Patience);

        Assert.True(failure.OutcomeUnknown);
        var read = await ReadAsync(found!.Id);
        Assert.Equal(("first", read.Key), (read.Description.ToPlainText().Trim(), found.Key));
        Assert.Equal((await Tracker.GetAccountAsync(Patience)).Id, read.CreatorId);
        Assert.Null(await Tracker.FindCreatedAsync(twin, Intent(twin.OriginMark, known.Id, found.Id), Patience));
    }

    [Fact]
    public async Task CreateThatNeverArrived_FindsNothing()
    {
        var twin = New("Never made " + NewMark(), RichDocument.Empty);
        await ConnectAsPerson().CreateAsync(twin, Patience);
        await sandbox.FailAsync(Url, new { method = "POST", path = CreatePath, status = 500 });

        Assert.True((await TrackerFaultTests.Fails(() => Tracker.CreateAsync(twin with { OriginMark = "mine" }, Patience))).OutcomeUnknown);

        Assert.Null(await Tracker.FindCreatedAsync(twin with { OriginMark = "mine" }, Intent("mine"), Patience));
    }

    [Fact]
    public async Task LostComment_IsFoundAgain()
    {
        var entity = await CreateAsync();
        var comment = new NewComment { Body = Documents.Comment(), OriginMark = NewMark() };
        await Tracker.AddCommentAsync(entity.Id, Comment("another"), Patience);
        await sandbox.FailAsync(Url, new { method = "POST", path = "(comment|stories)", when = "after", abort = true });

        Assert.True((await TrackerFaultTests.Fails(() => Tracker.AddCommentAsync(entity.Id, comment, Patience))).OutcomeUnknown);
        var found = await Tracker.FindCommentAsync(entity.Id, comment, Intent(comment.OriginMark), Patience);

        var comments = (await ReadAsync(entity.Id)).Comments;
        Assert.Equal(2, comments.Count);
        Assert.Equal(comments[1].Id, found);
        Assert.Null(await Tracker.FindCommentAsync(entity.Id, comment, Intent(comment.OriginMark, found!), Patience));
        var never = Comment("never sent");
        Assert.Null(await Tracker.FindCommentAsync(entity.Id, never, Intent(never.OriginMark), Patience));
    }

    [Fact]
    public async Task LostAttachment_IsFoundAgain()
    {
        var entity = await CreateAsync();
        await Tracker.AddAttachmentAsync(entity.Id, Upload(), Patience);
        var first = Assert.Single((await ReadAsync(entity.Id)).Attachments).Id;
        await sandbox.FailAsync(Url, new { method = "POST", path = "attachments", when = "after", abort = true });

        Assert.True((await TrackerFaultTests.Fails(() => Tracker.AddAttachmentAsync(entity.Id, Upload(), Patience))).OutcomeUnknown);
        var found = await Tracker.FindAttachmentAsync(entity.Id, Upload(), Intent("", first), Patience);

        Assert.NotNull(found);
        Assert.NotEqual(first, found);
        Assert.Null(await Tracker.FindAttachmentAsync(entity.Id, Upload(), Intent("", first, found), Patience));
        Assert.Null(await Tracker.FindAttachmentAsync(entity.Id, Upload() with { Size = 9 }, Intent(""), Patience));

        static NewAttachment Upload() => TrackerFileTests.File("../same name.txt", 4, new MemoryStream([1, 2, 3, 4]));
    }

    [Fact]
    public async Task LostAnswerOfARead_IsAskedForAgain()
    {
        var entity = await CreateAsync();
        await sandbox.FailAsync(Url, new { method = "GET", path = entity.Id, abort = true });

        Assert.Equal(entity.Id, (await ReadAsync(entity.Id)).Id);
    }

    [Fact]
    public async Task LimitedWrite_IsMadeOnce()
    {
        var entity = await CreateAsync();
        await sandbox.FailAsync(Url, new { method = "POST", path = "(comment|stories)", status = 429, headers = new Dictionary<string, string> { ["Retry-After"] = "1" } });

        await Tracker.AddCommentAsync(entity.Id, Comment("once"), Patience);

        Assert.Single((await ReadAsync(entity.Id)).Comments);
    }
}
