using System.Net;
using System.Text.RegularExpressions;

namespace Exalate.Tests.Sandbox;

/// <summary>Who may call, what an anonymous caller sees, and how refusals look.</summary>
public sealed partial class JiraSignInFacts(SandboxBench bench) : IClassFixture<SandboxBench>
{
    [Fact]
    public async Task TheIntegrationAccount_IsNamedByMyselfAndByTheHeader()
    {
        var answer = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/myself");
        Assert.Equal("Exalate Proxy", (string?)answer.Json["displayName"]);
        Assert.Equal("Europe/Brussels", (string?)answer.Json["timeZone"]);
        Assert.Equal(Uri.EscapeDataString((string)answer.Json["accountId"]!), answer.Raw.Headers.GetValues("X-AAccountId").Single());
    }

    [Fact]
    public async Task MyselfWithoutSignIn_Is401()
    {
        var answer = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/myself", who: null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.NotEmpty(answer.Json["errorMessages"]!.AsArray());
    }

    [Theory]
    [InlineData("exalate@acme.example:wrong")]
    [InlineData("nobody@acme.example:jira-sandbox-token")]
    [InlineData("no-colon")]
    public async Task AWrongToken_IsRefusedEverywhere(string who)
    {
        foreach (var path in new[] { "/rest/api/3/myself", "/rest/api/3/serverInfo", "/rest/api/3/project/search" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await bench.JiraAsync(HttpMethod.Get, path, who: who)).Status);
    }

    [Fact]
    public async Task AnAnonymousCaller_GetsLessInsteadOfARefusal()
    {
        var projects = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/project/search", who: null);
        Assert.Equal(HttpStatusCode.OK, projects.Status);
        Assert.Equal(0, (int)projects.Json["total"]!);
        var found = await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/search/jql", new { jql = "project = NOSUCH" }, who: null);
        Assert.Equal(HttpStatusCode.OK, found.Status);
        Assert.Empty(found.Json["issues"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/issue/TEST-1", who: null)).Status);
    }

    [Fact]
    public async Task AnUnknownRoute_IsAProblemDocument()
    {
        var answer = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/nothing/here");
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("application/problem+json", answer.Raw.Content.Headers.ContentType!.MediaType);
        Assert.Equal("No endpoint GET /rest/api/3/nothing/here.", (string?)answer.Json["detail"]);
    }

    [Fact]
    public async Task AMalformedQueryParameter_IsAProblemDocument()
    {
        var answer = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/project/search?maxResults=many");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.Raw.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task PermissionsMustBeNamed_AndKnown()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/mypermissions")).Status);
        var unknown = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS,FLY");
        Assert.Equal((HttpStatusCode.BadRequest, "Unrecognized permission"), (unknown.Status, (string?)unknown.Json["errors"]!["FLY"]));
        var known = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ALL_COMMENTS");
        Assert.True((bool)known.Json["permissions"]!["BROWSE_PROJECTS"]!["havePermission"]!);
        Assert.False((bool)known.Json["permissions"]!["EDIT_ALL_COMMENTS"]!["havePermission"]!);
    }

    [Fact]
    public async Task Projects_ComeInPagesThatNameTheNext()
    {
        var first = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/project/search?maxResults=2");
        Assert.Equal((3, false, 2), ((int)first.Json["total"]!, (bool)first.Json["isLast"]!, first.Json["values"]!.AsArray().Count));
        var next = await bench.JiraAsync(HttpMethod.Get, new Uri((string)first.Json["nextPage"]!).PathAndQuery);
        Assert.True((bool)next.Json["isLast"]!);
        Assert.Equal("TEST", (string?)next.Json["values"]![0]!["key"]);
        Assert.Null(next.Json["nextPage"]);
    }

    [Fact]
    public async Task Timestamps_CarryTheSitesOffsetWithoutColon()
    {
        var issue = await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/issue/TEST-1?fields=created");
        Assert.Matches(Timestamp(), (string)issue.Json["fields"]!["created"]!);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$")]
    private static partial Regex Timestamp();
}
