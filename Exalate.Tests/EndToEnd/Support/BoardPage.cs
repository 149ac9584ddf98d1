using Microsoft.Playwright;

namespace Exalate.Tests.EndToEnd.Support;

/// <summary>A sandbox tracker's board in a tab, in the words of the people who work there.</summary>
internal sealed class BoardPage(IPage page, string link)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public IPage Page { get; } = page;

    /// <summary>The entity's address for people.</summary>
    public string Link { get; } = link;

    public static async Task<BoardPage> OpenAsync(IBrowserContext context, string link)
    {
        var board = new BoardPage(await context.NewPageAsync(), link);
        await board.Page.GotoAsync(link);
        return board;
    }

    public async Task EditAsync(string? summary = null, string? description = null)
    {
        await Page.GotoAsync(Link + "?edit=1");
        if (summary is not null)
            await Page.GetByLabel("Summary").FillAsync(summary);
        if (description is not null)
            await Page.GetByLabel("Description").FillAsync(description);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Page.WaitForURLAsync(url => !url.Contains("edit=1", StringComparison.Ordinal));
    }

    public async Task CommentAsync(string text)
    {
        await Page.GotoAsync(Link);
        await Page.GetByLabel("Comment", new() { Exact = true }).FillAsync(text);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add comment" }).ClickAsync();
        await Page.GetByText(text).First.WaitForAsync();
    }

    public async Task AttachAsync(string fileName, string content)
    {
        await Page.GotoAsync(Link);
        await Page.GetByLabel("File", new() { Exact = true }).SetInputFilesAsync(new FilePayload { Name = fileName, MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(content) });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Attach", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = fileName }).WaitForAsync();
    }

    /// <summary>Waits until the entity's page shows the text.</summary>
    public async Task ExpectAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            await Page.GotoAsync(Link);
            var shown = await Page.Locator("body").InnerTextAsync();
            if (shown.Contains(text, StringComparison.Ordinal))
                return;
            Assert.False(patience.IsCancellationRequested, $"{Link} does not show “{text}” after {Patience.TotalSeconds:0} s. It shows:{Environment.NewLine}{shown}");
            await Task.Delay(250);
        }
    }

    /// <summary>How often the text stands there: once is right, twice is a duplicate.</summary>
    public async Task<int> CountAsync(string text)
    {
        await Page.GotoAsync(Link);
        var shown = await Page.Locator("body").InnerTextAsync();
        return shown.Split(text).Length - 1;
    }
}
