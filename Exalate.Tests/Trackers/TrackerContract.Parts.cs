using System.Security.Cryptography;
using System.Text;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Tests.Trackers.Calls;
using Exalate.Tests.Trackers.Support;

namespace Exalate.Tests.Trackers;

/// <content>Comments and files.</content>
public abstract partial class TrackerContract
{
    [Fact]
    public async Task Comment_Added_StandsThereWithAuthorAndText()
    {
        var entity = await CreateAsync();
        var body = Documents.Comment();

        var id = await Tracker.AddCommentAsync(entity.Id, new NewComment { Body = body, OriginMark = NewMark() }, Patience);

        var comment = Assert.Single((await ReadAsync(entity.Id)).Comments);
        Assert.Equal((id, "Exalate Proxy", false), (comment.Id, comment.AuthorName, comment.IsRestricted));
        Assert.Equal((await Tracker.GetAccountAsync(Patience)).Id, comment.AuthorId);
        Assert.Equal(Tracker.Normalise(body, RichTextPlace.Comment), comment.Body);
    }

    [Fact]
    public async Task Comments_MoreThanAPage_AreAllReadOldestFirst()
    {
        var entity = await CreateAsync();
        for (var i = 0; i < 205; i++)
        {
            await Tracker.AddCommentAsync(entity.Id, Comment($"comment {i}"), Patience);
        }

        var comments = (await ReadAsync(entity.Id)).Comments;

        Assert.Equal(Enumerable.Range(0, 205).Select(i => $"comment {i}"), comments.Select(c => c.Body.ToPlainText().Trim()));
    }

    [Fact]
    public async Task Comment_EditedAndDeleted_Follows()
    {
        var entity = await CreateAsync();
        var id = await Tracker.AddCommentAsync(entity.Id, Comment("first"), Patience);

        await Tracker.UpdateCommentAsync(entity.Id, id, RichDocument.FromPlainText("second"), Patience);
        var edited = Assert.Single((await ReadAsync(entity.Id)).Comments);
        await Tracker.DeleteCommentAsync(entity.Id, id, Patience);
        await Tracker.DeleteCommentAsync(entity.Id, id, Patience);

        Assert.Equal((id, "second"), (edited.Id, edited.Body.ToPlainText().Trim()));
        Assert.Empty((await ReadAsync(entity.Id)).Comments);
        Assert.True((await TrackerFaultTests.Fails(() => Tracker.UpdateCommentAsync(entity.Id, id, RichDocument.FromPlainText("third"), Patience))).TargetGone);
    }

    [Fact]
    public async Task Comment_OnADeletedEntity_SaysThatItIsGone()
    {
        var entity = await CreateAsync();
        await DeleteEntityAsync(entity.Id);

        Assert.True((await TrackerFaultTests.Fails(() => Tracker.AddCommentAsync(entity.Id, Comment("x"), Patience))).TargetGone);
    }

    [Fact]
    public async Task Comment_OfAPerson_CarriesTheirName()
    {
        var entity = await CreateAsync();
        var person = ConnectAsPerson();
        await person.AddCommentAsync(entity.Id, Comment("from a person"), Patience);

        var comment = Assert.Single((await ReadAsync(entity.Id)).Comments);

        Assert.Equal(await person.GetAccountAsync(Patience), new TrackerAccount(comment.AuthorId!, comment.AuthorName));
    }

    [Theory]
    [InlineData("plan.txt", "plan.txt")]
    [InlineData("Übersicht 日本 (1) 100%.pdf", "Übersicht 日本 (1) 100%.pdf")]
    [InlineData("../../e'v;i l\".png", "e'v;i l'.png")]
    public async Task Attachment_Uploaded_ComesBackByteForByte(string name, string expectedName)
    {
        var entity = await CreateAsync();
        var content = RandomNumberGenerator.GetBytes(300_000);

        var id = await Tracker.AddAttachmentAsync(entity.Id, TrackerFileTests.File(name, content.Length, new MemoryStream(content)), Patience);

        var attachment = Assert.Single((await ReadAsync(entity.Id)).Attachments);
        Assert.Equal((id, expectedName, content.Length), (attachment.Id, attachment.FileName, attachment.Size));
        Assert.Equal(content, await DownloadAsync(entity.Id, id));
    }

    [Fact]
    public async Task Attachment_Empty_CanBeUploaded()
    {
        var entity = await CreateAsync();

        var id = await Tracker.AddAttachmentAsync(entity.Id, TrackerFileTests.File("empty.txt", 0, new MemoryStream()), Patience);

        Assert.Empty(await DownloadAsync(entity.Id, id));
    }

    [Fact]
    public async Task Attachment_Deleted_IsGoneAndDeletingAgainIsFine()
    {
        var entity = await CreateAsync();
        var id = await Tracker.AddAttachmentAsync(entity.Id, TrackerFileTests.File("a.txt", 1, new MemoryStream([65])), Patience);

        await Tracker.DeleteAttachmentAsync(entity.Id, id, Patience);
        await Tracker.DeleteAttachmentAsync(entity.Id, id, Patience);

        Assert.Empty((await ReadAsync(entity.Id)).Attachments);
        Assert.Null(await Tracker.OpenAttachmentAsync(entity.Id, id, Patience));
    }

    [Fact]
    public async Task Attachment_ToADeletedEntity_SaysThatItIsGone()
    {
        var entity = await CreateAsync();
        await DeleteEntityAsync(entity.Id);

        var failure = await TrackerFaultTests.Fails(() => Tracker.AddAttachmentAsync(entity.Id, TrackerFileTests.File("a.txt", 1, new MemoryStream([65])), Patience));

        Assert.True(failure.TargetGone);
    }

    [Fact]
    public async Task Attachment_OfTheLargestKind_PassesThroughInParts()
    {
        const int Size = 20 * 1024 * 1024;
        var entity = await CreateAsync();
        var source = new TrackerFileTests.CountingStream(Size);

        var id = await Tracker.AddAttachmentAsync(entity.Id, TrackerFileTests.File("large.bin", Size, source), Patience);
        await using var stream = await Tracker.OpenAttachmentAsync(entity.Id, id, Patience);
        using var hash = SHA256.Create();
        var actual = await hash.ComputeHashAsync(stream!, Patience);

        Assert.Equal(await SHA256.HashDataAsync(new TrackerFileTests.CountingStream(Size), Patience), actual);
        Assert.InRange(source.LargestRead, 1, 1024 * 1024);
    }

    protected async Task<byte[]> DownloadAsync(string entityId, string attachmentId)
    {
        await using var stream = await Tracker.OpenAttachmentAsync(entityId, attachmentId, Patience);
        using var content = new MemoryStream();
        await stream!.CopyToAsync(content, Patience);
        return content.ToArray();
    }
}
