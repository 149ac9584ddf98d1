using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>Every screen by the WCAG 2.1 AA rules, light and dark; from 360 px wide; by keyboard alone.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class Accessible(SharedChromium shared) : EndToEndTest(shared)
{
    private Demo demo = null!;

    public override async Task InitializeAsync() => demo = await Demo.StartAsync(nameof(Accessible));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await demo.DisposeAsync();
    }

    [Fact]
    public Task Every_screen() => WatchedAsync(async () =>
    {
        var jira = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Jira, "/");
        await Expect(jira.Page.GetByRole(AriaRole.Heading, new() { Name = "Getting Started" })).ToBeVisibleAsync();
        await CheckAsync(jira, "Getting Started");
        await jira.Page.GotoAsync(demo.Jira + "/settings");
        await Expect(jira.Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeVisibleAsync();
        await CheckAsync(jira, "General Settings");
        await jira.GoToConnectionsAsync();
        await Expect(jira.Page.GetByText("You do not have any connection defined yet.")).ToBeVisibleAsync();
        await CheckAsync(jira, "no connections");

        await jira.StartInitiatingAsync();
        await Expect(jira.Field("Destination instance URL")).ToBeVisibleAsync();
        await CheckAsync(jira, "destination");
        await CheckTipAsync(jira);
        await jira.ProbeAsync("http://localhost:1");
        await Expect(jira.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await CheckAsync(jira, "failed probe");
        await jira.ProbeAsync(demo.Asana);
        await Expect(jira.Dialog.GetByText("Choose the configuration type")).ToBeVisibleAsync();
        await CheckAsync(jira, "modes");
        await jira.Button("Next").ClickAsync();
        await jira.Dialog.GetByPlaceholder("Select Project").ClickAsync();
        await Expect(jira.Dialog.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await CheckAsync(jira, "projects");
        await jira.Dialog.GetByRole(AriaRole.Option, new() { Name = "Test (TEST)" }).ClickAsync();
        await jira.Button("Next").ClickAsync();
        await Expect(jira.Dialog.GetByText("Do you have admin access to the destination instance?")).ToBeVisibleAsync();
        await CheckAsync(jira, "admin access");
        await jira.Dialog.GetByText("No, I don't have admin access").ClickAsync();
        await jira.Button("Initiate").ClickAsync();
        var code = await jira.Field("Invitation code").InputValueAsync();
        await CheckAsync(jira, "invitation");

        var asana = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Asana);
        await asana.Page.GetByRole(AriaRole.Button, new() { Name = "Accept invitation" }).ClickAsync();
        await Expect(asana.Field("Invitation code")).ToBeVisibleAsync();
        await CheckAsync(asana, "paste");
        await asana.Field("Invitation code").FillAsync(code);
        await asana.Button("Next").ClickAsync();
        await Expect(asana.Button("Confirm")).ToBeVisibleAsync();
        await CheckAsync(asana, "offer");
        await asana.Button("Confirm").ClickAsync();
        await asana.ExpectEstablishedAsync();
        await CheckAsync(asana, "established");
        await jira.ExpectEstablishedAsync();
        await jira.ExalateAsync("TEST-1");
        await jira.ExpectSynchronizedAsync();
        await CheckAsync(jira, "phases");
        await jira.CloseDialogAsync();
        await jira.OpenRowMenuAsync();
        await Expect(jira.Page.GetByRole(AriaRole.Menuitem)).ToHaveCountAsync(4);
        await CheckAsync(jira, "list with menu");
        await EditingAsync(jira);
    });

    /// <summary>A first sync that the other tracker refuses, found, mended and retried by keyboard; then the pair is ended and taken up again.</summary>
    [Fact]
    public Task Errors_and_entities() => WatchedAsync(async () =>
    {
        var jira = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Jira);
        var code = await jira.InviteAsync(demo.Asana, "Test (TEST)");
        var asana = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Asana);
        await asana.AcceptAsync(code, null);
        await Demo.FailAsync(demo.AsanaTracker, new { tracker = "asana", method = "POST", path = "/api/1.0/tasks", status = 400, times = 100_000 });
        await jira.Page.GotoAsync(demo.Jira + "/entities?urn=TEST-1");
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Exalate", Exact = true }).ClickAsync();

        await asana.CloseDialogAsync();
        await asana.Page.GetByRole(AriaRole.Link, new() { Name = "Errors 1 open" }).ClickAsync();
        await Expect(asana.Page.GetByRole(AriaRole.Heading, new() { Name = "Creating the twin of TEST-1" })).ToBeVisibleAsync();
        await CheckAsync(asana, "errors");
        await asana.ShotAsync("errors");
        var ignore = asana.Page.GetByRole(AriaRole.Button, new() { Name = "Ignore: Creating the twin of TEST-1" });
        await ignore.ClickAsync();
        await CheckAsync(asana, "ignore");
        await asana.Page.Keyboard.PressAsync("Escape");
        // The dialog gives the focus back to where it came from; what is focused before that loses it again.
        await Expect(asana.Page.GetByRole(AriaRole.Alertdialog)).ToBeHiddenAsync();
        await Expect(ignore).ToBeFocusedAsync();
        await Demo.HealAsync(demo.AsanaTracker);
        await asana.Page.GetByRole(AriaRole.Button, new() { Name = "Retry: Creating the twin of TEST-1" }).FocusAsync();
        await asana.Page.Keyboard.PressAsync("Enter");
        await Expect(asana.Page.GetByText("No errors. Everything is on its way.")).ToBeVisibleAsync();

        await Expect(jira.Page.Locator("[data-state=Synchronized]")).ToBeVisibleAsync();
        await Expect(jira.Page.Locator("[data-field=Summary]")).ToBeVisibleAsync();
        await CheckAsync(jira, "entity");
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Unexalate" }).ClickAsync();
        await CheckAsync(jira, "unexalate");
        await jira.Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Unexalate" }).ClickAsync();
        await Expect(jira.Page.Locator("[data-state=Ended]")).ToBeVisibleAsync();
        await asana.Page.GotoAsync(demo.Asana + "/entities?urn=TEST-1");
        await Expect(asana.Page.Locator("[data-state=Ended]")).ToBeVisibleAsync();
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Exalate", Exact = true }).ClickAsync();
        await Expect(asana.Page.Locator("[data-state=Synchronized]")).ToBeVisibleAsync();
    });

    private async Task EditingAsync(ConsolePage jira)
    {
        await jira.PickAsync("Deactivate");
        await Expect(jira.Page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        await CheckAsync(jira, "deactivate");
        await jira.Page.Keyboard.PressAsync("Escape");
        await jira.OpenRowMenuAsync();
        await jira.PickAsync("Delete");
        await Expect(jira.Dialog.GetByText("1 pair of entities is under sync on it")).ToBeVisibleAsync();
        await CheckAsync(jira, "delete");
        await jira.CloseDialogAsync();
        await jira.OpenRowMenuAsync();
        await jira.PickAsync("Edit");
        await Expect(jira.Page.GetByRole(AriaRole.Heading, new() { Name = "Project of the incoming sync" })).ToBeVisibleAsync();
        await CheckAsync(jira, "scope");
        // A partner may be called anything.
        await jira.Page.EvaluateAsync("document.querySelector('.exalate-panel').insertAdjacentHTML('beforeend', `<p id='long-name'>${'Infrastructure'.repeat(6)}</p>`)");
        await CheckAsync(jira, "a long name");
        await jira.Page.EvaluateAsync("document.getElementById('long-name').remove()");
        foreach (var tab in new[] { "Rules", "Statistics", "Info" })
        {
            // By the keyboard: the tabs are links.
            await jira.Page.GetByRole(AriaRole.Link, new() { Name = tab, Exact = true }).FocusAsync();
            await jira.Page.Keyboard.PressAsync("Enter");
            await Expect(jira.Page.GetByRole(AriaRole.Heading, new() { Name = tab, Exact = true })).ToBeVisibleAsync();
            await Expect(jira.Page.GetByText("Loading")).ToHaveCountAsync(0);
            await CheckAsync(jira, tab);
        }

        await jira.Page.ReloadAsync();
        await Expect(jira.Page.GetByRole(AriaRole.Button, new() { Name = "Rotate secret" })).ToBeVisibleAsync();
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Expect(jira.Field("Connection name")).ToBeFocusedAsync();
        await CheckAsync(jira, "rename");
    }

    [Fact]
    public Task The_keyboard_alone_leads_through_the_wizard() => WatchedAsync(async () =>
    {
        var jira = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Jira);
        var keys = jira.Page.Keyboard;
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Initiate connection" }).FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(jira.Field("Destination instance URL")).ToBeFocusedAsync();
        await keys.TypeAsync(demo.Asana);
        await Expect(jira.Field("Destination instance URL")).ToHaveValueAsync(demo.Asana);
        await keys.PressAsync("Enter");
        await Expect(jira.Dialog.GetByText("Choose the configuration type")).ToBeVisibleAsync();
        await keys.PressAsync("Enter");
        await Expect(jira.Dialog.GetByPlaceholder("Select Project")).ToBeFocusedAsync();
        await keys.TypeAsync("TEST");
        await Expect(jira.Dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await keys.PressAsync("Enter");
        await Expect(jira.Dialog.GetByPlaceholder("Select Project")).ToHaveValueAsync("Test (TEST)");
        await keys.PressAsync("Enter");
        await Expect(jira.Dialog.GetByRole(AriaRole.Radio).First).ToBeFocusedAsync();
        await keys.PressAsync("ArrowDown");
        await Expect(jira.Dialog.GetByRole(AriaRole.Radio).Nth(1)).ToBeCheckedAsync();
        await Expect(jira.Button("Initiate")).ToBeEnabledAsync();
        await keys.PressAsync("Enter");
        await Expect(jira.Field("Invitation code")).ToBeFocusedAsync();
        Assert.StartsWith("EXA1-", await jira.Page.EvaluateAsync<string>("document.activeElement.value.substring(document.activeElement.selectionStart, document.activeElement.selectionEnd)"), StringComparison.Ordinal);

        // The keyboard stays inside the dialog and goes back to where it came from.
        for (var i = 0; i < 12; i++)
        {
            await keys.PressAsync("Tab");
            Assert.True(await jira.Page.EvaluateAsync<bool>("!!document.activeElement.closest('[role=dialog]')"));
        }

        await keys.PressAsync("Escape");
        await Expect(jira.Dialog).ToHaveCountAsync(0);
        await Expect(jira.Page.GetByRole(AriaRole.Button, new() { Name = "Initiate connection" })).ToBeFocusedAsync();
    });

    [Fact]
    public Task Colors_follow_the_person_and_stay() => WatchedAsync(async () =>
    {
        var jira = await ConsolePage.OpenAsync(await NewContextAsync(), demo.Jira);
        var light = await BackgroundAsync(jira);
        await jira.Page.GetByRole(AriaRole.Button, new() { Name = "Dark colors" }).ClickAsync();
        await Expect(jira.Page.GetByRole(AriaRole.Button, new() { Name = "Light colors" })).ToBeVisibleAsync();
        var dark = await BackgroundAsync(jira);
        Assert.NotEqual(light, dark);
        await jira.Page.ReloadAsync();
        await Expect(jira.Page.GetByRole(AriaRole.Button, new() { Name = "Light colors" })).ToBeVisibleAsync();
        Assert.Equal(dark, await BackgroundAsync(jira));
    });

    private static Task<string> BackgroundAsync(ConsolePage console) => console.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    /// <summary>Light by every rule, dark by those about colors (nothing else differs), and 360 px wide by every rule again.</summary>
    private static async Task CheckAsync(ConsolePage console, string screen)
    {
        await Axe.CheckAsync(console.Page, screen + ", light", Axe.Rules);
        await CheckSpacingAsync(console, screen);
        await console.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Axe.CheckAsync(console.Page, screen + ", dark", Axe.ColorRules);
        await console.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await console.Page.SetViewportSizeAsync(360, 740);
        await Axe.CheckAsync(console.Page, screen + ", narrow", Axe.Rules);
        var overflow = await console.Page.EvaluateAsync<int>(
            "Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('.exalate-dialog')].map(d => d.scrollWidth + d.getBoundingClientRect().left)) - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{screen} is {overflow} px too wide.");
        await CheckSpacingAsync(console, screen + ", narrow");
        await console.Page.SetViewportSizeAsync(1280, 900);
    }

    /// <summary>No button and no card to choose touches another one, or the words above and below it.</summary>
    private static async Task CheckSpacingAsync(ConsolePage console, string screen)
    {
        var touching = await console.Page.EvaluateAsync<string[]>(
            """
            () => {
              const dialogs = document.querySelectorAll('.exalate-dialog');
              const body = dialogs.length ? dialogs[dialogs.length - 1].querySelector('.exalate-dialog-body') : document.querySelector('main');
              const boxes = selector => [...body.querySelectorAll(selector)].map(e => ({ e, r: e.getBoundingClientRect() })).filter(box => box.r.width > 1 && box.r.height > 1);
              const words = e => e.textContent.trim().replace(/\s+/g, ' ').slice(0, 30);
              const found = [];
              for (const a of boxes('.rz-button, .exalate-choice')) {
                for (const b of boxes('.rz-button, .exalate-choice, p, legend h3, .exalate-alert, .rz-textbox, .rz-textarea')) {
                  if (a.e === b.e || a.e.contains(b.e) || b.e.contains(a.e)) continue;
                  const beside = a.r.top < b.r.bottom && b.r.top < a.r.bottom, below = a.r.left < b.r.right && b.r.left < a.r.right;
                  const gap = beside ? Math.max(a.r.left - b.r.right, b.r.left - a.r.right) : Math.max(a.r.top - b.r.bottom, b.r.top - a.r.bottom);
                  if (beside !== below && gap < 6) found.push(`${words(a.e)} and ${words(b.e)}: ${Math.round(gap)} px`);
                }
              }
              return found;
            }
            """);
        Assert.True(touching.Length == 0, $"{screen}: " + string.Join(" | ", touching));
    }

    /// <summary>On a wide screen and on a telephone an info icon's text stands in sight as a whole, and over no other part of its line.</summary>
    private static async Task CheckTipAsync(ConsolePage console)
    {
        foreach (var width in new[] { 1280, 360 })
        {
            await console.Page.SetViewportSizeAsync(width, 740);
            await console.Dialog.GetByRole(AriaRole.Button, new() { Name = "More information" }).First.FocusAsync();
            var tip = console.Dialog.GetByRole(AriaRole.Tooltip);
            await Expect(tip).ToBeVisibleAsync();
            var box = (await tip.BoundingBoxAsync())!;
            Assert.True(box is { X: >= 0, Y: >= 0 } && box.X + box.Width <= width && box.Y + box.Height <= 740, $"At {width} px the text reaches from {box.X}, {box.Y} to {box.X + box.Width}, {box.Y + box.Height}.");
            await console.Field("Destination instance URL").FocusAsync();
            await Expect(tip).ToHaveCountAsync(0);
        }

        await console.Page.SetViewportSizeAsync(1280, 900);
    }
}
