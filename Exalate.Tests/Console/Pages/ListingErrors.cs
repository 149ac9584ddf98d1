using Bunit;
using Exalate.Console.Features.Errors;
using Exalate.Console.Layout;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Sync.Errors;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Pages;

public sealed class ListingErrors : PageTest
{
    private List<SyncErrorView> open = [Sample.Error(), Sample.Error("r2")];
    private int total = 2;
    private int? ofEntities;

    public ListingErrors()
    {
        Mediator.On<ListErrors, ErrorPage>(_ => new ErrorPage(open, total, 25, ofEntities ?? total));
        Mediator.On<GetError, SyncErrorView?>(request => open.Find(error => error.Id == request.Id));
        Mediator.On<ListConnections, IReadOnlyList<ConnectionView>>(_ => [Sample.Connection()]);
        Mediator.On<RetryErrors, Result<ErrorsHandled>>(_ => new ErrorsHandled(1, 0, null));
        Mediator.On<IgnoreErrors, Result<ErrorsHandled>>(_ => new ErrorsHandled(1, 1, "The error is over by now."));
    }

    [Fact]
    public void An_error_says_what_where_since_when_why_and_what_to_do()
    {
        open = [Sample.Error() with { NextAttemptAt = Sample.Noon.AddMinutes(2), Attempts = 3 }];
        var card = Text(Open().Find("[data-error=r1]"));

        Assert.Contains("Writing a change of 1204 into TEST-1", card);
        Assert.Contains("Jira refused the summary (400).", card);
        Assert.Contains("What to do: Change it, then Retry.", card);
        Assert.Contains("Connection acme_to_globex", card);
        Assert.Contains("5 minutes ago, 3 tries", card);
        Assert.Contains("in 2 minutes", card);
    }

    [Fact]
    public void What_only_the_partner_can_do_says_so_and_can_not_be_chosen()
    {
        open = [Sample.Error() with { NeedsAttention = false, WaitsFor = "globex", CanRetry = false, IgnoreMeans = null }];
        total = 1;
        var page = Open();
        var card = page.Find("[data-error=r1]");

        Assert.Equal("Waits for globex", Text(card.QuerySelector(".exalate-chip")!));
        Assert.Contains("when globex answers", Text(card));
        Assert.Empty(card.QuerySelectorAll("input, button"));
        Assert.Empty(page.FindAll(".exalate-bulk"));
    }

    [Fact]
    public async Task The_whole_page_is_chosen_without_what_only_the_partner_can_do()
    {
        open = [Sample.Error(), Sample.Error("e2") with { NeedsAttention = false, WaitsFor = "globex", CanRetry = false, IgnoreMeans = null }];
        var page = Open();
        await page.Find(".exalate-bulk input").ChangeAsync(true);
        Assert.True(page.Find(".exalate-bulk input").HasAttribute("checked"));
        await Button(page, "Retry selected").ClickAsync();
        Assert.Equal(["r1"], Assert.Single(Mediator.Sent<RetryErrors>()).Selection.Ids);
    }

    [Fact]
    public void An_error_leads_to_its_entity_its_connection_and_to_where_it_is_mended()
    {
        open = [Sample.Error() with { AsksForSettings = true }];
        var card = Open().Find("[data-error=r1]");
        Assert.Equal("/settings", Link("Open General Settings"));
        Assert.Equal("/entities?urn=TEST-1", Link("Entity Sync status"));
        Assert.Equal($"/connections/{Sample.ConnectionId:D}", Link("acme_to_globex"));

        string? Link(string text) => card.QuerySelectorAll("a").Single(link => Text(link) == text).GetAttribute("href");
    }

    [Fact]
    public async Task One_error_is_tried_again()
    {
        var page = Open();
        await page.Find("[data-error=r2] button").ClickAsync();

        var sent = Assert.Single(Mediator.Sent<RetryErrors>());
        Assert.Equal(["r2"], sent.Selection.Ids);
        Assert.Equal("kim@acme.example", sent.By);
        Assert.Contains("1 error is tried again now.", page.Markup);
    }

    [Fact]
    public async Task Ignore_asks_and_says_what_it_means()
    {
        var page = Open();
        await page.Find("[data-error=r1] button[aria-label^=Ignore]").ClickAsync();
        Assert.Empty(Mediator.Sent<IgnoreErrors>());
        Assert.Contains("This change of 1204 (summary) is not written into TEST-1", page.Find("[role=alertdialog]").TextContent);

        await page.FindAll("[role=alertdialog] button").Single(button => Text(button) == "Ignore").ClickAsync();
        Assert.Equal(["r1"], Assert.Single(Mediator.Sent<IgnoreErrors>()).Selection.Ids);
        Assert.Contains("1 error is ignored. 1 not: The error is over by now.", page.Markup);
        Assert.Empty(page.FindAll("[role=alertdialog]"));
    }

