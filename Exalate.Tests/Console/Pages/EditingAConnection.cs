using Bunit;
using Exalate.Console.Features.Connections.Edit;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Pages;

public sealed class EditingAConnection : PageTest
{
    private ConnectionDetails? details = Details();

    public EditingAConnection()
    {
        Mediator.On<GetConnectionDetails, ConnectionDetails?>(_ => details);
        Mediator.On<RenameConnection, Result>(_ => Result.Success);
        Mediator.On<DeactivateConnection, Result>(_ => Result.Success);
        Mediator.On<ChangeIncomingProject, Result>(_ => Result.Success);
        Mediator.On<RotateSecret, Result>(_ => Result.Success);
    }

    [Fact]
    public void The_header_has_what_the_guides_say_and_why_it_can_not_be_used()
    {
        var page = Open();

        Assert.Equal("acme_to_globex", Text(page.Find("h1")));
        Assert.Equal("Active", Text(page.Find(".exalate-chip")));
        Assert.Equal("/connections", page.FindAll("a").Single(link => Text(link) == "Back to Connections").GetAttribute("href"));
        foreach (var button in new[] { "Publish", "Upgrade" })
        {
            Assert.True(Button(page, button).HasAttribute("disabled"));
            Assert.Contains("Basic connection", Text(page.Find("#" + Button(page, button).GetAttribute("aria-describedby"))));
        }

        Assert.Equal(["Scope", "Rules", "Statistics", "Info"], page.FindAll("nav.exalate-tabs a").Select(Text));
    }

