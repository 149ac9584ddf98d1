using Exalate.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>The destination stands in a private network: its node accepts, and makes all requests from then on.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class WithoutUrl(SharedChromium shared) : EndToEndTest(shared)
{
    private Demo demo = null!;

    public override async Task InitializeAsync() => demo = await Demo.StartAsync(nameof(WithoutUrl));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await demo.DisposeAsync();
    }

    [Fact]
    public Task A_private_partner_accepts_and_changes_travel_both_ways() => WatchedAsync(async () =>
    {
        var acme = await NewContextAsync();
        var hidden = await NewContextAsync();
        var jira = await ConsolePage.OpenAsync(acme, demo.Jira);
        var partner = await ConsolePage.OpenAsync(hidden, demo.Private);

        await jira.StartInitiatingAsync();
        await jira.Dialog.GetByText("I don't have a URL").First.ClickAsync();
        await Expect(jira.Dialog.GetByText("Choose the configuration type")).ToBeVisibleAsync();
        await jira.Dialog.GetByText("Automatic configuration of basic fields").ClickAsync();
        await jira.Button("Next").ClickAsync();
        await jira.ChooseProjectAsync("Test (TEST)");
        await jira.Button("Initiate").ClickAsync();
        var code = await jira.Field("Invitation code").InputValueAsync();
        await Expect(jira.Rows.First).ToContainTextAsync("unknown");
        await Expect(jira.Rows.First).ToContainTextAsync("Basic, private");

        await partner.AcceptAsync(code, null);
        await jira.ExpectEstablishedAsync();
        await Expect(jira.Rows.First).ToContainTextAsync("jira_to_private");
        await jira.ExalateAsync("TEST-1");
        await jira.ExpectSynchronizedAsync();
        var links = jira.Dialog.Locator(".exalate-links a");
        var issue = await BoardPage.OpenAsync(acme, (await links.Nth(0).GetAttributeAsync("href"))!);
        var task = await BoardPage.OpenAsync(hidden, (await links.Nth(1).GetAttributeAsync("href"))!);
        await issue.CommentAsync("From the public side");
        await task.ExpectAsync("From the public side");
        await issue.AttachAsync("public.txt", "a file of the public side");
        await task.ExpectAsync("public.txt");
        await task.EditAsync(summary: "Edited in private", description: "Nobody called me");
        await issue.ExpectAsync("Edited in private");
        await task.AttachAsync("private.txt", "a file of the private side");
        await issue.ExpectAsync("private.txt");
    });
}
