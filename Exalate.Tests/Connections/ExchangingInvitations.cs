using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;
using Exalate.Tests.Peers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Connections;

/// <summary>Two real nodes, from Initiate to an active connection on both sides.</summary>
public sealed class ExchangingInvitations : IAsyncLifetime
{
    private TestNode acme = null!;
    private TestNode globex = null!;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme");
        globex = await TestNode.StartAsync("globex", TrackerKind.Asana);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await globex.DisposeAsync();
    }

    [Fact]
    public async Task Both_sides_become_active_with_one_secret_and_know_each_other()
    {
        var made = await acme.InitiateAsync(globex);
        Assert.Equal("acme_to_unknown", made.Name);
        Assert.Null(made.RedirectUrl);
        var accepted = await globex.AcceptAsync(await acme.CodeAsync(made.ConnectionId));

        Assert.True(accepted.IsSuccess, accepted.Error?.Sentence);
        Assert.Equal("globex_to_acme", accepted.Value.Name);
        Assert.Equal("Tasks", accepted.Value.Project!.Name);
        var (here, there) = (await acme.ConnectionAsync(), await globex.ConnectionAsync());
        Assert.Equal(("acme_to_globex", ConnectionStatus.Active, ConnectionStatus.Active), (here.Name, here.Status, there.Status));
        Assert.Equal(here.LinkId, there.LinkId);
        Assert.Equal(new TestSecrets("acme").Unprotect(here.ProtectedSecret!), new TestSecrets("globex").Unprotect(there.ProtectedSecret!));
        Assert.Equal((globex.Url, "Node of globex", TrackerKind.Asana, "https://app.asana.com"), (here.RemoteUrl, here.RemoteNodeName, here.RemoteTracker, here.RemoteTrackerUrl));
        Assert.Equal((acme.Url, "acme", TrackerKind.Jira), (there.RemoteUrl, there.RemoteShortName, there.RemoteTracker));
        Assert.Null(here.Problem);
        Assert.True(here.IsInviter);
        Assert.False(there.IsInviter);
    }

    [Fact]
    public async Task What_is_offered_is_shown_before_it_is_confirmed()
    {
        var made = await globex.InitiateAsync(acme);
        var offer = (await acme.SendAsync(new ReadInvitation(await globex.CodeAsync(made.ConnectionId)))).Value;
        Assert.Equal(("Node of globex", "globex", globex.Url, TrackerKind.Asana), (offer.FromNode, offer.FromShortName, offer.FromUrl, offer.FromTracker));
        Assert.True(offer.AsksForProject);
        Assert.Null(offer.BackUrl);
        Assert.Null(offer.DefaultProject);
        Assert.Empty(await acme.ConnectionsAsync());

        var withoutProject = await acme.SendAsync(new AcceptInvitation(offer.Handle, null, null));
        Assert.Equal("Project", Assert.IsType<Invalid>(withoutProject.Error).Field);
    }

    [Fact]
    public async Task The_browser_way_hands_the_invitation_over_and_knows_the_way_back()
    {
        var made = await acme.InitiateAsync(globex, hasAdminAccess: true);
        Assert.StartsWith($"{globex.Url}/connections/accept?offer=", made.RedirectUrl);
        var handle = made.RedirectUrl!.Split('=')[1];
        var offer = (await globex.SendAsync(new ReadOffer(handle))).Value;

        var link = (await acme.ConnectionAsync()).LinkId;
        Assert.Equal($"{acme.Url}/connections?connection={link}", offer.BackUrl);
        Assert.Equal(made.ConnectionId, (await acme.SendAsync(new GetConnection(link)))!.Id);
        Assert.True((await globex.ConfirmAsync(offer.Handle)).IsSuccess);
        Assert.Equal(ConnectionStatus.Active, (await acme.ConnectionAsync()).Status);
        var code = (await acme.SendAsync(new GetInvitation(made.ConnectionId))).Value;
        Assert.Equal((null, InvitationState.Used), (code.Code, code.State));
    }

    [Fact]
    public async Task A_handle_lives_ten_minutes_and_opened_in_time_an_hour()
    {
        var made = await acme.InitiateAsync(globex, hasAdminAccess: true);
        var other = await acme.InitiateAsync(globex, hasAdminAccess: true);
        var handle = made.RedirectUrl!.Split('=')[1];
        globex.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.True((await globex.SendAsync(new ReadOffer(handle))).IsSuccess);
        globex.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.IsType<NotFound>((await globex.SendAsync(new ReadOffer(other.RedirectUrl!.Split('=')[1]))).Error);
        Assert.IsType<NotFound>((await globex.SendAsync(new ReadOffer("guessed-handle"))).Error);
        await globex.RunChoresAsync();
        Assert.True((await globex.ConfirmAsync(handle)).IsSuccess);
    }

    [Fact]
    public async Task When_the_hand_over_fails_the_pending_connection_stays_and_its_code_works()
    {
        await using var full = await TestNode.StartAsync("full", configure: options => options.MaxOffers = 1);
        await acme.InitiateAsync(full, hasAdminAccess: true);
        var request = acme.Initiation(full.Url) with { HasAdminAccess = true };
        var outcome = await acme.SendAsync(request);

        Assert.Contains("Copy the invitation code", Assert.IsType<Unavailable>(outcome.Error).Sentence);
        var pending = (await acme.ConnectionsAsync()).Single(c => c.RequestId == request.RequestId);
        Assert.True((await full.AcceptAsync(await acme.CodeAsync(pending.Id))).IsSuccess);
    }

    [Fact]
    public async Task A_double_click_makes_one_connection()
    {
        var request = acme.Initiation(globex.Url);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => acme.SendAsync(request)));
        Assert.Single(outcomes.Select(o => o.Value.ConnectionId).Distinct());
        Assert.Single(await acme.ConnectionsAsync());
    }

    [Fact]
    public async Task Names_get_a_number_when_taken_also_when_many_are_made_at_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => acme.SendAsync(acme.Initiation(globex.Url))));
        Assert.Equal(["acme_to_unknown", "acme_to_unknown_2", "acme_to_unknown_3", "acme_to_unknown_4"], outcomes.Select(o => o.Value.Name).Order());
        foreach (var made in outcomes)
        {
            Assert.True((await globex.AcceptAsync(await acme.CodeAsync(made.Value.ConnectionId))).IsSuccess);
        }

        Assert.Equal(["acme_to_globex", "acme_to_globex_2", "acme_to_globex_3", "acme_to_globex_4"], (await acme.ConnectionsAsync()).Select(c => c.Name).Order());
    }

    [Fact]
    public async Task Confirmed_twice_at_once_is_one_connection()
    {
        var made = await acme.InitiateAsync(globex);
        var code = await acme.CodeAsync(made.ConnectionId);
        var offers = new[] { (await globex.SendAsync(new ReadInvitation(code))).Value, (await globex.SendAsync(new ReadInvitation(code))).Value };
        var outcomes = await Task.WhenAll(offers.Concat(offers).Select(offer => globex.ConfirmAsync(offer.Handle)));

        Assert.All(outcomes, outcome => Assert.True(outcome.IsSuccess, outcome.Error?.Sentence));
        var there = await globex.ConnectionAsync();
        Assert.All(outcomes, outcome => Assert.Equal(there.Id, outcome.Value.ConnectionId));
        Assert.Equal(new TestSecrets("acme").Unprotect((await acme.ConnectionAsync()).ProtectedSecret!), new TestSecrets("globex").Unprotect(there.ProtectedSecret!));
    }

    [Fact]
    public async Task Of_two_nodes_that_accept_the_same_code_at_once_one_wins_and_the_other_is_told()
    {
        await using var initech = await TestNode.StartAsync("initech");
        var made = await acme.InitiateAsync(globex);
        await UnbindAsync(acme, made.ConnectionId);
        var code = await acme.CodeAsync(made.ConnectionId);
        var a = (await globex.SendAsync(new ReadInvitation(code))).Value;
        var b = (await initech.SendAsync(new ReadInvitation(code))).Value;
        var outcomes = await Task.WhenAll(globex.ConfirmAsync(a.Handle), initech.ConfirmAsync(b.Handle));

        Assert.Single(outcomes, outcome => outcome.IsSuccess);
        Assert.Contains("already used", Assert.IsType<Conflict>(outcomes.Single(o => !o.IsSuccess).Error).Sentence);
        Assert.Single([.. await globex.ConnectionsAsync(), .. await initech.ConnectionsAsync()]);
    }

    [Fact]
    public async Task A_code_for_another_node_is_refused_by_name()
    {
        await using var initech = await TestNode.StartAsync("initech");
        var made = await acme.InitiateAsync(globex);
        var code = await acme.CodeAsync(made.ConnectionId);
        Assert.Contains("made for another node", Assert.IsType<Conflict>((await initech.SendAsync(new ReadInvitation(code))).Error).Sentence);
        Assert.Contains("by this node itself", Assert.IsType<Conflict>((await acme.SendAsync(new ReadInvitation(code))).Error).Sentence);
    }

    [Fact]
    public async Task Used_revoked_expired_and_replaced_codes_each_have_their_word()
    {
        var used = await acme.InitiateAsync(globex);
        var usedCode = await acme.CodeAsync(used.ConnectionId);
        await globex.AcceptAsync(usedCode);
        Assert.Contains("already used", Assert.IsType<Conflict>((await globex.SendAsync(new ReadInvitation(usedCode))).Error).Sentence);

        var revoked = await acme.InitiateAsync(globex);
        var revokedCode = await acme.CodeAsync(revoked.ConnectionId);
        Assert.True((await acme.SendAsync(new RevokeInvitation(revoked.ConnectionId, "a"))).IsSuccess);
        Assert.Contains("revoked", Assert.IsType<Conflict>((await globex.SendAsync(new ReadInvitation(revokedCode))).Error).Sentence);
        Assert.Null(await acme.CodeAsync(revoked.ConnectionId));

        var fresh = (await acme.SendAsync(new ReissueInvitation(revoked.ConnectionId, "a"))).Value;
        Assert.Contains("revoked", (await globex.SendAsync(new ReadInvitation(revokedCode))).Error!.Sentence);
        Assert.True((await globex.SendAsync(new ReadInvitation(fresh.Code!))).IsSuccess);

        acme.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Contains("expired", Assert.IsType<Conflict>((await globex.SendAsync(new ReadInvitation(fresh.Code!))).Error).Sentence);
        Assert.Equal(InvitationState.Expired, (await acme.SendAsync(new GetInvitation(revoked.ConnectionId))).Value.State);
        Assert.Equal(InvitationState.Expired, (await acme.SendAsync(new ListConnections())).Single(c => c.Id == revoked.ConnectionId).Invitation);
        Assert.IsType<Conflict>((await acme.SendAsync(new RevokeInvitation(used.ConnectionId, "a"))).Error);
        Assert.IsType<Conflict>((await acme.SendAsync(new ReissueInvitation(used.ConnectionId, "a"))).Error);
    }

    [Fact]
    public async Task An_invitation_revoked_between_reading_and_confirming_leaves_nothing_behind()
    {
        var made = await acme.InitiateAsync(globex);
        var offer = (await globex.SendAsync(new ReadInvitation(await acme.CodeAsync(made.ConnectionId)))).Value;
        await acme.SendAsync(new RevokeInvitation(made.ConnectionId, null));
        Assert.Contains("revoked", Assert.IsType<Conflict>((await globex.ConfirmAsync(offer.Handle)).Error).Sentence);
        Assert.Empty(await globex.ConnectionsAsync());
        Assert.Equal(ConnectionStatus.Pending, (await acme.ConnectionAsync()).Status);
    }

    [Fact]
    public async Task Accepting_goes_on_by_itself_when_the_inviter_was_away()
    {
        var made = await acme.InitiateAsync(globex);
        var offer = (await globex.SendAsync(new ReadInvitation(await acme.CodeAsync(made.ConnectionId)))).Value;
        await acme.StopAsync();
        var outcome = await globex.ConfirmAsync(offer.Handle);

        Assert.Contains("could not be reached (connection refused)", Assert.IsType<Unavailable>(outcome.Error).Sentence);
        var pending = await globex.ConnectionAsync();
        Assert.Equal(ConnectionStatus.Pending, pending.Status);
        Assert.Contains("keeps trying", pending.Problem);

        await acme.RestartAsync();
        await globex.StopAsync();
        await globex.RestartAsync();
        await globex.RunChoresAsync();
        Assert.Equal(ConnectionStatus.Pending, (await globex.ConnectionAsync()).Status);
        globex.Clock.Advance(TimeSpan.FromMinutes(1));
        await globex.RunChoresAsync();
        Assert.Equal((ConnectionStatus.Active, null), ((await globex.ConnectionAsync()).Status, (await globex.ConnectionAsync()).Problem));
        Assert.Equal(ConnectionStatus.Active, (await acme.ConnectionAsync()).Status);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_asked_for_again()
    {
        var (_, there) = await acme.ConnectAsync(globex);
        // As if the accepter had been killed after the inviter's commit and before its own.
        await using (var db = globex.Database.CreateDbContext())
        {
            var connection = await db.Connections.SingleAsync(c => c.Id == there);
            (connection.Status, connection.ProtectedSecret) = (ConnectionStatus.Pending, null);
            var invitation = await InvitationOfAcmeAsync();
            db.Add(new Acceptance
            {
                ConnectionId = there,
                AcceptId = invitation.AcceptId!,
                TokenHash = "-",
                ProtectedToken = new TestSecrets("globex").Protect(await TokenAsync(invitation)),
                InviterUrl = acme.Url,
                InviterUid = connection.RemoteNodeUid!,
                ExpiresAt = invitation.ExpiresAt,
                NextAttemptAt = globex.Clock.GetUtcNow(),
            });
            await db.SaveChangesAsync();
        }

        await globex.RunChoresAsync();
        var (mine, theirs) = (await acme.ConnectionAsync(), await globex.ConnectionAsync());
        Assert.Equal(ConnectionStatus.Active, theirs.Status);
        Assert.Equal(new TestSecrets("acme").Unprotect(mine.ProtectedSecret!), new TestSecrets("globex").Unprotect(theirs.ProtectedSecret!));
    }

    [Fact]
    public async Task Secrets_stand_nowhere_readable()
    {
        var made = await acme.InitiateAsync(globex);
        var code = await acme.CodeAsync(made.ConnectionId);
        await globex.AcceptAsync(code);
        var token = InvitationCode.Read(code).Value.Token;
        var secret = new TestSecrets("acme").Unprotect((await acme.ConnectionAsync()).ProtectedSecret!);
        foreach (var node in new[] { acme, globex })
        {
            var file = await ReadDatabaseAsync(node);
            foreach (var hidden in new[] { token, secret, code[5..], "token-of-acme", "token-of-globex" })
            {
                Assert.DoesNotContain(hidden, file);
                Assert.DoesNotContain(hidden, node.Log.All);
            }
        }
    }

    private async Task<Invitation> InvitationOfAcmeAsync()
    {
        await using var db = acme.Database.CreateDbContext();
        return await db.Set<Invitation>().AsNoTracking().SingleAsync();
    }

    private async Task<string> TokenAsync(Invitation invitation)
    {
        // The code is gone once used; the token of the test is planted in its place.
        const string Token = "planted-token";
        await using var db = acme.Database.CreateDbContext();
        await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Invitations SET TokenHash = {Tokens.Hash(Token)}");
        Assert.Equal(InvitationState.Used, invitation.State);
        return Token;
    }

    private static async Task UnbindAsync(TestNode inviter, Guid connectionId)
    {
        await using var db = inviter.Database.CreateDbContext();
        var invitation = await db.Set<Invitation>().SingleAsync(i => i.ConnectionId == connectionId);
        var secrets = new TestSecrets("acme");
        var payload = InvitationCode.Read(secrets.Unprotect(invitation.ProtectedCode!)).Value;
        invitation.ProtectedCode = secrets.Protect(InvitationCode.Write(payload with { For = null }));
        await db.SaveChangesAsync();
        await db.Database.ExecuteSqlRawAsync("UPDATE Invitations SET InvitedNodeUid = NULL");
    }

    private static async Task<string> ReadDatabaseAsync(TestNode node)
    {
        await using var db = node.Database.CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        var path = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(node.Database.Options.ConnectionString).DataSource;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return System.Text.Encoding.Latin1.GetString(bytes.ToArray());
    }
}
