using Bunit;
using Exalate.Console.Features.GettingStarted;
using Exalate.Core.Connections;
using Exalate.Core.Sync.Errors;
using Microsoft.AspNetCore.Components;

namespace Exalate.Tests.Console.Pages;

public sealed class StartingOut : PageTest
{
    private IReadOnlyList<ConnectionView> connections = [];

    public StartingOut() => Mediator.On<ListConnections, IReadOnlyList<ConnectionView>>(_ => connections);

    [Fact]
    public void A_fresh_node_is_led_to_its_settings()
    {
        Settings = Settings with { Missing = ["Enter the tracker's address and token."] };
        var page = Render<GettingStartedPage>();

        Assert.Equal(["is-next", "is-later", "is-later"], States(page));
        Assert.Contains("Enter the tracker's address and token.", page.Markup);
        Assert.Equal("/settings", page.Find("a.rz-button").GetAttribute("href"));
    }

    [Fact]
    public void A_set_up_node_is_led_to_its_first_connection()
    {
        var page = Render<GettingStartedPage>();

        Assert.Equal(["is-done", "is-next", "is-later"], States(page));
        Assert.Equal("/connections", page.Find("a.rz-button").GetAttribute("href"));
    }

    [Fact]
    public void A_connected_node_is_led_to_its_first_entity()
    {
        connections = [Sample.Connection()];
        var page = Render<GettingStartedPage>();

        Assert.Equal(["is-done", "is-done", "is-next"], States(page));
        Assert.Equal($"/connections?connection={Sample.ConnectionId:N}", page.Find("a.rz-button").GetAttribute("href"));
    }

    [Fact]
    public void What_does_not_go_on_is_said_on_the_first_screen()
    {
        Mediator.On<CountErrors, int>(_ => 2);
        var page = Render<GettingStartedPage>();

        Assert.Contains("2 errors are open. Show what does not go on", Text(page.Find(".exalate-alert")));
        Assert.Equal("/errors", page.Find(".exalate-alert a").GetAttribute("href"));
    }

    [Fact]
    public void A_connection_that_goes_on_is_offered_before_one_that_is_held()
    {
        connections = [Sample.Connection() with { Id = Sample.TwinId, IsHeld = true }, Sample.Connection()];
        Assert.Equal($"/connections?connection={Sample.ConnectionId:N}", Render<GettingStartedPage>().Find("a.rz-button").GetAttribute("href"));
    }

    [Fact]
    public void Nobody_waits_for_a_partner_where_all_is_deactivated()
    {
        connections = [Sample.Connection(ConnectionStatus.Deactivated)];
        Assert.Contains("Your connections are deactivated: activate one, or make a new one.", Render<GettingStartedPage>().Markup);
    }

    [Fact]
    public void When_all_is_done_it_says_so()
    {
        connections = [Sample.Connection() with { EntitiesInSync = 3 }];
        var page = Render<GettingStartedPage>();

        Assert.Equal(["is-done", "is-done", "is-done"], States(page));
        Assert.Contains("3 entities are in sync.", page.Markup);
    }

    private static IEnumerable<string?> States(IRenderedComponent<IComponent> page) => page.FindAll(".exalate-steps > li").Select(step => step.GetAttribute("class"));
}
