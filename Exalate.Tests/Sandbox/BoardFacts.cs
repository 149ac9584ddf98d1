using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using static Exalate.Tests.Sandbox.SandboxBench;

namespace Exalate.Tests.Sandbox;

/// <summary>The boards: what people see and do, the way a browser does it.</summary>
public sealed class BoardFacts(SandboxBench bench) : IClassFixture<SandboxBench>
{
    public static TheoryData<string> Trackers => ["Jira", "Asana"];

    [Theory]
    [MemberData(nameof(Trackers))]
    public async Task ThePersonsWay_CreateEditCommentAttachDelete(string tracker)
    {
        var form = (await PageAsync(tracker, "/new")).Forms.Single(one => one.Method == "post" && one.QuerySelector("#summary") is not null);
        Assert.Equal(["Create"], form.QuerySelectorAll("button").Select(button => button.TextContent));
        var project = form.QuerySelector<IHtmlSelectElement>("#project")!.Value!;
        var created = await SubmitAsync(tracker, "/board/create", ("project", project), ("type", "Task"), ("summary", "Made on the board"), ("description", "# Plan\n\n- one\n- **two**"));
        var path = created.Raw.Headers.Location!.ToString();
        var page = await PageAsync(tracker, path);
        Assert.Equal("Made on the board", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("two", page.QuerySelector(".description li strong, .description li b")!.TextContent);
        var id = page.QuerySelector("form[action$='/comment']")!.GetAttribute("action")!.Split('/')[2];

        await SubmitAsync(tracker, $"/board/{id}/comment", ("comment", "Hello *there*"));
        await SubmitAsync(tracker, $"/board/{id}/edit", ("summary", "Renamed"), ("description", "Just `code`."));
        await bench.SendAsync(HttpMethod.Post, new Uri(Url(tracker), $"/board/{id}/attach"), File("file", "note.txt", "note"u8.ToArray()));
        page = await PageAsync(tracker, path);
        Assert.Equal("Renamed", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("code", page.QuerySelector(".description code, .description tt")!.TextContent);
        Assert.Equal("there", page.QuerySelector(".comment em")!.TextContent);
        var file = page.QuerySelector<IHtmlAnchorElement>(".files a")!;
        var download = await bench.SendAsync(HttpMethod.Get, new Uri(Url(tracker), file.GetAttribute("href")!));
        Assert.Equal(("note", "attachment"), (download.Text, download.Raw.Content.Headers.ContentDisposition!.DispositionType));

        await SubmitAsync(tracker, $"/board/{id}/delete");
        Assert.Equal(HttpStatusCode.NotFound, (await bench.SendAsync(HttpMethod.Get, new Uri(Url(tracker), path))).Status);
    }

    [Theory]
    [MemberData(nameof(Trackers))]
    public async Task AStoredScript_DoesNoHarm(string tracker)
    {
        const string Evil = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))";
        var project = tracker == "Jira" ? "TEST" : bench.SupportProject;
        var created = await SubmitAsync(tracker, "/board/create", ("project", project), ("type", "Task"), ("summary", Evil), ("description", Evil));
        var path = created.Raw.Headers.Location!.ToString();
        var answer = await bench.SendAsync(HttpMethod.Get, new Uri(Url(tracker), path));
        Assert.Contains("script-src 'self'", answer.Raw.Headers.GetValues("Content-Security-Policy").Single());
        foreach (var page in new[] { await PageAsync(tracker, path), await PageAsync(tracker, "/"), await PageAsync(tracker, path + "?edit=1") })
        {
            Assert.All(page.Scripts, script => Assert.Equal("/board/board.js", script.GetAttribute("src")));
            Assert.Empty(page.QuerySelectorAll("img, [onerror], a[href^='javascript']"));
        }
    }

