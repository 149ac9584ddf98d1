using System.Security.Cryptography;

namespace Exalate.Sandbox.Http;

/// <summary>Secrets and opaque ids.</summary>
internal static class Randomness
{
    public static string Uuid() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    public static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
