using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.RichText;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Watching;
using Exalate.Core.Trackers;
using Exalate.Tests.Peers;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exalate.Tests.Sync;

/// <summary>One node, one tracker, two of its projects: no invitation, no HTTP, one row in the list.</summary>
public sealed class SyncingLocally : IAsyncLifetime
{
    private static readonly TrackerProject First = new("P", "P", "Project P");
    private static readonly TrackerProject Second = new("Q", "Q", "Project Q");

    private readonly ManualTime time = new();
    private TestDatabase database = null!;
    private FakeTracker tracker = null!;
    private ServiceProvider services = null!;
    private Guid connectionId;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        tracker = new FakeTracker("A", time);
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        collection.AddSingleton<TimeProvider>(time);
        collection.AddSingleton<IRandomSource>(new SeededRandomSource(1));
        collection.AddSingleton<IDbContextFactory<ExalateDbContext>>(database);
        collection.AddSingleton<ITrackerProvider>(new Fixed(tracker));
        collection.AddSingleton<ITrackerFactory>(new TestTrackers());
        collection.AddSingleton<ISecretProtector>(new TestSecrets("local"));
        collection.AddExalateCore();
        services = collection.BuildServiceProvider();
        await services.SeedSettingsAsync();
        await using (var db = database.CreateDbContext())
        {
            var own = await db.Settings.SingleAsync();
            (own.ShortName, own.ExalateUrl, own.TrackerKind, own.TrackerUrl) = ("acme", "https://exalate.acme.example", TrackerKind.Jira, "https://acme.tracker.example");
            (own.ProtectedTrackerToken, own.TrackerAccountName) = ("token", "proxy@acme.example");
            await db.SaveChangesAsync();
        }

        var made = await SendAsync(Initiation(First, Second));
        Assert.True(made.IsSuccess, made.Error?.Sentence);
        connectionId = made.Value.ConnectionId;
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task The_connection_is_active_at_once_and_stands_in_the_list_once()
    {
        var row = Assert.Single(await SendAsync(new ListConnections()));
        Assert.Equal((connectionId, ConnectionType.Local, ConnectionStatus.Active, "acme_to_acme"), (row.Id, row.Type, row.Status, row.Name));
        Assert.Equal((First, Second, "acme", null), (row.Project, row.OtherProject, row.RemoteShortName, row.RemoteUrl));
        Assert.Equal(connectionId, (await SendAsync(Initiation(First, Second) with { RequestId = new Guid("00000000-0000-0000-0000-000000000001") })).Value.ConnectionId);
    }

    [Fact]
    public async Task Two_projects_are_needed_and_two_different_ones()
    {
        Assert.Equal("OtherProject", Assert.IsType<Invalid>((await SendAsync(Initiation(First, null) with { RequestId = new Guid("00000000-0000-0000-0000-000000000002") })).Error).Field);
        Assert.Contains("with itself", Assert.IsType<Invalid>((await SendAsync(Initiation(First, First) with { RequestId = new Guid("00000000-0000-0000-0000-000000000003") })).Error).Sentence);
    }

    [Fact]
    public async Task Entities_of_either_project_sync_and_changes_travel_without_echo()
    {
        foreach (var (from, to) in new[] { ("P", "Q"), ("Q", "P") })
        {
            var original = tracker.Add($"From {from}", "Text", project: from);
            tracker.Comment(original.Id, "Anna Bright", "Hello");
            tracker.Attach(original.Id, "a.png", [1, 2, 3]);
            var copy = await SyncAsync(original.Key);
            Assert.Equal(($"From {from}", to), (copy.Summary, copy.Project!.Id));
            Assert.Equal("Anna Bright commented:\n\nHello", Assert.Single(copy.Comments).Body.ToPlainText());
            Assert.Equal([1, 2, 3], tracker.Content(Assert.Single(copy.Attachments).Id));

            tracker.Edit(copy.Id, entity => entity with { Summary = $"Edited in {to}" });
            await ReportAsync(original.Id, copy.Id);
            Assert.Equal($"Edited in {to}", tracker[original.Id].Summary);
            var sent = await SentAsync();
            await ReportAsync(original.Id, copy.Id);
            await ReportAsync(original.Id, copy.Id);
            Assert.Equal(sent, await SentAsync());
            Assert.Single(tracker[copy.Id].Comments);
            Assert.Single(tracker[original.Id].Comments);
        }

        Assert.Equal(2, Assert.Single(await SendAsync(new ListConnections())).EntitiesInSync);
    }

    [Fact]
    public async Task Mentions_address_the_same_accounts_and_pictures_show_each_entitys_own_files()
    {
        var original = tracker.Add("In one site");
        var file = tracker.Attach(original.Id, "shot.png", [1]);
        tracker.Edit(original.Id, entity => entity with { Description = Saying(file) });

        var copy = await SyncAsync(original.Key);

        Assert.Equal(Saying(Assert.Single(copy.Attachments).Id), copy.Description);
        tracker.Edit(copy.Id, entity => entity with { Description = entity.Description.Append(new Paragraph([new TextRun("More")])) });
        await ReportAsync(original.Id, copy.Id);
        Assert.Equal(Saying(file).Append(new Paragraph([new TextRun("More")])), tracker[original.Id].Description);

        RichDocument Saying(string id) => new(
        [
            new Paragraph([new TextRun("For "), new Mention("person", "Anna Bright", tracker.InstanceUrl), new OpaqueInline(tracker.InstanceUrl, "<x/>", "x")]),
            new ImageBlock(new Image { Id = id, System = tracker.InstanceUrl, Name = "shot.png", Alt = "shot.png" }),
        ]);
    }

