using Exalate.Tests.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Exalate.Tests.EndToEnd;

/// <summary>The main path: an invitation goes to another company, and from the first key on every change travels, each way.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class WithoutAdminAccess(SharedChromium shared) : EndToEndTest(shared)
{
    private Demo demo = null!;

    public override async Task InitializeAsync() => demo = await Demo.StartAsync(nameof(WithoutAdminAccess));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await demo.DisposeAsync();
    }

    [Fact]
    public Task From_an_invitation_to_edits_comments_and_files_that_travel_both_ways() => WatchedAsync(async () =>
    {
        var acme = await NewContextAsync();
        var globex = await NewContextAsync();
        var jira = await ConsolePage.OpenAsync(acme, demo.Jira);
        var asana = await ConsolePage.OpenAsync(globex, demo.Asana);
        await Expect(jira.Page.GetByText("You do not have any connection defined yet.")).ToBeVisibleAsync();

        var code = await jira.InviteAsync(demo.Asana, "Test (TEST)");
        await Expect(jira.Dialog.GetByText("On the \"company B\" side, you (or their application administrator) need to Accept the Invitation.")).ToBeVisibleAsync();
        await jira.Button("Copy invitation code").ClickAsync();
        await Expect(jira.Dialog.GetByText("Copied")).ToBeVisibleAsync();
        Assert.Equal(code, await jira.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        // Mail and chat break long lines.
        await asana.AcceptAsync($"\"{string.Join("\n ", code.Chunk(60).Select(part => new string(part)))}\"", null);

        // Nobody touched the inviter's browser: its invitation turned into the established connection.
        await jira.ExpectEstablishedAsync();
        await Expect(jira.Rows.First).ToContainTextAsync("Active");
        await jira.ExalateAsync("test-1");
        await Expect(jira.Dialog.GetByText("Congratulations!")).ToBeVisibleAsync();
        await jira.ExpectSynchronizedAsync();
        var links = jira.Dialog.Locator(".exalate-links a");
        await Expect(links).ToHaveCountAsync(2);
        var issue = await BoardPage.OpenAsync(acme, (await links.Nth(0).GetAttributeAsync("href"))!);
        var task = await BoardPage.OpenAsync(globex, (await links.Nth(1).GetAttributeAsync("href"))!);

        await ChangesTravelAsync(issue, task, "from Jira");
        await ChangesTravelAsync(task, issue, "from Asana");
        await SecondEntityFromTheOtherSideAsync(asana, globex, acme);
        await Expect(jira.Rows.First).ToContainTextAsync("2");
        AssertNoSecrets();
    });

    private static async Task ChangesTravelAsync(BoardPage from, BoardPage to, string word)
    {
        await from.EditAsync(summary: $"Summary {word}", description: $"Description **{word}**");
        await to.ExpectAsync($"Summary {word}");
        await to.ExpectAsync($"Description {word}");
        await from.CommentAsync($"A comment {word}");
        await to.ExpectAsync($"A comment {word}");
        await from.AttachAsync($"{word.Replace(' ', '-')}.txt", $"file {word}");
        await to.ExpectAsync($"{word.Replace(' ', '-')}.txt");
        Assert.Equal(1, await from.CountAsync($"A comment {word}"));
        Assert.Equal(1, await to.CountAsync($"A comment {word}"));
    }

    private async Task SecondEntityFromTheOtherSideAsync(ConsolePage asana, IBrowserContext globex, IBrowserContext acme)
    {
        await asana.CloseDialogAsync();
        await asana.SyncAnEntityAsync();
        var key = await FirstUnsyncedTaskAsync(globex);
        await asana.ExalateAsync(key);
        await asana.ExpectSynchronizedAsync();
        await Expect(asana.Dialog.Locator(".exalate-sides dd").Nth(1)).ToContainTextAsync("TEST-");
        var issue = await BoardPage.OpenAsync(acme, (await asana.Dialog.Locator(".exalate-links a").Nth(1).GetAttributeAsync("href"))!);
        await issue.CommentAsync("Seen on the other side");
        var task = await BoardPage.OpenAsync(globex, (await asana.Dialog.Locator(".exalate-links a").Nth(0).GetAttributeAsync("href"))!);
        await task.ExpectAsync("Seen on the other side");
    }

    private async Task<string> FirstUnsyncedTaskAsync(IBrowserContext globex)
    {
        var board = await globex.NewPageAsync();
        await board.GotoAsync(demo.AsanaTracker);
        var row = board.Locator("table.rows tbody tr").Filter(new() { HasNotText = "Summary from" }).Last;
        return (await row.Locator("a").InnerTextAsync()).Trim();
    }

    private void AssertNoSecrets()
    {
        Assert.DoesNotContain("EXA1-", demo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer", demo.Output, StringComparison.Ordinal);
    }
}
