using Bunit;
using Exalate.Console.Features.Connections.Initiate;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Exalate.Tests.Console.Pages;

public sealed class Initiating : PageTest
{
    private static readonly Guid RequestId = new("33333333-3333-3333-3333-333333333333");
    private readonly List<Guid> initiated = [];
    private int closed;

    public Initiating()
    {
        Mediator.On<GetConnectReadiness, IReadOnlyList<string>>(_ => []);
        Mediator.On<ProbeDestination, Result<DestinationView>>(_ => Sample.Destination());
        Mediator.On<ListModesWithoutUrl, IReadOnlyList<ModeChoice>>(_ => Sample.Modes());
        Mediator.On<ListTrackerProjects, Result<TrackerPage<TrackerProject>>>(_ => new TrackerPage<TrackerProject>([Sample.Test], null));
        Mediator.On<InitiateConnection, Result<ConnectionInitiated>>(_ => new ConnectionInitiated { ConnectionId = Sample.ConnectionId, Name = "acme_to_globex" });
    }

    [Fact]
    public async Task The_steps_follow_each_other_and_make_the_connection_that_was_asked_for()
    {
        var dialog = Open();
        Field(dialog, "Destination instance URL").Input("  https://node.globex.example ");
        await Button(dialog, "Next").ClickAsync();
        Assert.Contains("Choose the configuration type", dialog.Markup);
        Assert.Equal(["Basic", "Visual", "Script"], dialog.FindAll(".exalate-choice strong").Select(Text));
        await Button(dialog, "Next").ClickAsync();
        await ChooseProjectAsync(dialog);
        await Button(dialog, "Next").ClickAsync();
        Field(dialog, "No, I don't have admin access").Change("on");
        await Button(dialog, "Initiate").ClickAsync();

        var sent = Assert.Single(Mediator.Sent<InitiateConnection>());
        Assert.Equal((RequestId, "https://node.globex.example", ConnectionMode.Basic, Sample.Test, false), (sent.RequestId, sent.DestinationUrl, sent.Mode, sent.Project, sent.HasAdminAccess));
        Assert.Equal("kim@acme.example", sent.By);
        Assert.Equal("https://node.globex.example", Assert.Single(Mediator.Sent<ProbeDestination>()).Url);
        Assert.Equal([Sample.ConnectionId], initiated);
    }

    [Fact]
    public async Task Asana_never_asks_for_a_project()
    {
        Settings = Sample.Settings(Sample.Asana);
        var dialog = Open();
        await ToModesAsync(dialog);
        await Button(dialog, "Next").ClickAsync();

        Assert.Contains("Do you have admin access to the destination instance?", dialog.Markup);
        await Button(dialog, "< Previous").ClickAsync();
        Assert.Equal("https://node.globex.example", Field(dialog, "Destination instance URL").GetAttribute("value"));
    }

    [Fact]
    public async Task Previous_keeps_what_was_entered()
    {
        var dialog = Open();
        await ToModesAsync(dialog);
        await Button(dialog, "Next").ClickAsync();
        await ChooseProjectAsync(dialog);
        await Button(dialog, "Next").ClickAsync();
        Field(dialog, "Yes, I have admin access").Change("on");
        await Button(dialog, "< Previous").ClickAsync();
        Assert.Equal("Test (TEST)", dialog.Find("[role=combobox]").GetAttribute("value"));
        await Button(dialog, "< Previous").ClickAsync();
        Assert.Equal("https://node.globex.example", Field(dialog, "Destination instance URL").GetAttribute("value"));
        Assert.True(Field(dialog, "Basic").HasAttribute("checked"));

        await Button(dialog, "Next").ClickAsync();
        await Button(dialog, "Next").ClickAsync();
        Assert.True(Field(dialog, "Yes, I have admin access").HasAttribute("checked"));
        Assert.Single(Mediator.Sent<ProbeDestination>());
    }

