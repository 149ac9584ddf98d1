using System.Security.Cryptography;

namespace Exalate.Core;

/// <summary>Where ids, nonces, secrets and jitter come from, so that a simulation can hold them still.</summary>
public interface IRandomSource
{
    Guid NewGuid();

    /// <summary>Fills the span with bytes fit for secrets.</summary>
    void Fill(Span<byte> bytes);

    /// <summary>Uniform in [0, 1): for jitter, not for secrets.</summary>
    double NextDouble();
}

/// <summary>The operating system's randomness.</summary>
public sealed class SystemRandomSource : IRandomSource
{
#pragma warning disable RS0030 // the one place where real ids and randomness enter
    public Guid NewGuid() => Guid.NewGuid();

    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    public double NextDouble() => Random.Shared.NextDouble();
#pragma warning restore RS0030
}
