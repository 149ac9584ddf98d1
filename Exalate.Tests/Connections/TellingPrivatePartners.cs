using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Settings;
using Exalate.Core.Sync.Mail;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Connections;

/// <summary>The life of a connection of which one side can't be called: what that side should know waits as mail, deactivated or not.</summary>
public sealed class TellingPrivatePartners : IAsyncLifetime
{
    private readonly MailLoop.State state = new();
    private TestNode acme = null!;
    private TestNode hidden = null!;
    private Guid atAcme;
    private Guid atHidden;

    private MailLoop Loop => hidden.Services.GetRequiredService<MailLoop>();

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme");
        hidden = await TestNode.StartAsync("hidden", TrackerKind.Asana, isPrivate: true);
        (atAcme, atHidden) = await acme.ConnectPrivateAsync(hidden);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await hidden.DisposeAsync();
    }

    [Fact]
    public async Task Deactivated_on_the_public_side_the_private_one_fetches_the_news_and_nothing_else()
    {
        await SendAsync("before");
        await OkAsync(acme, new DeactivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        await FetchAsync();
        Assert.NotNull((await hidden.ConnectionAsync()).PartnerDeactivatedAt);
        Assert.Empty(hidden.Inbox.Requests);

        await OkAsync(acme, new ActivateConnection(atAcme, null));
        await acme.DeliverNoticesAsync();
        await FetchAsync();
        Assert.Null((await hidden.ConnectionAsync()).PartnerDeactivatedAt);
        Assert.Equal("before", Assert.Single(hidden.Inbox.Requests).Message.EventId);
    }

    [Fact]
    public async Task Deactivated_on_the_private_side_what_waits_goes_on_waiting()
    {
        await OkAsync(hidden, new DeactivateConnection(atHidden, null));
        await hidden.DeliverNoticesAsync();
        Assert.NotNull((await acme.ConnectionAsync()).PartnerDeactivatedAt);
        await SendAsync("while");
        await FetchAsync();
        Assert.Empty(hidden.Inbox.Requests);

        await OkAsync(hidden, new ActivateConnection(atHidden, null));
        await hidden.DeliverNoticesAsync();
        await FetchAsync();
        Assert.Null((await acme.ConnectionAsync()).PartnerDeactivatedAt);
        Assert.Single(hidden.Inbox.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_on_either_side_the_other_one_knows_for_sure(bool byPrivateSide)
    {
        if (byPrivateSide)
        {
            await OkAsync(hidden, new DeleteConnection(atHidden, "hidden_to_acme", false, null));
            await hidden.DeliverNoticesAsync();
            Assert.NotNull((await acme.ConnectionAsync()).PartnerDeletedAt);
            return;
        }

        await SendAsync("never fetched");
        await OkAsync(acme, new DeleteConnection(atAcme, "acme_to_hidden", false, null));
        using var enough = new CancellationTokenSource();
        var loop = Loop.RunAsync(atHidden, enough.Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await hidden.ConnectionAsync()).PartnerDeletedAt is null)
            await Task.Delay(20, patience.Token);
        await enough.CancelAsync();
        await loop;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_secret_is_rotated_from_either_side_and_never_waits_as_mail(bool byPublicSide)
    {
        var before = await SecretAsync(acme);
        if (byPublicSide)
        {
            await OkAsync(acme, new RotateSecret(atAcme, null));
            await acme.DeliverNoticesAsync();
            await using var db = acme.Database.CreateDbContext();
            var mail = Assert.Single(await db.Set<PeerMail>().ToListAsync());
            Assert.DoesNotContain("secret\"", mail.Body, StringComparison.Ordinal);
            await FetchAsync();
        }
        else
        {
            await OkAsync(hidden, new RotateSecret(atHidden, null));
        }

        await hidden.DeliverNoticesAsync();
        await FetchAsync();
        Assert.Equal(await SecretAsync(acme), await SecretAsync(hidden));
        Assert.NotEqual(before, await SecretAsync(acme));
        Assert.NotNull((await hidden.ConnectionAsync()).SecretRotatedAt);
        Assert.NotNull((await acme.ConnectionAsync()).SecretRotatedAt);
    }

    [Fact]
    public async Task A_public_side_that_moves_is_followed()
    {
        var now = await acme.SendAsync(new GetNodeSettings());
        var moved = acme.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await OkAsync(acme, new SaveNodeSettings
        {
            Revision = now.Revision, NodeName = now.NodeName, ShortName = now.ShortName, ExalateUrl = moved, TrackerKind = now.TrackerKind, TrackerUrl = now.TrackerUrl,
            TrackerAccountName = now.TrackerAccountName, AllowedNetworks = now.AllowedNetworks,
        });
        await acme.DeliverNoticesAsync();
        await FetchAsync();
        Assert.Equal(moved, (await hidden.ConnectionAsync()).RemoteUrl);
    }

    private async Task FetchAsync()
    {
        while (await Loop.RoundAsync(atHidden, state, 0, default) > 0)
        {
        }
    }

    private async Task SendAsync(string eventId) => await acme.Services.GetRequiredService<IPeerClient>().SendRequestAsync(
        await acme.ConnectionAsync(), new SyncRequestMessage { EventId = eventId, PairId = Ids.New(), Kind = SyncRequestKind.Removed, Version = 1, BasedOn = 0 }, default);

    private static async Task<string> SecretAsync(TestNode node) =>
        node.Services.GetRequiredService<ISecretProtector>().Unprotect((await node.ConnectionAsync()).ProtectedSecret!);

    private static async Task OkAsync(TestNode node, MediatR.IRequest<Result> message)
    {
        var result = await node.SendAsync(message);
        Assert.True(result.IsSuccess, result.Error?.Sentence);
    }
}
