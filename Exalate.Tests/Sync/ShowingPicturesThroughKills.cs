using Exalate.Core.RichText;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Sync;

/// <summary>A text is written before its files when an entity is created, and once more with them: whatever falls between, the picture stands there once and nobody's words are lost.</summary>
public sealed class ShowingPicturesThroughKills
{
    /// <summary>Prime, so that all kinds of calls are visited.</summary>
    private const int Step = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KilledAtAnyCall_ThePictureStandsThereOnce(bool isPrivate)
    {
        var total = await RunAsync(isPrivate, null);
        for (var at = 1; at <= total; at += isPrivate ? 2 * Step + 1 : Step)
            await RunAsync(isPrivate, at);
        Assert.True(total > 40, $"Only {total} calls: the scenario has shrunk.");
    }

    [Fact]
    public async Task APersonsEditBetweenTheCreationAndThePictures_Stays_AndTravelsBack()
    {
        await using var pair = await EnginePair.CreateAsync();
        var (entity, file) = AddWithPicture(pair);
        var isEdited = false;
        pair.B.Tracker.BeforeWrite = call =>
        {
            if (call != "attach" || isEdited)
                return;
            isEdited = true;
            var created = pair.B.Tracker.Entities.Single();
            pair.B.Tracker.Edit(created.Id, e => e with { Description = e.Description.Append(Words("Written meanwhile")) });
        };

        var (_, twin) = await pair.ExalateAsync(entity);

        var copy = Assert.Single(pair.B.Tracker[twin].Attachments).Id;
        Assert.Equal(Shown(copy, pair.B.Tracker, "Before").Append(Words("Written meanwhile")), pair.B.Tracker[twin].Description);
        Assert.Equal(Shown(file, pair.A.Tracker, "Before").Append(Words("Written meanwhile")), pair.A.Tracker[entity].Description);
    }

    [Fact]
    public async Task AFileThatIsNotCopied_IsNamedInTheText()
    {
        await using var pair = await EnginePair.CreateAsync();
        var (entity, file) = AddWithPicture(pair);
        pair.A.Tracker.RemoveAttachment(entity, file);

        var (_, twin) = await pair.ExalateAsync(entity);

        Assert.Equal("Before\n\n[image: shot.png]", pair.B.Tracker[twin].Description.ToPlainText());
        Assert.DoesNotContain(References.Pictures(pair.B.Tracker[twin].Description), picture => picture.System == pair.B.Tracker.InstanceUrl);
    }

    private static async Task<int> RunAsync(bool isPrivate, int? at)
    {
        await using var pair = await (isPrivate ? EnginePair.CreatePrivateAsync() : EnginePair.CreateAsync());
        var (b, where) = (pair.B.Tracker, $"killed at call {at}");
        var (entity, file) = AddWithPicture(pair);
        pair.A.Tracker.Comment(entity, "Anna", "");
        pair.A.Tracker.Edit(entity, e => e with { Comments = [.. e.Comments.Select(c => c with { Body = Shown(file, pair.A.Tracker, "Look") })] });
        var twin = await pair.A.ExalateAsync(entity);
        pair.B.Crash.Reset();
        pair.B.Crash.At = at;
        await pair.SettleForAsync(TimeSpan.FromSeconds(60));
        var second = pair.A.Tracker.Attach(entity, "second.png", [4, 5]);
        pair.A.Tracker.Edit(entity, e => e with { Description = e.Description.Append(new ImageBlock(Picture(second, "second.png", pair.A.Tracker))) });
        await pair.A.ReportAsync(entity);
        await pair.SettleForAsync(TimeSpan.FromSeconds(60));
        var calls = pair.B.Crash.Calls;

        var copy = Assert.Single(b.Entities);
        Assert.True(copy.Attachments is [{ FileName: "shot.png" }, { FileName: "second.png" }], where);
        var shown = Shown(copy.Attachments[0].Id, b, "Before").Append(new ImageBlock(Picture(copy.Attachments[1].Id, "second.png", b)));
        Assert.True(shown.Equals(copy.Description), $"{where}: {copy.Description.ToPlainText()}");
        Assert.True(copy.Comments is [var comment] && References.Pictures(comment.Body).Single().Id == copy.Attachments[0].Id, where);
        await using (var db = pair.B.Db())
            Assert.Empty(await db.Intents.ToListAsync());
        var sent = (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count);
        var writes = b.Calls.Count(call => call is "update" or "attach" or "comment");
        await pair.A.ReportAsync(entity);
        await pair.B.ReportAsync(copy.Id);
        await pair.SettleForAsync(TimeSpan.FromSeconds(5));
        Assert.True(sent == (pair.A.Wire.Sent.Count, pair.B.Wire.Sent.Count) && writes == b.Calls.Count(call => call is "update" or "attach" or "comment"), $"{where}: something echoed");
        Assert.Equal(SyncPhase.Synchronized, (await pair.A.ProgressAsync(twin)).Phase);
        return calls;
    }

    private static (string Entity, string File) AddWithPicture(EnginePair pair)
    {
        // Ids of the two trackers must not fall together by chance.
        pair.B.Tracker.Add("Somebody else's");
        var entity = pair.A.Tracker.Add("With a picture").Id;
        pair.B.Tracker.Delete(pair.B.Tracker.Entities.Single().Id);
        var file = pair.A.Tracker.Attach(entity, "shot.png", [1, 2, 3]);
        pair.A.Tracker.Edit(entity, e => e with { Description = Shown(file, pair.A.Tracker, "Before") });
        return (entity, file);
    }

    private static RichDocument Shown(string file, FakeTracker tracker, string words) => new([Words(words), new ImageBlock(Picture(file, "shot.png", tracker))]);

    private static Image Picture(string file, string name, FakeTracker tracker) => new() { Id = file, System = tracker.InstanceUrl, Name = name, Alt = name };

    private static Paragraph Words(string words) => new([new TextRun(words)]);
}
