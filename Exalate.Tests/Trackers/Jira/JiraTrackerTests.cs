using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Tests.Trackers.Calls;
using Exalate.Tests.Trackers.Support;

namespace Exalate.Tests.Trackers.Jira;

/// <summary>The contract on Jira Cloud, and what only Jira does. Names follow what is known of the vendor.</summary>
public sealed class JiraTrackerTests(SandboxFixture sandbox) : TrackerContract(sandbox)
{
    private const string AnnaToken = "jira-token-anna";
    private const string AnnaEmail = "anna@acme.example";

    protected override Uri Url => Sandbox.Host.JiraUrl;

    protected override string ProjectId => "10000";

    protected override TrackerEntityType Type => new("10002", "Task");

    protected override string CreatePath => "/rest/api/3/issue$";

    private Exalate.Sandbox.SandboxTrackerOverview Overview => Sandbox.Host.Overview.Single(o => o.Tracker == "Jira Cloud");

    protected override ITracker Connect(string? token) => Bench.Jira(Url, token ?? Overview.Token, Overview.AccountName!);

    protected override ITracker ConnectAsPerson() => Bench.Jira(Url, AnnaToken, AnnaEmail);

    protected override Task DeleteEntityAsync(string id) => RawAsync(HttpMethod.Delete, $"issue/{id}?deleteSubtasks=true", null);

    protected override async Task<int> CountWebhooksAsync(Uri callback)
    {
        var hooks = await Sandbox.SendAsync(HttpMethod.Get, new Uri(Url, "/rest/webhooks/1.0/webhook"), SandboxFixture.Basic(AnnaEmail, AnnaToken), null);
        return hooks!.AsArray().Count(hook => (string?)hook!["url"] == callback.AbsoluteUri);
    }

