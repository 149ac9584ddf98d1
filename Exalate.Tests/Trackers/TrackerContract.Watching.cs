using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Tests.Trackers.Calls;
using Exalate.Tests.Trackers.Support;

namespace Exalate.Tests.Trackers;

/// <content>Learning of changes.</content>
public abstract partial class TrackerContract
{
    [Fact]
    public async Task Poll_Changes_AreToldOnceAcrossCursors()
    {
        var since = TimeProvider.System.GetUtcNow();
        var (before, cursor) = await PollAllAsync(null, since);
        var entity = await CreateAsync();

        var (created, afterCreate) = await PollAllAsync(cursor, since);
        var (nothing, afterNothing) = await PollAllAsync(afterCreate, since);
        await ConnectAsPerson().UpdateAsync(entity.Id, new EntityChange { Summary = "by a person" }, Patience);
        var (edited, _) = await PollAllAsync(afterNothing, since);

        Assert.DoesNotContain(before, c => c.EntityId == entity.Id);
        Assert.Contains(created, c => c.EntityId == entity.Id && !c.IsDeleted);
        Assert.Empty(nothing);
        Assert.Equal([entity.Id], edited.Where(c => !c.IsDeleted).Select(c => c.EntityId).Distinct());
    }

    [Fact]
    public async Task Poll_MoreThanAPage_TellsAll()
    {
        var since = TimeProvider.System.GetUtcNow();
        var made = new List<string>();
        for (var i = 0; i < 120; i++)
        {
            made.Add((await CreateAsync()).Id);
        }

        var (told, cursor) = await PollAllAsync(null, since);

        Assert.Empty(made.Except(told.Select(c => c.EntityId)));
        Assert.InRange(cursor.Length, 1, 50_000);
        Assert.Empty((await PollAllAsync(cursor, since)).Changes);
    }

    [Fact]
    public async Task Poll_NoProjects_TellsNothing()
    {
        var page = await Tracker.PollAsync(new PollRequest { ProjectIds = [], Since = TimeProvider.System.GetUtcNow().AddDays(-1) }, Patience);

        Assert.Empty(page.Changes);
        Assert.False(page.HasMore);
    }

    [Fact]
    public async Task Watch_EditOfAPerson_ArrivesSigned()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);
        var entity = await CreateAsync();

        var state = await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);
        await ConnectAsPerson().UpdateAsync(entity.Id, new EntityChange { Summary = "edited" }, Patience);

        await receiver.WaitForAsync(entity.Id);
        Assert.Null(state.RefusedBecause);
        Assert.NotEmpty(state.Registrations);
        Assert.Empty(receiver.Refusals);
    }

    [Fact]
    public async Task Watch_EveryKindOfChange_NamesTheEntity()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);
        await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);
        var person = ConnectAsPerson();

        var entity = await person.CreateAsync(New("watched", RichDocument.Empty), Patience);
        await receiver.WaitForAsync(entity.Id);
        var comment = string.Empty;
        var file = string.Empty;
        await ArrivesAsync(async () => comment = await person.AddCommentAsync(entity.Id, Comment("one"), Patience));
        await ArrivesAsync(() => person.UpdateCommentAsync(entity.Id, comment, RichDocument.FromPlainText("two"), Patience));
        await ArrivesAsync(() => person.DeleteCommentAsync(entity.Id, comment, Patience));
        await ArrivesAsync(async () => file = await person.AddAttachmentAsync(entity.Id, TrackerFileTests.File("a.txt", 1, new MemoryStream([65])), Patience));
        await ArrivesAsync(() => person.DeleteAttachmentAsync(entity.Id, file, Patience));
        await DeleteEntityAsync(entity.Id);
        await receiver.WaitForAsync(entity.Id, deleted: true);

        async Task ArrivesAsync(Func<Task> change)
        {
            await Task.Delay(100);
            receiver.Forget();
            await change();
            await receiver.WaitForAsync(entity.Id);
        }
    }

    [Fact]
    public async Task Watch_OwnWrite_NamesOurAccount_AndATimeThatTheLookAfterItShows()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);
        var entity = await CreateAsync();
        await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);

        await Tracker.UpdateAsync(entity.Id, new EntityChange { Summary = "ours" }, Patience);
        var ours = await receiver.WaitForAsync(entity.Id);
        var look = await Tracker.ReadFieldsAsync(entity.Id, Patience);
        receiver.Forget();
        await Task.Delay(5);
        await ConnectAsPerson().UpdateAsync(entity.Id, new EntityChange { Summary = "a person's" }, Patience);
        var theirs = await receiver.WaitForAsync(entity.Id);

        Assert.Equal((await Tracker.GetAccountAsync(Patience)).Id, ours.By?.AccountId);
        // The sandbox reads its clock twice: its events may be a moment behind the task that they tell of.
        Assert.InRange(ours.By!.At, look!.Updated.AddMilliseconds(-50), look.Updated.AddMilliseconds(50));
        Assert.NotEqual(ours.By.AccountId, theirs.By?.AccountId);
        Assert.True(theirs.By is null || theirs.By.At > look.Updated);
    }

    [Fact]
    public async Task Watch_EditedComment_DoesNotSayWhen_BecauseItNeedNotMoveTheEntitysTime()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);
        var entity = await CreateAsync();
        var comment = await Tracker.AddCommentAsync(entity.Id, Comment("one"), Patience);
        await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);
        receiver.Forget();

        await Tracker.UpdateCommentAsync(entity.Id, comment, RichDocument.FromPlainText("two"), Patience);

        Assert.Null((await receiver.WaitForAsync(entity.Id)).By);
    }

    [Fact]
    public async Task Watch_Again_KeepsTheRegistration()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);
        var first = await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);

        var second = await Tracker.WatchAsync(receiver.Request(ProjectId, first), Patience);

        Assert.Equal(first.Registrations, second.Registrations);
        Assert.Equal(1, await CountWebhooksAsync(receiver.Address));
    }

    [Fact]
    public async Task Watch_WithoutMemory_ReplacesWhatItsSecretIsUnknownOf()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);
        var first = await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);

        var second = await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);

        Assert.NotEqual(first.Registrations.Values, second.Registrations.Values);
        Assert.Equal(1, await CountWebhooksAsync(receiver.Address));
    }

    protected abstract Task<int> CountWebhooksAsync(Uri callback);

    protected async Task<(List<ChangedEntity> Changes, string Cursor)> PollAllAsync(string? cursor, DateTimeOffset since)
    {
        var changes = new List<ChangedEntity>();
        PollPage page;
        do
        {
            page = await Tracker.PollAsync(new PollRequest { ProjectIds = [ProjectId], Cursor = cursor, Since = since }, Patience);
            changes.AddRange(page.Changes);
            cursor = page.Cursor;
        }
        while (page.HasMore);
        return (changes, page.Cursor);
    }
}
