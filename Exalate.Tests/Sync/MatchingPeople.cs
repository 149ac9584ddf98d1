using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;
using Exalate.Tests.Trackers.Support;
using static Exalate.Tests.Sync.TwoCompaniesBench;

namespace Exalate.Tests.Sync;

/// <summary>
/// A mention becomes the same person on the other side where both trackers show the same e-mail address for one of their people; everybody else is a name. Mia works for both companies.
/// </summary>
public sealed class MatchingPeople(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Anna = "712020:2b94d7e6-13f5-4c08-8a2e-6c7f90b1e502";
    private const string Mia = "712020:31c7d9a4-5e20-4f6b-8b13-d4a90e7f2c06";

    [Fact]
    public async Task FromJira_WhoIsKnownByAddressIsAddressed_OthersAreNames_AndTheAddressDoesNotTravel()
    {
        await using var bench = await CreateAsync(sandbox);
        var mia = await GidOfMiaAsync(bench);
        var issue = await bench.NewIssueAsync("Who is it for", Adf(Addressing(Mia), Addressing(Anna)));
        await bench.JiraAsync(HttpMethod.Post, $"issue/{issue}/comment", new { body = Adf(Addressing(Mia)) });

        var task = await bench.ExalateAsync(bench.JiraSide, issue);

        var notes = await bench.NotesAsync(task);
        Assert.Matches($"data-asana-type=\"user\" data-asana-gid=\"{mia}\">@Mia Lorenz \\(extern\\)</a>", notes);
        Assert.Contains("For @Anna Bright please", notes, StringComparison.Ordinal);
        var comment = (await bench.AsanaAsync(HttpMethod.Get, $"tasks/{task}/stories?opt_fields=html_text,resource_subtype")).AsArray().Single(story => (string)story!["resource_subtype"]! == "comment_added");
        Assert.Contains($"data-asana-gid=\"{mia}\"", (string)comment!["html_text"]!, StringComparison.Ordinal);
        var sent = JsonSerializer.Serialize(bench.Pair.A.Wire.Sent.OfType<SyncRequestMessage>(), ReplicaJson.Options);
        Assert.DoesNotContain("freelance.example", sent, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("acme.example", sent.Replace("exalate.acme.example", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task ATextThatComesBackEdited_AddressesTheOriginalAccountsAgain()
    {
        await using var bench = await CreateAsync(sandbox);
        var mia = await GidOfMiaAsync(bench);
        var issue = await bench.NewIssueAsync("Back again", Adf(Addressing(Mia), Addressing(Anna), Text("After")));
        var task = await bench.ExalateAsync(bench.JiraSide, issue);
        var blocks = (await bench.DescriptionAsync(issue))["content"]!.AsArray().Take(2).Select(Plain).ToList();

        await bench.NoteAsync(task, (await bench.NotesAsync(task)).Replace("After", $"Ask <a data-asana-gid=\"{mia}\"/>", StringComparison.Ordinal));
        await bench.ReportAsync(issue, task);

        var description = (await bench.DescriptionAsync(issue))["content"]!.AsArray();
        Assert.Equal(blocks, description.Take(2).Select(Plain));
        Assert.Equal(("mention", Mia), ((string)description[2]!["content"]![1]!["type"]!, (string)description[2]!["content"]![1]!["attrs"]!["id"]!));
        await bench.AssertQuietAsync(issue, task);
    }

    [Fact]
    public async Task ATrackerThatShowsNoPeople_LeavesNamesAndStopsNothing()
    {
        await using var bench = await CreateAsync(sandbox);
        await sandbox.FailAsync(sandbox.Host.AsanaUrl, new { tracker = "asana", method = "GET", path = "/users\\?workspace", times = 5, status = 403, body = new { errors = new[] { new { message = "No." } } } });
        try
        {
            var issue = await bench.NewIssueAsync("Nobody to see", Adf(Addressing(Mia)));

            var task = await bench.ExalateAsync(bench.JiraSide, issue);

            Assert.Equal("<body>For @Mia Lorenz please</body>", await bench.NotesAsync(task));
        }
        finally
        {
            await sandbox.MendAsync(sandbox.Host.AsanaUrl);
        }
    }

    [Fact]
    public async Task WhatThePartnerCallsOurs_PingsNobodyAndShowsNothing()
    {
        await using var pair = await EnginePair.CreateAsync();
        await pair.AgreeOnSecretAsync();
        var (a, b) = (pair.A.Tracker, pair.B.Tracker);
        b.People.Add(new TrackerPerson("victim", "Vic Tim", "vic@globex.example"));
        var other = b.Add("Secret plans");
        var secret = b.Attach(other.Id, "plans.png", [1, 2, 3]);
        var realm = b.InstanceUrl;
        var entity = a.Add("Hostile");
        a.Edit(entity.Id, e => e with
        {
            Description = new RichDocument(
            [
                new Paragraph([new TextRun("Hi "), new Mention("victim", "Vic Tim", realm), new OpaqueInline(realm, """{"type":"mention","attrs":{"id":"victim"}}""", "you")]),
                new ImageBlock(new Image { Id = secret, System = realm, Name = "plans.png" }),
                new ImageBlock(new Image { Url = "https://tracker.example/seen.png", Width = 1, Height = 1 }),
                new OpaqueBlock(realm, """{"type":"extension"}""", [new Paragraph([new TextRun("macro")])]),
            ]),
        });
        a.Comment(entity.Id, "Mallory", "");
        a.Edit(entity.Id, e => e with { Comments = [.. e.Comments.Select(c => c with { Body = new RichDocument([new Paragraph([new Mention("victim", "Vic Tim", realm)])]) })] });

        var (_, twin) = await pair.ExalateAsync(entity.Key);

        var written = new[] { b[twin].Description }.Concat(b[twin].Comments.Select(c => c.Body)).SelectMany(d => RichNodes.Inlines(d.Nodes)).ToList();
        Assert.Equal(2, written.OfType<Mention>().Count());
        Assert.DoesNotContain(written, inline => inline is Mention { System: var s } && s == realm);
        Assert.DoesNotContain(written, inline => inline is Image { System: var s } && s == realm);
        Assert.DoesNotContain(written, inline => inline is Image { Url: not null });
        Assert.DoesNotContain(written, inline => inline is OpaqueInline { Dialect: var d } && d == realm);
        Assert.DoesNotContain(b[twin].Description.Blocks, block => block is OpaqueBlock { Dialect: var d } && d == realm);
    }

    [Fact]
    public async Task TwoPeopleWithOneAddress_AreNobody_AndPeopleAreAskedForOnce()
    {
        await using var pair = await EnginePair.CreateAsync();
        await pair.AgreeOnSecretAsync();
        var (a, b) = (pair.A.Tracker, pair.B.Tracker);
        a.People.AddRange([new TrackerPerson("a1", "Mia", "mia@freelance.example"), new TrackerPerson("a2", "Team", "team@acme.example"), new TrackerPerson("a3", "Shy", null)]);
        b.People.AddRange([new TrackerPerson("b1", "Mia L.", " MIA@freelance.example"), new TrackerPerson("b2", "Team", "team@acme.example"), new TrackerPerson("b3", "Team too", "Team@acme.example"), new TrackerPerson("b4", "Shy", null)]);
        var addressing = new RichDocument([new Paragraph([new Mention("a1", "Mia", a.InstanceUrl), new Mention("a2", "Team", a.InstanceUrl), new Mention("a3", "Shy", a.InstanceUrl)])]);
        for (var i = 0; i < 3; i++)
        {
            var entity = a.Add($"Entity {i}");
            a.Edit(entity.Id, e => e with { Description = addressing });

            var (_, twin) = await pair.ExalateAsync(entity.Key);

            var people = References.People(b[twin].Description).ToList();
            Assert.Equal([new Mention("b1", "Mia L.", b.InstanceUrl), new Mention("a2", "Team", a.InstanceUrl), new Mention("a3", "Shy", a.InstanceUrl)], people);
        }

        Assert.Equal((1, 1), (a.Calls.Count(call => call == "people"), b.Calls.Count(call => call == "people")));
        pair.Time.Advance(TimeSpan.FromHours(2));
        b.People.RemoveAll(person => person.Id == "b1");
        var late = a.Add("Late");
        a.Edit(late.Id, e => e with { Description = addressing });
        var (_, copy) = await pair.ExalateAsync(late.Key);
        Assert.DoesNotContain(References.People(b[copy].Description), mention => mention.System == b.InstanceUrl);
    }

    [Fact]
    public void AKey_IsTheSameForOneAddressUnderOneSecretAlone()
    {
        Assert.Equal(PersonKey.Of("secret", "Mia@Freelance.example "), PersonKey.Of("secret", "mia@freelance.example"));
        Assert.NotEqual(PersonKey.Of("secret", "mia@freelance.example"), PersonKey.Of("another", "mia@freelance.example"));
        Assert.NotEqual(PersonKey.Of("secret", "mia@freelance.example"), PersonKey.Of("secret", "mia@freelance.test"));
        Assert.Equal("775e8f028a83ed4771c94b63c40a08e092d0660a790860a365e2f95054ec7ad8", PersonKey.Of("c2VjcmV0", "anna@acme.example"));
    }

    // Jira gives local ids anew with each write.
    private static string Plain(JsonNode? block) => Regex.Replace(block!.ToJsonString(), "\"localId\":\"[^\"]*\",?", "");

    private static string Addressing(string account) =>
        $$$"""{"type":"paragraph","content":[{"type":"text","text":"For "},{"type":"mention","attrs":{"id":"{{{account}}}"}},{"type":"text","text":" please"}]}""";

    private static async Task<string> GidOfMiaAsync(TwoCompaniesBench bench)
    {
        var workspace = (string)(await bench.AsanaAsync(HttpMethod.Get, "workspaces")).AsArray().Single()!["gid"]!;
        var users = (JsonArray)await bench.AsanaAsync(HttpMethod.Get, $"users?workspace={workspace}&opt_fields=name&limit=100");
        return (string)users.Single(user => ((string)user!["name"]!).StartsWith("Mia", StringComparison.Ordinal))!["gid"]!;
    }
}
