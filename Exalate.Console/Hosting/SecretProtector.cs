using System.Security.Cryptography;
using Exalate.Core;
using Microsoft.AspNetCore.DataProtection;

namespace Exalate.Console.Hosting;

/// <summary>Data Protection with the node's own key ring. Payloads stay readable after a key is replaced, as long as the ring's folder is kept.</summary>
internal sealed class SecretProtector(IDataProtectionProvider provider, NodeDataFolder folder) : ISecretProtector
{
    private readonly IDataProtector protector = provider.CreateProtector("Exalate.StoredSecrets.v1");

    public string Protect(string secret) => protector.Protect(secret);

    public string Unprotect(string protectedSecret)
    {
        try
        {
            return protector.Unprotect(protectedSecret);
        }
        catch (CryptographicException e)
        {
            throw new SecretUnreadableException(
                $"A stored secret can't be decrypted: the key ring in '{folder.KeyRing}' is not the one it was encrypted with. Put the 'keys' folder of the same backup back, or enter the secret again.", e);
        }
    }
}
