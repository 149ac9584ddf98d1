using System.Net;
using Exalate.Console.Auth;
using Exalate.Core.Access;
using Exalate.Core.Storage;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Tests.Console.Host;

public sealed class SigningIn : IAsyncLifetime
{
    private HostedNode node = null!;

    public async Task InitializeAsync() => node = await HostedNode.StartAsync();

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Right_password_leads_to_the_page_that_was_asked_for()
    {
        using var browser = node.Browser();
        using var asked = await browser.GetAsync("/connections/accept?offer=abc123");
        var door = asked.Headers.Location!.PathAndQuery;

        using var entered = await browser.TrySignInAsync(HostedNode.Email.ToUpperInvariant(), HostedNode.Password, door);

        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
        Assert.EndsWith("/connections/accept?offer=abc123", entered.Headers.Location!.ToString());
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/sign-in?returnUrl=/sign-in")]
    public async Task A_return_address_elsewhere_is_ignored(string returnUrl)
    {
        using var browser = node.Browser();
        using var entered = await browser.TrySignInAsync(HostedNode.Email, HostedNode.Password, "/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));

        Assert.Equal(node.Url + "/", new Uri(new Uri(node.Url), entered.Headers.Location!).AbsoluteUri);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        using var browser = node.Browser();
        using var wrong = await browser.TrySignInAsync(HostedNode.Email, "not the password");
        using var unknown = await browser.TrySignInAsync("nobody@acme.example", "not the password");

        Assert.Equal("The e-mail or the password is wrong.", await TestBrowser.ProblemAsync(wrong));
        Assert.Equal("The e-mail or the password is wrong.", await TestBrowser.ProblemAsync(unknown));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_even_for_the_right_one()
    {
        using var browser = node.Browser();
        for (var i = 0; i < 4; i++)
            (await browser.TrySignInAsync(HostedNode.Email, "wrong " + i)).Dispose();
        using var fifth = await browser.TrySignInAsync(HostedNode.Email, "wrong 5");
        using var right = await browser.TrySignInAsync(HostedNode.Email, HostedNode.Password);

        Assert.Contains("this account is locked. Try again in 5 minutes.", await TestBrowser.ProblemAsync(fifth));
        Assert.Contains("this account is locked", await TestBrowser.ProblemAsync(right));
        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal(
            [AuditAction.AdminCreated, AuditAction.SignInFailed, AuditAction.SignInFailed, AuditAction.SignInFailed, AuditAction.SignInFailed, AuditAction.LockedOut, AuditAction.SignInFailed],
            await JournalAsync());
    }

    [Fact]
    public async Task Guesses_sent_side_by_side_are_all_counted()
    {
        using var browser = node.Browser();
        var page = await browser.OpenAsync("/sign-in");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            browser.SubmitAsync(page, "/sign-in", ("Input.Email", HostedNode.Email), ("Input.Password", "guess " + i))));

        var sentences = await Task.WhenAll(answers.Select(TestBrowser.ProblemAsync));
        Assert.Equal(2, sentences.Count(sentence => sentence.Contains("locked", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_needs_the_forms_token()
    {
        using var browser = await node.SignedInAsync();
        using var forged = await browser.PostAsync("/sign-out", []);
        Assert.True(await browser.IsSignedInAsync());

        var page = await browser.OpenAsync("/not-found");
        using var left = await browser.SubmitAsync(page, "/sign-out");

        Assert.EndsWith("/sign-in", left.Headers.Location!.ToString());
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_form_opened_before_signing_in_elsewhere_is_shown_again_instead_of_an_error()
    {
        using var browser = node.Browser();
        var stale = await browser.OpenAsync("/sign-in?returnUrl=%2Fconnections");
        await browser.SignInAsync(HostedNode.Email, HostedNode.Password);

        using var posted = await browser.SubmitAsync(stale, "/sign-in?returnUrl=%2Fconnections", ("Input.Email", HostedNode.Email), ("Input.Password", HostedNode.Password));

        Assert.Equal(HttpStatusCode.Redirect, posted.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Fconnections", posted.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_for_scripts_and_last_only_when_asked()
    {
        using var browser = node.Browser();
        using var brief = await browser.TrySignInAsync(HostedNode.Email, HostedNode.Password);
        using var other = node.Browser();
        using var lasting = await other.TrySignInAsync(HostedNode.Email, HostedNode.Password, remember: true);

        Assert.Contains("samesite=lax; httponly", AuthCookie(brief));
        Assert.DoesNotContain("expires=", AuthCookie(brief));
        Assert.Contains("expires=", AuthCookie(lasting));
    }

    [Fact]
    public async Task Signing_out_ends_a_copy_of_the_cookie_too_and_no_other_browsers_session()
    {
        using var browser = await node.SignedInAsync();
        var copy = new CookieContainer();
        copy.Add(browser.Cookies.GetCookies(new Uri(node.Url)));
        using var thief = new TestBrowser(node.Url, copy);
        using var other = await node.SignedInAsync();
        Assert.True(await thief.IsSignedInAsync());

        using var left = await browser.SubmitAsync(await browser.OpenAsync("/not-found"), "/sign-out");
        Assert.False(await thief.IsSignedInAsync());
        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    public async Task A_session_keeps_its_name_when_its_principal_is_renewed()
    {
        await using var strict = await HostedNode.StartAsync(configure: builder =>
            builder.Services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.Zero));
        using var browser = await strict.SignedInAsync();
        Assert.True(await browser.IsSignedInAsync());
        var copy = new CookieContainer();
        copy.Add(browser.Cookies.GetCookies(new Uri(strict.Url)));
        using var thief = new TestBrowser(strict.Url, copy);
        using var left = await browser.SubmitAsync(await browser.OpenAsync("/not-found"), "/sign-out");
        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    public async Task Changed_credentials_end_open_tabs_and_sessions_at_once()
    {
        using var browser = await node.SignedInAsync();
        await using var scope = node.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AdminUser>>();
        var user = (await users.FindByEmailAsync(HostedNode.Email))!;
        var tab = (AdminAuthenticationState)scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        tab.SetAuthenticationState(Task.FromResult(new AuthenticationState(await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<AdminUser>>().CreateAsync(user))));
        Assert.True((await tab.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);

        Assert.True((await users.UpdateSecurityStampAsync(user)).Succeeded);
        Assert.False((await tab.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_changed_security_stamp_ends_the_session()
    {
        await using var strict = await HostedNode.StartAsync(configure: builder =>
            builder.Services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.Zero));
        using var browser = await strict.SignedInAsync();
        Assert.True(await browser.IsSignedInAsync());

        await using (var scope = strict.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AdminUser>>();
            var user = await users.FindByEmailAsync(HostedNode.Email);
            Assert.True((await users.UpdateSecurityStampAsync(user!)).Succeeded);
        }

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Two_nodes_on_one_host_keep_their_sessions_apart()
    {
        await using var second = await HostedNode.StartAsync();
        var cookies = new CookieContainer();
        using var first = new TestBrowser(node.Url, cookies);
        using var other = new TestBrowser(second.Url, cookies);

        await first.SignInAsync(HostedNode.Email, HostedNode.Password);
        Assert.False(await other.IsSignedInAsync());
        await other.SignInAsync(HostedNode.Email, HostedNode.Password);

        Assert.True(await first.IsSignedInAsync());
        Assert.True(await other.IsSignedInAsync());
        Assert.Equal(4, first.CookieNames.Distinct().Count());
    }

    [Fact]
    public async Task Sessions_outlive_a_restart_of_the_node()
    {
        var folder = TemporaryFolder.Make();
        try
        {
            var cookies = new CookieContainer();
            await using (var before = await HostedNode.StartAsync(folder: folder))
            {
                using var browser = new TestBrowser(before.Url, cookies);
                await browser.SignInAsync(HostedNode.Email, HostedNode.Password);
            }

            await using var after = await HostedNode.StartAsync(folder: folder);
            using var again = new TestBrowser(after.Url, cookies);
            Assert.True(await again.IsSignedInAsync());
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }

    [Fact]
    public async Task The_sixty_first_attempt_in_a_minute_waits()
    {
        using var browser = node.Browser();
        var refused = 0;
        for (var i = 0; i < 61; i++)
        {
            // Without the form's token: counted before anything is hashed.
            using var response = await browser.PostAsync("/sign-in", []);
            refused += response.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        using var page = await browser.GetAsync("/sign-in");
        Assert.Equal(1, refused);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static string AuthCookie(HttpResponseMessage response) =>
        response.Headers.GetValues("Set-Cookie").Single(cookie => cookie.Contains(".auth=", StringComparison.Ordinal));

    private async Task<List<AuditAction>> JournalAsync()
    {
        await using var db = await node.Get<IDbContextFactory<ExalateDbContext>>().CreateDbContextAsync();
        return await db.Set<AuditEntry>().OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync();
    }
}
