using Microsoft.Playwright;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>One browser for a run of tests; each test opens its own contexts in it.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>The first is the second without what a window needs, and draws with half the processor time.</summary>
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        // The machine may be busy with other tests; a condition that comes true late has still come true.
        Assertions.SetDefaultExpectTimeout(90_000);
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Programs.First(File.Exists), Args = Flags }));
    }

    /// <param name="bypassesPolicy">Lets a test's own scripts run on pages whose content security policy allows none.</param>
    public async Task<IBrowserContext> NewContextAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900, bool bypassesPolicy = false)
    {
        var context = await browser.NewContextAsync(new() { BypassCSP = bypassesPolicy, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height }, Permissions = ["clipboard-read", "clipboard-write"] });
        context.SetDefaultTimeout(90_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
