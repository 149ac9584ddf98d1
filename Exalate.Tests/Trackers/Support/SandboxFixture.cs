using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Exalate.Sandbox;

namespace Exalate.Tests.Trackers.Support;

/// <summary>The sandbox trackers on free ports, with a folder of their own; shared by the tests of one class.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "exalate-trackers-" + Path.GetRandomFileName());
    private readonly HttpClient http = new();

    public SandboxHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await SandboxHost.StartAsync(new SandboxOptions { DataFolder = folder });

    public async Task DisposeAsync()
    {
        http.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public static AuthenticationHeaderValue Basic(string login, string token) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{token}")));

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    /// <summary>Orders a failure: see the sandbox's README.</summary>
    public async Task FailAsync(Uri tracker, object order) => await SendAsync(HttpMethod.Post, new Uri(tracker, "/_sandbox/faults"), null, order);

    public async Task MendAsync(Uri tracker) => await SendAsync(HttpMethod.Delete, new Uri(tracker, "/_sandbox/faults"), null, null);

    /// <summary>Requests the tracker got, as "METHOD path".</summary>
    public async Task<IReadOnlyList<string>> LogAsync(Uri tracker)
    {
        var log = await SendAsync(HttpMethod.Get, new Uri(tracker, "/_sandbox/log"), null, null);
        return [.. log!.AsArray().Select(entry => $"{entry!["method"]} {entry["path"]}")];
    }

    /// <summary>Speaks to a tracker as somebody would with curl; throws unless it succeeds.</summary>
    public async Task<JsonNode?> SendAsync(HttpMethod method, Uri url, AuthenticationHeaderValue? who, object? body)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = who;
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {url}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
