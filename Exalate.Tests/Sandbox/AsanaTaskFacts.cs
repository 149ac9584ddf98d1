using System.Net;
using System.Text.Json.Nodes;

namespace Exalate.Tests.Sandbox;

/// <summary>Asana: envelope, fields, tasks, rich text, stories, what moves modified_at.</summary>
public sealed class AsanaTaskFacts(SandboxBench bench) : IClassFixture<SandboxBench>
{
    [Fact]
    public async Task AMissingOrWrongToken_Is401()
    {
        foreach (var token in new[] { null, "wrong" })
        {
            var answer = await bench.AsanaAsync(HttpMethod.Get, "/users/me", token: token);
            Assert.Equal((HttpStatusCode.Unauthorized, """{"errors":[{"message":"Not Authorized"}]}"""), (answer.Status, answer.Text));
        }
    }

    [Theory]
    [InlineData("""{"name":"no envelope"}""")]
    [InlineData("""{"data":[1]}""")]
    [InlineData("{broken")]
    public async Task ABodyWithoutData_IsRefused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.AsanaAsync(HttpMethod.Post, "/tasks", body)).Status);

    [Fact]
    public async Task ATask_NeedsAPlace()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.AsanaAsync(HttpMethod.Post, "/tasks", new { data = new { name = "nowhere" } })).Status);
        var unknown = await bench.AsanaAsync(HttpMethod.Get, "/tasks/1234");
        Assert.Equal((HttpStatusCode.NotFound, "task: Unknown object: 1234"), (unknown.Status, unknown.Error));
        Assert.Equal(HttpStatusCode.NotFound, (await bench.AsanaAsync(HttpMethod.Get, "/nothing")).Status);
    }

    [Fact]
    public async Task Fields_AreThoseAskedFor_ByPath()
    {
        var gid = await bench.NewTaskAsync("Fielded");
        var asked = await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}?opt_fields=name%2Cmemberships.section.name,created_by.email");
        var data = asked.Json["data"]!;
        Assert.Equal(["gid", "name", "memberships", "created_by"], data.AsObject().Select(member => member.Key));
        Assert.Equal(["section"], data["memberships"]![0]!.AsObject().Select(member => member.Key));
        Assert.Equal(["gid", "name"], data["memberships"]![0]!["section"]!.AsObject().Select(member => member.Key));
        Assert.Equal(["gid", "email"], data["created_by"]!.AsObject().Select(member => member.Key));
        var full = (await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}")).Json["data"]!.AsObject();
        Assert.True(full.ContainsKey("notes"));
        Assert.False(full.ContainsKey("html_notes"));
        var listed = (await bench.AsanaAsync(HttpMethod.Get, $"/projects/{bench.SupportProject}/tasks")).Json["data"]![0]!.AsObject();
        Assert.Equal(["gid", "resource_type", "name", "resource_subtype"], listed.Select(member => member.Key));
    }

    [Fact]
    public async Task Lists_PageByOffsetsThatWereHandedOut()
    {
        var path = $"/tasks?project={bench.SupportProject}&opt_fields=name";
        var all = (await bench.AsanaAsync(HttpMethod.Get, path)).Json["data"]!.AsArray().Select(task => (string)task!["gid"]!).ToList();
        var paged = new List<string>();
        var next = path + "&limit=4";
        while (next is not null)
        {
            var page = (await bench.AsanaAsync(HttpMethod.Get, next)).Json;
            paged.AddRange(page["data"]!.AsArray().Select(task => (string)task!["gid"]!));
            next = (string?)page["next_page"]?["path"];
        }

        Assert.Equal(all, paged);
        var made = await bench.AsanaAsync(HttpMethod.Get, path + "&limit=4&offset=10");
        Assert.Equal((HttpStatusCode.BadRequest, "offset: Your pagination token has expired or is invalid."), (made.Status, made.Error));
        var first = (await bench.AsanaAsync(HttpMethod.Get, path + "&limit=4")).Json["next_page"]!["offset"];
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.AsanaAsync(HttpMethod.Get, $"/projects?limit=4&offset={first}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.AsanaAsync(HttpMethod.Get, path + "&limit=101")).Status);
    }

    [Theory]
    [InlineData("<body><p>x</p></body>")]
    [InlineData("<body>a<br/>b</body>")]
    [InlineData("<body><strong>open</body>")]
    [InlineData("<body>a</body><body>b</body>")]
    [InlineData("plain")]
    [InlineData("<body>&nbsp;</body>")]
    [InlineData("<body class=\"x\">a</body>")]
    [InlineData("<body><strong id=\"x\">a</strong></body>")]
    [InlineData("<body><ul>loose</ul></body>")]
    [InlineData("<body><li>a</li></body>")]
    [InlineData("<body><ul><li><h1>a</h1></li></ul></body>")]
    [InlineData("<body><h1>a\nb</h1></body>")]
    [InlineData("<body><h3>a</h3></body>")]
    [InlineData("<body><STRONG>a</STRONG></body>")]
    [InlineData("<!DOCTYPE body [<!ENTITY x \"y\">]><body>&x;</body>")]
    [InlineData("<body><a data-asana-gid=\"99\"/></body>")]
    public async Task BadRichText_IsRefusedInNotes_ButStoredLiterallyInAStory(string markup)
    {
        var gid = await bench.NewTaskAsync();
        var notes = await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { html_notes = markup } });
        Assert.Equal(HttpStatusCode.BadRequest, notes.Status);
        Assert.StartsWith("html_notes: ", notes.Error);
        var story = await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{gid}/stories?opt_fields=text,html_text", new { data = new { html_text = markup } });
        Assert.Equal((HttpStatusCode.Created, markup), (story.Status, (string?)story.Json["data"]!["text"]));
        Assert.StartsWith("<body>", (string?)story.Json["data"]!["html_text"]);
    }

    [Theory]
    [InlineData("<body>a &amp; b &lt;c&gt;\n\n<strong>d</strong></body>", "a & b <c>\n\nd")]
    [InlineData("<body><h1>T</h1>x<ul><li>one<ul><li>two</li></ul></li></ul><hr/>y</body>", "T\nx\n• one\n• two\ny")]
    [InlineData("<body></body>", "")]
    public async Task GoodRichText_IsKept_AndHasAPlainForm(string markup, string plain)
    {
        var gid = await bench.NewTaskAsync();
        await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { html_notes = markup } });
        var read = (await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}?opt_fields=notes,html_notes")).Json["data"]!;
        Assert.Equal((markup, plain), ((string?)read["html_notes"], (string?)read["notes"]));
    }

    [Fact]
    public async Task AHeading_IsTooMuchForAComment()
    {
        var story = await bench.AsanaAsync(
            HttpMethod.Post, $"/tasks/{await bench.NewTaskAsync()}/stories?opt_fields=html_text", new { data = new { html_text = "<body><h1>x</h1></body>" } });
        Assert.Equal("<body>&lt;body&gt;&lt;h1&gt;x&lt;/h1&gt;&lt;/body&gt;</body>", (string?)story.Json["data"]!["html_text"]);
    }

    [Fact]
    public async Task AMention_ComesBackWithItsAttributesAndName()
    {
        var gid = await bench.NewTaskAsync();
        var priya = (string)(await bench.AsanaAsync(HttpMethod.Get, "/users/priya@partner.example")).Json["data"]!["gid"]!;
        await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { html_notes = $"<body>Ask <a data-asana-gid=\"{priya}\"/>!</body>" } });
        var read = (string)(await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}?opt_fields=html_notes")).Json["data"]!["html_notes"]!;
        Assert.Contains("data-asana-type=\"user\"", read);
        Assert.Contains(">@Priya Nair</a>", read);
    }

    [Fact]
    public async Task CreateOnlyFields_AndBothForms_AreRefusedOnUpdate()
    {
        var gid = await bench.NewTaskAsync();
        foreach (var data in new object[]
        {
            new { projects = new[] { bench.SupportProject } }, new { notes = "a", html_notes = "<body>b</body>" },
            new { due_on = "2026-01-01", due_at = "2026-01-01T10:00:00Z" }, new { resource_subtype = "epic" },
        })
            Assert.Equal(HttpStatusCode.BadRequest, (await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { external = new { gid = "x" } } })).Status);
    }

    [Fact]
    public async Task AnApproval_IsCompletedByItsDecision()
    {
        var made = await bench.AsanaAsync(HttpMethod.Post, "/tasks", new { data = new { name = "ok?", resource_subtype = "approval", projects = new[] { bench.SupportProject } } });
        Assert.Equal("pending", (string?)made.Json["data"]!["approval_status"]);
        var decided = await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{made.Json["data"]!["gid"]}", new { data = new { approval_status = "approved" } });
        Assert.True((bool)decided.Json["data"]!["completed"]!);
    }

    [Fact]
    public async Task Stories_MixSystemAndComments_AndBelongToTheirAuthor()
    {
        var gid = await bench.NewTaskAsync();
        var made = await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{gid}/stories", new { data = new { text = "by Tom" } }, "asana-token-tom");
        var story = (string)made.Json["data"]!["gid"]!;
        var list = (await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}/stories?opt_fields=resource_subtype")).Json["data"]!.AsArray();
        Assert.Equal(["added_to_project", "comment_added"], list.Select(one => (string?)one!["resource_subtype"]));
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.AsanaAsync(HttpMethod.Put, $"/stories/{story}", new { data = new { text = "x" } })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.AsanaAsync(HttpMethod.Delete, $"/stories/{story}")).Status);
        var edited = await bench.AsanaAsync(HttpMethod.Put, $"/stories/{story}", new { data = new { text = "by Tom, twice" } }, "asana-token-tom");
        Assert.True((bool)edited.Json["data"]!["is_edited"]!);
        Assert.Equal(HttpStatusCode.OK, (await bench.AsanaAsync(HttpMethod.Delete, $"/stories/{story}", token: "asana-token-tom")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{gid}/stories", new { data = new { text = "a", html_text = "<body>b</body>" } })).Status);
    }

    [Fact]
    public async Task ModifiedAt_MovesForCommentsAndFields_NotForEditedCommentsAndMoves()
    {
        var gid = await bench.NewTaskAsync();
        var section = (string)(await bench.AsanaAsync(HttpMethod.Get, $"/projects/{bench.SupportProject}/sections")).Json["data"]![2]!["gid"]!;
        var before = await ModifiedAsync();
        await bench.AsanaAsync(HttpMethod.Post, $"/sections/{section}/addTask", new { data = new { task = gid } });
        Assert.Equal(before, await ModifiedAsync());
        var story = (await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{gid}/stories", new { data = new { text = "a" } })).Json["data"]!["gid"];
        var commented = await ModifiedAsync();
        Assert.NotEqual(before, commented);
        await bench.AsanaAsync(HttpMethod.Put, $"/stories/{story}", new { data = new { text = "b" } });
        Assert.Equal(commented, await ModifiedAsync());
        await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { name = "renamed" } });
        Assert.NotEqual(commented, await ModifiedAsync());
        var since = (await bench.AsanaAsync(HttpMethod.Get, $"/tasks?project={bench.SupportProject}&modified_since={Uri.EscapeDataString(commented)}")).Json["data"]!.AsArray();
        Assert.Contains(since, task => (string?)task!["gid"] == gid);

        async Task<string> ModifiedAsync() => (string)(await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}?opt_fields=modified_at")).Json["data"]!["modified_at"]!;
    }

    [Fact]
    public async Task ASubtask_IsNotInItsParentsProject()
    {
        var parent = await bench.NewTaskAsync();
        var made = await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{parent}/subtasks", new { data = new { name = "part" } });
        var gid = (string)made.Json["data"]!["gid"]!;
        var inProject = (await bench.AsanaAsync(HttpMethod.Get, $"/projects/{bench.SupportProject}/tasks")).Json["data"]!.AsArray();
        Assert.DoesNotContain(inProject, task => (string?)task!["gid"] == gid);
        await bench.AsanaAsync(HttpMethod.Post, $"/tasks/{gid}/addProject", new { data = new { project = bench.SupportProject } });
        inProject = (await bench.AsanaAsync(HttpMethod.Get, $"/projects/{bench.SupportProject}/tasks")).Json["data"]!.AsArray();
        Assert.Contains(inProject, task => (string?)task!["gid"] == gid);
        await bench.AsanaAsync(HttpMethod.Delete, $"/tasks/{parent}");
        Assert.Equal(HttpStatusCode.NotFound, (await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}")).Status);
    }

    [Fact]
    public async Task CustomFields_TakeTheValuesOfTheirType()
    {
        var settings = (await bench.AsanaAsync(HttpMethod.Get, $"/projects/{bench.SupportProject}/custom_field_settings")).Json["data"]!.AsArray();
        var priority = settings[0]!["custom_field"]!;
        var high = (string)priority["enum_options"]![0]!["gid"]!;
        var gid = await bench.NewTaskAsync();
        var set = await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { custom_fields = new Dictionary<string, string> { [(string)priority["gid"]!] = high } } });
        Assert.Equal("High", (string?)set.Json["data"]!["custom_fields"]![0]!["enum_value"]!["name"]);
        var wrong = await bench.AsanaAsync(HttpMethod.Put, $"/tasks/{gid}", new { data = new { custom_fields = new Dictionary<string, string> { [(string)priority["gid"]!] = "Highest" } } });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
    }

    [Fact]
    public async Task ABatch_AnswersEachActionForItself()
    {
        var answer = await bench.AsanaAsync(HttpMethod.Post, "/batch", new
        {
            data = new
            {
                actions = new object[]
                {
                    new { method = "get", relative_path = "/users/me", options = new { fields = new[] { "name" } } },
                    new { method = "post", relative_path = "/tasks", data = new { name = "batched", projects = new[] { bench.SupportProject } } },
                    new { method = "get", relative_path = "/tasks/1" },
                },
            },
        });
        Assert.Equal([200, 201, 404], answer.Json["data"]!.AsArray().Select(one => (int)one!["status_code"]!));
        Assert.Equal("Exalate Proxy", (string?)answer.Json["data"]![0]!["body"]!["data"]!["name"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await bench.AsanaAsync(HttpMethod.Post, "/batch", new { data = new { actions = new JsonArray() } })).Status);
    }
}
