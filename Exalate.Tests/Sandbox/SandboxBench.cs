using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Exalate.Sandbox;

namespace Exalate.Tests.Sandbox;

/// <summary>What a tracker answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseMessage Raw)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? Error => (string?)Json["errors"]?[0]?["message"];
}

/// <summary>Sandbox trackers on free ports over a folder of their own, spoken to as with curl.</summary>
public sealed class SandboxBench : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "exalate-sandbox-" + Path.GetRandomFileName());

    public Func<SandboxOptions, SandboxOptions> Options { get; init; } = options => options;

    public SandboxHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await SandboxHost.StartAsync(Options(new SandboxOptions { DataFolder = Folder }));

    public async Task DisposeAsync()
    {
        http.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Stops the trackers and starts them over the same folder.</summary>
    public async Task RestartAsync()
    {
        await Host.StopAsync();
        await Host.DisposeAsync();
        await InitializeAsync();
    }

    internal Task<Answer> JiraAsync(HttpMethod method, string path, object? body = null, string? who = "exalate@acme.example:jira-sandbox-token") =>
        SendAsync(method, new Uri(Host.JiraUrl, path), body, who is null ? null : Basic(who));

    internal Task<Answer> AsanaAsync(HttpMethod method, string path, object? body = null, string? token = "asana-sandbox-token") =>
        SendAsync(method, new Uri(Host.AsanaUrl, "/api/1.0" + path), body, token is null ? null : new AuthenticationHeaderValue("Bearer", token));

    /// <param name="body">JSON text, a form, or an object to serialise.</param>
    internal async Task<Answer> SendAsync(HttpMethod method, Uri url, object? body = null, AuthenticationHeaderValue? who = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => new StringContent(System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = who;
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await http.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    internal static AuthenticationHeaderValue Basic(string who) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(who)));

    internal static object Adf(string text) => new
    {
        type = "doc", version = 1, content = new object[] { new { type = "paragraph", content = new object[] { new { type = "text", text } } } },
    };

    internal async Task<string> NewIssueAsync(string summary = "An issue")
    {
        var made = await JiraAsync(HttpMethod.Post, "/rest/api/3/issue", new { fields = new { project = new { key = "TEST" }, issuetype = new { name = "Task" }, summary } });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return (string)made.Json["key"]!;
    }

    internal string SupportProject => Host.Overview.Single(one => one.Tracker == "Asana").Projects.Single(one => one.Name == "Support").Id;

    internal async Task<string> NewTaskAsync(string name = "A task")
    {
        var made = await AsanaAsync(HttpMethod.Post, "/tasks", new { data = new { name, projects = new[] { SupportProject } } });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return (string)made.Json["data"]!["gid"]!;
    }

    internal static MultipartFormDataContent File(string part, string name, byte[] content, string type = "text/plain")
    {
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new MultipartFormDataContent { { file, part, name } };
    }

    /// <summary>Waits until something is there; fails after the cap.</summary>
    internal static async Task<T> EventuallyAsync<T>(Func<Task<T?>> look) where T : class
    {
        using var cap = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await look() is { } found)
                return found;
            Assert.False(cap.IsCancellationRequested, "It did not happen in time.");
            await Task.Delay(25);
        }
    }
}
