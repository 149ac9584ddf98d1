using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>Reads what Jira posts to the node. Pure.</summary>
/// <remarks>
/// Follows "Webhooks" (developer.atlassian.com/cloud/jira/platform/webhooks). Texts in the payload are in the old wiki form and are
/// never used: the issue is read again.
/// </remarks>
internal static class JiraWebhook
{
    private const string SignatureHeader = "X-Hub-Signature";
    private const string DeliveryHeader = "X-Atlassian-Webhook-Identifier";

    /// <summary>What a registration asks for.</summary>
    internal static readonly string[] Events =
    [
        "jira:issue_created", "jira:issue_updated", "jira:issue_deleted",
        "comment_created", "comment_updated", "comment_deleted",
        "attachment_created", "attachment_deleted",
    ];

    internal static WebhookReading Read(WebhookCall call)
    {
        if (!call.Headers.TryGetValue(SignatureHeader, out var signature) || string.IsNullOrWhiteSpace(signature))
        {
            return new WebhookReading { RefusedBecause = "The call is not signed." };
        }

        if (!call.Secrets.Any(secret => Fits(signature, secret, call.Body.Span)))
        {
            return new WebhookReading { RefusedBecause = "The signature does not fit." };
        }

        if (!JsonReading.TryParse(call.Body.Span, out var payload))
        {
            return new WebhookReading { RefusedBecause = "The call is signed, but is no JSON." };
        }

        return new WebhookReading { Changes = Changes(payload), DeliveryId = call.Headers.GetValueOrDefault(DeliveryHeader) };
    }

    private static IReadOnlyList<ChangedEntity> Changes(JsonNode? payload)
    {
        var name = payload.Text("webhookEvent") ?? string.Empty;
        // Attachment events name no issue; the update of the issue that comes with them does.
        var isOurs = name.StartsWith("jira:issue_", StringComparison.Ordinal) || name.StartsWith("comment_", StringComparison.Ordinal)
            || name.StartsWith("attachment_", StringComparison.Ordinal);
        return isOurs && payload.Text("issue", "id") is { Length: > 0 } id ? [new ChangedEntity(id, name == "jira:issue_deleted", Stamp(payload, name))] : [];
    }

    /// <summary>Of what the history holds: an edited comment, for one, need not move the time.</summary>
    private static ChangeStamp? Stamp(JsonNode? payload, string name)
    {
        var moves = name == "jira:issue_created" || (name == "jira:issue_updated" && payload.At("changelog") is not null);
        return moves && payload.Text("user", "accountId") is { Length: > 0 } account && payload.Time("issue", "fields", "updated") is { } at ? new ChangeStamp(account, at) : null;
    }

    // The header names its method: "sha256=<hex>".
    private static bool Fits(string signature, string secret, ReadOnlySpan<byte> body)
    {
        var parts = signature.Trim().Split('=', 2);
        var key = Encoding.UTF8.GetBytes(secret);
        var expected = parts[0].ToLowerInvariant() switch
        {
            "sha256" => HMACSHA256.HashData(key, body),
            "sha384" => HMACSHA384.HashData(key, body),
            "sha512" => HMACSHA512.HashData(key, body),
            _ => null,
        };
        return expected is not null && parts.Length == 2 && secret.Length > 0
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)), Encoding.ASCII.GetBytes(parts[1].ToLowerInvariant()));
    }
}