    [Fact]
    public void A_held_connection_leads_to_the_decision()
    {
        details = Details() with { Connection = Sample.Connection() with { IsHeld = true, Problem = "Stopped: 60 of 100 entities were deleted here." } };
        var notice = Open().Find(".exalate-alert");

        Assert.Equal("Stopped: 60 of 100 entities were deleted here. Show its errors", Text(notice));
        Assert.Equal($"/errors?connection={Sample.ConnectionId:N}", notice.QuerySelector("a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData(null, EditTab.Scope)]
    [InlineData("rules", EditTab.Rules)]
    [InlineData("INFO", EditTab.Info)]
    [InlineData("7", EditTab.Scope)]
    [InlineData("nonsense", EditTab.Scope)]
    public void The_tab_stands_in_the_address(string? tab, EditTab expected)
    {
        Assert.Equal(expected, EditUrl.Read(tab));
        Assert.Equal(expected, EditUrl.Read(EditUrl.Of(Sample.ConnectionId, expected).Split("tab=") is [_, var word] ? word : null));
    }

    [Fact]
    public void The_rules_are_those_of_the_guides()
    {
        var page = Open("rules");

        Assert.Equal(["Order", "acme", "Sync direction", "globex", "Synchronized"], page.FindAll("th").Select(Text));
        Assert.Equal(
            ["1 Type ↔both ways Type yes", "2 Summary ↔both ways Summary yes", "3 Description ↔both ways Description yes", "4 Comments ↔both ways Comments yes", "5 Attachments ↔both ways Attachments yes"],
            page.FindAll("tbody tr").Select(Text));
        Assert.Contains("Configure the synchronization behavior with the help of field mappings and script rules.", page.Markup);
        Assert.Contains("Please note that these rules do not correspond to the actual sync rules on the connection. To gain more flexibility over the synchronization, please switch to Script mode connection.", page.Markup);
        foreach (var button in new[] { "Export all", "Compare all", "+ Add mapping" })
            Assert.True(Button(page, button).HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_project_of_the_incoming_sync_can_be_changed()
    {
        var other = new TrackerProject("10001", "OPS", "Operations");
        Mediator.On<Core.Settings.ListTrackerProjects, Result<TrackerPage<TrackerProject>>>(_ => new TrackerPage<TrackerProject>([Sample.Test, other], null));
        var page = Open();
        Assert.True(Button(page, "Save").HasAttribute("disabled"));
        await page.Find("[role=combobox]").ClickAsync();
        await page.WaitForStateAsync(() => page.FindAll("[role=option]").Count == 2);
        await page.FindAll("[role=option]")[1].ClickAsync();
        await Button(page, "Save").ClickAsync();

        Assert.Equal(new ChangeIncomingProject(Sample.ConnectionId, other, "kim@acme.example"), Assert.Single(Mediator.Sent<ChangeIncomingProject>()));
        Assert.Equal("Saved", Text(page.Find("span[role=status]")));
    }

    [Fact]
    public void Where_the_tracker_never_asks_the_defaults_hold()
    {
        details = Details() with { AsksForProject = false };
        var page = Open();

        Assert.Empty(page.FindAll("[role=combobox]"));
        Assert.Contains("default project Test (TEST) of General Settings", Text(page.Find("section.exalate-panel")));
    }

    [Fact]
    public void Statistics_are_a_chart_and_a_table()
    {
        var today = new DateOnly(2026, 5, 3);
        Mediator.On<GetConnectionStatistics, ConnectionStatistics?>(_ => new ConnectionStatistics
        {
            EntitiesInSync = 12, FirstSyncs = 1, Errors = 2, LastSyncAt = Sample.Noon.AddMinutes(-5),
            Days = [.. Enumerable.Range(0, 14).Select(i => new MessagesOfDay(today.AddDays(i - 13), i == 13 ? 1_000 : 0, i == 12 ? 1 : 0))],
        });
        var page = Open("statistics");

        Assert.Equal(["12", "1", "5 minutes ago", "2 entities wait for you"], page.FindAll("dd").Select(Text));
        Assert.Equal($"/errors?connection={Sample.ConnectionId:N}", page.Find("dd a").GetAttribute("href"));
        Assert.Equal(["3 May 1000 0", "2 May 0 1"], page.FindAll("tbody tr").Select(row => string.Join(' ', row.Children.Select(Text))));
        Assert.Equal("116", page.FindAll("rect.exalate-chart-out")[13].GetAttribute("height"));
        Assert.Equal("2", page.FindAll("rect.exalate-chart-in")[12].GetAttribute("height"));
        Assert.Contains("at most 1000", page.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task The_partners_address_is_checked_and_the_refusal_stays_with_what_was_typed()
    {
        Mediator.On<CorrectPartnerUrl, Result>(sent => sent.Url.EndsWith("right.example", StringComparison.Ordinal) ? Result.Success : new Invalid("Another node answers there."));
        var page = Open("info");
        Assert.True(Button(page, "Check and save").HasAttribute("disabled"));
        await Field(page, "Exalate URL of the partner").InputAsync("https://wrong.example");
        await Button(page, "Check and save").ClickAsync();
        Assert.Equal("Another node answers there.", Text(page.Find("[role=alert] .exalate-sentence")));
        Changes.Ring(NodeChange.Connections);
        await page.WaitForStateAsync(() => Mediator.Sent<GetConnectionDetails>().Count > 1);
        Assert.Equal("https://wrong.example", Field(page, "Exalate URL of the partner").GetAttribute("value"));

        await Field(page, "Exalate URL of the partner").InputAsync("https://right.example");
        await Button(page, "Check and save").ClickAsync();
        Assert.Contains("The same node answers there. Saved.", page.Markup);
    }

    [Fact]
    public async Task Info_describes_both_ends_and_rotates_the_secret()
    {
        details = Details() with { NotToldYet = ["globex was not told that the connection is deactivated yet."] };
        var page = Open("info");
        var said = Text(page.Find("section.exalate-panel"));
        foreach (var part in new[] { "Jira of Acme (acme)", "Asana of Globex (globex)", "https://node.globex.example", "0.0.9", "u2", "by kim@acme.example", "accepted from 203.0.113.7", "was not told that" })
            Assert.Contains(part, said);
        await Button(page, "Rotate secret").ClickAsync();
        Assert.Equal(new RotateSecret(Sample.ConnectionId, "kim@acme.example"), Assert.Single(Mediator.Sent<RotateSecret>()));

        details = Details() with { Secret = SecretStanding.Offered };
        Changes.Ring(NodeChange.Connections);
        await page.WaitForStateAsync(() => Button(page, "Rotate secret").HasAttribute("disabled"));
        Assert.Contains("A new one was offered to globex", page.Markup);
    }

    [Fact]
    public void What_can_not_be_done_says_why()
    {
        details = Details() with { AddressFixedBecause = "globex deleted this connection.", SecretFixedBecause = "globex deleted this connection." };
        var page = Open("info");

        Assert.False(HasButton(page, "Rotate secret"));
        Assert.False(HasButton(page, "Check and save"));
        Assert.Equal(2, page.FindAll(".exalate-hint").Count(hint => Text(hint) == "globex deleted this connection."));
    }

    [Fact]
    public async Task Renaming_and_deactivating_ask_and_deleting_leads_back_to_the_list()
    {
        Mediator.On<GetDeletionPreview, DeletionPreview?>(_ => new DeletionPreview("acme_to_globex", "globex", 0, 0, 0, true));
        Mediator.On<DeleteConnection, Result>(_ => Result.Success);
        var page = Open();
        await Button(page, "Rename").ClickAsync();
        await Field(page, "Connection name*").InputAsync("Support");
        await page.FindAll("[role=dialog] button").Single(button => Text(button) == "Save").ClickAsync();
        Assert.Equal(new RenameConnection(Sample.ConnectionId, "Support", "kim@acme.example"), Assert.Single(Mediator.Sent<RenameConnection>()));

        await Button(page, "Deactivate").ClickAsync();
        await page.FindAll("[role=alertdialog] button").Single(button => Text(button) == "Deactivate").ClickAsync();
        Assert.Single(Mediator.Sent<DeactivateConnection>());

        await Button(page, "Delete").ClickAsync();
        await page.Find("[role=dialog] input:not([type])").InputAsync("acme_to_globex");
        await page.FindAll("[role=dialog] button").Single(button => Text(button) == "Delete").ClickAsync();
        Assert.Equal("connections", Address);
    }

    [Theory]
    [InlineData(InvitationState.Open, "Copy invitation again", "open, expires in 7 days")]
    [InlineData(InvitationState.Expired, "New invitation", "expired")]
    [InlineData(InvitationState.Revoked, "New invitation", "revoked")]
    public void A_pending_connection_leads_to_its_invitation(InvitationState state, string link, string word)
    {
        details = Details() with { Connection = Sample.Connection(ConnectionStatus.Pending) with { Invitation = state }, Secret = SecretStanding.None };
        var page = Open("info");

        Assert.Equal($"/connections?connection={Sample.ConnectionId:N}", page.FindAll("a").Single(candidate => Text(candidate) == link).GetAttribute("href"));
        Assert.Contains(word, Text(page.Find("section.exalate-panel")));
        Assert.False(HasButton(page, "Deactivate"));
    }

    [Fact]
    public void A_connection_that_is_not_there_is_a_sentence_and_a_way_back()
    {
        details = null;
        var page = Open();

        Assert.Contains("There is no such connection on this node.", page.Markup);
        Assert.Single(page.FindAll("a[href='/connections']"));
    }

    [Fact]
    public async Task Disposed_it_listens_no_more()
    {
        Open("info");
        Assert.Equal(1, Changes.Listeners);
        await DisposeComponentsAsync();
        Assert.Equal(0, Changes.Listeners);
    }

    private static ConnectionDetails Details() => new()
    {
        Connection = Sample.Connection(),
        AsksForProject = true,
        Local = new NodeEnd("Jira of Acme", "acme", "https://node.acme.example", "u1", "0.1.0", "https://acme.atlassian.net"),
        Remote = new NodeEnd("Asana of Globex", "globex", "https://node.globex.example", "u2", "0.0.9", "https://app.asana.com"),
        CreatedBy = "kim@acme.example",
        ActivatedAt = Sample.Noon.AddDays(-1),
        AcceptedFrom = "203.0.113.7",
        Secret = SecretStanding.Agreed,
        NotToldYet = [],
    };

    private IRenderedComponent<EditPage> Open(string? tab = null)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(EditUrl.Of(Sample.ConnectionId, EditUrl.Read(tab)));
        return Render<EditPage>(parameters => parameters.Add(page => page.Id, Sample.ConnectionId));
    }
}
