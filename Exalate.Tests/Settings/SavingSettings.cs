using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Exalate.Tests.Settings;

public sealed class SavingSettings
{
    private static void Jira(SettingsSeed seed)
    {
        seed.ShortName = "acme";
        seed.ExalateUrl = "https://exalate.acme.example/";
        seed.TrackerKind = TrackerKind.Jira;
        seed.TrackerUrl = "https://acme.atlassian.net";
        seed.TrackerAccountName = "proxy@acme.example";
        seed.TrackerToken = "token-of-acme";
    }

    [Fact]
    public async Task The_first_start_gives_a_lasting_uid_and_later_seeds_change_nothing()
    {
        await using var node = await SettingsNode.StartAsync(Jira);
        var first = await node.SendAsync(new GetNodeSettings());

        await using var database = await TestDatabase.CreateAsync();
        await node.Services.SeedSettingsAsync();
        node.Services.GetRequiredService<IOptions<SettingsSeed>>().Value.ShortName = "other";
        await node.Services.SeedSettingsAsync();
        var second = await node.SendAsync(new GetNodeSettings());

        Assert.Equal(32, first.NodeUid.Length);
        Assert.Equal(first.NodeUid, second.NodeUid);
        Assert.Equal(("acme", "https://exalate.acme.example"), (second.ShortName, second.ExalateUrl));
        Assert.Empty(second.Missing);
    }

