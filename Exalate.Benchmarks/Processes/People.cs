using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Exalate.Benchmarks.Processes;

/// <summary>People who work in both trackers: other accounts than the nodes', and never struck by faults, which name the nodes' programs.</summary>
/// <param name="asanaWay">How to reach the Asana of a company in another network; null: directly.</param>
internal sealed class People(Uri jira, Uri asana, HttpMessageHandler? asanaWay = null) : IDisposable
{
    private readonly HttpClient jiraHttp = Client(null, jira, new AuthenticationHeaderValue("Basic", Convert.ToBase64String("anna@acme.example:jira-token-anna"u8)));
    private readonly HttpClient asanaHttp = Client(asanaWay, asana, new AuthenticationHeaderValue("Bearer", "asana-token-priya"));

    public async Task<string> FirstAsanaProjectAsync() =>
        (await SendAsync(asanaHttp, HttpMethod.Get, "/api/1.0/projects?limit=1"))["data"]![0]!["gid"]!.GetValue<string>();

    /// <summary>A project that no node looks at.</summary>
    public async Task<string> SecondAsanaProjectAsync() =>
        (await SendAsync(asanaHttp, HttpMethod.Get, "/api/1.0/projects?limit=2"))["data"]![1]!["gid"]!.GetValue<string>();

    public async Task<NewPair> CreateIssueAsync(string projectId, string summary, string text)
    {
        var fields = new { project = new { id = projectId }, issuetype = new { name = "Task" }, summary, description = Document(text) };
        var created = await SendAsync(jiraHttp, HttpMethod.Post, "/rest/api/3/issue", JsonContent.Create(new { fields }));
        return new NewPair(created["id"]!.GetValue<string>(), created["key"]!.GetValue<string>(), projectId);
    }

    public Task SetIssueAsync(string id, string? summary, string? text) => SendAsync(
        jiraHttp, HttpMethod.Put, $"/rest/api/3/issue/{id}", JsonContent.Create(new { fields = summary is null ? (object)new { description = Document(text!) } : new { summary } }));

    public Task CommentIssueAsync(string id, string text) =>
        SendAsync(jiraHttp, HttpMethod.Post, $"/rest/api/3/issue/{id}/comment", JsonContent.Create(new { body = Document(text) }));

    public Task AttachToIssueAsync(string id, string fileName, byte[] content) =>
        SendAsync(jiraHttp, HttpMethod.Post, $"/rest/api/3/issue/{id}/attachments", new MultipartFormDataContent { { new ByteArrayContent(content), "file", fileName } });

    public async Task<NewPair> CreateTaskAsync(string project, string name, string text)
    {
        var created = await SendAsync(asanaHttp, HttpMethod.Post, "/api/1.0/tasks", JsonContent.Create(new { data = new { name, html_notes = Markup(text), projects = new[] { project } } }));
        var gid = created["data"]!["gid"]!.GetValue<string>();
        return new NewPair(gid, gid, project);
    }

    public Task SetTaskAsync(string gid, string? name, string? text) => SendAsync(
        asanaHttp, HttpMethod.Put, $"/api/1.0/tasks/{gid}", JsonContent.Create(new { data = name is null ? (object)new { html_notes = Markup(text!) } : new { name } }));

    public Task CommentTaskAsync(string gid, string text) =>
        SendAsync(asanaHttp, HttpMethod.Post, $"/api/1.0/tasks/{gid}/stories", JsonContent.Create(new { data = new { text } }));

    public Task AttachToTaskAsync(string gid, string fileName, byte[] content) => SendAsync(
        asanaHttp, HttpMethod.Post, "/api/1.0/attachments", new MultipartFormDataContent { { new StringContent(gid), "parent" }, { new ByteArrayContent(content), "file", fileName } });