    [Fact]
    public async Task A_failed_probe_shows_its_sentence_and_keeps_what_was_typed()
    {
        Mediator.On<ProbeDestination, Result<DestinationView>>(_ => new Unavailable("No node answers at https://nobody.example (connection refused)."));
        var dialog = Open();
        Field(dialog, "Destination instance URL").Input("https://nobody.example");
        await Button(dialog, "Next").ClickAsync();

        Assert.Equal("No node answers at https://nobody.example (connection refused).", Text(dialog.Find("[role=alert]")));
        Assert.Equal("https://nobody.example", Field(dialog, "Destination instance URL").GetAttribute("value"));
        Assert.DoesNotContain("Choose the configuration type", dialog.Markup);
        Assert.False(Button(dialog, "Next").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Another_url_is_looked_at_anew()
    {
        var dialog = Open();
        await ToModesAsync(dialog);
        Field(dialog, "Destination instance URL").Input("https://other.example");

        Assert.DoesNotContain("Choose the configuration type", dialog.Markup);
        await Button(dialog, "Next").ClickAsync();
        Assert.Equal(["https://node.globex.example", "https://other.example"], Mediator.Sent<ProbeDestination>().Select(probe => probe.Url));
    }

    [Fact]
    public async Task What_cannot_be_chosen_says_why()
    {
        var dialog = Open();
        await ToModesAsync(dialog);

        Assert.True(Field(dialog, "Visual").HasAttribute("disabled"));
        Assert.True(Field(dialog, "Script").HasAttribute("disabled"));
        Assert.Equal(["Visual connections come with a later release.", "Script connections come with a later release."], dialog.FindAll(".exalate-choice-reason").Select(Text));
    }

    [Fact]
    public async Task Without_a_url_the_project_is_chosen_and_initiate_makes_the_invitation()
    {
        var dialog = Open();
        Field(dialog, "I don't have a URL").Change(true);
        Assert.Equal(3, dialog.FindAll(".exalate-choice").Count);
        Assert.True(Field(dialog, "Visual").HasAttribute("disabled"));
        Assert.True(Field(dialog, "Basic").HasAttribute("checked"));
        await Button(dialog, "Next").ClickAsync();
        Assert.True(Button(dialog, "Initiate").HasAttribute("disabled"));
        await dialog.Find("[role=combobox]").ClickAsync();
        await dialog.Find("[role=option]").ClickAsync();
        await Button(dialog, "Initiate").ClickAsync();

        var sent = Assert.Single(Mediator.Sent<InitiateConnection>());
        Assert.Equal((null, ConnectionMode.Basic, Sample.Test, false), (sent.DestinationUrl, sent.Mode, sent.Project, sent.HasAdminAccess));
        Assert.Equal([Sample.ConnectionId], initiated);
    }

    [Fact]
    public async Task Without_a_url_on_asana_next_makes_the_invitation()
    {
        Settings = Sample.Settings(Sample.Asana);
        var dialog = Open();
        Field(dialog, "I don't have a URL").Change(true);
        await Button(dialog, "Next").ClickAsync();
        Assert.Null(Assert.Single(Mediator.Sent<InitiateConnection>()).DestinationUrl);
        Assert.Equal([Sample.ConnectionId], initiated);
    }

    [Fact]
    public void Two_nodes_without_a_url_are_refused_on_the_card()
    {
        Mediator.On<ListModesWithoutUrl, IReadOnlyList<ModeChoice>>(_ => [.. Sample.Modes().Select(choice => choice with { DisabledBecause = "This node has no Exalate URL." })]);
        var dialog = Open();
        Field(dialog, "I don't have a URL").Change(true);
        Assert.True(Button(dialog, "Next").HasAttribute("disabled"));
        Assert.Contains("This node has no Exalate URL.", dialog.Find(".exalate-choice-reason").TextContent);

        Field(dialog, "I don't have a URL").Change(false);
        Assert.Empty(dialog.FindAll(".exalate-choice"));
    }

    [Fact]
    public async Task The_own_url_leads_to_the_two_projects()
    {
        var other = new TrackerProject("20", "OPS", "Operations");
        Mediator.On<ProbeDestination, Result<DestinationView>>(_ => Sample.Destination() with { IsOwnNode = true });
        Mediator.On<ListTrackerProjects, Result<TrackerPage<TrackerProject>>>(_ => new TrackerPage<TrackerProject>([Sample.Test, other], null));
        var dialog = Open();
        await ToModesAsync(dialog);
        Assert.Contains("your own instance", dialog.Markup);
        await Button(dialog, "Next").ClickAsync();

        await PickAsync(0, 0);
        await PickAsync(1, 0);
        Assert.Contains("can't be connected with itself", dialog.Markup);
        Assert.True(Button(dialog, "Initiate").HasAttribute("disabled"));
        await PickAsync(1, 1);
        await Button(dialog, "Initiate").ClickAsync();

        var sent = Assert.Single(Mediator.Sent<InitiateConnection>());
        Assert.Equal((Sample.Test, other, false), (sent.Project, sent.OtherProject, sent.HasAdminAccess));
        Assert.Equal([Sample.ConnectionId], initiated);

        async Task PickAsync(int picker, int option)
        {
            await dialog.FindAll("[role=combobox]")[picker].ClickAsync();
            await dialog.FindAll("[role=option]")[option].ClickAsync();
        }
    }

    [Fact]
    public async Task Pressed_twice_it_initiates_once()
    {
        var held = Mediator.Hold<InitiateConnection, Result<ConnectionInitiated>>();
        var dialog = Open();
        await ToAdminAccessAsync(dialog);
        var first = Button(dialog, "Initiate").ClickAsync();
        Assert.Equal("true", Button(dialog, "Initiate").GetAttribute("aria-disabled"));
        await Button(dialog, "Initiate").ClickAsync();
        await dialog.InvokeAsync(() => held.SetResult(new ConnectionInitiated { ConnectionId = Sample.ConnectionId, Name = "n" }));
        await first;

        Assert.Single(Mediator.Sent<InitiateConnection>());
        Assert.Equal([Sample.ConnectionId], initiated);
    }

    [Fact]
    public async Task The_second_press_of_a_double_click_is_not_meant_for_the_next_step()
    {
        var dialog = Open();
        await ToModesAsync(dialog);
        await Button(dialog, "Next").ClickAsync(new MouseEventArgs { Detail = 2 });

        Assert.Contains("Choose the configuration type", dialog.Markup);
        Assert.Empty(dialog.FindAll("[role=combobox]"));
    }

    [Fact]
    public async Task With_admin_access_the_browser_goes_to_the_destination()
    {
        Mediator.On<InitiateConnection, Result<ConnectionInitiated>>(_ =>
            new ConnectionInitiated { ConnectionId = Sample.ConnectionId, Name = "n", RedirectUrl = "https://node.globex.example/connections/accept?offer=abc" });
        var dialog = Open();
        await ToAdminAccessAsync(dialog, "Yes, I have admin access");
        await Button(dialog, "Initiate").ClickAsync();

        var went = Services.GetService(typeof(NavigationManager)) as NavigationManager;
        Assert.Equal("https://node.globex.example/connections/accept?offer=abc", went!.Uri);
        Assert.Empty(initiated);
    }

    [Fact]
    public async Task A_redirect_that_opens_no_web_page_is_not_followed()
    {
        Mediator.On<InitiateConnection, Result<ConnectionInitiated>>(_ => new ConnectionInitiated { ConnectionId = Sample.ConnectionId, Name = "n", RedirectUrl = "javascript:alert(1)" });
        var dialog = Open();
        await ToAdminAccessAsync(dialog, "Yes, I have admin access");
        await Button(dialog, "Initiate").ClickAsync();

        Assert.Equal([Sample.ConnectionId], initiated);
        Assert.DoesNotContain("javascript", Address);
    }

    [Fact]
    public async Task Closing_asks_only_when_something_would_be_lost()
    {
        var dialog = Open();
        await Button(dialog, "× Close").ClickAsync();
        Assert.Equal(1, closed);

        Field(dialog, "Destination instance URL").Input("https://node.globex.example");
        await dialog.FindAll("[data-exalate-close]")[0].ClickAsync();
        Assert.Equal(1, closed);
        Assert.NotEmpty(dialog.FindAll("[role=alertdialog]"));
        await Button(dialog, "Keep editing").ClickAsync();
        Assert.Equal("https://node.globex.example", Field(dialog, "Destination instance URL").GetAttribute("value"));

        await dialog.FindAll("[data-exalate-close]")[0].ClickAsync();
        await Button(dialog, "Discard").ClickAsync();
        Assert.Equal(2, closed);
    }

    [Fact]
    public void A_reload_brings_back_what_was_entered()
    {
        var draft = new InitiateDraft { Url = "https://node.globex.example", Step = InitiateStep.AdminAccess, HasAdminAccess = false, Mode = ConnectionMode.Basic, Project = Sample.Test }
            .WithUrl("https://node.globex.example").WithDestination(Sample.Destination());
        JSInterop.Setup<string?>("exalate.readDraft", $"exalate-initiate-{RequestId:N}").SetResult(draft.ToJson());
        var dialog = Open();

        Assert.True(Field(dialog, "No, I don't have admin access").HasAttribute("checked"));
        Assert.False(Button(dialog, "Initiate").HasAttribute("disabled"));
    }

    [Fact]
    public void A_draft_that_nobody_understands_is_ignored() => Assert.Null(InitiateDraft.FromJson("{\"Destination\":{}}"));

    [Fact]
    public async Task What_is_missing_on_general_settings_stops_it_with_the_sentence()
    {
        Mediator.On<GetConnectReadiness, IReadOnlyList<string>>(_ => ["Enter the tracker's address and token."]);
        var dialog = Open();
        Field(dialog, "Destination instance URL").Input("https://node.globex.example");
        Assert.True(Button(dialog, "Next").HasAttribute("disabled"));
        Assert.Contains("Enter the tracker's address and token.", dialog.Markup);

        Mediator.On<GetConnectReadiness, IReadOnlyList<string>>(_ => []);
        Changes.Ring(NodeChange.Settings);
        await dialog.WaitForStateAsync(() => !Button(dialog, "Next").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Disposed_it_listens_no_more_and_cancels_its_calls()
    {
        CancellationToken seen = default;
        Mediator.OnAsync<ProbeDestination, Result<DestinationView>>(async (_, token) =>
        {
            seen = token;
            await Task.Delay(Timeout.Infinite, token);
            return Sample.Destination();
        });
        var dialog = Open();
        Field(dialog, "Destination instance URL").Input("https://node.globex.example");
        var pressed = Button(dialog, "Next").ClickAsync();
        Assert.Equal(2, Changes.Listeners + 1);
        await DisposeComponentsAsync();

        Assert.Equal(0, Changes.Listeners);
        Assert.True(seen.IsCancellationRequested);
        await pressed;
    }

    private IRenderedComponent<IComponent> Open() => Render<InitiateDialog>(dialog => dialog
        .Add(one => one.RequestId, RequestId)
        .Add(one => one.OnInitiated, initiated.Add)
        .Add(one => one.OnClose, () => { closed++; }));

    private static async Task ToModesAsync(IRenderedComponent<IComponent> dialog)
    {
        Field(dialog, "Destination instance URL").Input("https://node.globex.example");
        await Button(dialog, "Next").ClickAsync();
    }

    private static async Task ChooseProjectAsync(IRenderedComponent<IComponent> dialog)
    {
        Assert.True(Button(dialog, "Next").HasAttribute("disabled"));
        await dialog.Find("[role=combobox]").ClickAsync();
        await dialog.Find("[role=option]").ClickAsync();
    }

    private static async Task ToAdminAccessAsync(IRenderedComponent<IComponent> dialog, string answer = "No, I don't have admin access")
    {
        await ToModesAsync(dialog);
        await Button(dialog, "Next").ClickAsync();
        await ChooseProjectAsync(dialog);
        await Button(dialog, "Next").ClickAsync();
        Field(dialog, answer).Change("on");
    }
}