    [Fact]
    public async Task ASavedDescription_ThatNobodyTouched_KeepsWhatMarkdownCannotSay()
    {
        var before = (await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/issue/TEST-1?fields=description")).Json["fields"]!["description"]!.ToJsonString();
        var edit = await PageAsync("Jira", "/browse/TEST-1?edit=1");
        await SubmitAsync("Jira", "/board/10000/edit",
            ("summary", "Prepare the demo environment!"), ("description", edit.QuerySelector<IHtmlTextAreaElement>("#description")!.Value.ReplaceLineEndings("\r\n")));
        var after = (await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/issue/TEST-1?fields=description,summary")).Json["fields"]!;
        Assert.Equal((before, "Prepare the demo environment!"), (after["description"]!.ToJsonString(), (string?)after["summary"]));
    }

    [Fact]
    public async Task WhoActs_IsAuthor_AndOnlyTheAuthorMayChangeAnAsanaComment()
    {
        var people = (await PageAsync("Asana", "/")).QuerySelector<IHtmlSelectElement>("#person")!.Options;
        Assert.DoesNotContain(people, one => one.Text == "Exalate Proxy");
        var gid = await bench.NewTaskAsync();
        var cookie = await ActAsAsync(people.Single(one => one.Text == "Yuki Sato").Value!);
        await SubmitAsync("Asana", $"/board/{gid}/comment", cookie, ("comment", "by Yuki"));
        var asYuki = await PageAsync("Asana", $"/0/0/{gid}", cookie);
        Assert.Equal("Yuki Sato", asYuki.QuerySelector(".comment .by strong")!.TextContent);
        Assert.NotNull(asYuki.QuerySelector(".comment a[href*='?comment=']"));
        var change = await PageAsync("Asana", asYuki.QuerySelector(".comment a")!.GetAttribute("href")!, cookie);
        var action = change.QuerySelector("form[action$='/edit']")!.GetAttribute("action")!;
        await SubmitAsync("Asana", action, cookie, ("comment", "by Yuki, again"));
        asYuki = await PageAsync("Asana", $"/0/0/{gid}", cookie);
        Assert.Equal("by Yuki, again", asYuki.QuerySelector(".comment .rich")!.TextContent.Trim());
        Assert.Equal(HttpStatusCode.BadRequest, (await SubmitAsync("Asana", action, ("comment", "by Priya"))).Status);
        var asPriya = await PageAsync("Asana", $"/0/0/{gid}");
        Assert.Null(asPriya.QuerySelector(".comment a[href*='?comment=']"));
    }

    [Fact]
    public async Task AForm_ThatTheTrackerRefuses_ComesBackWithTheReasonAndTheTypedText()
    {
        var answer = await SubmitAsync("Jira", "/board/create", ("project", "TEST"), ("type", "Task"), ("summary", new string('x', 300)), ("description", "typed"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var page = new HtmlParser().ParseDocument(answer.Text);
        Assert.Contains("Summary must be less than 255 characters.", page.QuerySelector("[role=alert]")!.TextContent);
        Assert.Equal("typed", page.QuerySelector<IHtmlTextAreaElement>("#description")!.Value);
    }

    [Fact]
    public async Task AnotherSite_CanNotPostForms()
    {
        var form = new FormUrlEncodedContent([KeyValuePair.Create("summary", "forged"), KeyValuePair.Create("project", "TEST")]);
        var answer = await bench.SendAsync(HttpMethod.Post, new Uri(bench.Host.JiraUrl, "/board/create"), form, null, ("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task AnEditOnTheBoard_RaisesTheWebhookOfAnEdit()
    {
        await using var hook = await Hook.StartAsync();
        await bench.JiraAsync(HttpMethod.Post, "/rest/webhooks/1.0/webhook", new { name = "b", url = hook.Url, events = new[] { "jira:issue_updated" } });
        var key = await bench.NewIssueAsync("Before");
        var id = (string)(await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/issue/{key}?fields=summary")).Json["id"]!;
        await SubmitAsync("Jira", $"/board/{id}/edit", ("summary", "After"), ("description", ""));
        var call = await hook.WaitForAsync(one => one.Body.Contains(key, StringComparison.Ordinal));
        Assert.Equal("Anna Bright", (string?)call.Json["user"]!["displayName"]);
    }

    [Fact]
    public async Task TheVersion_RisesWithAChange()
    {
        var url = new Uri(bench.Host.AsanaUrl, "/board/version");
        var before = long.Parse((await bench.SendAsync(HttpMethod.Get, url)).Text);
        await bench.NewTaskAsync();
        Assert.True(long.Parse((await bench.SendAsync(HttpMethod.Get, url)).Text) > before);
    }

    private Uri Url(string tracker) => tracker == "Jira" ? bench.Host.JiraUrl : bench.Host.AsanaUrl;

    private async Task<IHtmlDocument> PageAsync(string tracker, string path, string? cookie = null)
    {
        var answer = await bench.SendAsync(HttpMethod.Get, new Uri(Url(tracker), path), null, null, cookie is null ? [] : [("Cookie", cookie)]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return new HtmlParser().ParseDocument(answer.Text);
    }

    private Task<Answer> SubmitAsync(string tracker, string path, params (string Name, string Value)[] fields) => SubmitAsync(tracker, path, null, fields);

    private Task<Answer> SubmitAsync(string tracker, string path, string? cookie, params (string Name, string Value)[] fields) => bench.SendAsync(
        HttpMethod.Post, new Uri(Url(tracker), path), new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), null,
        [("Origin", Url(tracker).GetLeftPart(UriPartial.Authority)), .. cookie is null ? Array.Empty<(string, string)>() : [("Cookie", cookie)]]);

    private async Task<string> ActAsAsync(string person)
    {
        var answer = await SubmitAsync("Asana", "/board/act", ("person", person), ("return", "/"));
        return answer.Raw.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }
}
