using Exalate.Benchmarks.Processes;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>One person is admin on both sides: one browser goes over, confirms and is done.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class WithAdminAccess(SharedChromium shared) : EndToEndTest(shared)
{
    [Fact]
    public Task In_one_browser_with_both_consoles_on_one_host() => WatchedAsync(async () =>
    {
        await using var demo = await Demo.StartAsync(nameof(WithAdminAccess));
        var context = await NewContextAsync();
        var asana = await ConsolePage.OpenAsync(context, demo.Asana);
        await asana.ToAdminAccessAsync(demo.Jira, null);
        await asana.Dialog.GetByRole(AriaRole.Radio, new() { Name = "Yes, I have admin access" }).CheckAsync();
        await asana.Button("Initiate").ClickAsync();

        // Being an admin there is the proof: that console asks for its own sign-in.
        await asana.Page.WaitForURLAsync(demo.Jira + "/sign-in**");
        var there = new ConsolePage(asana.Page, demo.Jira);
        await there.SignInAsync();
        await Expect(there.Dialog.GetByText("Select a project for the incoming sync")).ToBeVisibleAsync();
        await Expect(there.Dialog.GetByText("Asana node", new() { Exact = false }).First).ToBeVisibleAsync();

        await there.Button("< Previous").ClickAsync();
        await there.Page.WaitForURLAsync(demo.Asana + "/connections**");
        await Expect(there.Rows.First).ToContainTextAsync("Pending");
        await there.Page.GoBackAsync();
        await there.ChooseProjectAsync("Test (TEST)");
        await there.Button("Confirm").ClickAsync();
        await there.ExpectEstablishedAsync();
        await there.ExalateAsync("TEST-2");
        await there.ExpectSynchronizedAsync();

        // The first console is still signed in: the cookies of two consoles on one host do not collide.
        await there.Page.GotoAsync(demo.Asana + "/connections");
        await Expect(there.Rows.First).ToContainTextAsync("Active");
        await Expect(there.Rows.First).ToContainTextAsync("jira");
        await there.Page.GotoAsync(demo.Jira + "/connections");
        await Expect(there.Rows.First).ToContainTextAsync("Active");
    });

    [Fact]
    public Task Across_two_host_names_with_every_program_in_a_process_of_its_own() => WatchedAsync(async () =>
    {
        await using var companies = await Artifacts.StartCompaniesAsync(nameof(WithAdminAccess) + "-two-hosts");
        var context = await NewContextAsync();
        var jira = await ConsolePage.OpenAsync(context, companies.Jira.Url, password: TwoCompanies.AdminPassword);
        await jira.ToAdminAccessAsync(companies.Asana.Url, "Company (COM)");
        await jira.Dialog.GetByRole(AriaRole.Radio, new() { Name = "Yes, I have admin access" }).CheckAsync();
        await jira.Button("Initiate").ClickAsync();
        await jira.Page.WaitForURLAsync(companies.Asana.Url + "/sign-in**");
        var there = new ConsolePage(jira.Page, companies.Asana.Url, TwoCompanies.AdminPassword);
        await there.SignInAsync();
        await there.Button("Confirm").ClickAsync();
        await there.ExpectEstablishedAsync();

        await there.Page.GotoAsync(companies.Jira.Url + "/connections");
        await jira.SyncAnEntityAsync();
        await jira.ExalateAsync("COM-1");
        await jira.ExpectSynchronizedAsync();
    });
}
