using System.Security.Cryptography;
using System.Text;
using Exalate.Sandbox.Asana.Endpoints;
using Exalate.Sandbox.Deliveries;

namespace Exalate.Sandbox.Asana;

/// <summary>Asana's way with webhook answers: 200 and 204 are success; everything else is tried again, for a day, then the webhook is deleted.</summary>
internal sealed class AsanaDeliveryPolicy(AsanaState state, IReadOnlyList<TimeSpan> delays, TimeSpan life) : IDeliveryPolicy
{
    public bool InOrder => true;

    public IReadOnlyDictionary<string, string> HeadersFor(Delivery delivery)
    {
        var secret = state.Store.Read(() => state.Webhooks.Find(delivery.WebhookId))?.Secret ?? "";
        return new Dictionary<string, string> { ["X-Hook-Signature"] = Sign(secret, delivery.Body) };
    }

    public Delivery? After(Delivery delivery, DeliveryOutcome outcome)
    {
        if (state.Webhooks.Find(delivery.WebhookId) is not { } hook)
            return null;
        var now = state.Now;
        if (outcome.Status is 200 or 204)
        {
            state.Webhooks.Put(hook with { LastSuccessAt = now, RetryCount = 0 });
            return null;
        }

        var failed = delivery.FirstFailure ?? now;
        if (now - failed >= life)
        {
            WebhookEndpoints.Remove(state, hook.Id);
            return null;
        }

        state.Webhooks.Put(hook with
        {
            LastFailureAt = now,
            LastFailureContent = outcome.Problem ?? $"status {outcome.Status}",
            RetryCount = delivery.Attempts + 1,
        });
        return delivery with
        {
            Attempts = delivery.Attempts + 1,
            FirstFailure = failed,
            NextAttempt = now + (delays.Count == 0 ? TimeSpan.FromSeconds(1) : delays[Math.Min(delivery.Attempts, delays.Count - 1)]),
        };
    }

    /// <summary>Hex HMAC-SHA256 of the raw body.</summary>
    public static string Sign(string secret, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
}
