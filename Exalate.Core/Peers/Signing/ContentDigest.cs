using System.Security.Cryptography;

namespace Exalate.Core.Peers.Signing;

/// <summary>The <c>Content-Digest</c> field with sha-256 (RFC 9530).</summary>
internal static class ContentDigest
{
    public const string Header = "content-digest";
    private const string Algorithm = "sha-256";

    /// <summary>Example: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:</summary>
    public static string Of(ReadOnlySpan<byte> body) => Write(SHA256.HashData(body));

    public static string Write(ReadOnlySpan<byte> hash) => StructuredFields.WriteByteSequence(Algorithm, hash);

    /// <summary>The sha-256 hash in the field; null when there is none. Other algorithms beside it are passed over.</summary>
    public static byte[]? Read(string? field) =>
        StructuredFields.ReadByteSequences(field) is { } digests && digests.TryGetValue(Algorithm, out var hash) && hash.Length == SHA256.HashSizeInBytes ? hash : null;
}
