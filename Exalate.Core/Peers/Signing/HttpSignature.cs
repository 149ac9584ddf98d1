using System.Security.Cryptography;
using System.Text;

namespace Exalate.Core.Peers.Signing;

/// <summary>HTTP Message Signatures with hmac-sha256 (RFC 9421), without any policy about what must be covered.</summary>
internal static class HttpSignature
{
    /// <summary>The text that is signed (RFC 9421, 2.5); null when the message lacks a component.</summary>
    public static string? Base(SignatureInput input, Func<string, string?> component)
    {
        var text = new StringBuilder();
        foreach (var name in input.Components)
        {
            if (component(name) is not { } value)
            {
                return null;
            }

            text.Append('"').Append(name).Append("\": ").Append(value).Append('\n');
        }

        return text.Append("\"@signature-params\": ").Append(input.Serialize()).ToString();
    }

    public static byte[] Sign(string signatureBase, ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signatureBase));

    /// <summary>In constant time.</summary>
    public static bool Verify(string signatureBase, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(Sign(signatureBase, key), signature);
}
