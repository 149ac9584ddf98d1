using System.Security.Cryptography;
using System.Text;
using Exalate.Sandbox.Deliveries;

namespace Exalate.Sandbox.Jira;

/// <summary>Jira's way with webhook answers: five retries after 408, 409, 425, 429, 5xx and no answer; everything else ends the delivery.</summary>
internal sealed class JiraDeliveryPolicy(JiraState state, IReadOnlyList<TimeSpan> delays) : IDeliveryPolicy
{
    public bool InOrder => false;

    public IReadOnlyDictionary<string, string> HeadersFor(Delivery delivery)
    {
        var headers = delivery.Headers.ToDictionary();
        if (delivery.Attempts > 0)
            headers["X-Atlassian-Webhook-Retry"] = delivery.Attempts.ToString();
        if (state.Store.Read(() => state.Webhooks.Find(delivery.WebhookId))?.Secret is { } secret)
            headers["X-Hub-Signature"] = Sign(secret, delivery.Body);
        return headers;
    }

    public Delivery? After(Delivery delivery, DeliveryOutcome outcome)
    {
        var again = outcome.Status is null or 408 or 409 or 425 or 429 or >= 500;
        return again && delivery.Attempts < delays.Count
            ? delivery with { Attempts = delivery.Attempts + 1, NextAttempt = state.Time.GetUtcNow() + delays[delivery.Attempts] }
            : null;
    }

    /// <summary>Over the raw body, as published by Atlassian ("Webhooks", secure admin webhooks).</summary>
    public static string Sign(string secret, string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
}
