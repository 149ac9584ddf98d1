using Bunit;
using Exalate.Console.Features.Connections;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Pages;

public sealed class ConnectionsTab : PageTest
{
    private IReadOnlyList<ConnectionView> connections = [Sample.Connection()];

    public ConnectionsTab()
    {
        Mediator.On<CountFormerPairs, int>(_ => 0);
        Mediator.On<DeactivateConnection, Result>(_ => Result.Success);
        Mediator.On<ActivateConnection, Result>(_ => Result.Success);
        Mediator.On<DeleteConnection, Result>(_ => Result.Success);
        Mediator.On<ListConnections, IReadOnlyList<ConnectionView>>(_ => connections);
        Mediator.On<GetConnection, ConnectionView?>(_ => connections.FirstOrDefault());
        Mediator.On<GetConnectReadiness, IReadOnlyList<string>>(_ => []);
        Mediator.On<RevokeInvitation, Result>(_ => Result.Success);
        Mediator.On<ReissueInvitation, Result<InvitationView>>(_ => new InvitationView("EX1-new", Sample.Noon.AddDays(7), InvitationState.Open, "n"));
    }

    [Fact]
    public void Without_connections_the_next_step_is_offered()
    {
        connections = [];
        var page = Open();

        Assert.Contains("You do not have any connection defined yet.", page.Markup);
        Assert.True(HasButton(page, "Create a new connection"));
        Assert.Contains("Connection defines synchronization behavior, including communication details, sync rules, and scope.", page.Markup);
        Assert.Equal("Refresh", page.Find("button[aria-label]").GetAttribute("aria-label"));
    }

