using Exalate.Core;
using Exalate.Core.Access;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Sync;
using Exalate.Core.Trackers;
using Exalate.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Connections;

/// <summary>What the edit screen shows and changes, and partners that move.</summary>
public sealed class EditingConnections : IAsyncLifetime
{
    private TestNode acme = null!;
    private TestNode globex = null!;
    private Guid atAcme;
    private Guid atGlobex;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme");
        globex = await TestNode.StartAsync("globex", TrackerKind.Asana);
        (atAcme, atGlobex) = await acme.ConnectAsync(globex);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await globex.DisposeAsync();
    }

    [Fact]
    public async Task Both_ends_are_described()
    {
        var details = (await acme.SendAsync(new GetConnectionDetails(atAcme)))!;

        Assert.Equal(("Node of acme", "acme", acme.Url), (details.Local.Name, details.Local.ShortName, details.Local.Url));
        Assert.Equal(("Node of globex", "globex", globex.Url, ExalateCore.Version), (details.Remote.Name, details.Remote.ShortName, details.Remote.Url, details.Remote.Version));
        Assert.Equal((true, "admin@acme.example", SecretStanding.Agreed, null, null), (details.AsksForProject, details.CreatedBy, details.Secret, details.AddressFixedBecause, details.SecretFixedBecause));
        Assert.Equal("127.0.0.1", details.AcceptedFrom);
        Assert.False((await globex.SendAsync(new GetConnectionDetails(atGlobex)))!.AsksForProject);
        Assert.Null(await acme.SendAsync(new GetConnectionDetails(Ids.New())));
    }

    [Fact]
    public async Task Renamed_it_keeps_its_name_and_no_two_have_one()
    {
        await OkAsync(acme, new RenameConnection(atAcme, "  Support desk ", "kim"));
        var renamed = await acme.ConnectionAsync();
        Assert.Equal(("Support desk", false), (renamed.Name, renamed.NameIsGenerated));
        var second = await acme.InitiateAsync(globex);
        Assert.IsType<Conflict>((await acme.SendAsync(new RenameConnection(second.ConnectionId, "Support desk", null))).Error);
        Assert.IsType<Invalid>((await acme.SendAsync(new RenameConnection(atAcme, " ", null))).Error);
        Assert.IsType<Invalid>((await acme.SendAsync(new RenameConnection(atAcme, "a\u0007b", null))).Error);
    }

    [Fact]
    public async Task The_project_can_be_changed_where_the_tracker_asks_for_one()
    {
        await OkAsync(acme, new ChangeIncomingProject(atAcme, new TrackerProject("11", "OPS", "Operations"), "kim"));
        Assert.Equal(new TrackerProject("11", "OPS", "Operations"), (await acme.SendAsync(new GetConnection(atAcme)))!.Project);
        var refused = await globex.SendAsync(new ChangeIncomingProject(atGlobex, new TrackerProject("11", "OPS", "Operations"), "kim"));
        Assert.Contains("default project of General Settings", Assert.IsType<Invalid>(refused.Error).Sentence);
    }

    [Fact]
    public async Task A_node_that_moves_tells_its_partners_and_they_look_before_they_follow()
    {
        await using var impostor = await TestNode.StartAsync("impostor");
        // To an address where somebody else answers: the partner does not follow, and says why.
        await SaveUrlAsync(globex, impostor.Url);
        await globex.DeliverNoticesAsync();
        Assert.Equal(globex.Url, (await acme.ConnectionAsync()).RemoteUrl);
        var waiting = Assert.Single((await globex.SendAsync(new GetConnectionDetails(atGlobex)))!.NotToldYet);
        Assert.Contains("acme was not told this node's new Exalate URL yet", waiting);
        Assert.Contains("Another node answers at the new address", waiting);

        var moved = globex.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await SaveUrlAsync(globex, moved);
        await globex.DeliverNoticesAsync();

        Assert.Equal(moved, (await acme.ConnectionAsync()).RemoteUrl);
        Assert.Empty((await globex.SendAsync(new GetConnectionDetails(atGlobex)))!.NotToldYet);
        await acme.Services.GetRequiredService<IPeerClient>().SendResultAsync(await acme.ConnectionAsync(), new SyncResultMessage { EventId = "e", Outcome = SyncOutcome.Applied }, default);
        Assert.Single(globex.Inbox.Results);
    }

    [Fact]
    public async Task Other_settings_tell_nobody_anything()
    {
        await SaveUrlAsync(globex, globex.Url);
        await using var db = globex.Database.CreateDbContext();
        Assert.Empty(await db.Set<ConnectionNotice>().ToListAsync());
    }

    [Fact]
    public async Task The_partners_address_is_corrected_by_hand_only_where_the_same_node_answers()
    {
        await using var impostor = await TestNode.StartAsync("impostor");
        var wrong = await acme.SendAsync(new CorrectPartnerUrl(atAcme, impostor.Url, "kim"));
        Assert.Contains("Node of impostor", Assert.IsType<Invalid>(wrong.Error).Sentence);
        Assert.IsType<Invalid>((await acme.SendAsync(new CorrectPartnerUrl(atAcme, "ftp://x", "kim"))).Error);
        Assert.IsType<Unavailable>((await acme.SendAsync(new CorrectPartnerUrl(atAcme, "http://127.0.0.1:1", "kim"))).Error);
        Assert.Equal(globex.Url, (await acme.ConnectionAsync()).RemoteUrl);

        await using (var db = acme.Database.CreateDbContext())
        {
            var connection = await db.Connections.SingleAsync();
            (connection.RemoteUrl, connection.Problem, connection.PausedUntil) = ("http://127.0.0.1:1", "could not be reached", acme.Clock.GetUtcNow().AddMinutes(1));
            await db.SaveChangesAsync();
        }

        await OkAsync(acme, new DeactivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        Assert.Null((await globex.ConnectionAsync()).PartnerDeactivatedAt);
        await OkAsync(acme, new CorrectPartnerUrl(atAcme, globex.Url + "/", "kim"));
        await acme.DeliverNoticesAsync();

        var corrected = await acme.ConnectionAsync();
        Assert.Equal((globex.Url, null, null), (corrected.RemoteUrl, corrected.Problem, corrected.PausedUntil));
        Assert.NotNull((await globex.ConnectionAsync()).PartnerDeactivatedAt);
    }

    [Fact]
    public async Task A_partner_that_is_gone_or_another_one_is_said_in_the_list_and_forgotten_when_it_is_back()
    {
        var check = acme.Services.GetRequiredService<PartnerCheck>();
        await globex.StopAsync();
        await check.CheckDueAsync(default);
        Assert.Contains("could not be reached (connection refused). What changes here is kept", (await acme.SendAsync(new GetConnection(atAcme)))!.Problem);

        await globex.RestartAsync();
        await check.CheckDueAsync(default);
        Assert.NotNull((await acme.SendAsync(new GetConnection(atAcme)))!.Problem);
        acme.Clock.Advance(TimeSpan.FromMinutes(2));
        await check.CheckDueAsync(default);
        Assert.Null((await acme.SendAsync(new GetConnection(atAcme)))!.Problem);

        await using (var db = acme.Database.CreateDbContext())
        {
            (await db.Connections.SingleAsync()).RemoteNodeUid = "someone-else";
            await db.SaveChangesAsync();
        }

        acme.Clock.Advance(TimeSpan.FromMinutes(16));
        await check.CheckDueAsync(default);
        Assert.Contains("Another node answers at", (await acme.SendAsync(new GetConnection(atAcme)))!.Problem);
    }

    [Fact]
    public async Task A_partner_whose_node_speaks_another_protocol_now_is_said_in_the_list()
    {
        var uid = (await acme.ConnectionAsync()).RemoteNodeUid!;
        await using var other = await LoopbackServer.StartAsync(context => context.Response.WriteAsJsonAsync(new PeerAbout
        {
            Product = "exalate", Protocols = ["v0"], Uid = uid, Version = "0.0.1", Modes = [], Types = [], Time = acme.Clock.GetUtcNow(),
        }));
        await using (var db = acme.Database.CreateDbContext())
        {
            (await db.Connections.SingleAsync()).RemoteUrl = other.Url.GetLeftPart(UriPartial.Authority);
            await db.SaveChangesAsync();
        }

        await acme.Services.GetRequiredService<PartnerCheck>().CheckDueAsync(default);

        Assert.Equal("The node of globex (version 0.0.1) does not speak the protocol v1 of this node. Update the older of the two.", (await acme.SendAsync(new GetConnection(atAcme)))!.Problem);
    }

    [Fact]
    public async Task Statistics_count_by_day()
    {
        var twin = await acme.Database.AddTwinAsync(atAcme, null);
        await using (var db = acme.Database.CreateDbContext())
        {
            var now = acme.Clock.GetUtcNow();
            db.SyncEvents.AddRange(Event(twin, "1", 1, now), Event(twin, "2", 2, now), Event(twin, "3", 0, now), Event(twin, "4", 3, now.AddDays(-13)), Event(twin, "5", 4, now.AddDays(-14)));
            db.SyncRequests.Add(new SyncRequest { ConnectionId = atAcme, EventId = "r", TwinId = twin, Stage = RequestStage.Received, MessageJson = "{}", ReceivedAt = now.AddDays(-1) });
            await db.SaveChangesAsync();
        }

        var statistics = (await acme.SendAsync(new GetConnectionStatistics(atAcme)))!;

        Assert.Equal((0, 1, 0), (statistics.EntitiesInSync, statistics.FirstSyncs, statistics.Errors));
        Assert.Equal(14, statistics.Days.Count);
        Assert.Equal([(1, 0), (0, 1), (2, 0)], statistics.Days.Where(day => day.Out + day.In > 0).Select(day => (day.Out, day.In)));
        Assert.Equal(DateOnly.FromDateTime(acme.Clock.GetUtcNow().UtcDateTime), statistics.Days[^1].Day);
    }

    private SyncEvent Event(Guid twin, string id, long version, DateTimeOffset at) =>
        new() { ConnectionId = atAcme, EventId = id, TwinId = twin, Stage = EventStage.Done, Version = version, CreatedAt = at, FinishedAt = at };

    private static async Task SaveUrlAsync(TestNode node, string url)
    {
        var now = await node.SendAsync(new GetNodeSettings());
        await OkAsync(node, new SaveNodeSettings
        {
            Revision = now.Revision, NodeName = now.NodeName, ShortName = now.ShortName, ExalateUrl = url, TrackerKind = now.TrackerKind, TrackerUrl = now.TrackerUrl,
            TrackerAccountName = now.TrackerAccountName, DefaultProject = now.DefaultProject, DefaultEntityType = now.DefaultEntityType, AllowedNetworks = now.AllowedNetworks,
        });
    }

    private static async Task OkAsync(TestNode node, MediatR.IRequest<Result> message)
    {
        var result = await node.SendAsync(message);
        Assert.True(result.IsSuccess, result.Error?.Sentence);
    }
}
