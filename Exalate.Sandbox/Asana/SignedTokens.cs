using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Exalate.Sandbox.Asana;

/// <summary>Opaque texts that are valid only when this installation handed them out: page offsets, sync tokens, download addresses.</summary>
internal sealed class SignedTokens(Func<string> key)
{
    /// <param name="purpose">A token of one purpose is worth nothing for another.</param>
    public string Write(string purpose, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return WebEncoders.Base64UrlEncode([.. Sign(purpose, bytes), .. bytes]);
    }

    /// <summary>Null: not one of ours.</summary>
    public string? Read(string purpose, string token)
    {
        byte[] bytes;
        try
        {
            bytes = WebEncoders.Base64UrlDecode(token);
        }
        catch (FormatException)
        {
            return null;
        }

        return bytes.Length >= 16 && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, 16), Sign(purpose, bytes.AsSpan(16)))
            ? Encoding.UTF8.GetString(bytes, 16, bytes.Length - 16)
            : null;
    }

    private byte[] Sign(string purpose, ReadOnlySpan<byte> content) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key() + purpose), content)[..16];
}
