using System.Net;
using System.Text.RegularExpressions;
using Exalate.Console.Auth;
using Exalate.Console.Hosting;

namespace Exalate.Tests.Console.Host;

public sealed partial class SettingUp
{
    private static readonly (string, string)[] GoodAdmin =
        [("Input.Email", HostedNode.Email), ("Input.Password", HostedNode.Password), ("Input.Repeated", HostedNode.Password)];

    [Fact]
    public async Task The_link_in_the_log_makes_the_first_admin_once()
    {
        await using var node = await HostedNode.StartAsync(withAdmin: false);
        var link = LinkIn(node);
        using var browser = node.Browser();
        var page = await browser.OpenAsync(link);

        using var made = await browser.SubmitAsync(page, link, GoodAdmin);
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        Assert.True(await browser.IsSignedInAsync());

        using var second = node.Browser();
        Assert.Equal("This node has an admin already. Sign in instead.", await ProblemAsync(second, link));
        using var entered = await second.TrySignInAsync(HostedNode.Email, HostedNode.Password);
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
    }

    [Fact]
    public async Task Of_two_people_with_the_link_at_once_one_becomes_admin()
    {
        await using var node = await HostedNode.StartAsync(withAdmin: false);
        var link = LinkIn(node);
        using var one = node.Browser();
        using var other = node.Browser();
        var pages = new[] { await one.OpenAsync(link), await other.OpenAsync(link) };

        var answers = await Task.WhenAll(
            one.SubmitAsync(pages[0], link, GoodAdmin),
            other.SubmitAsync(pages[1], link, ("Input.Email", "lee@acme.example"), ("Input.Password", HostedNode.Password), ("Input.Repeated", HostedNode.Password)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?token=")]
    [InlineData("/setup?token=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Without_the_right_token_there_is_no_form(string path)
    {
        await using var node = await HostedNode.StartAsync(withAdmin: false);
        using var browser = node.Browser();
        var page = await browser.OpenAsync(path);

        Assert.Null(page.QuerySelector("form"));
        Assert.Contains("This set-up link is not valid", page.QuerySelector("[role=alert]")!.TextContent);
    }

    [Theory]
    [InlineData("short", "needs at least 12")]
    [InlineData("aaaaaaaaaaaaaaa", "repeats too few")]
    [InlineData(DemoPasswords.Password, "on every list")]
    [InlineData("x kim@acme.example x", "contains the e-mail")]
    public async Task A_weak_password_is_refused_and_the_link_stays_good(string password, string reason)
    {
        await using var node = await HostedNode.StartAsync(withAdmin: false);
        var link = LinkIn(node);
        using var browser = node.Browser();

        using var weak = await browser.SubmitAsync(await browser.OpenAsync(link), link, ("Input.Email", HostedNode.Email), ("Input.Password", password), ("Input.Repeated", password));
        Assert.Contains(reason, await TestBrowser.ProblemAsync(weak));

        using var strong = await browser.SubmitAsync(await browser.OpenAsync(link), link, GoodAdmin);
        Assert.Equal(HttpStatusCode.Redirect, strong.StatusCode);
    }

    [Fact]
    public async Task A_restart_makes_a_new_link_and_the_old_one_is_void()
    {
        var folder = TemporaryFolder.Make();
        try
        {
            string old;
            await using (var before = await HostedNode.StartAsync(withAdmin: false, folder: folder))
                old = LinkIn(before);

            await using var after = await HostedNode.StartAsync(withAdmin: false, folder: folder);
            using var browser = after.Browser();
            Assert.NotEqual(old, LinkIn(after));
            Assert.Contains("not valid", await ProblemAsync(browser, old));
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }

    [Fact]
    public async Task With_an_admin_from_the_configuration_no_link_is_made()
    {
        await using var node = await HostedNode.StartAsync();

        Assert.DoesNotContain(node.Log.Lines, line => line.Contains("/setup", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log.Lines, line => line.Contains(HostedNode.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_demo_password_is_refused_outside_the_demo()
    {
        var settings = new Dictionary<string, string?> { ["Exalate:FirstAdmin:Email"] = DemoPasswords.Email, ["Exalate:FirstAdmin:Password"] = DemoPasswords.Password };

        var refused = await Assert.ThrowsAsync<StartupException>(() => HostedNode.StartAsync(settings));
        await using var demo = await HostedNode.StartAsync(settings, demo: true);

        Assert.Contains("'admin@example.com' can't be made (Exalate:FirstAdmin). This password is on every list", refused.Message);
        using var browser = demo.Browser();
        await browser.SignInAsync(DemoPasswords.Email, DemoPasswords.Password);
    }

    [Fact]
    public async Task The_token_shows_up_in_the_log_only_in_the_link_itself()
    {
        await using var node = await HostedNode.StartAsync(withAdmin: false);
        var link = LinkIn(node);
        using var browser = node.Browser();
        await browser.OpenAsync(link);

        Assert.Single(node.Log.Lines, line => line.Contains(link["/setup?token=".Length..], StringComparison.Ordinal));
    }

    private static string LinkIn(HostedNode node) =>
        node.Log.Lines.Select(line => Link().Match(line)).Single(match => match.Success).Value;

    private static async Task<string> ProblemAsync(TestBrowser browser, string path) =>
        (await browser.OpenAsync(path)).QuerySelector("[role=alert]")!.TextContent.Trim();

    [GeneratedRegex("/setup\\?token=[0-9a-f]{64}")]
    private static partial Regex Link();
}
