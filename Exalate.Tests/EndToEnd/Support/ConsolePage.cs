using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>A node's console in a tab, in the words of its admin.</summary>
internal sealed class ConsolePage(IPage page, string url, string password = ConsolePage.DemoPassword)
{
    public const string Email = "admin@example.com";

    /// <summary>The demo's password; a real node takes none that stands on lists.</summary>
    public const string DemoPassword = "exalate-demo";

    public IPage Page { get; } = page;

    public string Url { get; } = url;

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public ILocator Rows => Page.Locator("tr[data-connection]");

    public static async Task<ConsolePage> OpenAsync(IBrowserContext context, string url, string path = "/connections", string password = DemoPassword)
    {
        var console = new ConsolePage(await context.NewPageAsync(), url, password);
        await console.Page.GotoAsync(url + path);
        await console.SignInAsync();
        return console;
    }

    public async Task SignInAsync()
    {
        await Page.GetByLabel("Email").FillAsync(Email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
    }

    public Task GoToConnectionsAsync() => Page.GotoAsync(Url + "/connections");

    public ILocator Button(string name) => Dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Field(string label) => Dialog.GetByRole(AriaRole.Textbox, new() { Name = label });

    public Task StartInitiatingAsync() => Page.GetByRole(AriaRole.Button, new() { Name = "Initiate connection" }).ClickAsync();

    public async Task ProbeAsync(string destination)
    {
        await Field("Destination instance URL").FillAsync(destination);
        await Button("Next").ClickAsync();
    }

    public async Task ChooseProjectAsync(string project)
    {
        await Dialog.GetByPlaceholder("Select Project").ClickAsync();
        await Dialog.GetByRole(AriaRole.Option, new() { Name = project }).ClickAsync();
    }

    /// <summary>Through the wizard up to the question for admin access.</summary>
    public async Task ToAdminAccessAsync(string destination, string? project)
    {
        await StartInitiatingAsync();
        await ProbeAsync(destination);
        await Expect(Dialog.GetByText("Choose the configuration type")).ToBeVisibleAsync();
        await Dialog.GetByRole(AriaRole.Radio, new() { Name = "Basic" }).CheckAsync();
        await Button("Next").ClickAsync();
        if (project is not null)
        {
            await ChooseProjectAsync(project);
            await Button("Next").ClickAsync();
        }

        await Expect(Dialog.GetByText("Do you have admin access to the destination instance?")).ToBeVisibleAsync();
    }

    /// <summary>The whole wizard with <em>No</em>.</summary>
    /// <returns>The invitation code.</returns>
    public async Task<string> InviteAsync(string destination, string? project)
    {
        await ToAdminAccessAsync(destination, project);
        await Dialog.GetByText("No, I don't have admin access").ClickAsync();
        await Button("Initiate").ClickAsync();
        await Expect(Field("Invitation code")).ToBeVisibleAsync();
        return await Field("Invitation code").InputValueAsync();
    }

    public async Task PasteAsync(string code)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Accept invitation" }).ClickAsync();
        await Field("Invitation code").FillAsync(code);
        await Button("Next").ClickAsync();
    }

    public async Task PasteAfterClosingAsync(string code)
    {
        await CloseDialogAsync();
        await PasteAsync(code);
    }

    public async Task AcceptAsync(string code, string? project)
    {
        await PasteAsync(code);
        if (project is not null)
            await ChooseProjectAsync(project);
        await Button("Confirm").ClickAsync();
        await ExpectEstablishedAsync();
    }

    public Task ExpectEstablishedAsync() => Expect(Dialog.GetByText("Connection established successfully")).ToBeVisibleAsync();

    public async Task ExalateAsync(string key)
    {
        await Field("Issue key").FillAsync(key);
        await Button("Exalate").ClickAsync();
    }

    public Task ExpectPhaseAsync(string phase, string state) => Expect(Dialog.Locator($"[data-phase={phase}]")).ToHaveAttributeAsync("data-state", state);

    public Task ExpectSynchronizedAsync() => ExpectPhaseAsync("Synchronized", "done");

    public async Task OpenRowMenuAsync(int row = 0) => await Rows.Nth(row).Locator("[aria-haspopup=menu]").ClickAsync();

    /// <summary>From the row menu that is open.</summary>
    public Task PickAsync(string item) => Page.GetByRole(AriaRole.Menuitem, new() { Name = item, Exact = true }).ClickAsync();

    public async Task SyncAnEntityAsync(int row = 0)
    {
        await OpenRowMenuAsync(row);
        await PickAsync("Sync an entity");
    }

    public async Task CloseDialogAsync()
    {
        await Dialog.Locator("[data-exalate-close]").ClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
    }

    public Task ShotAsync(string name, bool fullPage = true) => Page.ScreenshotAsync(new() { Path = Path.Combine(Artifacts.Folder, name + ".png"), FullPage = fullPage });
}
