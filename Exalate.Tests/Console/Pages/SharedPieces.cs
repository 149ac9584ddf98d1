using Bunit;
using Exalate.Console.Layout;
using Exalate.Console.Shared;
using Exalate.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exalate.Tests.Console.Pages;

public sealed class SharedPieces : PageTest
{
    [Theory]
    [InlineData(-20, "just now")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(-7200, "2 hours ago")]
    [InlineData(-86400, "1 day ago")]
    [InlineData(-86400 * 40, "24 March")]
    [InlineData(-86400 * 400, "29 March 2025")]
    [InlineData(30, "in less than a minute")]
    [InlineData(86400 * 7, "in 7 days")]
    [InlineData(86400 * 14 - 60, "in 14 days")]
    [InlineData(3600 - 10, "in 1 hour")]
    [InlineData(-86400 * 14 + 60, "13 days ago")]
    public void Times_are_relative_with_the_exact_one_on_hover(int seconds, string text)
    {
        var moment = Sample.Noon.AddSeconds(seconds);
        var time = Render<TimeAgo>(one => one.Add(ago => ago.When, moment)).Find("time");

        Assert.Equal(text, time.TextContent);
        Assert.EndsWith("(UTC)", time.GetAttribute("title"));
        Assert.Equal(moment.ToString("yyyy-MM-ddTHH:mm:ssZ"), time.GetAttribute("datetime"));
    }

    [Fact]
    public async Task Times_stand_in_the_readers_zone_and_move_on()
    {
        JSInterop.Setup<string?>("exalate.timeZone").SetResult("Asia/Tokyo");
        var time = Render<TimeAgo>(one => one.Add(ago => ago.When, Sample.Noon));
        await Services.GetRequiredService<BrowserTime>().StartAsync();
        await time.WaitForStateAsync(() => time.Find("time").GetAttribute("title") == "3 May 2026, 21:00:00 (Asia/Tokyo)");
        Clock.Advance(TimeSpan.FromMinutes(2));

        await time.WaitForStateAsync(() => time.Find("time").TextContent == "2 minutes ago");
    }

    [Fact]
    public async Task An_unexpected_exception_becomes_a_sentence_and_a_second_press_waits()
    {
        var entered = 0;
        var go = new TaskCompletionSource();
        using var actions = new ActionState(() => { }, NullLogger.Instance);
        var first = actions.RunAsync(async _ =>
        {
            entered++;
            await go.Task;
            throw new InvalidOperationException("secret detail");
        });
        await actions.RunAsync(_ =>
        {
            entered++;
            return Task.FromResult<Error?>(null);
        });
        Assert.True(actions.IsBusy);
        go.SetResult();
        await first;

        Assert.Equal(1, entered);
        Assert.False(actions.IsBusy);
        Assert.DoesNotContain("secret detail", actions.Error!.Sentence);
    }

    [Fact]
    public void The_info_icons_text_stands_there_only_while_asked_for()
    {
        var info = Render<InfoIcon>(one => one.AddChildContent("The Destination Instance URL is the link."));
        Assert.Equal("More information", info.Find("button").GetAttribute("aria-label"));
        Assert.Empty(info.FindAll("[role=tooltip]"));
        info.Find("button").FocusIn();

        Assert.Equal(info.Find("[role=tooltip]").Id, info.Find("button").GetAttribute("aria-describedby"));
        info.Find("button").KeyDown("Escape");
        Assert.Empty(info.FindAll("[role=tooltip]"));
    }

    [Fact]
    public void The_menu_shows_the_pages_that_exist_in_their_order()
    {
        var menu = Render<NavigationMenu>();

        Assert.Equal(["Getting Started", "General Settings", "Connections", "Entity Sync status", "Errors"], menu.FindAll("li a").Select(Text));
        Assert.Equal(["Documentation", "EULA", "Support", "Report a bug"], menu.FindAll("footer a").Select(Text));
        Assert.Matches(@"Powered by Exalate v\. \d+\.\d+\.\d+ \(Core v\. \d+\.\d+\.\d+\)", menu.Find("footer").TextContent);
    }

    [Fact]
    public void The_header_names_the_node_and_its_instance()
    {
        var header = Render<NodeHeader>();

        Assert.Equal("Jira of Acme acme.atlassian.net", Text(header.Find(".exalate-node")));
        Assert.Equal("sign-out", header.FindAll("button").Single(button => Text(button) == "Sign out").GetAttribute("form"));
    }
}