    [Fact]
    public void A_row_says_what_there_is_to_know()
    {
        connections = [Sample.Connection() with { EntitiesInSync = 12, LastSyncAt = Sample.Noon.AddMinutes(-5), Problems = 2, Problem = "Asana refused the token (401)." }];
        var row = Assert.Single(Open().FindAll("tbody tr"));

        Assert.Equal(["acme_to_globex Basic, public", "J acme - A globex https://node.globex.example", "Active", "12", "5 minutes ago"], row.QuerySelectorAll("td").Take(5).Select(Text));
        Assert.Contains("2 entities wait for you. Asana refused the token (401).", Text(row));
        Assert.Equal($"/errors?connection={Sample.ConnectionId:N}", row.QuerySelectorAll("a").Single(link => Text(link) == "Show its errors").GetAttribute("href"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_whose_calls_fail_leads_to_its_errors_and_one_whose_partner_is_too_old_has_none(bool isFailing)
    {
        connections = [Sample.Connection() with { IsFailing = isFailing, Problem = "The node of globex can't be reached." }];
        var row = Assert.Single(Open().FindAll("tbody tr"));

        Assert.Equal(isFailing, row.QuerySelectorAll("a").Any(link => Text(link) == "Show its errors"));
    }

    [Fact]
    public void A_held_connection_says_so_beside_its_status_and_leads_to_the_decision()
    {
        connections = [Sample.Connection() with { IsHeld = true, Problem = "Stopped: 60 of 100 entities were deleted here. Decide on the Errors page." }];
        var row = Assert.Single(Open().FindAll("tbody tr"));

        Assert.Contains("Active Stopped: nothing is sent or taken for now", Text(row));
        Assert.Contains("exalate-chip-pending", row.QuerySelector("[data-status=Active]")!.ClassList);
        Assert.Equal($"/errors?connection={Sample.ConnectionId:N}", row.QuerySelectorAll("a").Single(link => Text(link) == "Show its errors").GetAttribute("href"));
    }

    [Fact]
    public void Many_connections_are_filtered_by_the_address_and_a_dialog_leaves_the_filter_alone()
    {
        connections = [.. Enumerable.Range(1, 11).Select(number => Sample.Connection() with { Id = new Guid(number, 0, 0, new byte[8]), Name = $"acme_to_{number}", Problem = number == 11 ? "Away." : null })];
        var page = Open();
        Assert.Equal(11, page.FindAll("tbody tr").Count);
        page.Find("#connection-text").Change("TO_1");
        page.Find("form[role=search]").Submit();
        Assert.Equal("connections?text=TO_1", Address);
        Assert.Equal(["acme_to_1", "acme_to_10", "acme_to_11"], page.FindAll("tbody .exalate-row-name").Select(Text));
        Assert.Contains("3 of 11 connections", page.Markup);

        page.Find("form[role=search] [type=checkbox]").Change(true);
        Assert.Equal("connections?text=TO_1&problem=yes", Address);
        Assert.Equal("acme_to_11", Text(Assert.Single(page.FindAll("tbody .exalate-row-name"))));
        Button(page, "Accept invitation").Click();
        Assert.Equal("acme_to_11", Text(Assert.Single(page.FindAll("tbody .exalate-row-name"))));
        page.Find("[data-exalate-close]").Click();
        Assert.Equal("connections?text=TO_1&problem=yes", Address);

        page.Find("#connection-text").Change("nobody");
        page.Find("form[role=search]").Submit();
        Assert.Contains("No connection is like that.", page.Markup);
    }

    [Fact]
    public void A_few_connections_need_no_filter()
    {
        Assert.Empty(Open().FindAll("[role=search]"));
    }

    [Fact]
    public void A_pending_connection_has_an_unknown_remote()
    {
        connections = [Sample.Connection(ConnectionStatus.Pending)];
        var page = Open();

        Assert.Contains("unknown", Text(page.Find("tbody tr")));
        Assert.Contains("Invitation expires in 7 days", Text(page.Find("tbody tr")));
        Assert.Equal(["Edit", "Copy invitation again", "Revoke invitation", "Delete"], OpenMenu(page));
    }

    [Theory]
    [InlineData(ConnectionStatus.Active, InvitationState.Used, "Sync an entity", "Deactivate")]
    [InlineData(ConnectionStatus.Deactivated, InvitationState.Used, "Activate")]
    [InlineData(ConnectionStatus.Pending, InvitationState.Revoked, "New invitation")]
    [InlineData(ConnectionStatus.Pending, InvitationState.Expired, "New invitation")]
    public void The_menu_offers_what_can_be_done_now(ConnectionStatus status, InvitationState invitation, params string[] items)
    {
        connections = [Sample.Connection(status) with { Invitation = invitation }];

        Assert.Equal(["Edit", .. items, "Delete"], OpenMenu(Open()));
    }

    [Fact]
    public void A_row_says_how_both_sides_stand()
    {
        connections =
        [
            Sample.Connection(ConnectionStatus.Deactivated) with { DeactivatedAt = Sample.Noon.AddMinutes(-5), DeactivatedBy = "kim@acme.example" },
            Sample.Connection() with { Id = Sample.TwinId, PartnerDeactivatedAt = Sample.Noon.AddMinutes(-5) },
            Sample.Connection(ConnectionStatus.Deactivated) with { Id = new Guid(1, 2, 3, new byte[8]), DeactivatedAt = Sample.Noon, PartnerDeletedAt = Sample.Noon.AddDays(-3) },
        ];
        var page = Open();

        Assert.Equal(
            ["Deactivated Deactivated 5 minutes ago by kim@acme.example; changes are kept", "Active Deactivated by the partner 5 minutes ago; what changes here is kept for it", "Deactivated Deleted by the partner on 30 April; it can only be deleted here, too"],
            page.FindAll("td[data-label=Status]").Select(Text));
        page.FindAll("[aria-haspopup=menu]")[2].Click();
        Assert.Equal(["Edit", "Delete"], page.FindAll("[role=menuitem]").Select(Text));
    }

    [Fact]
    public async Task Deactivating_asks_first_and_activating_does_not()
    {
        var page = Open();
        await PickAsync(page, "Deactivate");
        Assert.Empty(Mediator.Sent<DeactivateConnection>());
        Assert.Contains("Nothing is lost: changes on both sides are kept", page.Find("[role=alertdialog]").TextContent);
        connections = [Sample.Connection(ConnectionStatus.Deactivated)];
        await Button(page, "Deactivate").ClickAsync();
        Assert.Equal(new DeactivateConnection(Sample.ConnectionId, "kim@acme.example"), Assert.Single(Mediator.Sent<DeactivateConnection>()));
        Assert.Empty(page.FindAll("[role=alertdialog]"));

        await PickAsync(page, "Activate");
        Assert.Equal(new ActivateConnection(Sample.ConnectionId, "kim@acme.example"), Assert.Single(Mediator.Sent<ActivateConnection>()));
    }

    [Fact]
    public async Task Deleting_says_the_numbers_and_wants_the_name()
    {
        Mediator.On<GetDeletionPreview, DeletionPreview?>(_ => new DeletionPreview("acme_to_globex", "globex", 12, 3, 1, TellsPartner: true));
        var page = Open();
        await PickAsync(page, "Delete");
        var said = Text(page.Find("[role=dialog]"));
        Assert.Contains("12 pairs of entities are under sync on it", said);
        Assert.Contains("3 changes of this side did not reach globex yet, and 1 change from globex is not written here yet: neither will be.", said);
        Assert.True(Button(page, "Delete").HasAttribute("disabled"));
        await page.Find("[role=dialog] input:not([type])").InputAsync("acme_to_globex");
        await Field(page, "Keep a list of the pairs").ChangeAsync("on");
        connections = [];
        await Button(page, "Delete").ClickAsync();

        Assert.Equal(new DeleteConnection(Sample.ConnectionId, "acme_to_globex", true, "kim@acme.example"), Assert.Single(Mediator.Sent<DeleteConnection>()));
        Assert.Empty(page.FindAll("[role=dialog]"));
        Assert.Contains("You do not have any connection defined yet.", page.Markup);
    }

    [Fact]
    public void Kept_pairs_can_be_downloaded()
    {
        Mediator.On<CountFormerPairs, int>(_ => 12);
        Assert.Equal("/connections/former-pairs.csv", Open().Find("a[download]").GetAttribute("href"));
    }

    [Fact]
    public async Task Sync_an_entity_opens_the_connection_in_the_address()
    {
        var page = Open();
        await PickAsync(page, "Sync an entity");

        Assert.Equal($"connections?connection={Sample.ConnectionId:N}", Address);
        Assert.Contains("Connection established successfully", page.Markup);
    }

    [Fact]
    public async Task The_list_changes_by_itself_when_a_partner_accepts()
    {
        connections = [Sample.Connection(ConnectionStatus.Pending)];
        var page = Open();
        Assert.Equal("Pending", Text(page.Find(".exalate-chip")));
        connections = [Sample.Connection()];
        Changes.Ring(NodeChange.Connections);

        await page.WaitForStateAsync(() => Text(page.Find(".exalate-chip")) == "Active");
    }

    [Fact]
    public async Task A_burst_of_bells_reloads_twice_at_most()
    {
        var page = Open();
        var before = Mediator.Sent<ListConnections>().Count;
        for (var i = 0; i < 50; i++)
            Changes.Ring(NodeChange.Twins);
        await page.WaitForStateAsync(() => Mediator.Sent<ListConnections>().Count > before);
        Assert.Equal(before + 1, Mediator.Sent<ListConnections>().Count);
        Changes.Ring(NodeChange.Twins);
        Clock.Advance(TimeSpan.FromSeconds(1));

        await page.WaitForStateAsync(() => Mediator.Sent<ListConnections>().Count == before + 2);
    }

    [Fact]
    public async Task A_failed_load_offers_retry()
    {
        Mediator.OnAsync<ListConnections, IReadOnlyList<ConnectionView>>((_, _) => throw new InvalidOperationException("database is locked"));
        var page = Open();
        Assert.NotEmpty(page.FindAll("[role=alert]"));
        Assert.DoesNotContain("database is locked", page.Markup);
        Mediator.On<ListConnections, IReadOnlyList<ConnectionView>>(_ => connections);
        await Button(page, "Retry").ClickAsync();

        Assert.Contains("acme_to_globex", page.Markup);
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task Initiating_keeps_the_request_in_the_address()
    {
        var page = Open();
        await Button(page, "Initiate connection").ClickAsync();
        Assert.Matches("^connections\\?dialog=initiate&request=[0-9a-f]{32}$", Address);
        Assert.Equal("Initiate connection", Text(page.Find("[role=dialog] h2")));
        await Button(page, "× Close").ClickAsync();

        Assert.Equal("connections", Address);
        Assert.Empty(page.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task Revoking_asks_first()
    {
        connections = [Sample.Connection(ConnectionStatus.Pending)];
        var page = Open();
        await PickAsync(page, "Revoke invitation");
        Assert.Empty(Mediator.Sent<RevokeInvitation>());
        await Button(page, "Revoke").ClickAsync();

        Assert.Equal((Sample.ConnectionId, "kim@acme.example"), Mediator.Sent<RevokeInvitation>().Select(sent => (sent.ConnectionId, sent.By)).Single());
        Assert.Empty(page.FindAll("[role=alertdialog]"));
    }

    [Fact]
    public void Hostile_names_are_text()
    {
        connections = [Sample.Connection() with { Name = "<img src=x onerror=alert(1)>", RemoteShortName = "<script>alert(1)</script>", Problem = "<b>bold</b>" }];
        var page = Open();

        Assert.Empty(page.FindAll("img, script, td b"));
        Assert.Contains("<img src=x onerror=alert(1)>", page.Find("td").TextContent);
    }

    [Fact]
    public async Task Disposed_it_listens_no_more()
    {
        Open();
        Assert.Equal(1, Changes.Listeners);
        await DisposeComponentsAsync();
        Assert.Equal(0, Changes.Listeners);
    }

    [Theory]
    [InlineData(null, null, null, null, null, null)]
    [InlineData("initiate", "not-an-id", null, null, null, null)]
    [InlineData("initiate", "33333333333333333333333333333333", null, null, null, "/connections?dialog=initiate&request=33333333333333333333333333333333")]
    [InlineData("accept", null, null, null, null, "/connections?dialog=accept")]
    [InlineData(null, null, "11111111111111111111111111111111", null, null, "/connections?connection=11111111111111111111111111111111")]
    [InlineData(null, null, "11111111-1111-1111-1111-111111111111", "22222222222222222222222222222222", null, "/connections?connection=11111111111111111111111111111111&twin=22222222222222222222222222222222")]
    [InlineData(null, null, null, null, "a b/&c", "/connections/accept?offer=a%20b%2F%26c")]
    public void The_address_says_what_is_open(string? dialog, string? request, string? connection, string? twin, string? offer, string? expected) =>
        Assert.Equal(expected, ConnectionsUrl.Read(dialog, request, connection, twin, offer)?.ToString());

    private static Task PickAsync(IRenderedComponent<IComponent> page, string item)
    {
        OpenMenu(page);
        return page.FindAll("[role=menuitem]").Single(candidate => Text(candidate) == item).ClickAsync();
    }

    private static List<string> OpenMenu(IRenderedComponent<IComponent> page)
    {
        page.Find("[aria-haspopup=menu]").Click();
        return page.FindAll("[role=menuitem]").Select(Text).ToList();
    }

    private IRenderedComponent<IComponent> Open()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/connections");
        return Render<ConnectionsPage>();
    }
}
