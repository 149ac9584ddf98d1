using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Exalate.Tests.Console.Host;

/// <summary>What the node gives to someone who isn't signed in.</summary>
public sealed class Doors : IAsyncLifetime
{
    // Each checks for itself who calls: a form's token, a signature, or nothing worth protecting.
    private static readonly string[] Open = ["/sign-in", "/sign-out", "/setup", "/health/live", "/health/ready"];
    private static readonly string[] OpenFolders = ["/peer/", "/hooks/"];

    private HostedNode node = null!;

    public async Task InitializeAsync() => node = await HostedNode.StartAsync();

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public void Only_the_known_endpoints_are_open()
    {
        var anonymous = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Path)
            .Where(path => !Open.Contains(path) && !OpenFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
            .ToList();

        Assert.NotEmpty(Endpoints());
        Assert.Empty(anonymous);
    }

    [Fact]
    public async Task Every_other_endpoint_leads_to_sign_in_or_refuses()
    {
        using var browser = node.Browser();
        var closed = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null).Select(Path).Distinct().ToList();
        foreach (var path in closed)
        {
            var concrete = path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
            using var read = await browser.GetAsync(concrete);
            using var written = await browser.PostAsync(concrete, []);
            Assert.True(LeadsToSignIn(read) || read.StatusCode == HttpStatusCode.Unauthorized, $"GET {path} answered {read.StatusCode}");
            Assert.True(written.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed, $"POST {path} answered {written.StatusCode}");
        }

        Assert.Contains("/not-found", closed);
        Assert.Contains(closed, path => path.StartsWith("/_blazor", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", "/sign-out")]
    [InlineData("POST", "/sign-in")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_blazor")]
    public async Task Pages_of_other_sites_and_other_ports_can_neither_change_anything_nor_open_the_live_channel(string method, string path)
    {
        using var browser = await node.SignedInAsync();
        foreach (var origin in new[] { "https://evil.example", "null", $"http://127.0.0.1:{new Uri(node.Url).Port + 1}" })
        {
            using var foreign = await browser.SendAsync(method, path, ("Origin", origin));
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        }

        using var own = await browser.SendAsync(method, path, ("Origin", node.Url));
        Assert.NotEqual(HttpStatusCode.Forbidden, own.StatusCode);
        // A proxy that changes the host name: the browser itself says that it is one site.
        using var behind = await browser.SendAsync(method, path, ("Origin", "https://node.acme.example"), ("Sec-Fetch-Site", "same-origin"));
        Assert.NotEqual(HttpStatusCode.Forbidden, behind.StatusCode);
    }

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/../appsettings.json")]
    [InlineData("/appsettings.json")]
    [InlineData("/keys/")]
    public async Task Addresses_that_do_not_exist_look_like_pages_that_do(string path)
    {
        using var browser = node.Browser();
        using var response = await browser.GetAsync(path);

        Assert.True(LeadsToSignIn(response), $"{path} answered {response.StatusCode}");
    }

    [Fact]
    public async Task A_wrong_address_gets_a_page_that_says_so_once_signed_in()
    {
        using var browser = await node.SignedInAsync();
        using var response = await browser.GetAsync("/no-such-page");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/health/live")]
    [InlineData("/no-such-page")]
    [InlineData("/app.css")]
    public async Task Every_answer_forbids_framing_sniffing_and_foreign_scripts(string path)
    {
        using var browser = node.Browser();
        using var response = await browser.GetAsync(path);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }

    private static bool LeadsToSignIn(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Redirect && response.Headers.Location!.AbsolutePath == "/sign-in";

    // The console's files are open by design and many; what they are is looked at in StaticFiles.
    private List<RouteEndpoint> Endpoints() =>
        [.. node.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null)];

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
}
