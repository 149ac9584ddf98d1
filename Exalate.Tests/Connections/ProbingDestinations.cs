using System.Net;
using System.Text.Json;
using Exalate.Core;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using Exalate.Tests.Http;
using Exalate.Tests.Peers;
using Microsoft.AspNetCore.Http;

namespace Exalate.Tests.Connections;

/// <summary>What people type into <em>Destination instance URL</em>, and what answers there.</summary>
public sealed class ProbingDestinations : IAsyncLifetime
{
    private TestNode acme = null!;
    private TestNode globex = null!;

    public async Task InitializeAsync()
    {
        acme = await TestNode.StartAsync("acme");
        globex = await TestNode.StartAsync("globex", TrackerKind.Asana);
    }

    public async Task DisposeAsync()
    {
        await acme.DisposeAsync();
        await globex.DisposeAsync();
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}/")]
    [InlineData("  {0}///  ")]
    [InlineData("{0}/connections?connection=1#x")]
    [InlineData("{0}/general-settings")]
    [InlineData("\"{0}\"")]
    [InlineData("{1}")]
    [InlineData("{1}/connections")]
    public async Task A_node_is_found_however_its_address_is_pasted(string form)
    {
        var view = (await ProbeAsync(string.Format(form, globex.Url, globex.Url.Replace("http://", "")))).Value;
        Assert.Equal((globex.Url, "Node of globex", "globex", TrackerKind.Asana, false), (view.NodeUrl, view.NodeName, view.ShortName, view.Tracker, view.IsOwnNode));
        Assert.Equal([ConnectionMode.Basic, ConnectionMode.Visual, ConnectionMode.Script], view.Modes.Select(m => m.Mode));
        Assert.Equal([true, false, false], view.Modes.Select(m => m.DisabledBecause is null));
    }

    [Theory]
    [InlineData("", "Enter an address")]
    [InlineData("   ", "Enter an address")]
    [InlineData("two words", "not a web address")]
    [InlineData("ftp://b.example", "https://")]
    [InlineData("javascript:alert(1)", "https://")]
    [InlineData("file:///etc/passwd", "not a web address")]
    [InlineData("https://user:pass@b.example", "user name or password")]
    [InlineData("http://b.example", "readable over the network")]
    [InlineData("https://acme.atlassian.net/browse/TEST-1", "Ask its admin for the Exalate URL")]
    [InlineData("app.asana.com/0/1/2", "General Settings")]
    [InlineData("https://dev.azure.com/acme", "General Settings")]
    public async Task What_can_not_be_a_node_is_said_without_a_call(string typed, string expected)
    {
        var error = Assert.IsType<Invalid>((await ProbeAsync(typed)).Error);
        Assert.Contains(expected, error.Sentence);
        Assert.Equal("Url", error.Field);
    }

    [Fact]
    public async Task The_own_address_and_the_own_tracker_are_a_local_connection()
    {
        foreach (var typed in new[] { acme.Url, acme.Url + "/connections", "https://acme.tracker.example", "acme.tracker.example/browse/TEST-1", acme.Url.Replace("127.0.0.1", "localhost") })
        {
            var view = (await ProbeAsync(typed)).Value;
            Assert.True(view.IsOwnNode, typed);
            Assert.Equal([ConnectionMode.Basic], view.Modes.Where(mode => mode.DisabledBecause is null).Select(mode => mode.Mode));
        }

        var outcome = await acme.SendAsync(acme.Initiation(acme.Url));
        Assert.Equal("OtherProject", Assert.IsType<Invalid>(outcome.Error).Field);
        Assert.Equal([ConnectionMode.Basic], (await acme.SendAsync(new ListModesWithoutUrl())).Where(mode => mode.DisabledBecause is null).Select(mode => mode.Mode));
    }

    [Fact]
    public async Task The_tracker_of_a_known_node_leads_to_that_node()
    {
        await globex.ConnectAsync(acme);
        var view = (await globex.SendAsync(new ProbeDestination("https://acme.tracker.example/browse/TEST-1"))).Value;
        Assert.Equal(acme.Url, view.NodeUrl);
    }

    [Fact]
    public async Task Nothing_listens_there()
    {
        var url = globex.Url;
        await globex.StopAsync();
        var error = Assert.IsType<Unavailable>((await ProbeAsync(url)).Error);
        Assert.Equal($"The node at {url} could not be reached (connection refused).", error.Sentence);
        await globex.RestartAsync();
    }

