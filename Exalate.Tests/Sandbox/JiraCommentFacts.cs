using System.Net;
using static Exalate.Tests.Sandbox.SandboxBench;

namespace Exalate.Tests.Sandbox;

/// <summary>Comments, whose they are, and attachments.</summary>
public sealed class JiraCommentFacts(SandboxBench bench) : IClassFixture<SandboxBench>
{
    private const string Ben = "ben@acme.example:jira-token-ben";

    [Fact]
    public async Task Comments_ComeInTheAskedOrder_OtherOrdersAreRefused()
    {
        var path = $"/rest/api/3/issue/{await bench.NewIssueAsync()}/comment";
        foreach (var text in new[] { "one", "two", "three" })
            Assert.Equal(HttpStatusCode.Created, (await bench.JiraAsync(HttpMethod.Post, path, new { body = Adf(text) })).Status);
        var page = (await bench.JiraAsync(HttpMethod.Get, path + "?orderBy=-created&maxResults=2")).Json;
        Assert.Equal((3, 0, 2), ((int)page["total"]!, (int)page["startAt"]!, (int)page["maxResults"]!));
        Assert.Equal(["three", "two"], page["comments"]!.AsArray().Select(one => (string?)one!["body"]!["content"]![0]!["content"]![0]!["text"]));
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.JiraAsync(HttpMethod.Get, path + "?orderBy=updated")).Status);
    }

    [Fact]
    public async Task AStringComment_IsRefusedByV3AndReadAsWikiMarkupByV2()
    {
        var key = await bench.NewIssueAsync();
        var refused = await bench.JiraAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", new { body = "plain" });
        Assert.Equal((HttpStatusCode.BadRequest, "Comment body is not valid!"), (refused.Status, (string?)refused.Json["errors"]!["comment"]));
        var made = await bench.JiraAsync(HttpMethod.Post, $"/rest/api/2/issue/{key}/comment", new { body = "h2. Title\n\n*bold* text" });
        Assert.Equal("h2. Title\n\n*bold* text", (string?)made.Json["body"]);
        var read = (await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/issue/{key}/comment/{made.Json["id"]}?expand=renderedBody")).Json;
        Assert.Equal("heading", (string?)read["body"]!["content"]![0]!["type"]);
        Assert.Equal("<h2>Title</h2><p><b>bold</b> text</p>", (string?)read["renderedBody"]);
    }

    [Fact]
    public async Task TheAuthorIsTheCaller_AndOthersMayNotChangeTheComment()
    {
        var key = await bench.NewIssueAsync();
        var made = await bench.JiraAsync(
            HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", new { body = Adf("mine"), author = new { accountId = "somebody" } }, Ben);
        Assert.Equal("Ben Okafor", (string?)made.Json["author"]!["displayName"]);
        var path = $"/rest/api/3/issue/{key}/comment/{made.Json["id"]}";
        var refused = await bench.JiraAsync(HttpMethod.Put, path, new { body = Adf("yours") });
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.JiraAsync(HttpMethod.Delete, path)).Status);
        var admin = await bench.JiraAsync(HttpMethod.Put, path, new { body = Adf("ours") }, "anna@acme.example:jira-token-anna");
        Assert.Equal(("Ben Okafor", "Anna Bright"), ((string?)admin.Json["author"]!["displayName"], (string?)admin.Json["updateAuthor"]!["displayName"]));
        Assert.Equal(HttpStatusCode.NoContent, (await bench.JiraAsync(HttpMethod.Delete, path, who: Ben)).Status);
    }

    [Fact]
    public async Task CommentProperties_ComeWithTheCommentWhenAsked()
    {
        var key = await bench.NewIssueAsync();
        var made = await bench.JiraAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", new
        {
            body = Adf("marked"), properties = new[] { new { key = "origin", value = new { id = "c-1" } } },
        });
        Assert.Null(made.Json["properties"]);
        var page = (await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/issue/{key}/comment?expand=properties")).Json;
        Assert.Equal("""[{"key":"origin","value":{"id":"c-1"}}]""", page["comments"]![0]!["properties"]!.ToJsonString());
        var direct = await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/comment/{made.Json["id"]}/properties/origin");
        Assert.Equal("c-1", (string?)direct.Json["value"]!["id"]);
    }

    [Fact]
    public async Task AnUpload_NeedsTheHeaderAgainstForgedForms_AndAnswersAList()
    {
        var url = new Uri(bench.Host.JiraUrl, $"/rest/api/3/issue/{await bench.NewIssueAsync()}/attachments");
        var who = Basic("exalate@acme.example:jira-sandbox-token");
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.SendAsync(HttpMethod.Post, url, File("file", "a.txt", "x"u8.ToArray()), who)).Status);
        var made = await bench.SendAsync(HttpMethod.Post, url, File("file", "grüße.txt", "hello"u8.ToArray()), who, ("X-Atlassian-Token", "no-check"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        var file = made.Json.AsArray().Single()!;
        Assert.Equal(("grüße.txt", 5, "text/plain"), ((string?)file["filename"], (int)file["size"]!, (string?)file["mimeType"]));
        Assert.Equal(System.Text.Json.JsonValueKind.String, file["id"]!.GetValueKind());
    }

    [Fact]
    public async Task Content_RedirectsToAnAddressThatNeedsNoSignIn()
    {
        var file = await UploadAsync("redirected.txt", "0123456789");
        var redirect = await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/attachment/content/{file}");
        Assert.Equal(HttpStatusCode.SeeOther, redirect.Status);
        var media = redirect.Raw.Headers.Location!;
        var anonymous = await bench.SendAsync(HttpMethod.Get, media);
        Assert.Equal((HttpStatusCode.OK, "0123456789"), (anonymous.Status, anonymous.Text));
        var part = await bench.SendAsync(HttpMethod.Get, media, null, null, ("Range", "bytes=2-4"));
        Assert.Equal((HttpStatusCode.PartialContent, "234"), (part.Status, part.Text));
        Assert.Equal(HttpStatusCode.NotFound, (await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/attachment/content/{file}", who: null)).Status);
        Assert.Equal("0123456789", (await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/attachment/content/{file}?redirect=false")).Text);
    }

    [Fact]
    public async Task AHostileFileName_BecomesNoPath()
    {
        var id = await UploadAsync("../../<script>.html", "x");
        var read = await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/attachment/{id}");
        Assert.Equal("<script>.html", (string?)read.Json["filename"]);
        var content = await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/attachment/content/{id}?redirect=false");
        Assert.Equal("attachment", content.Raw.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(["nosniff"], content.Raw.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task AnAttachment_IsDeletedByItsAuthorOnly()
    {
        var id = await UploadAsync("mine.txt", "x");
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.JiraAsync(HttpMethod.Delete, $"/rest/api/3/attachment/{id}", who: Ben)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await bench.JiraAsync(HttpMethod.Delete, $"/rest/api/3/attachment/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/attachment/{id}")).Status);
    }

    [Fact]
    public async Task AFileOverTheLimit_Is413AndLeavesNothing()
    {
        var small = new SandboxBench { Options = options => options with { JiraUploadLimit = 1000, AsanaPort = null } };
        await small.InitializeAsync();
        try
        {
            var answer = await small.SendAsync(
                HttpMethod.Post, new Uri(small.Host.JiraUrl, "/rest/api/3/issue/TEST-7/attachments"), File("file", "big.bin", new byte[1001]),
                Basic("exalate@acme.example:jira-sandbox-token"), ("X-Atlassian-Token", "no-check"));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(small.Folder, "jira", "attachments"), "*.part"));
            Assert.Empty((await small.JiraAsync(HttpMethod.Get, "/rest/api/3/issue/TEST-7")).Json["fields"]!["attachment"]!.AsArray());
            Assert.Equal(1000, (long)(await small.JiraAsync(HttpMethod.Get, "/rest/api/3/attachment/meta")).Json["uploadLimit"]!);
        }
        finally
        {
            await small.DisposeAsync();
        }
    }

    private async Task<string> UploadAsync(string name, string content)
    {
        var answer = await bench.SendAsync(
            HttpMethod.Post, new Uri(bench.Host.JiraUrl, $"/rest/api/3/issue/{await bench.NewIssueAsync()}/attachments"),
            File("file", name, System.Text.Encoding.UTF8.GetBytes(content)), Basic("exalate@acme.example:jira-sandbox-token"), ("X-Atlassian-Token", "no-check"));
        return (string)answer.Json[0]!["id"]!;
    }
}
