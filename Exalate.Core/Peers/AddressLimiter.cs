using Exalate.Core.Http;

namespace Exalate.Core.Peers;

/// <summary>How often one remote address may call (a token bucket for each <see cref="AddressGroup"/>). In memory: after a restart everyone starts anew. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="burst">Calls at once.</param>
/// <param name="perSecond">Calls per second after that.</param>
public sealed class AddressLimiter(TimeProvider time, int burst, int perSecond)
{
    private const int MaxAddresses = 10_000;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Null: the address may call, and did. Else the pause before it may.</summary>
    public TimeSpan? PauseFor(string? remoteAddress)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (buckets.Count >= MaxAddresses)
            {
                Forget(now);
            }

            var key = AddressGroup.Of(remoteAddress);
            var tokens = TokensAt(now, buckets.GetValueOrDefault(key, new Bucket(burst, now)));
            buckets[key] = new Bucket(tokens >= 1 ? tokens - 1 : tokens, now);
            return tokens >= 1 ? null : TimeSpan.FromSeconds((1 - tokens) / perSecond);
        }
    }

    private double TokensAt(long now, Bucket bucket) => Math.Min(burst, bucket.Tokens + time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond);

    private void Forget(long now)
    {
        foreach (var (address, bucket) in buckets.ToList())
        {
            if (TokensAt(now, bucket) >= burst)
            {
                buckets.Remove(address);
            }
        }

        // More than ten thousand busy addresses at once are an attack: starting anew is better than growing.
        if (buckets.Count >= MaxAddresses)
        {
            buckets.Clear();
        }
    }

    private readonly record struct Bucket(double Tokens, long At);
}