    [Fact]
    public async Task Anonymous_AnswersAreNoSuccess()
    {
        var failure = await TrackerFaultTests.Fails(() => Bench.Jira(Url, "token", "").GetAccountAsync(Patience));

        Assert.Equal(FailureCategory.Unauthorized, failure.Category);
        Assert.Contains("e-mail", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntityTypes_SubtaskTypes_AreLeftOut()
    {
        var types = await Tracker.ListEntityTypesAsync(ProjectId, Patience);

        Assert.Contains(types, t => t.Name == "Bug");
        Assert.DoesNotContain(types, t => t.Name.Contains("sub", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(FailureCategory.Misconfigured, (await TrackerFaultTests.Fails(() => Tracker.ListEntityTypesAsync("99999", Patience))).Category);
    }

    [Fact]
    public async Task Read_ByKeyInAnyForm_FindsTheIssue()
    {
        var issue = await ReadAsync("TEST-1");

        Assert.Equal("TEST-1", issue.Key);
        Assert.Equal(issue.Id, (await Tracker.ReadAsync(Tracker.ParseReference("test-1")!, Patience))!.Id);
        Assert.Equal($"{Url.ToString().TrimEnd('/')}/browse/TEST-1", issue.Link);
        Assert.NotEmpty(issue.Comments);
        Assert.All(issue.Comments, c => Assert.NotEmpty(c.AuthorName));
        Assert.NotEmpty(issue.Attachments);
    }

    [Fact]
    public async Task OriginMark_WrittenWithTheCreate_IsReadFromIssueAndComment()
    {
        var entity = New("marked", RichDocument.Empty);
        var comment = Comment("marked");

        var created = await Tracker.CreateAsync(entity, Patience);
        var id = await Tracker.AddCommentAsync(created.Id, comment, Patience);
        var read = await ReadAsync(created.Id);

        Assert.Equal(entity.OriginMark, read.OriginMark);
        Assert.Equal(id, await FindAsync(created.Id, comment));
        Assert.Null((await ReadAsync("TEST-1")).OriginMark);
    }

    [Fact]
    public async Task OriginMark_AfterTheCommentIsEdited_IsStillThere()
    {
        var created = await CreateAsync();
        var comment = Comment("before");
        var id = await Tracker.AddCommentAsync(created.Id, comment, Patience);

        await Tracker.UpdateCommentAsync(created.Id, id, RichDocument.FromPlainText("after"), Patience);

        Assert.Equal(id, await FindAsync(created.Id, comment));
    }

    private Task<string?> FindAsync(string issue, NewComment comment) => Tracker.FindCommentAsync(
        issue, comment, new CreateIntent { OriginMark = comment.OriginMark, StoredAt = TimeProvider.System.GetUtcNow(), KnownIds = new HashSet<string>() }, Patience);

    [Fact]
    public async Task Comment_RestrictedToARole_IsTold()
    {
        var created = await CreateAsync();
        await RawAsync(HttpMethod.Post, $"issue/{created.Id}/comment", new { body = Adf("for admins"), visibility = new { type = "role", value = "Administrators" } });
        await RawAsync(HttpMethod.Post, $"issue/{created.Id}/comment", new { body = Adf("for all") });

        var comments = (await Tracker.ReadAsync(created.Id, Patience))!.Comments;

        Assert.DoesNotContain(comments, c => c.Body.ToPlainText().Contains("for admins", StringComparison.Ordinal) && !c.IsRestricted);
        Assert.Contains(comments, c => c.Body.ToPlainText().Contains("for all", StringComparison.Ordinal) && !c.IsRestricted);
    }

    [Fact]
    public async Task Create_RefusedType_CarriesJirasWords()
    {
        var failure = await TrackerFaultTests.Fails(() => Tracker.CreateAsync(New("x", RichDocument.Empty) with { Type = new("4711", "No such type") }, Patience));

        Assert.Equal((FailureCategory.Rejected, 400, false), (failure.Category, failure.StatusCode, failure.OutcomeUnknown));
        Assert.Contains("issuetype", failure.TrackerSaid, StringComparison.Ordinal);
        Assert.Contains(failure.TrackerSaid!, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_EditOfAPerson_IsToldWithAuthor()
    {
        var since = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var created = await CreateAsync();
        var person = ConnectAsPerson();
        await person.UpdateAsync(created.Id, new EntityChange { Summary = "theirs" }, Patience);
        await Tracker.UpdateAsync(created.Id, new EntityChange { Description = RichDocument.FromPlainText("ours") }, Patience);

        var edits = await Tracker.ReadHistoryAsync(created.Id, since, Patience);

        Assert.Equal(
            [("summary", (await person.GetAccountAsync(Patience)).Id), ("description", (await Tracker.GetAccountAsync(Patience)).Id)],
            edits!.Select(e => (e.Field, e.AuthorId!)));
        Assert.Empty((await Tracker.ReadHistoryAsync(created.Id, TimeProvider.System.GetUtcNow().AddMinutes(1), Patience))!);
        Assert.Empty((await Tracker.ReadHistoryAsync("999999", since, Patience))!);
    }

    [Fact]
    public async Task FindCreated_IssueAlikeWithAnotherMark_IsNotAdopted()
    {
        var entity = New("alike", RichDocument.Empty);
        await Tracker.CreateAsync(entity, Patience);

        Assert.Null(await Tracker.FindCreatedAsync(entity with { OriginMark = "other" }, Intent("other"), Patience));
    }

    [Fact]
    public async Task Watch_AccountThatMayNot_IsRefusedInASentence()
    {
        var ben = Bench.Jira(Url, "jira-token-ben", "ben@acme.example");
        await using var receiver = await WebhookReceiver.StartAsync(ben);

        var state = await ben.WatchAsync(receiver.Request(ProjectId), Patience);

        Assert.Empty(state.Registrations);
        Assert.Contains("Administer Jira", state.RefusedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_TokenOfAPageGrewOld_StartsTheWalkAgain()
    {
        var since = TimeProvider.System.GetUtcNow();
        var entity = await CreateAsync();
        var cursor = $$"""{"w":{{since.ToUnixTimeMilliseconds()}},"p":"outdated"}""";

        Assert.Contains(entity.Id, (await PollAllAsync(cursor, since)).Changes.Select(change => change.EntityId));
    }

    private static object Adf(string text) => new
    {
        type = "doc", version = 1, content = new[] { new { type = "paragraph", content = new[] { new { type = "text", text } } } },
    };

    private Task<JsonNode?> RawAsync(HttpMethod method, string path, object? body) =>
        Sandbox.SendAsync(method, new Uri(Url, "/rest/api/3/" + path), SandboxFixture.Basic(AnnaEmail, AnnaToken), body);
}
