using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.Console.Host;

/// <summary>The host in Chromium: script under the content security policy, circuits that end with the node and say so.</summary>
public sealed class InTheBrowser(SharedChromium shared) : IAsyncLifetime, IClassFixture<SharedChromium>
{
    private readonly string folder = TemporaryFolder.Make();
    private readonly List<string> complaints = [];
    private IBrowserContext context = null!;
    private IPage page = null!;
    private string url = "";

    public async Task InitializeAsync()
    {
        context = await shared.Chromium.NewContextAsync();
        page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
                complaints.Add(message.Text);
        };
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
    }

    public async Task DisposeAsync()
    {
        await context.CloseAsync();
        TemporaryFolder.Remove(folder);
    }

    [Fact]
    public async Task Signing_in_opens_a_live_page_and_signing_out_closes_it()
    {
        await using var node = await StartAsync();
        await page.GotoAsync(url + "/?from=mail");
        await SignInAsync();

        await Expect(page).ToHaveURLAsync(url + "/?from=mail");
        await Expect(page.Locator("#sign-out")).ToHaveCountAsync(1);
        await WaitForCircuitAsync();
        await page.EvaluateAsync("document.getElementById('sign-out').requestSubmit()");
        await Expect(page).ToHaveURLAsync(url + "/sign-in");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Signing_out_in_one_tab_closes_the_others_of_that_browser_at_once()
    {
        await using var node = await StartAsync();
        await page.GotoAsync(url + "/errors");
        await SignInAsync();
        await WaitForCircuitAsync();
        var other = await context.NewPageAsync();
        await other.GotoAsync(url + "/connections");
        await Expect(other.Locator("h1").First).ToBeVisibleAsync();

        await page.EvaluateAsync("document.getElementById('sign-out').requestSubmit()");
        // Sooner than by the look that comes once a minute.
        await Expect(other).ToHaveURLAsync(url + "/sign-in?returnUrl=%2Fconnections", new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task A_chosen_theme_holds_for_the_next_page()
    {
        await using var node = await StartAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.GotoAsync(url + "/sign-in");
        Assert.Equal("(prefers-color-scheme: dark)", await DarkMediaAsync());

        await page.EvaluateAsync("exalate.setTheme('dark')");
        Assert.Equal("all", await DarkMediaAsync());
        await page.ReloadAsync();

        Assert.Equal("all", await DarkMediaAsync());
        Assert.Equal("dark", await page.EvaluateAsync<string>("exalate.getTheme()"));
    }

    [Fact]
    public async Task A_node_that_stops_does_not_wait_for_browsers_and_they_say_what_happened()
    {
        await using (var node = await StartAsync())
        {
            await page.GotoAsync(url + "/");
            await SignInAsync();
            await WaitForCircuitAsync();

            var watch = Stopwatch.StartNew();
            node.Signal("TERM");
            await node.WaitForExitAsync();
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
            Assert.Equal(0, node.ExitCode);
        }

        await Expect(page.GetByText("The connection to this node was lost.")).ToBeVisibleAsync();

        await using var again = await StartAsync();
        await Expect(page.GetByText("The node was restarted.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reload the page" }).First.ClickAsync();
        await WaitForCircuitAsync();
    }

    private async Task<RunningProgram> StartAsync()
    {
        var program = RunningProgram.Start(
            folder, "Production", "--urls", url, "--data", Path.Combine(folder, "data"),
            "--Exalate:FirstAdmin:Email=" + HostedNode.Email, "--Exalate:FirstAdmin:Password=" + HostedNode.Password);
        await program.LineAsync("listens on");
        return program;
    }

    private async Task SignInAsync()
    {
        await page.GetByLabel("Email").FillAsync(HostedNode.Email);
        await page.GetByLabel("Password").FillAsync(HostedNode.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    // Without prerendering the first heading of a page comes through the circuit.
    private Task WaitForCircuitAsync() => Expect(page.Locator("h1").First).ToBeVisibleAsync();

    private Task<string> DarkMediaAsync() => page.EvaluateAsync<string>("document.querySelector('link[data-theme-of=dark]').media");
}
