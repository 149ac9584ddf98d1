using System.Collections.Concurrent;
using Exalate.Core.Trackers;
using Exalate.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Exalate.Tests.Trackers.Support;

/// <summary>What a node's webhook endpoint does, in small: keeps the handshake's secret, answers, collects what changed.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly ITracker tracker;
    private readonly ConcurrentQueue<string> secrets = new([Secret]);
    private readonly ConcurrentQueue<ChangedEntity> changes = new();
    private LoopbackServer server = null!;

    private WebhookReceiver(ITracker tracker) => this.tracker = tracker;

    public Uri Address => new(server.Url, "hooks/5b0c7a");

    /// <summary>Why calls were refused.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    public static async Task<WebhookReceiver> StartAsync(ITracker tracker)
    {
        var receiver = new WebhookReceiver(tracker);
        receiver.server = await LoopbackServer.StartAsync(receiver.ReceiveAsync);
        return receiver;
    }

    public WatchRequest Request(string projectId, WatchState? previous = null) =>
        new() { CallbackUrl = Address, Secret = Secret, ProjectIds = [projectId], Previous = previous };

    public void Forget() => changes.Clear();

    public async Task<ChangedEntity> WaitForAsync(string entityId, bool deleted = false)
    {
        var patience = TrackerBench.Patience;
        while (true)
        {
            if (changes.FirstOrDefault(c => c.EntityId == entityId && c.IsDeleted == deleted) is { } found)
            {
                return found;
            }

            Assert.False(patience.IsCancellationRequested, $"No webhook named {entityId}. Refused: {string.Join(" ", Refusals)}");
            await Task.Delay(20);
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var reading = tracker.ReadWebhook(new WebhookCall
        {
            Headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = body.ToArray(),
            Secrets = [.. secrets],
            HandshakeExpected = true,
        });
        if (reading.Handshake is { } handshake)
        {
            secrets.Enqueue(handshake.Secret);
            context.Response.Headers[handshake.HeaderName] = handshake.Secret;
        }
        else if (reading.RefusedBecause is { } reason)
        {
            Refusals.Enqueue(reason);
            context.Response.StatusCode = 401;
        }
        else
        {
            foreach (var change in reading.Changes!.Concat(await tracker.PlaceAsync(reading.Unplaced, context.RequestAborted)))
            {
                changes.Enqueue(change);
            }
        }
    }
}
