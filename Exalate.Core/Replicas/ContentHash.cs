using System.Security.Cryptography;
using System.Text;

namespace Exalate.Core.Replicas;

/// <summary>Fingerprint of a content, for comparing with what was written earlier.</summary>
internal static class ContentHash
{
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(params string?[] parts)
    {
        // The length before each part keeps ("ab", "c") apart from ("a", "bc").
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
