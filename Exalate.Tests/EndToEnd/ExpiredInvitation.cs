using Exalate.Benchmarks.Processes;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>An invitation that nobody accepted in time. Not in the other tests' collection: it waits for a minute to pass and needs no machine meanwhile.</summary>
public sealed class ExpiredInvitation(SharedChromium shared) : EndToEndTest(shared), IClassFixture<SharedChromium>
{
    [Fact]
    public Task Is_said_on_both_sides_and_replaced() => WatchedAsync(async () =>
    {
        await using var companies = await Artifacts.StartCompaniesAsync(nameof(ExpiredInvitation), "--Peers:InvitationLifetime=00:01:00");
        var jira = await ConsolePage.OpenAsync(await NewContextAsync(), companies.Jira.Url, password: TwoCompanies.AdminPassword);
        var code = await jira.InviteAsync(companies.Asana.Url, "Test (TEST)");
        await jira.CloseDialogAsync();
        await Expect(jira.Rows.First).ToContainTextAsync("Invitation expired", new() { Timeout = 120_000 });
        var asana = await ConsolePage.OpenAsync(await NewContextAsync(), companies.Asana.Url, password: TwoCompanies.AdminPassword);
        await asana.PasteAsync(code);
        await Expect(asana.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("expired");

        await jira.OpenRowMenuAsync();
        await jira.Page.GetByRole(AriaRole.Menuitem, new() { Name = "New invitation" }).ClickAsync();
        var second = await jira.Field("Invitation code").InputValueAsync();
        await asana.Field("Invitation code").FillAsync(second);
        await asana.Button("Next").ClickAsync();
        await asana.Button("Confirm").ClickAsync();
        await asana.ExpectEstablishedAsync();
    });
}