    [Fact]
    public async Task An_entity_of_a_pair_is_not_synced_again_from_either_side_and_other_projects_are_refused()
    {
        var original = tracker.Add("One");
        var copy = await SyncAsync(original.Key);
        foreach (var key in new[] { original.Key, copy.Key })
            Assert.Contains("already under sync", Assert.IsType<Conflict>((await SendAsync(new ExalateEntity(connectionId, key, null))).Error).Sentence);
        var elsewhere = tracker.Add("Two", project: "R");
        Assert.Contains("Project P (P) and Project Q (Q)", Assert.IsType<Invalid>((await SendAsync(new ExalateEntity(connectionId, elsewhere.Key, null))).Error).Sentence);
    }

    [Fact]
    public async Task Deactivated_both_halves_rest_activated_both_go_on_and_deleted_both_are_gone()
    {
        var original = tracker.Add("One");
        var copy = await SyncAsync(original.Key);
        Assert.True((await SendAsync(new DeactivateConnection(connectionId, null))).IsSuccess);
        tracker.Edit(original.Id, entity => entity with { Summary = "Two" });
        tracker.Edit(copy.Id, entity => entity with { Description = Exalate.Core.RichText.RichDocument.FromPlainText("Kept") });
        await ReportAsync(original.Id, copy.Id);
        Assert.Equal(("One", ""), (tracker[copy.Id].Summary, tracker[original.Id].Description.ToPlainText()));

        Assert.True((await SendAsync(new ActivateConnection(connectionId, null))).IsSuccess);
        await SettleAsync();
        Assert.Equal(("Two", "Kept"), (tracker[copy.Id].Summary, tracker[original.Id].Description.ToPlainText()));

        Assert.True((await SendAsync(new DeleteConnection(connectionId, "acme_to_acme", KeepPairs: true, null))).IsSuccess);
        await using var db = database.CreateDbContext();
        Assert.Equal((0, 0), (await db.Connections.CountAsync(), await db.Twins.CountAsync()));
        Assert.Equal(1, await SendAsync(new CountFormerPairs()));
    }

    [Fact]
    public async Task Renamed_both_halves_follow()
    {
        Assert.True((await SendAsync(new RenameConnection(connectionId, "support", null))).IsSuccess);
        await using var db = database.CreateDbContext();
        Assert.Equal(["support", "support (back)"], (await db.Connections.ToListAsync()).Select(half => half.Name).Order());
    }

    [Fact]
    public async Task Nobody_can_call_in_on_a_local_connection()
    {
        await using var db = database.CreateDbContext();
        Assert.All(await db.Connections.ToListAsync(), half => Assert.Null(half.ProtectedSecret));
    }

    private static InitiateConnection Initiation(TrackerProject? first, TrackerProject? second) => new()
    {
        RequestId = new Guid("00000000-0000-0000-0000-000000000001"),
        DestinationUrl = "https://exalate.acme.example",
        Mode = ConnectionMode.Basic,
        Project = first,
        OtherProject = second,
        HasAdminAccess = false,
    };

    private Task<T> SendAsync<T>(IRequest<T> request) => services.GetRequiredService<IMediator>().Send(request);

    private async Task<TrackerEntity> SyncAsync(string key)
    {
        var started = await SendAsync(new ExalateEntity(connectionId, key, null));
        Assert.True(started.IsSuccess, started.Error?.Sentence);
        await SettleAsync();
        var progress = (await SendAsync(new GetTwinProgress(started.Value.TwinId)))!;
        Assert.Equal((SyncPhase.Synchronized, null), (progress.Phase, progress.Problem));
        return (await tracker.ReadAsync(tracker.ParseReference(progress.RemoteKey!)!, default))!;
    }

    private async Task ReportAsync(params string[] entityIds)
    {
        foreach (var id in entityIds)
        {
            await using var db = database.CreateDbContext();
            await services.GetRequiredService<ChangeIntake>().TakeAsync(db, [new ChangedEntity(id)], ownAccountId: null, default);
        }

        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        for (var rounds = 0; await services.GetRequiredService<SyncEngine>().WorkAsync(default); rounds++)
            Assert.True(rounds < 200, "A change travels to and fro.");
    }

    private async Task<int> SentAsync()
    {
        await using var db = database.CreateDbContext();
        return await db.SyncRequests.CountAsync();
    }

    private sealed class Fixed(ITracker tracker) : ITrackerProvider
    {
        public Task<ITracker?> GetAsync(CancellationToken cancellationToken) => Task.FromResult<ITracker?>(tracker);
    }
}
