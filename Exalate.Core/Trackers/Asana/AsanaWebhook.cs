using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <summary>Reads what Asana posts to the node, and events of the polled stream, which look the same. Pure.</summary>
/// <remarks>Follows "Webhooks" and "Events" (developers.asana.com). Events say what changed, not to what: the task is read again.</remarks>
internal static class AsanaWebhook
{
    private const string SecretHeader = "X-Hook-Secret";
    private const string SignatureHeader = "X-Hook-Signature";
    private const string Story = "story";
    private const string Attachment = "attachment";

    /// <summary>What a registration asks for.</summary>
    internal static JsonArray Filters() =>
    [
        new JsonObject { ["resource_type"] = "task" },
        new JsonObject { ["resource_type"] = Story },
        new JsonObject { ["resource_type"] = Attachment },
    ];

    internal static WebhookReading Read(WebhookCall call, AsanaParts parts)
    {
        if (call.Headers.TryGetValue(SignatureHeader, out var signature) && !string.IsNullOrWhiteSpace(signature))
        {
            return call.Secrets.Any(secret => Fits(signature, secret, call.Body.Span))
                ? Report(call, parts)
                : new WebhookReading { RefusedBecause = "The signature does not fit." };
        }

        if (!call.Headers.TryGetValue(SecretHeader, out var offered) || string.IsNullOrWhiteSpace(offered))
        {
            return new WebhookReading { RefusedBecause = "The call is not signed." };
        }

        return call.HandshakeExpected
            ? new WebhookReading { Handshake = new WebhookHandshake(SecretHeader, offered) }
            : new WebhookReading { RefusedBecause = "A handshake came although the node is registering nothing." };
    }

    /// <summary>The tasks that events name, each once (the last word on deletion counts), and parts whose task they don't name.</summary>
    internal static (IReadOnlyList<ChangedEntity> Changes, IReadOnlyList<string> Unplaced) Changes(IReadOnlyList<JsonNode> events, AsanaParts parts)
    {
        var changes = new Dictionary<string, ChangedEntity>(StringComparer.Ordinal);
        var unplaced = new List<string>();
        foreach (var item in events)
        {
            var type = item.Text("resource", "resource_type");
            if (item.Text("resource", "gid") is not { Length: > 0 } gid)
            {
                continue;
            }

            if (type == "task")
            {
                changes[gid] = new ChangedEntity(gid, item.Text("action") == "deleted", Together(changes.GetValueOrDefault(gid), item));
            }
            else if (type is Story or Attachment)
            {
                var task = item.Text("parent", "resource_type") is "task" or null ? item.Text("parent", "gid") : null;
                if ((task ?? parts.TaskOf(gid)) is { } known)
                {
                    parts.Remember(gid, known);
                    changes[known] = new ChangedEntity(known, changes.GetValueOrDefault(known)?.IsDeleted == true, Together(changes.GetValueOrDefault(known), item));
                }
                else
                {
                    unplaced.Add($"{type}:{gid}");
                }
            }
        }

        return ([.. changes.Values], [.. unplaced.Distinct()]);
    }

    /// <summary>The type and gid in what <see cref="Changes"/> left unplaced.</summary>
    internal static (bool IsStory, string Gid)? Part(string unplaced) => unplaced.Split(':') switch
    {
        [Story, var gid] => (true, gid),
        [Attachment, var gid] => (false, gid),
        _ => null,
    };

    /// <summary>Who made all of a task's changes so far, and when the last; null when it is more than one account.</summary>
    private static ChangeStamp? Together(ChangedEntity? before, JsonNode item)
    {
        var stamp = Stamp(item);
        if (before is null || stamp is null)
            return stamp;
        return before.By?.AccountId == stamp.AccountId ? stamp with { At = stamp.At > before.By.At ? stamp.At : before.By.At } : null;
    }

    /// <summary>An edited comment, for one, does not move its task's modified_at: of that the look at the task says nothing.</summary>
    private static ChangeStamp? Stamp(JsonNode item)
    {
        var moves = (item.Text("resource", "resource_type"), item.Text("action")) is ("task", "added" or "changed") or (Story, "added");
        return moves && item.Text("user", "gid") is { Length: > 0 } account && item.Time("created_at") is { } at ? new ChangeStamp(account, at) : null;
    }

    private static WebhookReading Report(WebhookCall call, AsanaParts parts)
    {
        if (call.Body.Length == 0)
        {
            return new WebhookReading { Changes = [] };
        }

        if (!JsonReading.TryParse(call.Body.Span, out var payload))
        {
            return new WebhookReading { RefusedBecause = "The call is signed, but is no JSON." };
        }

        var (changes, unplaced) = Changes(payload.Items("events"), parts);
        return new WebhookReading { Changes = changes, Unplaced = unplaced };
    }

    private static bool Fits(string signature, string secret, ReadOnlySpan<byte> body)
    {
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        return secret.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature.Trim().ToLowerInvariant()));
    }
}
