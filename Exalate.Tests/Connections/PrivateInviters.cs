using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Sync.Mail;
using Exalate.Core.Trackers;
using Exalate.Tests.Peers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Connections;

/// <summary>A node without an address invites one that has one: it leaves word there, and fetches the answer.</summary>
public sealed class PrivateInviters : IAsyncLifetime
{
    private TestNode hidden = null!;
    private TestNode acme = null!;

    public async Task InitializeAsync()
    {
        hidden = await TestNode.StartAsync("hidden", TrackerKind.Asana, isPrivate: true);
        acme = await TestNode.StartAsync("acme");
    }

    public async Task DisposeAsync()
    {
        await hidden.DisposeAsync();
        await acme.DisposeAsync();
    }

    [Fact]
    public async Task The_accepter_is_active_at_once_and_the_inviter_when_it_has_fetched_the_answer()
    {
        var made = await hidden.InitiateAsync(acme);
        var code = await hidden.CodeAsync(made.ConnectionId);
        Assert.Null(InvitationCode.Read(code).Value.Url);
        var accepted = await acme.AcceptAsync(code);
        Assert.True(accepted.IsSuccess, accepted.Error?.Sentence);
        Assert.Equal(("acme_to_hidden", "Test"), (accepted.Value.Name, accepted.Value.Project!.Name));
        Assert.Equal(ConnectionStatus.Pending, (await hidden.ConnectionAsync()).Status);

        await AskAsync(made.ConnectionId);
        var (here, there) = (await hidden.ConnectionAsync(), await acme.ConnectionAsync());
        Assert.Equal((ConnectionStatus.Active, ConnectionType.Private, Reach.OnlyWeCall, "hidden_to_acme", acme.Url), (here.Status, here.Type, here.Reach, here.Name, here.RemoteUrl));
        Assert.Equal((ConnectionStatus.Active, ConnectionType.Private, Reach.OnlyTheyCall, null), (there.Status, there.Type, there.Reach, there.RemoteUrl));
        Assert.Equal(new TestSecrets("hidden").Unprotect(here.ProtectedSecret!), new TestSecrets("acme").Unprotect(there.ProtectedSecret!));
        Assert.Equal(InvitationState.Used, (await hidden.SendAsync(new GetInvitation(made.ConnectionId))).Value.State);

        await acme.Services.GetRequiredService<IPeerClient>().SendResultAsync(there, new SyncResultMessage { EventId = "e", Outcome = SyncOutcome.Applied }, default);
        Assert.Equal(1, await hidden.Services.GetRequiredService<MailLoop>().RoundAsync(here.Id, new MailLoop.State(), 0, default));
        Assert.Single(hidden.Inbox.Results);
    }

    [Fact]
    public async Task The_browser_way_works_too_and_has_no_way_back_to_a_node_without_address()
    {
        var made = await hidden.InitiateAsync(acme, hasAdminAccess: true);
        var offer = (await acme.SendAsync(new ReadOffer(made.RedirectUrl!.Split('=')[1]))).Value;
        Assert.Equal((null, null), (offer.FromUrl, offer.BackUrl));
        Assert.True((await acme.ConfirmAsync(offer.Handle)).IsSuccess);
        Assert.True((await acme.ConfirmAsync(offer.Handle)).IsSuccess);
        await AskAsync(made.ConnectionId);
        Assert.Equal(ConnectionStatus.Active, (await hidden.ConnectionAsync()).Status);
        Assert.Single(await acme.ConnectionsAsync());
    }

    [Fact]
    public async Task Revoked_replaced_and_unknown_invitations_each_have_their_word()
    {
        var made = await hidden.InitiateAsync(acme);
        var first = await hidden.CodeAsync(made.ConnectionId);
        await hidden.SendAsync(new RevokeInvitation(made.ConnectionId, null));
        await AskAsync(made.ConnectionId);
        Assert.Contains("revoked this invitation", (await acme.AcceptAsync(first)).Error!.Sentence);

        var second = (await hidden.SendAsync(new ReissueInvitation(made.ConnectionId, null))).Value.Code!;
        Assert.Contains("has not left word of this invitation here", (await acme.AcceptAsync(second)).Error!.Sentence);
        await AskAsync(made.ConnectionId);
        Assert.Contains("made a newer code", (await acme.AcceptAsync(first)).Error!.Sentence);
        Assert.True((await acme.AcceptAsync(second)).IsSuccess);

        await using var globex = await TestNode.StartAsync("globex");
        Assert.Contains("made for another node", (await globex.AcceptAsync(second)).Error!.Sentence);
    }

    [Fact]
    public async Task Who_has_only_the_code_can_not_fetch_the_secret()
    {
        var made = await hidden.InitiateAsync(acme);
        var payload = InvitationCode.Read(await hidden.CodeAsync(made.ConnectionId)).Value;
        Assert.True((await acme.AcceptAsync(InvitationCode.Write(payload))).IsSuccess);
        var thief = new RegisterInvitation(payload.LinkId, Tokens.Hash(payload.Token), new string('x', 43), payload.Uid, payload.For!, payload.ExpiresAt, false);
        var failure = await Assert.ThrowsAsync<PeerException>(() => hidden.Services.GetRequiredService<PeerHttp>().AskAsync<RegisterInvitation, RegistrationStanding>(
            acme.Url, "/invitations/register", thief, TimeSpan.FromSeconds(10), default));
        Assert.Equal((409, PeerCodes.InvitationUsed), (failure.StatusCode, failure.Code));
    }

    [Fact]
    public async Task An_invited_node_that_is_away_is_asked_again_and_named_meanwhile()
    {
        var made = await hidden.InitiateAsync(acme);
        await acme.StopAsync();
        await AskAsync(made.ConnectionId);
        Assert.Contains("can't be asked whether the invitation was accepted", (await hidden.ConnectionAsync()).Problem);
        await acme.RestartAsync();
        await AskAsync(made.ConnectionId);
        Assert.Null((await hidden.ConnectionAsync()).Problem);
    }

    [Fact]
    public async Task One_address_can_not_fill_the_list()
    {
        var http = hidden.Services.GetRequiredService<PeerHttp>();
        var uid = (await http.AboutAsync(acme.Url, default)).Uid;
        PeerException? refused = null;
        for (var number = 0; number < 25 && refused is null; number++)
        {
            var question = new RegisterInvitation(Ids.New(), new string('a', 64), new string('b', 43), "someone", uid, acme.Clock.GetUtcNow().AddDays(1), false);
            refused = await Record.ExceptionAsync(() => http.AskAsync<RegisterInvitation, RegistrationStanding>(acme.Url, "/invitations/register", question, TimeSpan.FromSeconds(10), default)) as PeerException;
        }

        Assert.Equal(PeerCodes.TooManyOffers, refused?.Code);
        await using var db = acme.Database.CreateDbContext();
        Assert.Equal(20, await db.Set<RegisteredInvitation>().CountAsync());
    }

    private Task AskAsync(Guid connectionId) => hidden.Services.GetRequiredService<AnswerFetcher>().AskAsync(connectionId, default);
}