    [Fact]
    public async Task A_held_connection_is_asked_about_in_the_words_of_its_buttons()
    {
        open = [Sample.Error() with { IsHeld = true, GoOnMeans = "globex is told of these deletions." }];
        total = 1;
        Mediator.On<IgnoreErrors, Result<ErrorsHandled>>(_ => new ErrorsHandled(1, 0, null));
        var page = Open();
        await page.Find("[data-error=r1] button[aria-label^='Go on']").ClickAsync();
        Assert.Empty(Mediator.Sent<RetryErrors>());
        Assert.Contains("Let acme_to_globex go on?", page.Find("[role=alertdialog]").TextContent);
        Assert.Contains("globex is told of these deletions.", page.Find("[role=alertdialog]").TextContent);
        await page.FindAll("[role=alertdialog] button").Single(button => Text(button) == "Go on").ClickAsync();
        Assert.Equal(["r1"], Assert.Single(Mediator.Sent<RetryErrors>()).Selection.Ids);
        Assert.Contains("acme_to_globex goes on.", page.Markup);
        Assert.Empty(page.FindAll("[role=alertdialog]"));

        await page.Find("[data-error=r1] button[aria-label^=Discard]").ClickAsync();
        Assert.Contains("Discard what made the connection stop?", page.Find("[role=alertdialog]").TextContent);
        await page.FindAll("[role=alertdialog] button").Single(button => Text(button) == "Discard").ClickAsync();
        Assert.Single(Mediator.Sent<IgnoreErrors>());
        Assert.Contains("Discarded: the connection goes on without it.", page.Markup);
    }

    [Fact]
    public async Task All_are_those_of_entities_and_the_dialog_says_nothing_of_what_has_its_own_question()
    {
        open = [Sample.Error("h1") with { Scope = ErrorScope.Connection, IsHeld = true, IgnoreMeans = "globex is not told of these deletions." }, Sample.Error()];
        (total, ofEntities) = (60, 58);
        var page = Open();
        await Button(page, "Ignore all 58 of entities").ClickAsync();

        var dialog = Text(page.Find("[role=alertdialog]"));
        Assert.Contains("Ignore 58 errors?", dialog);
        Assert.Contains("This change of 1204 (summary) is not written into TEST-1", dialog);
        Assert.DoesNotContain("globex is not told", dialog);
    }

    [Fact]
    public async Task What_another_admin_has_decided_meanwhile_is_said()
    {
        open = [Sample.Error() with { IsHeld = true, GoOnMeans = "All that waits is sent." }];
        total = 1;
        Mediator.On<IgnoreErrors, Result<ErrorsHandled>>(_ => new ErrorsHandled(0, 1, "The error is over by now."));
        var page = Open();
        await page.Find("[data-error=r1] button[aria-label^=Discard]").ClickAsync();
        await page.FindAll("[role=alertdialog] button").Single(button => Text(button) == "Discard").ClickAsync();

        Assert.Contains("Nothing is ignored: The error is over by now.", page.Markup);
    }

    [Fact]
    public async Task Many_are_chosen_on_the_page_or_by_the_filter()
    {
        total = 60;
        var page = Open("/errors?text=TEST");
        Assert.True(Button(page, "Retry selected").HasAttribute("disabled"));
        await page.FindAll(".exalate-bulk input").Single().ChangeAsync(true);
        await Button(page, "Retry selected").ClickAsync();
        Assert.Equal(["r1", "r2"], Mediator.Sent<RetryErrors>()[0].Selection.Ids);

        await Button(page, "Retry all 60").ClickAsync();
        Assert.Equal("TEST", Mediator.Sent<RetryErrors>()[1].Selection.AllOf!.Text);
    }

    [Fact]
    public void Filter_and_page_live_in_the_address()
    {
        total = 60;
        var page = Open($"/errors?scope=entity&connection={Sample.ConnectionId:N}&waiting=you&page=2");
        var asked = Mediator.Sent<ListErrors>()[^1];
        Assert.Equal((new ErrorFilter(ErrorScope.Entity, Sample.ConnectionId, null, true), 2), (asked.Filter, asked.Page));
        Assert.Contains("Page 2 of 3", page.Markup);
        Assert.Equal($"/errors?scope=entity&connection={Sample.ConnectionId:N}&waiting=you", page.FindAll(".exalate-pages a")[0].GetAttribute("href"));

        page.Find("#error-scope").Change("");
        Assert.Equal($"errors?connection={Sample.ConnectionId:N}&waiting=you", Address);
    }

    [Fact]
    public void A_link_lands_on_one_error_or_says_that_it_is_over()
    {
        var page = Open("/errors?error=r2");
        Assert.Single(page.FindAll("[data-error]"));

        open = [];
        Changes.Ring(NodeChange.Twins);
        page.WaitForAssertion(() => Assert.Contains("This error is over", page.Markup));
    }

    [Fact]
    public void The_list_and_the_badge_change_by_themselves()
    {
        Mediator.On<CountErrors, int>(_ => open.Count);
        var menu = Render<NavigationMenu>();
        Assert.Equal("2 open", Text(menu.Find(".exalate-badge")));
        var page = Open();

        open = [];
        total = 0;
        Changes.Ring(NodeChange.Twins);
        page.WaitForAssertion(() => Assert.Contains("No errors. Everything is on its way.", page.Markup));
        menu.WaitForAssertion(() => Assert.Empty(menu.FindAll(".exalate-badge")));
        page.Instance.Dispose();
        menu.Instance.Dispose();
        Assert.Equal(0, Changes.Listeners);
    }

    [Fact]
    public void What_the_partner_or_the_tracker_said_is_text()
    {
        open = [Sample.Error() with { Sentence = "<img src=x onerror=alert(1)>", EntityLink = "javascript:alert(1)" }];
        var page = Open();
        Assert.Empty(page.FindAll("img"));
        Assert.DoesNotContain(page.FindAll("a"), link => link.GetAttribute("href")!.StartsWith("javascript", StringComparison.Ordinal));
    }

    private IRenderedComponent<ErrorsPage> Open(string address = "/errors")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<ErrorsPage>();
    }
}
