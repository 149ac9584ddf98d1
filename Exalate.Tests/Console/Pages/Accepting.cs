using Bunit;
using Exalate.Console.Features.Connections.Accept;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;

namespace Exalate.Tests.Console.Pages;

public sealed class Accepting : PageTest
{
    private readonly List<ConnectionAccepted> accepted = [];
    private readonly List<string?> handles = [];
    private int closed;

    public Accepting()
    {
        Mediator.On<ReadInvitation, Result<InvitationOffer>>(_ => Sample.Offer());
        Mediator.On<ReadOffer, Result<InvitationOffer>>(_ => Sample.Offer(backUrl: "https://node.acme.example/connections?connection=1"));
        Mediator.On<ListTrackerProjects, Result<TrackerPage<TrackerProject>>>(_ => new TrackerPage<TrackerProject>([Sample.Test], null));
        Mediator.On<AcceptInvitation, Result<ConnectionAccepted>>(_ => new ConnectionAccepted(Sample.ConnectionId, "globex_to_acme", Sample.Test));
    }

    [Fact]
    public async Task A_pasted_code_shows_what_is_offered_and_confirm_accepts_it()
    {
        var dialog = Open();
        Field(dialog, "Invitation code").Input("EX1-abc");
        await Button(dialog, "Next").ClickAsync();
        Assert.Equal("EX1-abc", Assert.Single(Mediator.Sent<ReadInvitation>()).Code);
        Assert.Contains("Select a project for the incoming sync", dialog.Markup);
        Assert.Contains("After accepting an invitation for a Basic mode connection, Exalate will be able to sync basic issue fields.", dialog.Markup);
        Assert.Contains("Jira of Acme", dialog.Markup);
        Assert.True(Button(dialog, "Confirm").HasAttribute("disabled"));

        await ChooseAndConfirmAsync(dialog);

        var sent = Assert.Single(Mediator.Sent<AcceptInvitation>());
        Assert.Equal(("h1", Sample.Test, "kim@acme.example"), (sent.Handle, sent.Project, sent.By));
        Assert.Equal(Sample.ConnectionId, Assert.Single(accepted).ConnectionId);
        Assert.Equal(["h1"], handles);
    }

    [Fact]
    public void Where_no_project_is_asked_for_the_keyboard_goes_to_confirm_and_not_back()
    {
        Mediator.On<ReadOffer, Result<InvitationOffer>>(_ => Sample.Offer(asksForProject: false));
        var dialog = Open("h1");
        dialog.WaitForAssertion(() => Assert.Equal("Confirm", Text(dialog.Find("[data-exalate-first]"))));

        Mediator.On<ReadOffer, Result<InvitationOffer>>(_ => Sample.Offer());
        dialog = Open("h2");
        // The project comes first, and Confirm can't be pressed yet.
        dialog.WaitForAssertion(() => Assert.NotEmpty(dialog.FindAll("[role=combobox]")));
        Assert.Empty(dialog.FindAll("[data-exalate-first]"));
    }

    [Fact]
    public async Task A_wrong_code_stays_in_the_field_with_the_reason()
    {
        Mediator.On<ReadInvitation, Result<InvitationOffer>>(_ => new Invalid("The invitation code is damaged: a part of it is missing."));
        var dialog = Open();
        Field(dialog, "Invitation code").Input("EX1-ab");
        await Button(dialog, "Next").ClickAsync();

        Assert.Equal("The invitation code is damaged: a part of it is missing.", Text(dialog.Find("[role=alert]")));
        Assert.Equal("EX1-ab", Field(dialog, "Invitation code").GetAttribute("value"));
    }

