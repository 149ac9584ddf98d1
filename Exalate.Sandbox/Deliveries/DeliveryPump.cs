using Exalate.Sandbox.Faults;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Deliveries;

/// <summary>What a vendor does with the outcome of an attempt. Runs inside the store's Write.</summary>
internal interface IDeliveryPolicy
{
    /// <summary>True: one delivery of a webhook at a time, in order. False: side by side, no order.</summary>
    bool InOrder { get; }

    /// <summary>The headers of this attempt.</summary>
    IReadOnlyDictionary<string, string> HeadersFor(Delivery delivery);

    /// <summary>The delivery to try again, or null when it is over. Called once per attempt, inside Write.</summary>
    Delivery? After(Delivery delivery, DeliveryOutcome outcome);
}

/// <summary>Makes the stored deliveries when they are due.</summary>
internal sealed class DeliveryPump : IAsyncDisposable
{
    private const int Parallel = 16;

    private readonly StateStore store;
    private readonly DocumentSet<Delivery> deliveries;
    private readonly IDeliveryPolicy policy;
    private readonly WebhookCaller caller;
    private readonly DeliverySwitches switches;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim signal = new(0);
    private readonly Dictionary<long, Task> running = [];
    private readonly HashSet<long> busyWebhooks = [];
    private readonly Lock gate = new();
    private Task loop = Task.CompletedTask;

    public DeliveryPump(
        StateStore store, DocumentSet<Delivery> deliveries, IDeliveryPolicy policy, WebhookCaller caller, DeliverySwitches switches, TimeProvider time)
    {
        this.store = store;
        this.deliveries = deliveries;
        this.policy = policy;
        this.caller = caller;
        this.switches = switches;
        this.time = time;
        store.Committed += Wake;
        switches.Changed += Wake;
    }

    public void Start() => loop = RunAsync();

    public async ValueTask DisposeAsync()
    {
        store.Committed -= Wake;
        switches.Changed -= Wake;
        await stopping.CancelAsync();
        await loop;
        Task[] last;
        lock (gate)
            last = [.. running.Values];
        await Task.WhenAll(last);
        stopping.Dispose();
        signal.Dispose();
    }

    private void Wake()
    {
        if (signal.CurrentCount == 0)
            signal.Release();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var wait = StartDue();
                using var due = new CancellationTokenSource(wait, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stopping.Token);
                try
                {
                    await signal.WaitAsync(either.Token);
                }
                catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
                {
                    // A retry is due.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The sandbox stops.
        }
    }

    /// <summary>Starts what is due and returns how long nothing else will be.</summary>
    private TimeSpan StartDue()
    {
        var longest = TimeSpan.FromMinutes(10);
        if (switches.Paused)
            return longest;
        var now = time.GetUtcNow();
        List<Delivery> due;
        DateTimeOffset? next;
        lock (gate)
        {
            due = store.Read(() => Choose(now));
            next = store.Read(() => deliveries.All.Where(one => one.NextAttempt > now).Min(one => (DateTimeOffset?)one.NextAttempt));
            foreach (var delivery in due)
            {
                busyWebhooks.Add(delivery.WebhookId);
                running[delivery.Id] = SendAsync(delivery);
            }
        }

        return next is { } at && at - now < longest ? TimeSpan.FromMilliseconds(Math.Max(1, (at - now).TotalMilliseconds)) : longest;
    }

    private List<Delivery> Choose(DateTimeOffset now)
    {
        var chosen = new List<Delivery>();
        var held = new HashSet<long>(policy.InOrder ? busyWebhooks : []);
        foreach (var delivery in deliveries.All)
        {
            if (running.Count + chosen.Count >= Parallel)
                break;
            if (running.ContainsKey(delivery.Id) || held.Contains(delivery.WebhookId))
                continue;
            if (policy.InOrder)
                held.Add(delivery.WebhookId);
            if (delivery.NextAttempt <= now)
                chosen.Add(delivery);
        }

        return chosen;
    }

    private async Task SendAsync(Delivery delivery)
    {
        // Leaves the caller's lock before anything happens.
        await Task.Yield();
        try
        {
            var outcome = new DeliveryOutcome(200, null);
            if (!switches.TakeDrop())
            {
                outcome = await AttemptAsync(delivery);
                if (switches.Duplicate)
                    await AttemptAsync(delivery);
            }

            store.Write(() =>
            {
                // Gone when its webhook was deleted meanwhile.
                if (deliveries.Find(delivery.Id) is null)
                    return;
                if (policy.After(delivery, outcome) is { } again)
                    deliveries.Put(again);
                else
                    deliveries.Remove(delivery.Id);
            });
        }
        catch (OperationCanceledException)
        {
            // The sandbox stops; the delivery stays stored.
        }
        finally
        {
            lock (gate)
            {
                running.Remove(delivery.Id);
                busyWebhooks.Remove(delivery.WebhookId);
            }

            if (!stopping.IsCancellationRequested)
                Wake();
        }
    }

    private async Task<DeliveryOutcome> AttemptAsync(Delivery delivery)
    {
        var (outcome, _) = await caller.PostAsync(delivery.Url, delivery.Body, policy.HeadersFor(delivery), stopping.Token);
        return outcome;
    }
}
