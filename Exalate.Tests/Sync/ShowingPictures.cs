using Exalate.Tests.Trackers.Support;
using static Exalate.Tests.Sync.TwoCompaniesBench;

namespace Exalate.Tests.Sync;

/// <summary>Pictures inside texts are shown inline on the other side where its texts can; both vendors' real connectors, against the sandbox.</summary>
public sealed class ShowingPictures(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task FromJira_CreatedWithAPicture_AsanaShowsItsCopyAndNothingEchoes()
    {
        await using var bench = await CreateAsync(sandbox);
        var issue = await bench.NewIssueAsync("With a picture");
        var media = await bench.AttachToIssueAsync(issue, "login.png");
        await bench.DescribeAsync(issue, Adf(Text("Before"), Media(media, "The login page"), Text("After")));
        await bench.JiraAsync(HttpMethod.Post, $"issue/{issue}/comment", new { body = Adf(Text("See:"), Media(media, "The login page")) });

        var task = await bench.ExalateAsync(bench.JiraSide, issue);

        var file = Assert.Single(await bench.FilesOfTaskAsync(task));
        var notes = await bench.NotesAsync(task);
        Assert.Matches($"^<body>Before\\n+<img data-asana-gid=\"{file.Gid}\"[^>]*/>\\n+After</body>$", notes);
        var comment = (await bench.AsanaAsync(HttpMethod.Get, $"tasks/{task}/stories?opt_fields=html_text,resource_subtype")).AsArray().Single(story => (string)story!["resource_subtype"]! == "comment_added");
        Assert.Contains($"get_asset?asset_id={file.Gid}\"", (string)comment!["html_text"]!, StringComparison.Ordinal);
        Assert.Contains(">The login page</a>", (string)comment["html_text"]!, StringComparison.Ordinal);
        var asked = await AskedAsync();
        await bench.AssertQuietAsync(issue, task);
        // Which file a picture shows is asked for once.
        Assert.Equal(asked, await AskedAsync());

        async Task<int> AskedAsync() => (await bench.ReadsAsync(sandbox.Host.JiraUrl)).Count(line => line.Contains("/attachment/content/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FromJira_AParagraphEditedAtAsana_JiraKeepsItsOwnPictureNode()
    {
        await using var bench = await CreateAsync(sandbox);
        var issue = await bench.NewIssueAsync("Edited over there");
        var media = await bench.AttachToIssueAsync(issue, "login.png");
        await bench.DescribeAsync(issue, Adf(Text("Before"), Media(media, "The login page"), Text("After")));
        var task = await bench.ExalateAsync(bench.JiraSide, issue);
        var node = (await bench.DescriptionAsync(issue))["content"]![1]!.ToJsonString();

        await bench.NoteAsync(task, (await bench.NotesAsync(task)).Replace("After", "After all", StringComparison.Ordinal));
        await bench.ReportAsync(issue, task);

        var description = (await bench.DescriptionAsync(issue))["content"]!.AsArray();
        Assert.Equal((3, node, "After all"), (description.Count, description[1]!.ToJsonString(), (string)description[2]!["content"]![0]!["text"]!));
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task FromJira_APictureAddedLater_ItsFileGoesUpBeforeTheTextThatShowsIt()
    {
        await using var bench = await CreateAsync(sandbox);
        var issue = await bench.NewIssueAsync("Later", Adf(Text("Before")));
        var task = await bench.ExalateAsync(bench.JiraSide, issue);
        var writes = (await bench.WritesAsync()).Count;

        var media = await bench.AttachToIssueAsync(issue, "later.png");
        await bench.DescribeAsync(issue, Adf(Text("Before"), Media(media, "later.png")));
        await bench.ReportAsync(issue, task);

        var file = Assert.Single(await bench.FilesOfTaskAsync(task));
        Assert.Contains($"<img data-asana-gid=\"{file.Gid}\"", await bench.NotesAsync(task), StringComparison.Ordinal);
        var done = (await bench.WritesAsync()).Where(line => line.Contains("/api/1.0/", StringComparison.Ordinal)).TakeLast(2).Select(line => line.Split('?')[0]);
        Assert.Equal(["POST /api/1.0/attachments", $"PUT /api/1.0/tasks/{task}"], done);
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task FromAsana_CreatedAndUpdatedWithPictures_JiraShowsTheirCopies()
    {
        await using var bench = await CreateAsync(sandbox, jiraInvites: false);
        var task = await bench.NewTaskAsync("With a picture");
        var gid = await bench.AttachToTaskAsync(task, "plan.png");
        await bench.NoteAsync(task, $"<body>Before\n\n<img data-asana-gid=\"{gid}\"/>\n\nAfter</body>");

        var issue = await bench.ExalateAsync(bench.AsanaSide, task);
        await bench.AssertQuietAsync(issue, task);
        var created = (await bench.DescriptionAsync(issue))["content"]!.AsArray();
        var second = await bench.AttachToTaskAsync(task, "second.png");
        await bench.NoteAsync(task, $"<body>Before\n\n<img data-asana-gid=\"{gid}\"/>\n\nAfter, see <img data-asana-gid=\"{second}\"/> there</body>");
        await bench.ReportAsync(issue, task);

        var files = await bench.FilesOfIssueAsync(issue);
        Assert.Equal(["plan.png", "second.png"], files.Select(file => file.Name));
        Assert.Equal(files[0].MediaId, (string)created.Single(block => (string)block!["type"]! == "mediaSingle")!["content"]![0]!["attrs"]!["id"]!);
        var updated = (await bench.DescriptionAsync(issue)).ToJsonString();
        Assert.Contains("\"type\":\"mediaInline\"", updated, StringComparison.Ordinal);
        Assert.Contains(files[1].MediaId, updated, StringComparison.Ordinal);
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task FromAsana_JiraMovesAPictureAndAddsOne_AsanaKeepsItsOwnAndShowsTheCopy()
    {
        await using var bench = await CreateAsync(sandbox, jiraInvites: false);
        var task = await bench.NewTaskAsync("Moved");
        var gid = await bench.AttachToTaskAsync(task, "plan.png");
        await bench.NoteAsync(task, $"<body>Before\n\n<img data-asana-gid=\"{gid}\"/>\n\nAfter</body>");
        var issue = await bench.ExalateAsync(bench.AsanaSide, task);
        var copy = Assert.Single(await bench.FilesOfIssueAsync(issue)).MediaId;

        var added = await bench.AttachToIssueAsync(issue, "added.png");
        await bench.DescribeAsync(issue, Adf(Text("Before"), Text("After"), Media(copy, "plan.png"), Media(added, "added.png")));
        await bench.ReportAsync(issue, task);

        var files = await bench.FilesOfTaskAsync(task);
        var there = files.Single(file => file.Name == "added.png").Gid;
        Assert.Equal(2, files.Count);
        Assert.Matches($"^<body>Before\\n+After\\n+<img data-asana-gid=\"{gid}\"[^>]*/>\\n+<img data-asana-gid=\"{there}\"[^>]*/></body>$", await bench.NotesAsync(task));
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task APictureTakenOutOfTheText_IsTakenOutOverThere_AndBothFilesStay()
    {
        await using var bench = await CreateAsync(sandbox);
        var issue = await bench.NewIssueAsync("Taken out");
        var media = await bench.AttachToIssueAsync(issue, "login.png");
        await bench.DescribeAsync(issue, Adf(Text("Before"), Media(media, "login.png"), Text("After")));
        var task = await bench.ExalateAsync(bench.JiraSide, issue);

        await bench.NoteAsync(task, "<body>Before\n\nAfter</body>");
        await bench.ReportAsync(issue, task);

        Assert.DoesNotContain("media", (await bench.DescriptionAsync(issue)).ToJsonString(), StringComparison.Ordinal);
        Assert.Single(await bench.FilesOfIssueAsync(issue));
        Assert.Single(await bench.FilesOfTaskAsync(task));
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task APictureTakenOutAtJira_IsTakenOutAtAsana()
    {
        await using var bench = await CreateAsync(sandbox, jiraInvites: false);
        var task = await bench.NewTaskAsync("Taken out there");
        var gid = await bench.AttachToTaskAsync(task, "plan.png");
        await bench.NoteAsync(task, $"<body>Before\n\n<img data-asana-gid=\"{gid}\"/>\n\nAfter</body>");
        var issue = await bench.ExalateAsync(bench.AsanaSide, task);

        await bench.DescribeAsync(issue, Adf(Text("Before"), Text("After")));
        await bench.ReportAsync(issue, task);

        Assert.Equal("<body>Before\n\nAfter</body>", await bench.NotesAsync(task));
        Assert.Single(await bench.FilesOfTaskAsync(task));
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task WhatAsanaCantShow_IsALinkToItsCopy()
    {
        await using var bench = await CreateAsync(sandbox);
        var issue = await bench.NewIssueAsync("A paper");
        var media = await bench.AttachToIssueAsync(issue, "paper.pdf");
        await bench.DescribeAsync(issue, Adf(Text("Before"), Media(media, "paper.pdf")));

        var task = await bench.ExalateAsync(bench.JiraSide, issue);

        var file = Assert.Single(await bench.FilesOfTaskAsync(task));
        Assert.Matches($"<a href=\"[^\"]*asset_id={file.Gid}\"[^>]*>paper.pdf</a>", await bench.NotesAsync(task));
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task APictureWhoseFileIsGone_DoesNotKeepAnEditFromComingBack()
    {
        await using var bench = await CreateAsync(sandbox);
        var issue = await bench.NewIssueAsync("A lost paper");
        var media = await bench.AttachToIssueAsync(issue, "paper.pdf");
        await bench.DescribeAsync(issue, Adf(Text("Before"), Media(media, "paper.pdf"), Text("After")));
        var task = await bench.ExalateAsync(bench.JiraSide, issue);
        var file = (string)(await bench.JiraAsync(HttpMethod.Get, $"issue/{issue}?fields=attachment"))!["fields"]!["attachment"]![0]!["id"]!;
        await bench.JiraAsync(HttpMethod.Delete, $"attachment/{file}");
        await bench.ReportAsync(issue, task);

        // Jira lets the picture stand, but takes no text any more that holds it.
        await bench.NoteAsync(task, (await bench.NotesAsync(task)).Replace("After", "After all", StringComparison.Ordinal));
        await bench.ReportAsync(issue, task);

        var description = (await bench.DescriptionAsync(issue)).ToJsonString();
        Assert.Contains("After all", description, StringComparison.Ordinal);
        Assert.Contains("[image: paper.pdf]", description, StringComparison.Ordinal);
        await using (var db = bench.JiraSide.Db())
            Assert.Contains("named in words", Assert.Single(db.Twins.Select(twin => twin.Note).ToList())!, StringComparison.Ordinal);
        await bench.AssertQuietAsync(issue, task);
    }
}
