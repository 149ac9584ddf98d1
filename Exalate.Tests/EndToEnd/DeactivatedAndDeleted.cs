using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>A connection is deactivated while people go on working, is activated, and is deleted; the other company's console says so each time.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DeactivatedAndDeleted(SharedChromium shared) : EndToEndTest(shared)
{
    private Demo demo = null!;

    public override async Task InitializeAsync() => demo = await Demo.StartAsync(nameof(DeactivatedAndDeleted));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await demo.DisposeAsync();
    }

    [Fact]
    public Task Edits_pile_up_and_arrive_in_order_and_a_deleted_connection_is_gone_on_both_sides() => WatchedAsync(async () =>
    {
        var acme = await NewContextAsync();
        var globex = await NewContextAsync();
        var jira = await ConsolePage.OpenAsync(acme, demo.Jira);
        var asana = await ConsolePage.OpenAsync(globex, demo.Asana);
        await asana.AcceptAsync(await jira.InviteAsync(demo.Asana, "Test (TEST)"), null);
        await asana.CloseDialogAsync();
        await jira.ExalateAsync("TEST-1");
        await jira.ExpectSynchronizedAsync();
        var links = jira.Dialog.Locator(".exalate-links a");
        var issue = await BoardPage.OpenAsync(acme, (await links.Nth(0).GetAttributeAsync("href"))!);
        var task = await BoardPage.OpenAsync(globex, (await links.Nth(1).GetAttributeAsync("href"))!);
        await jira.CloseDialogAsync();

        await jira.OpenRowMenuAsync();
        await jira.PickAsync("Deactivate");
        await jira.Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Deactivate" }).ClickAsync();
        await Expect(jira.Rows.First).ToContainTextAsync("changes are kept");
        await Expect(asana.Rows.First).ToContainTextAsync("Deactivated by the partner");

        await issue.EditAsync(summary: "First while deactivated");
        await issue.CommentAsync("One while deactivated");
        await issue.CommentAsync("Two while deactivated");
        await issue.EditAsync(summary: "Last while deactivated");
        await task.CommentAsync("Answer while deactivated");
        Assert.Equal(0, await task.CountAsync("while deactivated") - await task.CountAsync("Answer while deactivated"));

        await jira.Page.GotoAsync(jira.Url + "/connections");
        await jira.OpenRowMenuAsync();
        await jira.PickAsync("Edit");
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Activate" }).ClickAsync();
        await Expect(jira.Page.GetByRole(AriaRole.Button, new() { Name = "Deactivate" })).ToBeVisibleAsync();
        await task.ExpectAsync("Two while deactivated");
        await task.ExpectAsync("Last while deactivated");
        var shown = await task.Page.Locator("body").InnerTextAsync();
        Assert.True(shown.IndexOf("One while deactivated", StringComparison.Ordinal) < shown.IndexOf("Two while deactivated", StringComparison.Ordinal));
        Assert.Equal(0, await task.CountAsync("First while deactivated"));
        await issue.ExpectAsync("Answer while deactivated");
        await Expect(asana.Rows.First).Not.ToContainTextAsync("Deactivated by the partner");

        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await jira.Dialog.GetByText("Keep a list of the pairs").ClickAsync();
        await Expect(jira.Button("Delete")).ToBeDisabledAsync();
        await jira.Dialog.GetByLabel("to confirm").FillAsync((await jira.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync()).Trim());
        await jira.Button("Delete").ClickAsync();
        await Expect(jira.Page.GetByText("You do not have any connection defined yet.")).ToBeVisibleAsync();
        await Expect(jira.Page.GetByText("Pairs of deleted connections: 1 kept")).ToBeVisibleAsync();
        var csv = await jira.Page.APIRequest.GetAsync(jira.Url + "/connections/former-pairs.csv");
        Assert.Contains("TEST-1", await csv.TextAsync());
        await Expect(asana.Rows.First).ToContainTextAsync("Deleted by the partner on");
        await asana.OpenRowMenuAsync();
        await Expect(asana.Page.GetByRole(AriaRole.Menuitem)).ToHaveTextAsync(["Edit", "Delete"]);
    });
}
