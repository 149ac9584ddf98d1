using System.Diagnostics;
using System.Net;
using Exalate.Sandbox;
using static Exalate.Tests.Sandbox.SandboxBench;

namespace Exalate.Tests.Sandbox;

/// <summary>The state over restarts and kills, and what stops a start.</summary>
public sealed class StorageFacts
{
    [Fact]
    public async Task WhatWasWritten_IsThereAfterARestart()
    {
        var bench = new SandboxBench();
        await bench.InitializeAsync();
        try
        {
            var key = await bench.NewIssueAsync("Kept");
            await bench.JiraAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", new { body = Adf("kept, too") });
            var uploaded = await bench.SendAsync(
                HttpMethod.Post, new Uri(bench.Host.JiraUrl, $"/rest/api/3/issue/{key}/attachments"), File("file", "kept.txt", "bytes"u8.ToArray()),
                Basic("exalate@acme.example:jira-sandbox-token"), ("X-Atlassian-Token", "no-check"));
            var removed = await bench.NewIssueAsync("Removed");
            await bench.JiraAsync(HttpMethod.Delete, $"/rest/api/3/issue/{removed}");
            var gid = await bench.NewTaskAsync("Kept");
            var offset = (await bench.AsanaAsync(HttpMethod.Get, $"/projects/{bench.SupportProject}/tasks?limit=3")).Json["next_page"]!["offset"];
            await bench.RestartAsync();
            var read = (await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/issue/{key}")).Json["fields"]!;
            Assert.Equal(("Kept", 1), ((string?)read["summary"], (int)read["comment"]!["total"]!));
            Assert.Equal("bytes", (await bench.JiraAsync(HttpMethod.Get, $"/rest/api/3/attachment/content/{uploaded.Json[0]!["id"]}?redirect=false")).Text);
            Assert.Equal(HttpStatusCode.OK, (await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{gid}")).Status);
            Assert.Equal(HttpStatusCode.OK, (await bench.AsanaAsync(HttpMethod.Get, $"/projects/{bench.SupportProject}/tasks?limit=3&offset={offset}")).Status);
            var number = int.Parse(removed.Split('-')[1]);
            Assert.Equal($"TEST-{number + 1}", await bench.NewIssueAsync("A key is never used twice"));
        }
        finally
        {
            await bench.DisposeAsync();
        }
    }

    [Fact]
    public async Task WhatWasAnswered_SurvivesAKill()
    {
        var folder = Path.Combine(Path.GetTempPath(), "exalate-sandbox-" + Path.GetRandomFileName());
        var keys = new List<string>();
        try
        {
            for (var round = 0; round < 2; round++)
            {
                using var process = StartProcess(folder);
                try
                {
                    var url = await UrlAsync(process);
                    using var http = new HttpClient { BaseAddress = url, DefaultRequestHeaders = { Authorization = Basic("exalate@acme.example:jira-sandbox-token") } };
                    foreach (var key in keys)
                        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"/rest/api/3/issue/{key}")).StatusCode);
                    for (var index = 0; index < 20; index++)
                    {
                        var made = await http.PostAsync("/rest/api/3/issue", new StringContent(
                            """{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Task"},"summary":"killed"}}""", System.Text.Encoding.UTF8, "application/json"));
                        keys.Add((string)System.Text.Json.Nodes.JsonNode.Parse(await made.Content.ReadAsStringAsync())!["key"]!);
                    }
                }
                finally
                {
                    process.Kill();
                    await process.WaitForExitAsync();
                }
            }

            await using var host = await SandboxHost.StartAsync(new SandboxOptions { DataFolder = folder, AsanaPort = null });
            using var check = new HttpClient { BaseAddress = host.JiraUrl, DefaultRequestHeaders = { Authorization = Basic("exalate@acme.example:jira-sandbox-token") } };
            Assert.Equal(40, keys.Distinct().Count());
            foreach (var key in keys)
                Assert.Equal(HttpStatusCode.OK, (await check.GetAsync($"/rest/api/3/issue/{key}")).StatusCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task APortInUse_AndAFolderInUse_AreSaidInASentence()
    {
        var bench = new SandboxBench();
        await bench.InitializeAsync();
        var other = bench.Folder + "-other";
        try
        {
            var port = await Assert.ThrowsAsync<SandboxException>(() =>
                SandboxHost.StartAsync(new SandboxOptions { DataFolder = other, JiraPort = bench.Host.JiraUrl.Port }));
            Assert.Contains($"Port {bench.Host.JiraUrl.Port} on 127.0.0.1", port.Message);
            var folder = await Assert.ThrowsAsync<SandboxException>(() => SandboxHost.StartAsync(new SandboxOptions { DataFolder = bench.Folder }));
            Assert.Contains("Another sandbox may be running on the same folder", folder.Message);
        }
        finally
        {
            await bench.DisposeAsync();
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task TheOverview_NamesAccountsProjectsAndKeysThatWork()
    {
        var bench = new SandboxBench();
        await bench.InitializeAsync();
        try
        {
            var jira = bench.Host.Overview.Single(one => one.Tracker == "Jira Cloud");
            Assert.Equal(["TEST", "COM", "SUP"], jira.Projects.Select(project => project.Key));
            Assert.Contains("TEST-1", jira.Keys);
            Assert.Contains("COM-1", jira.Keys);
            foreach (var person in jira.People)
                Assert.Equal(HttpStatusCode.OK, (await bench.JiraAsync(HttpMethod.Get, "/rest/api/3/myself", who: $"{person.Login}:{person.Token}")).Status);
            var asana = bench.Host.Overview.Single(one => one.Tracker == "Asana");
            foreach (var key in asana.Keys)
                Assert.Equal(HttpStatusCode.OK, (await bench.AsanaAsync(HttpMethod.Get, $"/tasks/{key}", token: asana.People[0].Token)).Status);
        }
        finally
        {
            await bench.DisposeAsync();
        }
    }

    private static Process StartProcess(string folder) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { typeof(SandboxHost).Assembly.Location, "--jira-port", "0", "--asana-port", "0", "--data", folder },
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    private static async Task<Uri> UrlAsync(Process process)
    {
        Uri? url = null;
        using var cap = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(cap.Token) is { } line)
        {
            if (line.StartsWith("Jira Cloud sandbox: ", StringComparison.Ordinal))
                url = new Uri(line.Split(": ", 2)[1]);
            if (line == "Ready")
                return url!;
        }

        throw new InvalidOperationException("The sandbox did not start.");
    }
}
