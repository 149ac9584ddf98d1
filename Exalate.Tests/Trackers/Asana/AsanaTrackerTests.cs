using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Sandbox;
using Exalate.Tests.Trackers.Calls;
using Exalate.Tests.Trackers.Support;

namespace Exalate.Tests.Trackers.Asana;

/// <summary>The contract on Asana, and what only Asana does. Names follow what is known of the vendor.</summary>
public sealed class AsanaTrackerTests(SandboxFixture sandbox) : TrackerContract(sandbox)
{
    private const string PriyaToken = "asana-token-priya";

    protected override Uri Url => Sandbox.Host.AsanaUrl;

    protected override string ProjectId => Overview.Projects[0].Id;

    protected override TrackerEntityType Type => new("default_task", "Task");

    protected override string CreatePath => "/api/1.0/tasks(\\?|$)";

    private SandboxTrackerOverview Overview => Sandbox.Host.Overview.Single(o => o.Tracker == "Asana");

    protected override ITracker Connect(string? token) => Bench.Asana(Url, token ?? Overview.Token);

    protected override ITracker ConnectAsPerson() => Bench.Asana(Url, PriyaToken);

    protected override Task DeleteEntityAsync(string id) => RawAsync(HttpMethod.Delete, $"tasks/{id}", null, PriyaToken);

    protected override async Task<int> CountWebhooksAsync(Uri callback)
    {
        var workspace = (await RawAsync(HttpMethod.Get, "workspaces?limit=1", null))!["data"]![0]!["gid"];
        var hooks = await RawAsync(HttpMethod.Get, $"webhooks?workspace={workspace}&limit=100", null);
        return hooks!["data"]!.AsArray().Count(hook => (string?)hook!["target"] == callback.AbsoluteUri);
    }

    [Theory]
    [InlineData("milestone", "Milestone")]
    [InlineData("approval", "Approval")]
    public async Task Create_OfEachKind_StaysThatKind(string id, string name)
    {
        var created = await Tracker.CreateAsync(New("of a kind", RichDocument.Empty) with { Type = new(id, name) }, Patience);

        Assert.Equal(name, (await ReadAsync(created.Id)).TypeName);
    }

    [Fact]
    public async Task Key_IsTheGid_AndTheLinkItsPermalink()
    {
        var created = await CreateAsync();
        var read = await ReadAsync(created.Id);

        Assert.Equal((created.Id, created.Id, created.Id), (read.Id, read.Key, created.Key));
        Assert.Equal(created.Id, Tracker.ParseReference(read.Link));
        Assert.Equal(created.Id, Tracker.ParseReference($"{Tracker.InstanceUrl}/1/11/project/{ProjectId}/task/{created.Id}?focus=true"));
    }

    [Fact]
    public async Task Stories_OfTheSystem_AreNoComments()
    {
        var created = await CreateAsync();
        await Tracker.UpdateAsync(created.Id, new EntityChange { Summary = "renamed" }, Patience);
        await RawAsync(HttpMethod.Put, $"tasks/{created.Id}", new { data = new { completed = true } }, PriyaToken);
        await Tracker.AddCommentAsync(created.Id, Comment("the only one"), Patience);

        var stories = await RawAsync(HttpMethod.Get, $"tasks/{created.Id}/stories?limit=100", null);

        Assert.True(stories!["data"]!.AsArray().Count > 1);
        Assert.Equal("the only one", Assert.Single((await ReadAsync(created.Id)).Comments).Body.ToPlainText().Trim());
    }

