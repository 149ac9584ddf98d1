using System.Net;
using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Exalate.Tests.Sandbox.SandboxBench;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.Sandbox;

/// <summary>The boards in Chromium: the names tests and people find things by, pages that follow changes, small screens.</summary>
public sealed class BoardInTheBrowser(SharedChromium shared) : IAsyncLifetime, IClassFixture<SharedChromium>
{
    private readonly SandboxBench bench = new();
    private readonly List<string> complaints = [];
    private IBrowserContext context = null!;
    private IPage page = null!;

    public async Task InitializeAsync()
    {
        await bench.InitializeAsync();
        context = await shared.Chromium.NewContextAsync();
        page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
    }

    public async Task DisposeAsync()
    {
        await context.CloseAsync();
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("issue")]
    [InlineData("task")]
    public async Task APerson_FindsEverythingByItsName(string word)
    {
        await page.GotoAsync((word == "issue" ? bench.Host.JiraUrl : bench.Host.AsanaUrl).ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = $"New {word}" }).ClickAsync();
        await page.GetByLabel("Summary").FillAsync("Seen in a browser");
        await page.GetByLabel("Description").FillAsync("With **bold** words");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Seen in a browser" })).ToBeVisibleAsync();
        await page.GetByLabel("Comment").FillAsync("First words");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add comment" }).ClickAsync();
        await Expect(page.GetByText("First words").First).ToBeVisibleAsync();
        await page.GetByLabel("File").SetInputFilesAsync(new FilePayload { Name = "profile.txt", MimeType = "text/plain", Buffer = "x"u8.ToArray() });
        await page.GetByRole(AriaRole.Button, new() { Name = "Attach" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "profile.txt" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await page.GetByLabel("Summary").FillAsync("Seen and saved");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Seen and saved" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{char.ToUpperInvariant(word[0])}{word[1..]}s" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task AnOpenPage_FollowsChanges_UnlessSomebodyTypes()
    {
        await page.GotoAsync(new Uri(bench.Host.JiraUrl, "/browse/TEST-3").ToString());
        Assert.Equal(HttpStatusCode.Created, (await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/issue/TEST-3/comment", new { body = Adf("arrived by itself") })).Status);
        await Expect(page.GetByText("arrived by itself")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.GetByLabel("Comment").FillAsync("half a sentence");
        await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/issue/TEST-3/comment", new { body = Adf("must wait") });
        await page.WaitForTimeoutAsync(2_500);
        await Expect(page.GetByLabel("Comment")).ToHaveValueAsync("half a sentence");
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData("/", ColorScheme.Light)]
    [InlineData("/browse/TEST-1", ColorScheme.Dark)]
    [InlineData("/browse/TEST-3?edit=1", ColorScheme.Light)]
    public async Task APage_FitsASmallScreen_AndIsAccessible(string path, ColorScheme scheme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.SetViewportSizeAsync(360, 740);
        await page.GotoAsync(new Uri(bench.Host.JiraUrl, path).ToString());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 360"), "The page is wider than the screen.");
        // The pages allow no foreign script, so axe comes in past the policy: a browser context of its own.
        await using var context = await shared.Chromium.NewContextAsync(scheme, bypassesPolicy: true);
        var open = await context.NewPageAsync();
        await open.GotoAsync(new Uri(bench.Host.JiraUrl, path).ToString());
        await Axe.CheckAsync(open, path, Axe.Rules);
    }
}
