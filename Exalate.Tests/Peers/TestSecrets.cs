using System.Text;
using Exalate.Core;

namespace Exalate.Tests.Peers;

/// <summary>Not encryption: makes stored secrets unlike the secrets, and belongs to one "key ring".</summary>
public sealed class TestSecrets(string keyRing) : ISecretProtector
{
    private string Prefix => $"protected-by-{keyRing}:";

    public string Protect(string secret) => Prefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));

    public string Unprotect(string protectedSecret) => protectedSecret.StartsWith(Prefix, StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(Convert.FromBase64String(protectedSecret[Prefix.Length..]))
        : throw new SecretUnreadableException("It was stored with other keys.", new FormatException());
}
