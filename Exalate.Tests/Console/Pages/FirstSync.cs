using Bunit;
using Exalate.Console.Features.Connections;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Sync;
using Microsoft.AspNetCore.Components;

namespace Exalate.Tests.Console.Pages;

public sealed class FirstSync : PageTest
{
    private readonly List<Guid?> twins = [];
    private ConnectionView? connection = Sample.Connection();
    private TwinProgress? progress = Sample.Progress(SyncPhase.Sending);

    public FirstSync()
    {
        Mediator.On<GetConnection, ConnectionView?>(_ => connection);
        Mediator.On<GetTwinProgress, TwinProgress?>(_ => progress);
        Mediator.On<ExalateEntity, Result<ExalateStarted>>(_ => new ExalateStarted(Sample.TwinId, "TEST-1"));
        Mediator.On<RetryTwin, Result>(_ => Result.Success);
        Mediator.On<GetInvitation, Result<InvitationView>>(_ => new InvitationView("EX1-abc", Sample.Noon.AddDays(7), InvitationState.Open, "acme_to_unknown"));
        Mediator.On<RevokeInvitation, Result>(_ => Result.Success);
    }

    [Fact]
    public async Task An_established_connection_asks_for_the_first_key()
    {
        var dialog = Open();
        Assert.Contains("Connection established successfully ✓", Text(dialog.Find("[role=dialog]")));
        Assert.Contains("Sync your first issue to see how it works. Please enter an issue key from the project Test (TEST) to proceed", Text(dialog.Find("[role=dialog]")));
        Assert.Equal("TEST-1", Field(dialog, "Issue key").GetAttribute("placeholder"));
        await Button(dialog, "Exalate").ClickAsync();
        Assert.Equal("Enter an issue key first. Example: TEST-1.", Text(dialog.Find("[role=alert]")));
        Field(dialog, "Issue key").Input(" test-1 ");
        await Button(dialog, "Exalate").ClickAsync();

        var sent = Assert.Single(Mediator.Sent<ExalateEntity>());
        Assert.Equal((Sample.ConnectionId, "test-1", "kim@acme.example"), (sent.ConnectionId, sent.Typed, sent.By));
        Assert.Equal([Sample.TwinId], twins);
    }

    [Fact]
    public void A_held_connection_congratulates_nobody_and_leads_to_the_decision()
    {
        progress = Sample.Progress(SyncPhase.Preparing) with { Held = "Stopped: 60 of 100 entities were deleted here. Decide on the Errors page.", HeldError = "h1" };
        var dialog = Open(Sample.TwinId);

        Assert.DoesNotContain("Congratulations!", dialog.Markup);
        Assert.Equal("/errors?error=h1", dialog.FindAll("[role=dialog] a").Single(link => Text(link) == "Show this error").GetAttribute("href"));
        Assert.Equal("waiting", dialog.Find("[data-phase=Preparing]").GetAttribute("data-state"));
        Assert.Contains("goes on when the connection does", dialog.Markup);

        progress = Sample.Progress(SyncPhase.Preparing);
        Changes.Ring(NodeChange.Connections);
        dialog.WaitForAssertion(() => Assert.Contains("Congratulations!", dialog.Markup));
    }

    [Fact]
    public void A_held_connection_says_so_before_an_entity_is_named()
    {
        connection = Sample.Connection() with { EntitiesInSync = 1, IsHeld = true, Problem = "Stopped: 60 of 100 entities were deleted here." };
        Mediator.On<ListTwins, IReadOnlyList<TwinProgress>>(_ => []);
        Assert.Contains("Stopped: 60 of 100 entities were deleted here. Show its errors", Text(Open().Find(".exalate-alert")));
    }

    [Fact]
    public void Asana_asks_in_its_own_words()
    {
        Settings = Sample.Settings(Sample.Asana) with { DefaultProject = new("1201", "1201", "Intake") };
        connection = Sample.Connection() with { Project = null };
        var dialog = Open();

        Assert.Contains("Sync your first task to see how it works. Please enter a task gid or URL from the project Intake to proceed", Text(dialog.Find("[role=dialog]")));
        Assert.NotNull(Field(dialog, "Issue key"));
    }

    [Fact]
    public async Task A_wrong_key_stays_with_a_clear_word()
    {
        Mediator.On<ExalateEntity, Result<ExalateStarted>>(_ => new Conflict("TEST-1 is already under sync on acme_to_globex."));
        var dialog = Open();
        Field(dialog, "Issue key").Input("TEST-1");
        await Button(dialog, "Exalate").ClickAsync();

        Assert.Equal("TEST-1 is already under sync on acme_to_globex.", Text(dialog.Find("[role=alert]")));
        Assert.Equal("TEST-1", Field(dialog, "Issue key").GetAttribute("value"));
        Assert.Empty(twins);
    }

    [Fact]
    public async Task The_phases_move_by_themselves()
    {
        var dialog = Open(Sample.TwinId);
        Assert.Equal(["Preparing", "Sending", "Waiting for remote", "Finalizing", "Synchronized"], dialog.FindAll(".exalate-phase-name").Select(Text));
        Assert.Equal(["done", "busy", "open", "open", "open"], States(dialog));
        Assert.Equal("polite", dialog.Find("ol").GetAttribute("aria-live"));
        Assert.Contains("Congratulations!", dialog.Markup);

        progress = Sample.Progress(SyncPhase.Synchronized);
        Changes.Ring(NodeChange.Twins);
        await dialog.WaitForStateAsync(() => States(dialog).All(state => state == "done"));

        var links = dialog.FindAll(".exalate-links a");
        Assert.Equal(["https://acme.atlassian.net/browse/TEST-1", "https://app.asana.com/0/1/1204"], links.Select(link => link.GetAttribute("href")));
        Assert.All(links, link => Assert.Equal(("_blank", "noopener noreferrer"), (link.GetAttribute("target"), link.GetAttribute("rel"))));
        Assert.Contains("1204", Text(dialog.Find(".exalate-sides")));
    }

