using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Exalate.Core.Connections;

/// <summary>Random texts that open something, and how they are stored.</summary>
internal static class Tokens
{
    private const int SecretBytes = 32;
    private const int HandleBytes = 24;

    /// <summary>32 random bytes as base64url: one-time tokens and connection secrets.</summary>
    public static string NewSecret(IRandomSource random) => New(random, SecretBytes);

    /// <summary>24 random bytes as base64url: handles that stand in an address for minutes.</summary>
    public static string NewHandle(IRandomSource random) => New(random, HandleBytes);

    /// <summary>SHA-256, hex. Fit for random texts, whose 192 and more bits no dictionary holds.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string New(IRandomSource random, int length)
    {
        var bytes = new byte[length];
        random.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
