using Exalate.Core;
using Exalate.Core.Access;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Sync.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Connections;

/// <summary>Two connected nodes over real HTTP: deactivating, activating and deleting, and what the other side learns of it.</summary>
public sealed class TellingPartners : IAsyncLifetime
{
    private TestNode acme = null!;
    private TestNode globex = null!;
    private Guid atAcme;
    private Guid atGlobex;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme");
        globex = await TestNode.StartAsync("globex");
        (atAcme, atGlobex) = await acme.ConnectAsync(globex);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await globex.DisposeAsync();
    }

    [Fact]
    public async Task Deactivated_and_activated_the_partner_knows_since_when()
    {
        await OkAsync(acme, new DeactivateConnection(atAcme, "kim@acme.example"));
        acme.Clock.Advance(TimeSpan.FromMinutes(1));
        globex.Clock.Advance(TimeSpan.FromMinutes(1));
        await acme.DeliverNoticesAsync();

        var here = await ViewAsync(acme, atAcme);
        Assert.Equal((ConnectionStatus.Deactivated, "kim@acme.example"), (here.Status, here.DeactivatedBy));
        var there = await ViewAsync(globex, atGlobex);
        Assert.Equal((ConnectionStatus.Active, here.DeactivatedAt), (there.Status, there.PartnerDeactivatedAt));

        await OkAsync(acme, new ActivateConnection(atAcme, "kim@acme.example"));
        await acme.DeliverNoticesAsync();

        Assert.Equal((ConnectionStatus.Active, null), ((await ViewAsync(acme, atAcme)).Status, (await ViewAsync(acme, atAcme)).DeactivatedAt));
        Assert.Null((await ViewAsync(globex, atGlobex)).PartnerDeactivatedAt);
        Assert.Equal([AuditAction.ConnectionDeactivated, AuditAction.ConnectionActivated], await AuditAsync(acme, AuditAction.ConnectionDeactivated, AuditAction.ConnectionActivated));
        Assert.Equal(2, (await AuditAsync(globex, AuditAction.PartnerNotice)).Count);
    }

    [Fact]
    public async Task While_deactivated_the_partner_keeps_what_it_has_and_both_sides_still_take_notices()
    {
        await OkAsync(acme, new DeactivateConnection(atAcme, null));
        var refused = await Assert.ThrowsAsync<PeerException>(() => SendAsync(globex));
        Assert.True(refused.ConnectionInactive);
        Assert.Empty(acme.Inbox.Requests);

        await OkAsync(globex, new DeactivateConnection(atGlobex, null));
        await acme.DeliverNoticesAsync();
        await globex.DeliverNoticesAsync();
        Assert.NotNull((await ViewAsync(acme, atAcme)).PartnerDeactivatedAt);
        Assert.NotNull((await ViewAsync(globex, atGlobex)).PartnerDeactivatedAt);

        await OkAsync(acme, new ActivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        Assert.Null((await ViewAsync(globex, atGlobex)).PartnerDeactivatedAt);
        await OkAsync(globex, new ActivateConnection(atGlobex, null));
        await SendAsync(globex);
        Assert.Single(acme.Inbox.Requests);
    }

    [Fact]
    public async Task An_unreachable_partner_is_told_when_it_is_back_and_only_what_still_holds()
    {
        await globex.StopAsync();
        await OkAsync(acme, new DeactivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        await OkAsync(acme, new ActivateConnection(atAcme, null));
        await OkAsync(acme, new DeactivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        Assert.Equal(1, await CountAsync<ConnectionNotice>(acme));

        await globex.RestartAsync();
        await acme.DeliverNoticesAsync();
        Assert.Null((await ViewAsync(globex, atGlobex)).PartnerDeactivatedAt);
        acme.Clock.Advance(TimeSpan.FromSeconds(61));
        await acme.DeliverNoticesAsync();

        Assert.NotNull((await ViewAsync(globex, atGlobex)).PartnerDeactivatedAt);
        Assert.Equal(0, await CountAsync<ConnectionNotice>(acme));
    }

    [Fact]
    public async Task Stopped_and_started_in_between_a_node_still_tells()
    {
        await OkAsync(acme, new DeactivateConnection(atAcme, null));
        await acme.StopAsync();
        await acme.RestartAsync();
        await acme.DeliverNoticesAsync();
        Assert.NotNull((await ViewAsync(globex, atGlobex)).PartnerDeactivatedAt);
    }

    [Fact]
    public async Task A_notice_that_was_held_up_on_its_way_changes_nothing_any_more()
    {
        var connection = await acme.ConnectionAsync();
        var client = acme.Services.GetRequiredService<IPeerClient>();
        await client.SendNoticeAsync(connection, Notice(2, NoticeKind.Activated), default);
        await client.SendNoticeAsync(connection, Notice(1, NoticeKind.Deactivated), default);
        await client.SendNoticeAsync(connection, Notice(2, NoticeKind.Deactivated), default);

        Assert.Null((await ViewAsync(globex, atGlobex)).PartnerDeactivatedAt);
    }

    [Theory]
    [InlineData("Nonsense", 5, null, null)]
    [InlineData("deactivated", 5, null, null)]
    [InlineData("1", 5, null, null)]
    [InlineData("Deactivated", 0, null, null)]
    [InlineData("Moved", 5, null, null)]
    [InlineData("Moved", 5, "javascript:alert(1)", null)]
    [InlineData("SecretOffered", 5, null, null)]
    [InlineData("SecretOffered", 5, null, "short")]
    public async Task A_notice_that_makes_no_sense_is_refused_with_a_sentence_and_changes_nothing(string kind, long number, string? url, string? secret)
    {
        var before = await globex.ConnectionAsync();
        var notice = new NoticeMessage { Kind = kind, Number = number, At = acme.Clock.GetUtcNow(), Url = url, Secret = secret };
        var failure = await Assert.ThrowsAsync<PeerException>(async () => await acme.Services.GetRequiredService<IPeerClient>().SendNoticeAsync(await acme.ConnectionAsync(), notice, default));

        Assert.Equal(PeerCodes.MessageRefused, failure.Code);
        var after = await globex.ConnectionAsync();
        Assert.Equal((before.Status, before.RemoteUrl, before.ProtectedNextSecret, before.PartnerNoticeNumber), (after.Status, after.RemoteUrl, after.ProtectedNextSecret, after.PartnerNoticeNumber));
    }

    [Fact]
    public async Task A_partners_notice_touches_its_own_connection_alone_and_its_clock_is_believed_as_far_as_it_can_be_true()
    {
        await using var initech = await TestNode.StartAsync("initech");
        var (_, ofInitech) = await initech.ConnectAsync(globex);
        var honest = (await globex.ConnectionsAsync()).Single(c => c.Id == ofInitech);
        var forged = await acme.ConnectionAsync();
        var client = acme.Services.GetRequiredService<IPeerClient>();

        // The other partner's link id, signed with the own secret.
        var asInitech = Clone(forged, honest.LinkId);
        var failure = await Assert.ThrowsAsync<PeerException>(() => client.SendNoticeAsync(asInitech, Notice(9, NoticeKind.Deleted), default));
        Assert.Equal(PeerCodes.SignatureInvalid, failure.Code);
        await client.SendNoticeAsync(forged, Notice(9, NoticeKind.Deactivated) with { At = DateTimeOffset.MaxValue.AddDays(-2) }, default);

        var all = await globex.ConnectionsAsync();
        Assert.Equal((null, null), (all.Single(c => c.Id == ofInitech).PartnerDeletedAt, all.Single(c => c.Id == ofInitech).PartnerDeactivatedAt));
        Assert.Equal(globex.Clock.GetUtcNow(), all.Single(c => c.Id == atGlobex).PartnerDeactivatedAt);
    }

    [Fact]
    public async Task Deleted_the_connection_leaves_no_secret_and_the_partners_row_says_so_and_can_go_too()
    {
        var secret = (await acme.ConnectionAsync()).ProtectedSecret!;
        await OkAsync(acme, new DeleteConnection(atAcme, "acme_to_globex", false, "kim@acme.example"));

        Assert.Empty(await acme.ConnectionsAsync());
        await AssertNowhereAsync(acme, secret);
        await acme.DeliverNoticesAsync();
        Assert.Equal(0, await CountAsync<Farewell>(acme));
        var there = await ViewAsync(globex, atGlobex);
        Assert.Equal((ConnectionStatus.Deactivated, acme.Clock.GetUtcNow()), (there.Status, there.PartnerDeletedAt));
        Assert.IsType<Conflict>((await globex.SendAsync(new ActivateConnection(atGlobex, null))).Error);

        await OkAsync(globex, new DeleteConnection(atGlobex, "globex_to_acme", false, null));
        Assert.Empty(await globex.ConnectionsAsync());
        Assert.Equal(0, await CountAsync<Farewell>(globex));
        Assert.Single(await AuditAsync(acme, AuditAction.ConnectionDeleted));
        Assert.Single(await AuditAsync(globex, AuditAction.InvitationUsed, AuditAction.ConnectionAccepted));
    }

    [Fact]
    public async Task Deletion_goes_on_when_the_partner_is_gone_and_it_is_told_when_it_is_back()
    {
        await globex.StopAsync();
        await OkAsync(acme, new DeleteConnection(atAcme, "acme_to_globex", false, null));
        await acme.DeliverNoticesAsync();
        Assert.Empty(await acme.ConnectionsAsync());
        await globex.RestartAsync();
        acme.Clock.Advance(TimeSpan.FromSeconds(61));
        await acme.DeliverNoticesAsync();
        Assert.NotNull((await ViewAsync(globex, atGlobex)).PartnerDeletedAt);
    }

    [Fact]
    public async Task Who_calls_on_a_deleted_connection_learns_it_for_sure_and_a_proxys_word_is_not_enough()
    {
        await OkAsync(acme, new DeleteConnection(atAcme, "acme_to_globex", false, null));
        var proved = await Assert.ThrowsAsync<PeerException>(() => SendAsync(globex));
        Assert.True(proved is { ConnectionGone: true, ConnectionDeleted: true });

        acme.Clock.Advance(NoticeCourier.FarewellLifetime + TimeSpan.FromDays(1));
        globex.Clock.Advance(NoticeCourier.FarewellLifetime + TimeSpan.FromDays(1));
        await globex.StopAsync();
        await acme.DeliverNoticesAsync();
        await globex.RestartAsync();
        Assert.Equal(0, await CountAsync<Farewell>(acme));
        var said = await Assert.ThrowsAsync<PeerException>(() => SendAsync(globex));
        Assert.True(said is { ConnectionGone: true, ConnectionDeleted: false });
    }

    [Fact]
    public async Task The_key_of_a_deleted_connection_says_deleted_and_opens_nothing_else()
    {
        await OkAsync(acme, new DeleteConnection(atAcme, "acme_to_globex", false, null));
        Connection ghost;
        await using (var db = acme.Database.CreateDbContext())
            ghost = Farewells.Ghost(await db.Set<Farewell>().SingleAsync());
        var client = acme.Services.GetRequiredService<IPeerClient>();

        var request = await Assert.ThrowsAsync<PeerException>(() => client.SendResultAsync(ghost, new SyncResultMessage { EventId = "e1", Outcome = SyncOutcome.Applied }, default));
        Assert.Equal(PeerCodes.SignatureInvalid, request.Code);
        var notice = await Assert.ThrowsAsync<PeerException>(() => client.SendNoticeAsync(ghost, Notice(7, NoticeKind.SecretOffered) with { Secret = new string('A', 43) }, default));
        Assert.Equal(PeerCodes.MessageRefused, notice.Code);
        Assert.Empty(globex.Inbox.Results);
        Assert.Null((await globex.ConnectionAsync()).ProtectedNextSecret);
    }

    [Fact]
    public async Task A_wrong_name_deletes_nothing_and_a_second_press_is_no_failure()
    {
        Assert.IsType<Invalid>((await acme.SendAsync(new DeleteConnection(atAcme, "acme", false, null))).Error);
        Assert.Single(await acme.ConnectionsAsync());
        await OkAsync(acme, new DeleteConnection(atAcme, " acme_to_globex ", false, null));
        await OkAsync(acme, new DeleteConnection(atAcme, "acme_to_globex", false, null));
    }

    [Fact]
    public async Task A_pending_connection_can_be_deleted_and_its_code_is_worth_nothing_then()
    {
        var pending = await acme.InitiateAsync(globex);
        var code = await acme.CodeAsync(pending.ConnectionId);
        await OkAsync(acme, new DeleteConnection(pending.ConnectionId, pending.Name, false, null));
        Assert.IsType<NotFound>((await globex.AcceptAsync(code)).Error);
        Assert.IsType<Conflict>((await acme.SendAsync(new DeactivateConnection((await acme.InitiateAsync(globex)).ConnectionId, null))).Error);
    }

    [Fact]
    public async Task A_partner_that_has_deactivated_the_connection_is_no_error()
    {
        await OkAsync(acme, new DeactivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        await using (var db = globex.Database.CreateDbContext())
        {
            (await db.Connections.SingleAsync()).Problem = "The connection is not active on the node at https://acme.example.";
            await db.SaveChangesAsync();
        }

        Assert.Equal((0, null), (await globex.SendAsync(new CountErrors()), (await ViewAsync(globex, atGlobex)).Problem));
        Assert.Empty((await globex.SendAsync(new ListErrors(new ErrorFilter()))).Items);
        await OkAsync(acme, new ActivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        Assert.Null((await globex.ConnectionAsync()).Problem);
    }

    private static async Task OkAsync(TestNode node, MediatR.IRequest<Result> message)
    {
        var result = await node.SendAsync(message);
        Assert.True(result.IsSuccess, result.Error?.Sentence);
    }

    private static async Task<ConnectionView> ViewAsync(TestNode node, Guid id) => (await node.SendAsync(new GetConnection(id)))!;

    private static async Task SendAsync(TestNode node) =>
        await node.Services.GetRequiredService<IPeerClient>().SendRequestAsync(
            await node.ConnectionAsync(), new SyncRequestMessage { EventId = "e1", PairId = Ids.New(), Kind = SyncRequestKind.Removed, Version = 1, BasedOn = 0 }, default);

    private static async Task<int> CountAsync<T>(TestNode node)
        where T : class
    {
        await using var db = node.Database.CreateDbContext();
        return await db.Set<T>().CountAsync();
    }

    private static async Task<List<AuditAction>> AuditAsync(TestNode node, params AuditAction[] actions)
    {
        await using var db = node.Database.CreateDbContext();
        return (await db.Set<AuditEntry>().OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync()).FindAll(actions.Contains);
    }

    /// <summary>The text stands in no file of the database.</summary>
    private static async Task AssertNowhereAsync(TestNode node, string text)
    {
        await using var db = node.Database.CreateDbContext();
        var tables = new List<string>();
        await db.Database.OpenConnectionAsync();
        await using (var command = db.Database.GetDbConnection().CreateCommand())
        {
            command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table'";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var column = 0; column < reader.FieldCount; column++)
                    Assert.False(reader.GetValue(column)?.ToString()?.Contains(text, StringComparison.Ordinal) == true, $"{table}.{reader.GetName(column)} holds the secret.");
        }
    }

    private static NoticeMessage Notice(long number, NoticeKind kind) => new() { Number = number, Kind = kind.ToString(), At = Peers.TestClock.Noon };

    private static Connection Clone(Connection of, Guid linkId) => new()
    {
        Id = of.Id, LinkId = linkId, Name = of.Name, Type = of.Type, Mode = of.Mode, Status = of.Status, IsInviter = of.IsInviter, LocalShortName = of.LocalShortName,
        RemoteShortName = of.RemoteShortName, RemoteUrl = of.RemoteUrl, RemoteNodeUid = of.RemoteNodeUid, ProtectedSecret = of.ProtectedSecret, CreatedAt = of.CreatedAt,
    };
}
