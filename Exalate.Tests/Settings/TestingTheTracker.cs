using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Exalate.Tests.Peers;

namespace Exalate.Tests.Settings;

public sealed class TestingTheTracker
{
    private static Task<SettingsNode> NodeAsync() => SettingsNode.StartAsync(seed =>
    {
        seed.TrackerKind = TrackerKind.Jira;
        seed.TrackerUrl = "https://acme.atlassian.net";
        seed.TrackerAccountName = "proxy@acme.example";
        seed.TrackerToken = "stored-token";
    });

    [Fact]
    public async Task The_stored_token_serves_the_stored_address()
    {
        await using var node = await NodeAsync();
        var outcome = await node.SendAsync(new TestTracker(TrackerKind.Jira, "https://acme.atlassian.net/", "proxy@acme.example", null));
        Assert.Equal("Exalate Proxy", outcome.Value.AccountName);
        Assert.Equal("stored-token", Assert.Single(node.Trackers.Created).Token);
    }

    [Theory]
    [InlineData(TrackerKind.Jira, "https://evil.example")]
    [InlineData(TrackerKind.Jira, "https://acme.atlassian.net.evil.example")]
    [InlineData(TrackerKind.AzureDevOps, "https://acme.atlassian.net")]
    public async Task The_stored_token_goes_nowhere_else(TrackerKind kind, string url)
    {
        await using var node = await NodeAsync();
        var outcome = await node.SendAsync(new TestTracker(kind, url, "proxy@acme.example", null));
        Assert.Equal("Token", Assert.IsType<Invalid>(outcome.Error).Field);
        Assert.Empty(node.Trackers.Created);
    }

    [Fact]
    public async Task A_refused_token_is_the_tokens_fault_and_nothing_is_saved()
    {
        await using var node = await NodeAsync();
        var outcome = await node.SendAsync(new TestTracker(TrackerKind.Jira, "https://new.atlassian.net", "a@b.c", TestTrackers.RefusedToken));
        var error = Assert.IsType<Invalid>(outcome.Error);
        Assert.Equal("Token", error.Field);
        Assert.Contains("401", error.Sentence);
        Assert.Equal("https://acme.atlassian.net", (await node.SendAsync(new GetNodeSettings())).TrackerUrl);
    }

    [Fact]
    public async Task Jira_wants_the_account_name()
    {
        await using var node = await NodeAsync();
        var outcome = await node.SendAsync(new TestTracker(TrackerKind.Jira, "https://acme.atlassian.net", " ", "t"));
        Assert.Equal("AccountName", Assert.IsType<Invalid>(outcome.Error).Field);
    }

    [Fact]
    public async Task Projects_come_from_the_stored_tracker_or_a_sentence()
    {
        await using var node = await NodeAsync();
        var page = await node.SendAsync(new ListTrackerProjects(" TE "));
        Assert.Equal("Test TE", Assert.Single(page.Value.Items).Name);

        await using var empty = await SettingsNode.StartAsync();
        var outcome = await empty.SendAsync(new ListTrackerProjects(null));
        Assert.Contains("General Settings", Assert.IsType<Unavailable>(outcome.Error).Sentence);
    }
}
