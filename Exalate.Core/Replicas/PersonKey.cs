using System.Security.Cryptography;
using System.Text;

namespace Exalate.Core.Replicas;

/// <summary>
/// What travels instead of a person's e-mail address: a keyed hash of it under the connection's secret. Two nodes that both know the address make the same key; a node that
/// does not know it can't read it from the key, and on another connection the same person has another key.
/// </summary>
public static class PersonKey
{
    /// <param name="secret">The connection's secret, in the form both sides keep it.</param>
    /// <param name="email">Compared without case and surrounding blanks.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(string secret, string email)
    {
        // A key of its own: what is made here can never pass for a signature.
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "exalate/people/1"u8);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(email.Trim().ToLowerInvariant())));
    }
}