    [Fact]
    public async Task Attachment_LinkToAnotherService_IsLeftOut()
    {
        var created = await CreateAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent(created.Id), "\"parent\"" }, { new StringContent("external"), "\"resource_subtype\"" },
            { new StringContent("https://example.com/doc"), "\"url\"" }, { new StringContent("A document"), "\"name\"" },
        };
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = SandboxFixture.Bearer(PriyaToken);
        using var answer = await http.PostAsync(new Uri(Url, "/api/1.0/attachments"), form, Patience);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Patience));

        Assert.Empty((await ReadAsync(created.Id)).Attachments);
    }

    [Fact]
    public async Task Attachment_TypeIsGuessedFromTheName()
    {
        var created = await CreateAsync();
        await Tracker.AddAttachmentAsync(created.Id, TrackerFileTests.File("Bild.PNG", 1, new MemoryStream([1])), Patience);

        Assert.Equal("image/png", Assert.Single((await ReadAsync(created.Id)).Attachments).ContentType);
    }

    [Fact]
    public async Task Download_ComesWithoutTheToken()
    {
        var created = await CreateAsync();
        var id = await Tracker.AddAttachmentAsync(created.Id, TrackerFileTests.File("a.txt", 3, new MemoryStream([1, 2, 3])), Patience);

        Assert.Equal([1, 2, 3], await DownloadAsync(created.Id, id));
    }

    [Fact]
    public async Task History_CannotBeRelied_IsNull() => Assert.Null(await Tracker.ReadHistoryAsync((await CreateAsync()).Id, default, Patience));

    [Fact]
    public async Task Comment_WithAHeading_IsNotStoredAsVisibleTags()
    {
        var created = await CreateAsync();
        var body = Documents.Rich();

        await Tracker.AddCommentAsync(created.Id, new NewComment { Body = body, OriginMark = "m" }, Patience);

        var comment = Assert.Single((await ReadAsync(created.Id)).Comments);
        Assert.DoesNotContain("<h1>", comment.Body.ToPlainText(), StringComparison.Ordinal);
        Assert.Equal(Tracker.Normalise(body, RichTextPlace.Comment), comment.Body);
    }

    [Fact]
    public async Task FindCreated_TwoAlike_PrefersTheSameText()
    {
        var first = New("alike " + NewMark(), RichDocument.FromPlainText("first"));
        var second = first with { Description = RichDocument.FromPlainText("second") };
        await Tracker.CreateAsync(first, Patience);
        var wanted = await Tracker.CreateAsync(second, Patience);

        Assert.Equal(wanted.Id, (await Tracker.FindCreatedAsync(second, Intent("any"), Patience))?.Id);
    }

    [Fact]
    public async Task FindCreated_OlderTaskOrOtherType_IsNotAdopted()
    {
        var entity = New("alike " + NewMark(), RichDocument.Empty);
        await Tracker.CreateAsync(entity, Patience);

        Assert.Null(await Tracker.FindCreatedAsync(entity with { Type = new("milestone", "Milestone") }, Intent("any"), Patience));
        Assert.Null(await Tracker.FindCreatedAsync(entity, Intent("any") with { StoredAt = TimeProvider.System.GetUtcNow().AddMinutes(5) }, Patience));
    }

    [Fact]
    public async Task Poll_DeletionAndCommentEdit_ComeFromTheEventStream()
    {
        var since = TimeProvider.System.GetUtcNow();
        var entity = await CreateAsync();
        var person = ConnectAsPerson();
        var comment = await person.AddCommentAsync(entity.Id, Comment("one"), Patience);
        var (_, cursor) = await PollAllAsync(null, since);
        (_, cursor) = await PollAllAsync(cursor, since);

        await person.UpdateCommentAsync(entity.Id, comment, RichDocument.FromPlainText("two"), Patience);
        (var edited, cursor) = await PollAllAsync(cursor, since);
        await DeleteEntityAsync(entity.Id);
        var (deleted, _) = await PollAllAsync(cursor, since);

        Assert.Contains(new ChangedEntity(entity.Id), edited);
        Assert.Contains(new ChangedEntity(entity.Id, IsDeleted: true), deleted);
    }

    [Fact]
    public async Task Poll_ProjectThatIsGone_DoesNotStopTheOthers()
    {
        var since = TimeProvider.System.GetUtcNow();
        var entity = await CreateAsync();
        var told = new List<ChangedEntity>();
        PollPage page;
        string? cursor = null;
        do
        {
            page = await Tracker.PollAsync(new PollRequest { ProjectIds = ["1", ProjectId, "99999999999999999"], Cursor = cursor, Since = since }, Patience);
            told.AddRange(page.Changes);
            cursor = page.Cursor;
        }
        while (page.HasMore);

        Assert.Contains(new ChangedEntity(entity.Id), told);
    }

    [Fact]
    public async Task Place_EditedCommentAfterARestart_IsFoundByAsking()
    {
        var entity = await CreateAsync();
        var comment = await ConnectAsPerson().AddCommentAsync(entity.Id, Comment("x"), Patience);
        using var restarted = new TrackerBench();

        var placed = await restarted.Asana(Url, Overview.Token).PlaceAsync([$"story:{comment}", "story:1", "nonsense"], Patience);

        Assert.Equal([new ChangedEntity(entity.Id)], placed);
    }

    [Fact]
    public async Task Watch_LoopbackWhereTheVendorRefusesIt_SaysSoAndPolls()
    {
        await Sandbox.FailAsync(Url, new { method = "POST", path = "webhooks", status = 403, body = new { errors = new[] { new { message = "target: localhost is not allowed" } } } });
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);

        var state = await Tracker.WatchAsync(receiver.Request(ProjectId), Patience);

        Assert.Empty(state.Registrations);
        Assert.Contains("localhost is not allowed", state.RefusedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_ProjectNoLongerWanted_IsUnregistered()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Tracker);
        var other = Overview.Projects[1].Id;
        var both = await Tracker.WatchAsync(receiver.Request(ProjectId) with { ProjectIds = [ProjectId, other] }, Patience);

        var one = await Tracker.WatchAsync(receiver.Request(other, both), Patience);

        Assert.Equal(2, both.Registrations.Count);
        Assert.Equal([KeyValuePair.Create(other, both.Registrations[other])], one.Registrations);
        Assert.Equal(1, await CountWebhooksAsync(receiver.Address));
    }

    private Task<JsonNode?> RawAsync(HttpMethod method, string path, object? body, string? token = null) =>
        Sandbox.SendAsync(method, new Uri(Url, "/api/1.0/" + path), SandboxFixture.Bearer(token ?? Overview.Token), body);
}
