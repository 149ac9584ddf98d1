using Exalate.Core;

namespace Exalate.Benchmarks.Simulation;

/// <summary>The same ids and jitter for the same seed.</summary>
internal sealed class SeededRandomSource(int seed) : IRandomSource
{
    private readonly Random random = new(seed);

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public void Fill(Span<byte> bytes) => random.NextBytes(bytes);

    public double NextDouble() => random.NextDouble();
}
