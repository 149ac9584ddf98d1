using System.Security.Cryptography;
using System.Text;
using Exalate.Core;

namespace Exalate.Console.Auth;

/// <summary>
/// The one-time link that lets the first admin in while there is none. Lives in memory: a restart makes a new one. Only its hash is kept; the link itself
/// goes to the log once, because whoever reads the log owns the node already.
/// </summary>
internal sealed class SetupLink(TimeProvider time, IRandomSource random)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock gate = new();
    private byte[]? hash;
    private DateTimeOffset expires;
    private bool taken;

    /// <summary>A new token; the one before is void.</summary>
    public string Issue()
    {
        Span<byte> bytes = stackalloc byte[32];
        random.Fill(bytes);
        var token = Convert.ToHexStringLower(bytes);
        lock (gate)
        {
            hash = Hash(token);
            expires = time.GetUtcNow() + Lifetime;
            taken = false;
        }

        return token;
    }

    public bool IsExpired
    {
        get
        {
            lock (gate)
                return hash is not null && expires <= time.GetUtcNow();
        }
    }

    public bool Accepts(string? token)
    {
        lock (gate)
            return !taken && Matches(token);
    }

    /// <summary>Takes the token out of use for the one who holds it. Of two at once, one gets true. <see cref="GiveBack"/> when the admin could not be made.</summary>
    public bool TryTake(string? token)
    {
        lock (gate)
        {
            if (taken || !Matches(token))
                return false;
            taken = true;
            return true;
        }
    }

    public void GiveBack()
    {
        lock (gate)
            taken = false;
    }

    public void Close()
    {
        lock (gate)
            hash = null;
    }

    private bool Matches(string? token) =>
        hash is not null && !string.IsNullOrEmpty(token) && time.GetUtcNow() < expires && CryptographicOperations.FixedTimeEquals(hash, Hash(token));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
