using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.Console.Host;

/// <summary>The host in Chromium: script under the content security policy, circuits that end with the node and say so.</summary>
public sealed class InTheBrowser : IAsyncLifetime
{
    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly string folder = TemporaryFolder.Make();
    private readonly List<string> complaints = [];
    private IPlaywright playwright = null!;
    private IBrowser chromium = null!;
    private IPage page = null!;
    private string url = "";

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        page = await chromium.NewPageAsync();
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
        await chromium.DisposeAsync();
        playwright.Dispose();
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

        await Expect(page.GetByText("The connection to this node was lost.")).ToBeVisibleAsync(new() { Timeout = 90_000 });

        await using var again = await StartAsync();
        await Expect(page.GetByText("The node was restarted.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
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
    private Task WaitForCircuitAsync() => Expect(page.Locator("h1").First).ToBeVisibleAsync(new() { Timeout = 90_000 });

    private Task<string> DarkMediaAsync() => page.EvaluateAsync<string>("document.querySelector('link[data-theme-of=dark]').media");
}
