using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;

namespace Exalate.Benchmarks.Sync;

/// <summary>
/// The least that the work can cost: a loop that makes the unavoidable tracker calls alone, as many at once towards each tracker as the nodes have pairs in work, and keeps nothing anywhere.
/// </summary>
internal sealed class Floor(Uri jira, Uri asana, int atOnce) : IDisposable
{
    private readonly HttpClient jiraHttp = Client(jira, new AuthenticationHeaderValue("Basic", Convert.ToBase64String("exalate@acme.example:jira-sandbox-token"u8)));
    private readonly HttpClient asanaHttp = Client(asana, new AuthenticationHeaderValue("Bearer", "asana-sandbox-token"));

    /// <summary>Reads each issue, creates a task for each.</summary>
    /// <returns>The tasks, in the order of the issues.</returns>
    public async Task<(TimeSpan Took, IReadOnlyList<string> Tasks)> FirstSyncAsync(IReadOnlyList<string> issues, string project)
    {
        var tasks = new string[issues.Count];
        var took = await RunAsync(issues, async (i, issue) =>
        {
            var data = new { name = Summary(issue), html_notes = "<body>The text of the copy.</body>", projects = new[] { project } };
            using var answer = await asanaHttp.PostAsJsonAsync("/api/1.0/tasks?opt_fields=name,html_notes,modified_at", new { data });
            tasks[i] = JsonDocument.Parse(await ReadAsync(answer)).RootElement.GetProperty("data").GetProperty("gid").GetString()!;
        });
        return (took, tasks);
    }

    /// <summary>Reads each issue, reads its task, changes the task.</summary>
    public Task<TimeSpan> UpdateAsync(IReadOnlyList<string> issues, IReadOnlyList<string> tasks) => RunAsync(issues, async (i, issue) =>
    {
        using (var standing = await asanaHttp.GetAsync($"/api/1.0/tasks/{tasks[i]}?opt_fields=name,html_notes,modified_at"))
            await ReadAsync(standing);
        using var answer = await asanaHttp.PutAsJsonAsync($"/api/1.0/tasks/{tasks[i]}?opt_fields=name,html_notes,modified_at", new { data = new { name = Summary(issue) } });
        await ReadAsync(answer);
    });

    public void Dispose()
    {
        jiraHttp.Dispose();
        asanaHttp.Dispose();
    }

    private async Task<TimeSpan> RunAsync(IReadOnlyList<string> issues, Func<int, JsonElement, Task> writeAsync)
    {
        var started = TimeProvider.System.GetTimestamp();
        var read = Channel.CreateUnbounded<(int, JsonElement)>();
        var limit = new ParallelOptions { MaxDegreeOfParallelism = atOnce };
        var reading = Parallel.ForAsync(0, issues.Count, limit, async (i, token) =>
        {
            using var answer = await jiraHttp.GetAsync($"/rest/api/3/issue/{issues[i]}?fields=summary,description,issuetype,project,attachment,comment,creator,created,updated", token);
            await read.Writer.WriteAsync((i, JsonDocument.Parse(await ReadAsync(answer)).RootElement.Clone()), token);
        });
        var writing = Parallel.ForEachAsync(read.Reader.ReadAllAsync(), limit, async (item, _) => await writeAsync(item.Item1, item.Item2));
        await reading;
        read.Writer.Complete();
        await writing;
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static string Summary(JsonElement issue) => issue.GetProperty("fields").GetProperty("summary").GetString()!;

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static HttpClient Client(Uri address, AuthenticationHeaderValue authorization)
    {
        var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = authorization;
        http.DefaultRequestHeaders.Add("User-Agent", "Floor");
        return http;
    }
}
