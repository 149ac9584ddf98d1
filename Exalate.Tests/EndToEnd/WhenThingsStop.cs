using Exalate.Benchmarks.Processes;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>Nodes and trackers that stop in the middle: everything waits, says why, and goes on when they are back.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class WhenThingsStop(SharedChromium shared) : EndToEndTest(shared)
{
    private TwoCompanies companies = null!;

    public override async Task InitializeAsync() => companies = await Artifacts.StartCompaniesAsync(nameof(WhenThingsStop));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await companies.DisposeAsync();
    }

    [Fact]
    public Task A_node_that_is_restarted_in_every_step_loses_nothing() => WatchedAsync(async () =>
    {
        var jira = await OpenAsync(companies.Jira.Url);
        await jira.ToAdminAccessAsync(companies.Asana.Url, "Test (TEST)");
        await jira.Dialog.GetByText("No, I don't have admin access").ClickAsync();
        await Expect(jira.Button("Initiate")).ToBeEnabledAsync();
        await RestartJiraAsync(jira);
        // The wizard stands where it stood, with what was entered.
        await Expect(jira.Dialog.GetByRole(AriaRole.Radio, new() { Name = "No, I don't have admin access" })).ToBeCheckedAsync();
        await jira.Button("Initiate").ClickAsync();
        await Expect(jira.Field("Invitation code")).ToBeVisibleAsync();
        await RestartJiraAsync(jira);
        await Expect(jira.Rows).ToHaveCountAsync(1);
        var code = await jira.Field("Invitation code").InputValueAsync();

        var asana = await OpenAsync(companies.Asana.Url);
        await asana.PasteAsync(code);
        await Expect(asana.Button("Confirm")).ToBeVisibleAsync();
        await companies.Asana.KillAsync();
        await companies.Asana.StartAsync();
        await asana.Page.ReloadAsync();
        await ConfirmAgainAsync(asana, code);
        await asana.ExpectEstablishedAsync();
        await jira.ExpectEstablishedAsync();

        await jira.ExalateAsync("TEST-1");
        await Expect(jira.Dialog.GetByText("Congratulations!")).ToBeVisibleAsync();
        await RestartJiraAsync(jira);
        await jira.ExpectSynchronizedAsync();
        await Expect(jira.Rows).ToHaveCountAsync(1);
        await Expect(asana.Rows).ToHaveCountAsync(1);
    });

    [Fact]
    public Task With_the_partner_stopped_it_waits_says_why_and_completes_when_it_is_back() => WatchedAsync(async () =>
    {
        var jira = await OpenAsync(companies.Jira.Url);
        var asana = await OpenAsync(companies.Asana.Url);
        await asana.AcceptAsync(await jira.InviteAsync(companies.Asana.Url, "Test (TEST)"), null);
        await jira.ExpectEstablishedAsync();
        await companies.Asana.StopAsync();
        await jira.ExalateAsync("TEST-1");
        await Expect(jira.Dialog.Locator(".exalate-sentence")).ToContainTextAsync(companies.Asana.Url);
        await Expect(jira.Dialog.Locator("[data-state=waiting]")).ToHaveCountAsync(1);
        await Expect(asana.Page.Locator(".exalate-reconnect-box")).ToBeVisibleAsync();
        await Expect(asana.Page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        await jira.CloseDialogAsync();
        // The row says it, too, and closing the dialog did not stop the sync.
        await Expect(jira.Page.Locator(".exalate-row-problem")).ToContainTextAsync(companies.Asana.Url);

        await companies.Asana.StartAsync();
        await Expect(jira.Rows.First.Locator("td").Nth(3)).ToHaveTextAsync("1", new() { Timeout = 90_000 });
        await Expect(jira.Page.Locator(".exalate-row-problem")).ToHaveCountAsync(0, new() { Timeout = 90_000 });
    });

    [Fact]
    public Task A_refused_token_is_said_and_the_sync_goes_on_once_it_is_replaced() => WatchedAsync(async () =>
    {
        var jira = await OpenAsync(companies.Jira.Url);
        var asana = await OpenAsync(companies.Asana.Url);
        await asana.AcceptAsync(await jira.InviteAsync(companies.Asana.Url, "Test (TEST)"), null);
        await jira.ExpectEstablishedAsync();
        await Demo.FailAsync(companies.AsanaTracker.GetLeftPart(UriPartial.Authority), new { tracker = "asana", path = "/api/", status = 401, times = 100_000 });
        await jira.ExalateAsync("TEST-1");
        await Expect(jira.Dialog.Locator(".exalate-sentence")).ToContainTextAsync("token", new() { Timeout = 60_000 });
        await asana.CloseDialogAsync();
        await asana.Page.GotoAsync(companies.Asana.Url + "/settings");
        await asana.Page.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await Expect(asana.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("token");

        await Demo.HealAsync(companies.AsanaTracker.GetLeftPart(UriPartial.Authority));
        await asana.Page.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await Expect(asana.Page.GetByText("It works")).ToBeVisibleAsync();
        if (await jira.Button("Retry").IsVisibleAsync())
            await jira.Button("Retry").ClickAsync();
        await Expect(jira.Dialog.Locator("[data-phase=Synchronized]")).ToHaveAttributeAsync("data-state", "done", new() { Timeout = 120_000 });
    });

    private async Task<ConsolePage> OpenAsync(string url) => await ConsolePage.OpenAsync(await NewContextAsync(), url, password: TwoCompanies.AdminPassword);

    private async Task RestartJiraAsync(ConsolePage jira)
    {
        await companies.Jira.KillAsync();
        await companies.Jira.StartAsync();
        await jira.Page.ReloadAsync();
    }

    /// <summary>A node that was restarted may have forgotten what it read; then the code is pasted again.</summary>
    private static async Task ConfirmAgainAsync(ConsolePage asana, string code)
    {
        var paste = asana.Dialog.GetByRole(AriaRole.Button, new() { Name = "Paste an invitation code" });
        await Expect(asana.Button("Confirm").Or(paste)).ToBeVisibleAsync();
        if (await paste.IsVisibleAsync())
        {
            await paste.ClickAsync();
            await asana.Field("Invitation code").FillAsync(code);
            await asana.Button("Next").ClickAsync();
        }

        await asana.Button("Confirm").ClickAsync();
    }
}
