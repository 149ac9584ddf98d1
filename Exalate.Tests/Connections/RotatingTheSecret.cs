using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Connections;

/// <summary>Two connected nodes over real HTTP replace their secret. Wherever it is interrupted, both can talk, and it comes to its end later.</summary>
public sealed class RotatingTheSecret : IAsyncLifetime
{
    private TestNode acme = null!;
    private TestNode globex = null!;
    private Guid atAcme;
    private Guid atGlobex;
    private int sent;

    /// <summary>How far a rotation that acme began has come when both nodes stop.</summary>
    public enum Point
    {
        Stored,
        OfferTakenAnswerLost,
        OffererSwitched,
        UseTakenAnswerLost,
        UseAcknowledged,
    }

    public static TheoryData<Point, bool> Interruptions
    {
        get
        {
            var all = new TheoryData<Point, bool>();
            foreach (var point in Enum.GetValues<Point>())
            {
                all.Add(point, true);
                all.Add(point, false);
            }

            return all;
        }
    }

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

    [Theory]
    [MemberData(nameof(Interruptions))]
    public async Task Interrupted_anywhere_both_can_talk_and_it_comes_to_its_end(Point point, bool acmeTalksFirst)
    {
        var old = await acme.ConnectionAsync();
        var before = await SecretAsync(acme);
        await OkAsync(acme, new RotateSecret(atAcme, "kim@acme.example"));
        await ReachAsync(point);
        await acme.StopAsync();
        await globex.StopAsync();
        await acme.RestartAsync();
        await globex.RestartAsync();

        await TalkAsync(acmeTalksFirst ? [acme, globex, acme] : [globex, acme, globex]);
        await EndAsync();
        await TalkAsync(globex, acme);

        Assert.NotEqual(before, await SecretAsync(acme));
        Assert.Equal(await SecretAsync(acme), await SecretAsync(globex));
        foreach (var connection in new[] { await acme.ConnectionAsync(), await globex.ConnectionAsync() })
            Assert.Equal((null, null, SecretStanding.Agreed), (connection.ProtectedNextSecret, connection.ProtectedPreviousSecret, ConnectionWords.StandingOf(connection)));
        var refused = await Assert.ThrowsAsync<PeerException>(() => SendAsync(acme, old));
        Assert.Equal(PeerCodes.SignatureInvalid, refused.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_at_once_agree_on_the_inviters(bool inviterFirst)
    {
        await OkAsync(acme, new RotateSecret(atAcme, null));
        await OkAsync(globex, new RotateSecret(atGlobex, null));
        var offered = await RevealAsync(acme, (await acme.ConnectionAsync()).ProtectedNextSecret!);
        TestNode[] order = inviterFirst ? [acme, globex] : [globex, acme];
        foreach (var node in order)
        {
            await node.DeliverNoticesAsync();
            await TalkAsync(acme, globex);
        }

        await EndAsync();

        Assert.Equal((offered, offered), (await SecretAsync(acme), await SecretAsync(globex)));
    }

    [Fact]
    public async Task While_one_is_under_way_no_second_one_begins()
    {
        await OkAsync(acme, new RotateSecret(atAcme, null));
        Assert.Equal(SecretStanding.Offered, (await DetailsAsync(acme, atAcme)).Secret);
        Assert.IsType<Conflict>((await acme.SendAsync(new RotateSecret(atAcme, null))).Error);
        await ReachAsync(Point.OfferTakenAnswerLost);
        Assert.Equal(SecretStanding.OfferedByPartner, (await DetailsAsync(globex, atGlobex)).Secret);
        Assert.IsType<Conflict>((await globex.SendAsync(new RotateSecret(atGlobex, null))).Error);
        await EndAsync();
        await OkAsync(globex, new RotateSecret(atGlobex, null));
        await EndAsync();
        Assert.Equal(await SecretAsync(acme), await SecretAsync(globex));
    }

    [Fact]
    public async Task A_partner_that_is_gone_leaves_the_present_secret_in_use_and_deletion_still_works()
    {
        await globex.StopAsync();
        await OkAsync(acme, new RotateSecret(atAcme, null));
        await acme.DeliverNoticesAsync();
        Assert.Equal(SecretStanding.Offered, (await DetailsAsync(acme, atAcme)).Secret);
        await globex.RestartAsync();
        await TalkAsync(globex, acme);

        await ReachAsync(Point.OffererSwitched);
        await OkAsync(acme, new DeleteConnection(atAcme, "acme_to_globex", false, null));
        await acme.DeliverNoticesAsync();
        Assert.NotNull((await globex.ConnectionAsync()).PartnerDeletedAt);
    }

    [Fact]
    public async Task Neither_secret_is_logged_or_stored_readable()
    {
        await OkAsync(acme, new RotateSecret(atAcme, null));
        await EndAsync();
        var secret = await SecretAsync(acme);
        Assert.DoesNotContain(secret, acme.Log.All + globex.Log.All);
        await using var db = globex.Database.CreateDbContext();
        Assert.DoesNotContain(secret, string.Join('\n', await db.Connections.Select(c => c.ProtectedSecret).ToListAsync()));
    }

    private async Task ReachAsync(Point point)
    {
        if (point == Point.Stored)
            return;
        var client = acme.Services.GetRequiredService<IPeerClient>();
        var rotation = acme.Services.GetRequiredService<SecretRotation>();
        var offer = await NoticeAsync(NoticeKind.SecretOffered);
        if (offer is not null)
        {
            var connection = await acme.ConnectionAsync();
            var secret = rotation.Reveal(connection, connection.ProtectedNextSecret!);
            await client.SendNoticeAsync(connection, new NoticeMessage { Number = offer.Number, Kind = nameof(NoticeKind.SecretOffered), At = offer.CreatedAt, Secret = secret }, default);
            if (point == Point.OfferTakenAnswerLost)
                return;
            await rotation.SwitchAsync(connection, offer, default);
        }

        if (point == Point.OffererSwitched)
            return;
        var use = (await NoticeAsync(NoticeKind.SecretInUse))!;
        await client.SendNoticeAsync(await acme.ConnectionAsync(), new NoticeMessage { Number = use.Number, Kind = nameof(NoticeKind.SecretInUse), At = use.CreatedAt }, default);
        if (point == Point.UseAcknowledged)
            await acme.DeliverNoticesAsync();
    }

    private async Task<ConnectionNotice?> NoticeAsync(NoticeKind kind)
    {
        await using var db = acme.Database.CreateDbContext();
        return await db.Set<ConnectionNotice>().SingleOrDefaultAsync(n => n.Kind == kind);
    }

    /// <summary>Everything that is due until nothing is, and the time after which old secrets are forgotten.</summary>
    private async Task EndAsync()
    {
        for (var round = 0; round < 3; round++)
        {
            await acme.DeliverNoticesAsync();
            await globex.DeliverNoticesAsync();
            acme.Clock.Advance(TimeSpan.FromSeconds(61));
            globex.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        await TalkAsync(acme, globex);
        foreach (var node in new[] { acme, globex })
        {
            node.Clock.Advance(SecretRotation.Overlap + TimeSpan.FromSeconds(1));
            await node.Services.GetRequiredService<SecretRotation>().DropOldAsync(default);
        }
    }

    private async Task TalkAsync(params TestNode[] nodes)
    {
        foreach (var node in nodes)
            await SendAsync(node, await node.ConnectionAsync());
    }

    private Task SendAsync(TestNode node, Connection connection) => node.Services.GetRequiredService<IPeerClient>().SendRequestAsync(
        connection, new SyncRequestMessage { EventId = $"e{++sent}", PairId = Ids.New(), Kind = SyncRequestKind.Removed, Version = 1, BasedOn = 0 }, default);

    private static async Task<ConnectionDetails> DetailsAsync(TestNode node, Guid id) => (await node.SendAsync(new GetConnectionDetails(id)))!;

    private static async Task<string> SecretAsync(TestNode node) => await RevealAsync(node, (await node.ConnectionAsync()).ProtectedSecret!);

    private static Task<string> RevealAsync(TestNode node, string protectedSecret) => Task.FromResult(node.Services.GetRequiredService<ISecretProtector>().Unprotect(protectedSecret));

    private static async Task OkAsync(TestNode node, MediatR.IRequest<Result> message)
    {
        var result = await node.SendAsync(message);
        Assert.True(result.IsSuccess, result.Error?.Sentence);
    }
}