    [Fact]
    public async Task Previous_after_a_pasted_code_shows_the_code_again()
    {
        var dialog = Open();
        Field(dialog, "Invitation code").Input("EX1-abc");
        await Button(dialog, "Next").ClickAsync();
        dialog.Render(parameters => parameters.Add(one => one.Handle, "h1"));
        await Button(dialog, "< Previous").ClickAsync();
        // The address still carries the handle for a moment; that must not read the offer again.
        dialog.Render(parameters => parameters.Add(one => one.Handle, "h1"));
        dialog.Render(parameters => parameters.Add(one => one.Handle, null));

        Assert.Equal("EX1-abc", Field(dialog, "Invitation code").GetAttribute("value"));
        Assert.Empty(Mediator.Sent<ReadOffer>());
        Assert.Equal(["h1", null], handles);
    }

    [Fact]
    public async Task Previous_on_the_redirect_way_leads_back_to_the_inviter()
    {
        var dialog = Open("h1");
        await Button(dialog, "< Previous").ClickAsync();

        Assert.Equal("https://node.acme.example/connections?connection=1", ((NavigationManager)Services.GetService(typeof(NavigationManager))!).Uri);
    }

    [Fact]
    public async Task Where_no_project_applies_the_same_screen_says_where_entities_go()
    {
        Mediator.On<ReadInvitation, Result<InvitationOffer>>(_ => Sample.Offer(asksForProject: false));
        Settings = Sample.Settings(Sample.Asana);
        var dialog = Open();
        Field(dialog, "Invitation code").Input("EX1-abc");
        await Button(dialog, "Next").ClickAsync();

        Assert.Empty(dialog.FindAll("[role=combobox]"));
        Assert.Contains("Intake", dialog.Markup);
        await Button(dialog, "Confirm").ClickAsync();
        Assert.Null(Assert.Single(Mediator.Sent<AcceptInvitation>()).Project);
    }

    [Fact]
    public async Task A_refused_confirm_keeps_the_choice()
    {
        Mediator.On<AcceptInvitation, Result<ConnectionAccepted>>(_ => new Conflict("This invitation was used already."));
        var dialog = Open("h1");
        await ChooseAndConfirmAsync(dialog);

        Assert.Equal("This invitation was used already.", Text(dialog.Find("[role=alert]")));
        Assert.Equal("Test (TEST)", dialog.Find("[role=combobox]").GetAttribute("value"));
        Assert.Empty(accepted);
    }

    [Fact]
    public async Task An_offer_that_cannot_be_read_can_be_retried()
    {
        var answers = new Queue<Result<InvitationOffer>>([new NotFound("This offer is older than 10 minutes."), Sample.Offer()]);
        Mediator.On<ReadOffer, Result<InvitationOffer>>(_ => answers.Dequeue());
        var dialog = Open("h1");
        Assert.Contains("This offer is older than 10 minutes.", dialog.Markup);
        await Button(dialog, "Retry").ClickAsync();

        Assert.True(HasButton(dialog, "Confirm"));
    }

    [Fact]
    public async Task Hostile_names_are_text()
    {
        Mediator.On<ReadOffer, Result<InvitationOffer>>(_ => Sample.Offer() with { FromNode = "<script>alert(1)</script>", ConnectionName = "<img src=x onerror=alert(1)>" });
        var dialog = Open("h1");

        Assert.Empty(dialog.FindAll("script, dd img"));
        Assert.Contains("<script>alert(1)</script>", dialog.Find("dl").TextContent);
        await Button(dialog, "× Close").ClickAsync();
        await Button(dialog, "Leave").ClickAsync();
        Assert.Equal(1, closed);
    }

    private static async Task ChooseAndConfirmAsync(IRenderedComponent<IComponent> dialog)
    {
        await dialog.Find("[role=combobox]").ClickAsync();
        await dialog.Find("[role=option]").ClickAsync();
        await Button(dialog, "Confirm").ClickAsync();
    }

    private IRenderedComponent<AcceptDialog> Open(string? handle = null) => Render<AcceptDialog>(dialog => dialog
        .Add(one => one.Handle, handle)
        .Add(one => one.OnHandle, (string? shown) => handles.Add(shown))
        .Add(one => one.OnAccepted, accepted.Add)
        .Add(one => one.OnClose, () => { closed++; }));
}
