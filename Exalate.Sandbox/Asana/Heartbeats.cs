using Exalate.Sandbox.Asana.Endpoints;

namespace Exalate.Sandbox.Asana;

/// <summary>Sends every webhook an empty list of events now and then.</summary>
internal sealed class Heartbeats(AsanaState state, EventLog events) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    public void Start() => loop = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), state.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
                Beat();
        }
        catch (OperationCanceledException)
        {
            // The sandbox stops.
        }
    }

    private void Beat()
    {
        var now = state.Now;
        if (!state.Store.Read(() => state.Webhooks.All.Any(hook => hook.Active && hook.NextHeartbeat <= now)))
            return;
        state.Store.Write(() =>
        {
            foreach (var hook in state.Webhooks.All.Where(hook => hook.Active && hook.NextHeartbeat <= now).ToList())
                events.Deliver(state.Webhooks.Put(hook with { NextHeartbeat = now + WebhookEndpoints.HeartbeatEvery }), []);
        });
    }
}