    [Fact]
    public async Task A_wrong_first_setting_stops_the_start_and_is_named()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => SettingsNode.StartAsync(seed => seed.ExalateUrl = "http://acme.example"));
        Assert.Contains("ExalateUrl", failure.Message);
        Assert.Contains("https://", failure.Message);
    }

    [Fact]
    public async Task An_empty_node_says_what_is_missing()
    {
        await using var node = await SettingsNode.StartAsync();
        var view = await node.SendAsync(new GetNodeSettings());
        Assert.Equal(2, view.Missing.Count);
        Assert.Contains(view.Missing, sentence => sentence.Contains("short name"));
        Assert.Contains(view.Missing, sentence => sentence.Contains("token"));
        Assert.Null(await node.TrackerProvider.GetAsync(default));
    }

    [Fact]
    public async Task Asana_needs_the_default_project_and_type_as_well()
    {
        await using var node = await SettingsNode.StartAsync(seed =>
        {
            seed.ShortName = "globex";
            seed.ExalateUrl = "https://exalate.globex.example";
            seed.TrackerKind = TrackerKind.Asana;
            seed.TrackerUrl = "https://app.asana.com";
            seed.TrackerToken = "pat";
        });
        var view = await node.SendAsync(new GetNodeSettings());
        Assert.Equal(2, view.Missing.Count);
        Assert.All(view.Missing, sentence => Assert.Contains("default", sentence));
    }

    [Fact]
    public async Task The_token_is_stored_protected_and_an_empty_one_keeps_it()
    {
        await using var node = await SettingsNode.StartAsync();
        var form = await node.FormAsync() with { TrackerKind = TrackerKind.Jira, TrackerUrl = "acme.atlassian.net/", TrackerAccountName = "a@b.c", TrackerToken = " secret-token " };
        Assert.True((await node.SendAsync(form)).IsSuccess);
        Assert.True((await node.SendAsync(await node.FormAsync() with { NodeName = "Node of Acme" })).IsSuccess);

        await using var db = node.Database.CreateDbContext();
        var row = await db.Settings.SingleAsync();
        Assert.DoesNotContain("secret-token", row.ProtectedTrackerToken);
        var audit = await db.Set<Exalate.Core.Access.AuditEntry>().OrderBy(entry => entry.Id).ToListAsync();
        Assert.Equal(["General Settings, with a new tracker token", "General Settings"], audit.Select(entry => entry.Subject));
        Assert.Equal("https://acme.atlassian.net", row.TrackerUrl);
        var tracker = await node.TrackerProvider.GetAsync(default);
        Assert.NotNull(tracker);
        Assert.Equal("secret-token", Assert.Single(node.Trackers.Created).Token);
        Assert.DoesNotContain("secret-token", form.ToString());
    }

    [Fact]
    public async Task The_tracker_stays_the_same_object_until_its_settings_change()
    {
        await using var node = await SettingsNode.StartAsync(Jira);
        var first = await node.TrackerProvider.GetAsync(default);
        await node.SendAsync(await node.FormAsync() with { NodeName = "Other name" });
        Assert.Same(first, await node.TrackerProvider.GetAsync(default));
        await node.SendAsync(await node.FormAsync() with { TrackerToken = "new-token" });
        Assert.NotSame(first, await node.TrackerProvider.GetAsync(default));
        Assert.Equal("new-token", node.Trackers.Created[^1].Token);
    }

    [Fact]
    public async Task Of_two_admins_who_save_the_same_state_the_second_is_told()
    {
        await using var node = await SettingsNode.StartAsync(Jira);
        var mine = await node.FormAsync() with { ShortName = "mine" };
        var theirs = await node.FormAsync() with { ShortName = "theirs" };
        var outcomes = await Task.WhenAll(node.SendAsync(mine), node.SendAsync(theirs));

        Assert.Single(outcomes, outcome => outcome.IsSuccess);
        Assert.IsType<Conflict>(Assert.Single(outcomes, outcome => !outcome.IsSuccess).Error);
    }

    [Theory]
    [InlineData("ShortName", "two words")]
    [InlineData("ShortName", "0123456789012345678901234567890")]
    [InlineData("ShortName", "é")]
    [InlineData("ExalateUrl", "http://exalate.acme.example")]
    [InlineData("ExalateUrl", "https://user:pass@acme.example")]
    [InlineData("ExalateUrl", "https://acme.example/path")]
    [InlineData("ExalateUrl", "ftp://acme.example")]
    [InlineData("ExalateUrl", "javascript:alert(1)")]
    [InlineData("TrackerUrl", "http://acme.atlassian.net")]
    [InlineData("TrackerUrl", "not an address")]
    [InlineData("AllowedNetworks", "10.0.0.0/8\nten")]
    [InlineData("AllowedNetworks", "10.0.0.0/33")]
    [InlineData("TrackerToken", "to ken")]
    [InlineData("TrackerAccountName", "a:b")]
    public async Task A_wrong_field_is_named_and_nothing_is_saved(string field, string value)
    {
        await using var node = await SettingsNode.StartAsync(Jira);
        var before = await node.SendAsync(new GetNodeSettings());
        var form = await node.FormAsync();
        typeof(SaveNodeSettings).GetProperty(field)!.SetValue(form, value);

        var error = Assert.IsType<Invalid>((await node.SendAsync(form)).Error);
        Assert.Equal(field, error.Field);
        Assert.Equal(before.Revision, (await node.SendAsync(new GetNodeSettings())).Revision);
    }

    [Fact]
    public async Task Plain_http_is_taken_on_this_machine()
    {
        await using var node = await SettingsNode.StartAsync();
        Assert.True((await node.SendAsync(await node.FormAsync() with { ExalateUrl = "http://acme.localhost:5081/" })).IsSuccess);
        Assert.Equal("http://acme.localhost:5081", (await node.SendAsync(new GetNodeSettings())).ExalateUrl);
    }

    [Fact]
    public async Task Allowed_networks_hold_at_once_and_after_a_restart()
    {
        await using var node = await SettingsNode.StartAsync();
        Assert.Empty(node.Networks.Current);
        Assert.True((await node.SendAsync(await node.FormAsync() with { AllowedNetworks = "10.1.0.0/16\n127.0.0.1" })).IsSuccess);
        Assert.Equal(2, node.Networks.Current.Count);

        node.Networks.Replace([]);
        await node.Services.SeedSettingsAsync();
        Assert.Equal(2, node.Networks.Current.Count);
    }

    [Fact]
    public async Task The_stored_token_is_not_carried_to_another_address()
    {
        await using var node = await SettingsNode.StartAsync(Jira);
        var error = Assert.IsType<Invalid>((await node.SendAsync(await node.FormAsync() with { TrackerUrl = "https://evil.example" })).Error);
        Assert.Equal("TrackerToken", error.Field);
    }
}