    [Fact]
    public void A_waiting_phase_says_why()
    {
        progress = Sample.Progress(SyncPhase.WaitingForRemote) with { Problem = "The node at https://node.globex.example could not be reached. Trying again in 10 s; nothing is lost." };
        var dialog = Open(Sample.TwinId);

        Assert.Equal(["done", "done", "waiting", "open", "open"], States(dialog));
        Assert.Contains("Trying again in 10 s", Text(dialog.Find("[role=status].exalate-alert")));
        Assert.False(HasButton(dialog, "Retry"));
    }

    [Fact]
    public async Task What_needs_an_admin_can_be_retried()
    {
        progress = Sample.Progress(SyncPhase.WaitingForRemote) with { Problem = "Asana refused the token (401).", NeedsAttention = true };
        var dialog = Open(Sample.TwinId);
        Assert.DoesNotContain("Congratulations!", dialog.Markup);
        await Button(dialog, "Retry").ClickAsync();

        Assert.Equal(Sample.TwinId, Assert.Single(Mediator.Sent<RetryTwin>()).TwinId);
    }

    [Fact]
    public async Task Pairs_that_wait_for_an_admin_are_listed_and_lead_to_their_phases()
    {
        connection = Sample.Connection() with { EntitiesInSync = 3, Problems = 1 };
        Mediator.On<ListTwins, IReadOnlyList<TwinProgress>>(_ =>
        [
            Sample.Progress(SyncPhase.Synchronized),
            Sample.Progress(SyncPhase.WaitingForRemote) with { LocalKey = "TEST-7", Problem = "Asana refused the token (401).", NeedsAttention = true },
        ]);
        var dialog = Open();
        Assert.Equal("TEST-7 Asana refused the token (401).", Text(Assert.Single(dialog.FindAll(".exalate-waiting li"))));
        await Button(dialog, "TEST-7").ClickAsync();

        Assert.Equal([Sample.TwinId], twins);
    }

    [Fact]
    public void A_link_that_opens_no_web_page_is_no_link()
    {
        progress = Sample.Progress(SyncPhase.Synchronized) with { RemoteLink = "javascript:alert(document.cookie)" };
        var dialog = Open(Sample.TwinId);

        Assert.Single(dialog.FindAll(".exalate-links a"));
        Assert.DoesNotContain("javascript:", dialog.Markup);
    }

    [Fact]
    public async Task An_open_invitation_turns_into_established_when_the_partner_accepts()
    {
        connection = Sample.Connection(ConnectionStatus.Pending);
        var dialog = Open();
        Assert.Contains("On the \"company B\" side, you (or their application administrator) need to Accept the Invitation.", Text(dialog.Find("[role=dialog]")));
        Assert.Contains("Use the following invitation code:", dialog.Markup);
        Assert.Equal("EX1-abc", Field(dialog, "Invitation code").TextContent);
        Assert.True(Field(dialog, "Invitation code").HasAttribute("readonly"));

        connection = Sample.Connection();
        Changes.Ring(NodeChange.Connections);
        await dialog.WaitForStateAsync(() => dialog.Markup.Contains("Connection established successfully", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Revoking_asks_first_and_offers_a_new_invitation()
    {
        connection = Sample.Connection(ConnectionStatus.Pending);
        var dialog = Open();
        await Button(dialog, "Revoke invitation").ClickAsync();
        Assert.Empty(Mediator.Sent<RevokeInvitation>());
        Mediator.On<GetInvitation, Result<InvitationView>>(_ => new InvitationView(null, Sample.Noon.AddDays(7), InvitationState.Revoked, "acme_to_unknown"));
        Mediator.On<ReissueInvitation, Result<InvitationView>>(_ => new InvitationView("EX1-new", Sample.Noon.AddDays(7), InvitationState.Open, "acme_to_unknown"));
        await Button(dialog, "Revoke").ClickAsync();
        Assert.Single(Mediator.Sent<RevokeInvitation>());
        Assert.Contains("was revoked", dialog.Markup);

        await Button(dialog, "New invitation").ClickAsync();
        Assert.Equal("EX1-new", Field(dialog, "Invitation code").TextContent);
    }

    [Fact]
    public void A_connection_that_is_not_there_says_so()
    {
        connection = null;
        Assert.Contains("There is no such connection", Open().Markup);
    }

    [Fact]
    public async Task Disposed_it_listens_no_more()
    {
        Open(Sample.TwinId);
        Assert.True(Changes.Listeners > 0);
        await DisposeComponentsAsync();
        Assert.Equal(0, Changes.Listeners);
    }

    private static IEnumerable<string?> States(IRenderedComponent<IComponent> dialog) => dialog.FindAll("[data-phase]").Select(phase => phase.GetAttribute("data-state"));

    private IRenderedComponent<IComponent> Open(Guid? twin = null) => Render<ConnectionDialog>(dialog => dialog
        .Add(one => one.ConnectionId, Sample.ConnectionId)
        .Add(one => one.TwinId, twin)
        .Add(one => one.OnTwin, (Guid? shown) => twins.Add(shown))
        .Add(one => one.OnClose, () => { }));
}
