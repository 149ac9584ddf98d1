using System.Net;
using System.Text.Json.Nodes;
using static Exalate.Tests.Sandbox.SandboxBench;

namespace Exalate.Tests.Sandbox;

/// <summary>Issues: create, read, edit, documents, properties, history.</summary>
public sealed class JiraIssueFacts(SandboxBench bench) : IClassFixture<SandboxBench>
{
    private const string Issues = "/rest/api/3/issue";

    [Fact]
    public async Task Create_AnswersIdKeyAndSelfOnly_AndTheRestIsRead()
    {
        var made = await CreateAsync(new JsonObject { ["summary"] = "Fresh", ["issuetype"] = new JsonObject { ["name"] = "bug" } });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(["id", "key", "self"], made.Json.AsObject().Select(member => member.Key));
        var read = await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{((string)made.Json["key"]!).ToLowerInvariant()}?fields=issuetype&fields=creator,status");
        Assert.Equal(["issuetype", "status", "creator"], read.Json["fields"]!.AsObject().Select(field => field.Key));
        Assert.Equal(("Bug", "Exalate Proxy"), ((string?)read.Json["fields"]!["issuetype"]!["name"], (string?)read.Json["fields"]!["creator"]!["displayName"]));
    }

    [Fact]
    public async Task APlainStringDescription_IsRefusedInTheRecordedWords()
    {
        var answer = await CreateAsync(new JsonObject { ["summary"] = "x", ["description"] = "plain" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            """{"errorMessages":[],"errors":{"description":"Operation value must be an Atlassian Document (see the Atlassian Document Format)"}}""", answer.Text);
    }

    [Theory]
    [InlineData("""{"type":"doc","content":[]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"text","text":"loose"}]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":""}]}]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"blink"}]}]}]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"heading","attrs":{"level":7},"content":[]}]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"bulletList","content":[{"type":"paragraph","content":[]}]}]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"table","content":[]}]}]}]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"codeBlock","content":[{"type":"text","text":"x","marks":[{"type":"strong"}]}]}]}""")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"mediaSingle","content":[{"type":"media","attrs":{"type":"file","id":"10000","collection":""}}]}]}""")]
    public async Task ADocumentThatIsNone_IsRefused_HoweverDeepTheFault(string document)
    {
        var answer = await CreateAsync(new JsonObject { ["summary"] = "x", ["description"] = JsonNode.Parse(document) });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(answer.Json["errors"]!["description"]);
        var comment = await bench.JiraAsync(HttpMethod.Post, $"{Issues}/TEST-1/comment", new JsonObject { ["body"] = JsonNode.Parse(document) }.ToJsonString());
        Assert.Equal((HttpStatusCode.BadRequest, "Comment body is not valid!"), (comment.Status, (string?)comment.Json["errors"]!["comment"]));
    }

    [Fact]
    public async Task AStoredDocument_IsNormalised()
    {
        const string Sent = """
            {"type":"doc","version":1,"content":[
              {"type":"paragraph","content":[{"type":"text","text":"one "},{"type":"text","text":"two"},{"type":"text","text":"!","marks":[{"type":"em"}]}]},
              {"type":"taskList","attrs":{},"content":[{"type":"taskItem","attrs":{"state":"TODO"},"content":[]}]}]}
            """;
        var made = await CreateAsync(new JsonObject { ["summary"] = "x", ["description"] = JsonNode.Parse(Sent) });
        var read = await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{made.Json["key"]}?expand=renderedFields");
        var content = read.Json["fields"]!["description"]!["content"]!;
        Assert.Equal(["one two", "!"], content[0]!["content"]!.AsArray().Select(text => (string?)text!["text"]));
        Assert.NotNull((string?)content[1]!["attrs"]!["localId"]);
        Assert.StartsWith("<p>one two<em>!</em></p>", (string?)read.Json["renderedFields"]!["description"]);
    }

    [Theory]
    [InlineData(256, "")]
    [InlineData(10, "\nsecond line")]
    [InlineData(0, "   ")]
    public async Task ASummary_IsOneLineOfAtMost255(int length, string rest)
    {
        var answer = await CreateAsync(new JsonObject { ["summary"] = new string('x', length) + rest });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull((string?)answer.Json["errors"]!["summary"]);
    }

    [Fact]
    public async Task Edit_Answers204_OrTheIssueWhenAsked()
    {
        var key = await bench.NewIssueAsync();
        var silent = await bench.JiraAsync(HttpMethod.Put, $"{Issues}/{key}", new { fields = new { summary = "Second" } });
        Assert.Equal((HttpStatusCode.NoContent, ""), (silent.Status, silent.Text));
        var told = await bench.JiraAsync(HttpMethod.Put, $"{Issues}/{key}?returnIssue=true", new { update = new { labels = new[] { new { add = "urgent" } } } });
        Assert.Equal(("Second", "urgent"), ((string?)told.Json["fields"]!["summary"], (string?)told.Json["fields"]!["labels"]![0]));
    }

    [Fact]
    public async Task AFieldOffTheScreen_FailsTheWholeEdit()
    {
        var key = await bench.NewIssueAsync("Before");
        var answer = await bench.JiraAsync(HttpMethod.Put, $"{Issues}/{key}", new { fields = new { summary = "After", customfield_99 = "x" } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            "Field 'customfield_99' cannot be set. It is not on the appropriate screen, or unknown.", (string?)answer.Json["errors"]!["customfield_99"]);
        Assert.Equal("Before", (string?)(await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}")).Json["fields"]!["summary"]);
    }

    [Fact]
    public async Task AFieldInBothPartsOfAnEdit_IsRefused()
    {
        var key = await bench.NewIssueAsync();
        var answer = await bench.JiraAsync(
            HttpMethod.Put, $"{Issues}/{key}", new { fields = new { summary = "a" }, update = new { summary = new[] { new { set = "b" } } } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task AMovedIssue_KeepsItsIdAndAnswersToItsOldKey()
    {
        var key = await bench.NewIssueAsync();
        var before = await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}?fields=summary");
        var moved = await bench.SendAsync(HttpMethod.Post, new Uri(bench.Host.JiraUrl, "/_sandbox/move"), new { issue = key, project = "COM" });
        var after = await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}?fields=summary");
        Assert.Equal(HttpStatusCode.OK, after.Status);
        Assert.Equal(((string?)before.Json["id"], (string?)moved.Json["key"]), ((string?)after.Json["id"], (string?)after.Json["key"]));
        Assert.StartsWith("COM-", (string?)after.Json["key"]);
        var found = await bench.JiraAsync(HttpMethod.Post, "/rest/api/3/search/jql", new { jql = $"key = {key}" });
        Assert.Single(found.Json["issues"]!.AsArray());
    }

    [Fact]
    public async Task ADeletedIssue_LeavesNothingBehind()
    {
        var key = await bench.NewIssueAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await bench.JiraAsync(HttpMethod.Delete, $"{Issues}/{key}")).Status);
        var gone = await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}");
        Assert.Equal(
            (HttpStatusCode.NotFound, """{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}"""),
            (gone.Status, gone.Text));
    }

    [Fact]
    public async Task AProperty_IsCreatedThenReplaced_AndDoesNotMoveUpdated()
    {
        var key = await bench.NewIssueAsync();
        var before = (string?)(await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}?fields=updated")).Json["fields"]!["updated"];
        Assert.Equal(HttpStatusCode.Created, (await bench.JiraAsync(HttpMethod.Put, $"{Issues}/{key}/properties/origin", """{"id":"a"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await bench.JiraAsync(HttpMethod.Put, $"{Issues}/{key}/properties/origin", """{"id":"b"}""")).Status);
        var read = await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}?fields=updated&properties=origin,other");
        Assert.Equal(before, (string?)read.Json["fields"]!["updated"]);
        Assert.Equal("""{"origin":{"id":"b"}}""", read.Json["properties"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.JiraAsync(HttpMethod.Put, $"{Issues}/{key}/properties/big", $"\"{new string('x', 32_768)}\"")).Status);
    }

    [Fact]
    public async Task TheCreateCall_CarriesProperties()
    {
        var made = await bench.JiraAsync(HttpMethod.Post, Issues, new
        {
            fields = new { project = new { key = "COM" }, issuetype = new { id = "10002" }, summary = "x" },
            properties = new[] { new { key = "origin", value = new { id = "evt-1" } } },
        });
        var read = await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{made.Json["key"]}/properties/origin");
        Assert.Equal("evt-1", (string?)read.Json["value"]!["id"]);
    }

    [Fact]
    public async Task TheHistory_NamesWhoChangedWhat()
    {
        var key = await bench.NewIssueAsync("Old");
        await bench.JiraAsync(HttpMethod.Put, $"{Issues}/{key}", new { fields = new { summary = "New" } }, "ben@acme.example:jira-token-ben");
        await bench.JiraAsync(HttpMethod.Post, $"{Issues}/{key}/transitions", new { transition = new { id = "21" } });
        var log = (await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}/changelog?maxResults=1")).Json;
        Assert.Equal((2, "Ben Okafor"), ((int)log["total"]!, (string?)log["values"]![0]!["author"]!["displayName"]));
        var item = log["values"]![0]!["items"]![0]!;
        Assert.Equal(("summary", "Old", "New"), ((string?)item["fieldId"], (string?)item["fromString"], (string?)item["toString"]));
        Assert.Equal("In Progress", (string?)(await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{key}")).Json["fields"]!["status"]!["name"]);
    }

    [Fact]
    public async Task AnUnknownTransition_IsRefused()
    {
        var key = await bench.NewIssueAsync();
        var answer = await bench.JiraAsync(HttpMethod.Post, $"{Issues}/{key}/transitions", new { transition = new { id = "99" } });
        Assert.Equal("Transition id '99' is not valid for this issue.", (string?)answer.Json["errorMessages"]![0]);
    }

    [Fact]
    public async Task ALink_MeansThatTheInwardIssueBlocksTheOutwardOne()
    {
        var (a, b) = (await bench.NewIssueAsync("A"), await bench.NewIssueAsync("B"));
        var made = await bench.JiraAsync(
            HttpMethod.Post, "/rest/api/3/issueLink", new { type = new { name = "Blocks" }, inwardIssue = new { key = a }, outwardIssue = new { key = b } });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var link = (await bench.JiraAsync(HttpMethod.Get, $"{Issues}/{a}?fields=issuelinks")).Json["fields"]!["issuelinks"]![0]!;
        Assert.Equal(("blocks", b), ((string?)link["type"]!["outward"], (string?)link["outwardIssue"]!["key"]));
    }

    private Task<Answer> CreateAsync(JsonObject fields)
    {
        fields["project"] = new JsonObject { ["key"] = "TEST" };
        fields["issuetype"] ??= new JsonObject { ["name"] = "Task" };
        return bench.JiraAsync(HttpMethod.Post, Issues, new JsonObject { ["fields"] = fields }.ToJsonString());
    }
}
