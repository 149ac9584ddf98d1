using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Exalate.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Exalate.Tests.Sandbox;

internal sealed record HookCall(string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>A receiver of webhooks that keeps what comes and answers what a test says.</summary>
internal sealed class Hook : IAsyncDisposable
{
    private readonly ConcurrentQueue<HookCall> calls = new();
    private readonly ConcurrentQueue<int> answers = new();
    private LoopbackServer server = null!;

    public string Url => new Uri(server.Url, "hook").ToString();

    public bool Echoes { get; init; } = true;

    public IReadOnlyList<HookCall> Calls => [.. calls];

    public static async Task<Hook> StartAsync(bool echoes = true)
    {
        var hook = new Hook { Echoes = echoes };
        hook.server = await LoopbackServer.StartAsync(hook.ReceiveAsync);
        return hook;
    }

    /// <summary>What the next calls are answered; 200 afterwards.</summary>
    public void Answer(params IEnumerable<int> statuses)
    {
        foreach (var status in statuses)
            answers.Enqueue(status);
    }

    public Task<HookCall> WaitForAsync(Func<HookCall, bool> wanted) => SandboxBench.EventuallyAsync(() => Task.FromResult(calls.FirstOrDefault(wanted)));

    public Task<IReadOnlyList<HookCall>> WaitForAsync(int count, Func<HookCall, bool> wanted) => SandboxBench.EventuallyAsync(() =>
    {
        IReadOnlyList<HookCall> found = [.. calls.Where(wanted)];
        return Task.FromResult(found.Count >= count ? found : null);
    });

    public static string Hmac(string secret, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        if (Echoes && headers.TryGetValue("X-Hook-Secret", out var secret))
            context.Response.Headers["X-Hook-Secret"] = secret;
        if (answers.TryDequeue(out var status))
            context.Response.StatusCode = status;
        calls.Enqueue(new HookCall(Encoding.UTF8.GetString(body.ToArray()), headers));
    }
}
