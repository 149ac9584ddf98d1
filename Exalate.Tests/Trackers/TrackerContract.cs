using System.Security.Cryptography;
using System.Text;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Tests.Trackers.Calls;
using Exalate.Tests.Trackers.Support;

namespace Exalate.Tests.Trackers;

/// <summary>What the engine relies on, whatever the tracker. Runs over real HTTP against the sandbox.</summary>
public abstract partial class TrackerContract(SandboxFixture sandbox) : IAsyncLifetime, IClassFixture<SandboxFixture>
{
    private readonly TrackerBench bench = new();

    protected SandboxFixture Sandbox => sandbox;

    internal TrackerBench Bench => bench;

    protected ITracker Tracker { get; private set; } = null!;

    protected abstract Uri Url { get; }

    protected abstract string ProjectId { get; }

    /// <summary>A type that every project has.</summary>
    protected abstract TrackerEntityType Type { get; }

    /// <summary>A path that creates an entity, for ordered failures.</summary>
    protected abstract string CreatePath { get; }

    protected static CancellationToken Patience => TrackerBench.Patience;

    public Task InitializeAsync()
    {
        Tracker = Connect(null);
        return sandbox.MendAsync(Url);
    }

    public Task DisposeAsync()
    {
        bench.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>The connector with the integration account's token, or with another.</summary>
    protected abstract ITracker Connect(string? token);

    /// <summary>The connector with the token of a person, who is not the integration account.</summary>
    protected abstract ITracker ConnectAsPerson();

    protected abstract Task DeleteEntityAsync(string id);

    [Fact]
    public async Task Account_OwnToken_NamesItsOwner()
    {
        var account = await Tracker.GetAccountAsync(Patience);

        Assert.Equal("Exalate Proxy", account.Name);
        Assert.NotEqual(account.Id, (await ConnectAsPerson().GetAccountAsync(Patience)).Id);
    }

    [Fact]
    public async Task Account_WrongToken_IsUnauthorizedWithoutTheToken()
    {
        var failure = await TrackerFaultTests.Fails(() => Connect("wrong-token-4711").GetAccountAsync(Patience));

        Assert.Equal((FailureCategory.Unauthorized, 401), (failure.Category, failure.StatusCode));
        Assert.DoesNotContain("wrong-token-4711", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("General Settings", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Projects_AllPages_AreEachThereOnceByName()
    {
        var all = await ProjectsAsync(null);

        Assert.Contains(all, p => p.Id == ProjectId);
        Assert.Equal(all.Count, all.DistinctBy(p => p.Id).Count());
        Assert.Equal(all.Select(p => p.Name).Order(StringComparer.OrdinalIgnoreCase), all.Select(p => p.Name));
        Assert.True(all.Count >= 2);
    }

    [Fact]
    public async Task Projects_Search_FindsPartOfTheNameInAnyCase()
    {
        var wanted = (await ProjectsAsync(null)).Single(p => p.Id == ProjectId);

        var found = await ProjectsAsync(wanted.Name[..3].ToUpperInvariant());

        Assert.Contains(found, p => p.Id == ProjectId);
        Assert.Empty(await ProjectsAsync("no project has this name"));
    }

    [Fact]
    public async Task EntityTypes_OfAProject_HoldTheUsualOne() =>
        Assert.Contains(await Tracker.ListEntityTypesAsync(ProjectId, Patience), t => t.Name == Type.Name && t.Id == Type.Id);

    [Fact]
    public async Task Create_ThenRead_GivesEverythingBack()
    {
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-2);
        var text = Documents.Rich();

        var created = await Tracker.CreateAsync(New("Login fails äöü 日本 😀", text), Patience);
        var read = await ReadAsync(created.Id);

        Assert.Equal((created.Id, created.Key, "Login fails äöü 日本 😀"), (read.Id, read.Key, read.Summary));
        Assert.Equal((Type.Name, ProjectId), (read.TypeName, read.Project!.Id));
        Assert.Equal(Tracker.Normalise(text, RichTextPlace.Description), read.Description);
        Assert.Equal((await Tracker.GetAccountAsync(Patience)).Id, read.CreatorId);
        Assert.InRange(read.Created, before, TimeProvider.System.GetUtcNow().AddSeconds(2));
        Assert.Empty(read.Comments);
        Assert.Empty(read.Attachments);
        Assert.Equal(read.Id, (await Tracker.ReadAsync(read.Key, Patience))!.Id);
    }

    [Fact]
    public async Task Link_PastedByAPerson_NamesTheEntityAgain()
    {
        var read = await ReadAsync((await CreateAsync()).Id);

        Assert.StartsWith(Tracker.InstanceUrl, read.Link, StringComparison.Ordinal);
        var reference = Tracker.ParseReference($"  {read.Link}?from=mail \n");
        Assert.Equal(read.Id, (await Tracker.ReadAsync(reference!, Patience))!.Id);
        Assert.Null(Tracker.ParseReference(read.Link.Replace("127.0.0.1", "127.0.0.9", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("../../myself")]
    [InlineData("no such thing")]
    [InlineData("9999999999")]
    [InlineData("")]
    public async Task Read_WhatDoesNotExist_IsNull(string idOrKey) => Assert.Null(await Tracker.ReadAsync(idOrKey, Patience));

    [Fact]
    public async Task Read_DeletedEntity_IsNull()
    {
        var created = await CreateAsync();
        await DeleteEntityAsync(created.Id);

        Assert.Null(await Tracker.ReadAsync(created.Id, Patience));
    }

    [Fact]
    public async Task Update_OneField_LeavesTheOther()
    {
        var text = RichDocument.FromPlainText("stays");
        var created = await Tracker.CreateAsync(New("before", text), Patience);

        await Tracker.UpdateAsync(created.Id, new EntityChange { Summary = "after" }, Patience);
        var renamed = await ReadAsync(created.Id);
        await Tracker.UpdateAsync(created.Id, new EntityChange { Description = RichDocument.FromPlainText("changed") }, Patience);
        var rewritten = await ReadAsync(created.Id);

        Assert.Equal(("after", "stays"), (renamed.Summary, renamed.Description.ToPlainText().Trim()));
        Assert.Equal(("after", "changed"), (rewritten.Summary, rewritten.Description.ToPlainText().Trim()));
        Assert.True(rewritten.Updated >= renamed.Updated);
    }

    [Fact]
    public async Task Update_EmptyDescription_ClearsIt()
    {
        var created = await Tracker.CreateAsync(New("x", RichDocument.FromPlainText("text")), Patience);

        await Tracker.UpdateAsync(created.Id, new EntityChange { Description = RichDocument.Empty }, Patience);

        Assert.Equal(RichDocument.Empty, (await ReadAsync(created.Id)).Description);
        Assert.Equal(RichDocument.Empty, Tracker.Normalise(RichDocument.Empty, RichTextPlace.Description));
    }

    [Fact]
    public async Task Update_DeletedEntity_SaysThatItIsGone()
    {
        var created = await CreateAsync();
        await DeleteEntityAsync(created.Id);

        var failure = await TrackerFaultTests.Fails(() => Tracker.UpdateAsync(created.Id, new EntityChange { Summary = "x" }, Patience));

        Assert.Equal((FailureCategory.Rejected, true, false), (failure.Category, failure.TargetGone, failure.OutcomeUnknown));
        Assert.Contains(created.Id, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.TrackerSaid);
    }

    [Fact]
    public async Task Summary_TooLongOrOfSeveralLines_StandsAsNormalised()
    {
        foreach (var summary in new[] { "two\r\nlines\tand a tab", new string('x', 3000), string.Concat(Enumerable.Repeat("😀", 2000)), " padded " })
        {
            var created = await Tracker.CreateAsync(New(summary, RichDocument.Empty), Patience);

            var read = await ReadAsync(created.Id);

            Assert.Equal(Tracker.NormaliseSummary(summary), read.Summary);
            Assert.True(read.Summary.Length <= Tracker.Description.MaxSummaryLength);
        }
    }

    [Fact]
    public async Task Summary_Empty_CanStillBeCreated()
    {
        var created = await Tracker.CreateAsync(New("", RichDocument.Empty), Patience);

        Assert.Equal(Tracker.NormaliseSummary(""), (await ReadAsync(created.Id)).Summary);
    }

    [Fact]
    public async Task Secrets_NoFailureHoldsThem()
    {
        var gone = await CreateAsync();
        await DeleteEntityAsync(gone.Id);
        var failures = new List<TrackerException>
        {
            await TrackerFaultTests.Fails(() => Tracker.UpdateAsync(gone.Id, new EntityChange { Summary = "x" }, Patience)),
            await TrackerFaultTests.Fails(() => Tracker.AddCommentAsync(gone.Id, Comment("x"), Patience)),
            await TrackerFaultTests.Fails(() => Tracker.CreateAsync(New("x", RichDocument.Empty) with { ProjectId = "999999999" }, Patience)),
            await TrackerFaultTests.Fails(() => Connect("another-secret-token").ListProjectsAsync(null, null, Patience)),
        };

        foreach (var text in failures.Select(f => f + " " + f.TrackerSaid))
        {
            Assert.DoesNotContain("secret-token", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("sandbox-token", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("another")), text, StringComparison.Ordinal);
        }
    }

    protected static string NewMark() => "twin-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    protected NewEntity New(string summary, RichDocument description) =>
        new() { ProjectId = ProjectId, Type = Type, Summary = summary, Description = description, OriginMark = NewMark() };

    protected static NewComment Comment(string text) => new() { Body = RichDocument.FromPlainText(text), OriginMark = NewMark() };

    protected static CreateIntent Intent(string mark, params string[] known) =>
        new() { OriginMark = mark, StoredAt = TimeProvider.System.GetUtcNow(), KnownIds = known.ToHashSet() };

    protected Task<CreatedEntity> CreateAsync() => Tracker.CreateAsync(New("An entity " + NewMark(), RichDocument.Empty), Patience);

    protected async Task<TrackerEntity> ReadAsync(string id) => await Tracker.ReadAsync(id, Patience) ?? throw new InvalidOperationException($"{id} is not there.");

    private async Task<List<TrackerProject>> ProjectsAsync(string? search)
    {
        var all = new List<TrackerProject>();
        string? cursor = null;
        do
        {
            var page = await Tracker.ListProjectsAsync(search, cursor, Patience);
            Assert.InRange(page.Items.Count, 0, 50);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }
}