    /// <summary>Every issue of a project, with what hangs on it.</summary>
    public async Task<IReadOnlyList<Standing>> IssuesAsync(string projectId)
    {
        var ids = new List<string>();
        string? token = null;
        do
        {
            var page = await SendAsync(jiraHttp, HttpMethod.Post, "/rest/api/3/search/jql", JsonContent.Create(token is null
                ? (object)new { jql = $"project = {projectId}", fields = new[] { "summary" }, maxResults = 100 }
                : new { jql = $"project = {projectId}", fields = new[] { "summary" }, maxResults = 100, nextPageToken = token }));
            ids.AddRange(page["issues"]!.AsArray().Select(issue => issue!["id"]!.GetValue<string>()));
            token = page["nextPageToken"]?.GetValue<string>();
        }
        while (token is not null);

        return await EachAsync(ids, async id =>
        {
            var fields = (await SendAsync(jiraHttp, HttpMethod.Get, $"/rest/api/3/issue/{id}?fields=summary,description,attachment"))["fields"]!;
            var comments = (await SendAsync(jiraHttp, HttpMethod.Get, $"/rest/api/3/issue/{id}/comment?maxResults=100"))["comments"]!.AsArray();
            return new Standing(
                id,
                fields["summary"]!.GetValue<string>(),
                fields["description"]?.ToJsonString() ?? "",
                [.. comments.Select(comment => comment!["body"]!.ToJsonString())],
                [.. fields["attachment"]!.AsArray().Select(file => (file!["filename"]!.GetValue<string>(), file["size"]!.GetValue<long>()))]);
        });
    }

    /// <summary>Every task of a project, with what hangs on it.</summary>
    public async Task<IReadOnlyList<Standing>> TasksAsync(string project)
    {
        var tasks = await PagesAsync($"/api/1.0/tasks?project={project}&limit=100&opt_fields=name,notes");
        return await EachAsync(tasks, async task =>
        {
            var gid = task["gid"]!.GetValue<string>();
            var stories = await PagesAsync($"/api/1.0/tasks/{gid}/stories?limit=100&opt_fields=text,resource_subtype");
            var files = await PagesAsync($"/api/1.0/attachments?parent={gid}&limit=100&opt_fields=name,size");
            return new Standing(
                gid,
                task["name"]!.GetValue<string>(),
                task["notes"]?.GetValue<string>() ?? "",
                [.. stories.Where(story => story["resource_subtype"]!.GetValue<string>() == "comment_added").Select(story => story["text"]!.GetValue<string>())],
                [.. files.Select(file => (file["name"]!.GetValue<string>(), file["size"]!.GetValue<long>()))]);
        });
    }

    /// <summary>A control call to the sandbox.</summary>
    /// <param name="tracker">"jira" or "asana".</param>
    public Task<JsonNode> SandboxAsync(string tracker, HttpMethod method, string path, object? order = null) =>
        SendAsync(tracker == "jira" ? jiraHttp : asanaHttp, method, "/_sandbox/" + path, order is null ? null : JsonContent.Create(order));

    public void Dispose()
    {
        jiraHttp.Dispose();
        asanaHttp.Dispose();
    }

    private static async Task<IReadOnlyList<Standing>> EachAsync<T>(IReadOnlyList<T> items, Func<T, Task<Standing>> readAsync)
    {
        var found = new Standing[items.Count];
        await Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) => found[i] = await readAsync(items[i]));
        return found;
    }

    private async Task<IReadOnlyList<JsonNode>> PagesAsync(string path)
    {
        var found = new List<JsonNode>();
        string? offset = null;
        do
        {
            var page = await SendAsync(asanaHttp, HttpMethod.Get, offset is null ? path : $"{path}&offset={Uri.EscapeDataString(offset)}");
            found.AddRange(page["data"]!.AsArray().Select(item => item!));
            offset = page["next_page"]?["offset"]?.GetValue<string>();
        }
        while (offset is not null);

        return found;
    }

    private static HttpClient Client(HttpMessageHandler? way, Uri address, AuthenticationHeaderValue authorization)
    {
        var http = new HttpClient(way ?? new SocketsHttpHandler(), disposeHandler: way is null) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = authorization;
        http.DefaultRequestHeaders.Add("X-Atlassian-Token", "no-check");
        http.DefaultRequestHeaders.Add("User-Agent", "People");
        return http;
    }

    private static async Task<JsonNode> SendAsync(HttpClient http, HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private static object Document(string text) =>
        new { type = "doc", version = 1, content = new[] { new { type = "paragraph", content = new[] { new { type = "text", text } } } } };

    private static string Markup(string text) => $"<body>{new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;")}</body>";
}

/// <summary>An entity as it stands in a tracker.</summary>
internal sealed record Standing(string Id, string Summary, string Text, IReadOnlyList<string> Comments, IReadOnlyList<(string Name, long Size)> Files);
