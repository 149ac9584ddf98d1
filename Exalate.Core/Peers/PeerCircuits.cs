using System.Collections.Concurrent;
using Exalate.Core.Trackers;
using Polly;
using Polly.CircuitBreaker;

namespace Exalate.Core.Peers;

/// <summary>A circuit breaker for each partner's address: a node that does not answer is asked once every few seconds, not by every waiting pair.</summary>
internal sealed class PeerCircuits(TimeProvider time)
{
    internal const int FailuresToOpen = 5;
    internal static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Circuit> circuits = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="PeerException">The call's own, or <c>Unavailable</c> with the last reason while the circuit is open.</exception>
    public async Task<T> CallAsync<T>(string origin, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var circuit = circuits.GetOrAdd(origin, _ => New());
        try
        {
            return await circuit.Pipeline.ExecuteAsync(async cancel => await call(cancel), cancellationToken);
        }
        catch (PeerException e) when (IsSilence(e))
        {
            circuit.LastFailure = e;
            throw;
        }
        catch (BrokenCircuitException e)
        {
            var last = circuit.LastFailure;
            throw new PeerException(last?.Category ?? FailureCategory.Unavailable, last?.Sentence ?? $"The node at {origin} does not answer.", e)
            {
                RetryAfter = e.RetryAfter ?? BreakDuration,
                StatusCode = last?.StatusCode,
            };
        }
    }

    private Circuit New() => new(new ResiliencePipelineBuilder { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = FailuresToOpen,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = BreakDuration,
            ShouldHandle = new PredicateBuilder().Handle<PeerException>(IsSilence),
        })
        .Build());

    // An answer with a code is an answer: only one connection may be meant by it.
    private static bool IsSilence(PeerException failure) => failure is { Category: FailureCategory.Unavailable or FailureCategory.Transient, Code: null };

    private sealed class Circuit(ResiliencePipeline pipeline)
    {
        public ResiliencePipeline Pipeline { get; } = pipeline;

        public volatile PeerException? LastFailure;
    }
}