    [Fact]
    public async Task The_name_is_unknown() =>
        Assert.Contains("unknown host name", Assert.IsType<Unavailable>((await ProbeAsync("https://no-such-host.invalid")).Error).Sentence);

    [Theory]
    [InlineData("https://10.0.0.1")]
    [InlineData("https://192.168.1.1:8443/admin")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::ffff:10.0.0.1]")]
    [InlineData("https://2130706433.example@10.0.0.1")]
    public async Task Private_networks_are_not_called(string typed)
    {
        var error = Assert.IsType<Invalid>((await ProbeAsync(typed)).Error);
        Assert.Matches("private network|user name", error.Sentence);
    }

    [Fact]
    public async Task Loopback_is_not_called_when_no_admin_allowed_it()
    {
        var view = await acme.SendAsync(new GetNodeSettings());
        await acme.SendAsync(new SaveNodeSettings
        {
            Revision = view.Revision,
            ShortName = view.ShortName,
            ExalateUrl = view.ExalateUrl,
            TrackerKind = view.TrackerKind,
            TrackerUrl = view.TrackerUrl,
            TrackerAccountName = view.TrackerAccountName,
        });
        await using var server = await LoopbackServer.StartAsync(Respond(200, "{}"));
        var error = Assert.IsType<Invalid>((await ProbeAsync(server.Url.ToString())).Error);
        Assert.Contains("this machine itself", error.Sentence);
        Assert.Contains("Allowed private networks", error.Sentence);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_redirect_is_named_and_not_followed()
    {
        await using var target = await LoopbackServer.StartAsync(Respond(200, "{}"));
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(target.Url + "secret?token=1");
            return Task.CompletedTask;
        });
        var error = Assert.IsType<Invalid>((await ProbeAsync(server.Url.ToString())).Error);
        Assert.Contains($"redirects to {target.Url.GetLeftPart(UriPartial.Authority)};", error.Sentence);
        Assert.DoesNotContain("token", error.Sentence);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData(404, "<html>not found</html>", "HTTP 404")]
    [InlineData(200, "<html>welcome</html>", "something else answers")]
    [InlineData(200, "{\"product\":\"other\",\"protocols\":[],\"uid\":\"1\",\"version\":\"1\",\"modes\":[],\"types\":[],\"time\":\"2026-01-01T00:00:00Z\"}", "something else answers")]
    [InlineData(200, "{}", "something else answers")]
    [InlineData(200, "[]", "something else answers")]
    [InlineData(401, "{\"errorMessages\":[]}", "HTTP 401")]
    public async Task Something_else_answers_there(int status, string body, string expected)
    {
        await using var server = await LoopbackServer.StartAsync(Respond(status, body));
        var error = Assert.IsType<Invalid>((await ProbeAsync(server.Url.ToString())).Error);
        Assert.Contains("No Exalate node answers", error.Sentence);
        Assert.Contains(expected, error.Sentence);
        Assert.Contains("General Settings", error.Sentence);
    }

    [Fact]
    public async Task A_huge_answer_is_not_swallowed()
    {
        await using var server = await LoopbackServer.StartAsync(Respond(200, new string('x', 1_000_000)));
        Assert.Contains("No Exalate node answers", (await ProbeAsync(server.Url.ToString())).Error!.Sentence);
    }

    [Fact]
    public async Task A_node_that_fails_for_now_is_not_called_no_node()
    {
        await using var server = await LoopbackServer.StartAsync(Respond(503, "busy"));
        Assert.Contains("not available right now", Assert.IsType<Unavailable>((await ProbeAsync(server.Url.ToString())).Error).Sentence);
    }

    [Fact]
    public async Task Plain_http_behind_an_https_address_is_a_tls_error()
    {
        await using var server = await LoopbackServer.StartAsync(Respond(200, "{}"));
        var error = Assert.IsType<Invalid>((await ProbeAsync($"https://127.0.0.1:{server.Port}")).Error);
        Assert.Matches("TLS|can't be trusted", error.Sentence);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_said_so()
    {
        await using var impatient = await TestNode.StartAsync("impatient", configure: options => options.QuestionTimeout = TimeSpan.FromSeconds(1));
        var release = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(context => release.Task);
        var outcome = await impatient.SendAsync(new ProbeDestination(server.Url.ToString()));
        release.SetResult();
        Assert.Contains("did not answer in time", Assert.IsType<Unavailable>(outcome.Error).Sentence);
    }

    [Fact]
    public async Task A_node_of_another_time_an_older_protocol_or_half_set_up_has_its_own_sentence()
    {
        var about = new PeerAbout
        {
            Product = "exalate", Protocols = ["v1"], Uid = "other", ShortName = "other", Url = "https://other.example", Tracker = new PeerTracker("Jira", "https://x.example"),
            Version = "9.9", Modes = ["Basic"], Types = ["Public"], Time = TestClock.Noon,
        };
        Assert.Contains("differ by 12 minutes", (await ProbeAsync(about with { Time = TestClock.Noon.AddMinutes(-12) })).Error!.Sentence);
        Assert.Contains("does not speak the protocol v1", (await ProbeAsync(about with { Protocols = ["v9"] })).Error!.Sentence);
        Assert.Contains("not set up yet", (await ProbeAsync(about with { Url = null })).Error!.Sentence);
        Assert.Contains("stands beside Notion", (await ProbeAsync(about with { Tracker = new PeerTracker("Notion", "https://x.example") })).Error!.Sentence);
        Assert.Contains("does not support Basic", (await ProbeAsync(about with { Modes = ["Chess"] })).Value.Modes[0].DisabledBecause);
    }

    [Fact]
    public async Task A_link_of_a_hostile_node_becomes_no_link()
    {
        var view = (await ProbeAsync(new PeerAbout
        {
            Product = "exalate", Protocols = ["v1"], Uid = "other", Name = "a\u0007b", ShortName = "other", Url = "https://other.invalid",
            Tracker = new PeerTracker("Jira", "javascript:alert(1)"), Version = "1", Modes = ["Basic"], Types = ["Public"], Time = TestClock.Noon,
        })).Value;
        Assert.StartsWith("http://127.0.0.1", view.TrackerUrl);
        Assert.Equal("ab", view.NodeName);
    }

    [Fact]
    public async Task A_connection_can_be_made_only_when_the_settings_are_complete()
    {
        Assert.Empty(await acme.SendAsync(new GetConnectReadiness()));
        var view = await globex.SendAsync(new GetNodeSettings());
        await globex.SendAsync(new SaveNodeSettings
        {
            Revision = view.Revision, ShortName = view.ShortName, ExalateUrl = view.ExalateUrl, TrackerKind = view.TrackerKind, TrackerUrl = view.TrackerUrl, AllowedNetworks = view.AllowedNetworks,
        });
        Assert.Equal(2, (await globex.SendAsync(new GetConnectReadiness())).Count);
        Assert.Contains("default project", Assert.IsType<Invalid>((await globex.SendAsync(globex.Initiation(acme.Url))).Error).Sentence);

        var made = await acme.InitiateAsync(globex);
        var offer = (await globex.SendAsync(new ReadInvitation(await acme.CodeAsync(made.ConnectionId)))).Value;
        Assert.Contains("default project", Assert.IsType<Invalid>((await globex.ConfirmAsync(offer.Handle)).Error).Sentence);
        Assert.Empty(await globex.ConnectionsAsync());
    }

    [Theory]
    [InlineData(ConnectionMode.Visual)]
    [InlineData(ConnectionMode.Script)]
    public async Task Modes_that_are_shown_disabled_can_not_be_had_by_asking(ConnectionMode mode)
    {
        var outcome = await acme.SendAsync(acme.Initiation(globex.Url) with { Mode = mode });
        Assert.Equal("Mode", Assert.IsType<Invalid>(outcome.Error).Field);
        Assert.Empty(await acme.ConnectionsAsync());
    }

    private Task<Result<DestinationView>> ProbeAsync(string typed) => acme.SendAsync(new ProbeDestination(typed));

    private async Task<Result<DestinationView>> ProbeAsync(PeerAbout about)
    {
        await using var server = await LoopbackServer.StartAsync(Respond(200, ReplicaJson.Write(about)));
        return await ProbeAsync(server.Url.ToString());
    }

    private static RequestDelegate Respond(int status, string body) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = body.StartsWith('<') ? "text/html" : "application/json";
        await context.Response.WriteAsync(body);
    };
}
