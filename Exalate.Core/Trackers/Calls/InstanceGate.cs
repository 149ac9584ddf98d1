using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Exalate.Core.Trackers.Calls;

/// <summary>
/// What all clients of one tracker instance share: the pace (how many calls at a time, when to rest) and the experience (circuit breaker).
/// Thread-safe; lives as long as the node.
/// </summary>
internal sealed class InstanceGate : IDisposable
{
    private readonly TrackerHttpOptions options;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim reads;
    private readonly SemaphoreSlim writes;
    private long restUntilTicks;

    public InstanceGate(string instance, TrackerHttpOptions options, TimeProvider time, IRandomSource random, ILogger log)
    {
        this.options = options;
        this.time = time;
        reads = new SemaphoreSlim(options.ConcurrentReads);
        writes = new SemaphoreSlim(options.ConcurrentWrites);
        Pipeline = Build(instance, options, time, random, log);
    }

    /// <summary>Retries around a circuit breaker. What runs inside throws nothing but <see cref="TrackerException"/> and cancellation.</summary>
    public ResiliencePipeline Pipeline { get; }

    /// <summary>All calls rest for a while.</summary>
    public void Rest(TimeSpan rest)
    {
        var until = (time.GetUtcNow() + rest).UtcTicks;
        long seen;
        while ((seen = Interlocked.Read(ref restUntilTicks)) < until && Interlocked.CompareExchange(ref restUntilTicks, until, seen) != seen)
        {
            // Another answer moved it in the same moment: look again.
        }
    }

    /// <summary>Waits for a place. Dispose what it gives when the answer is there.</summary>
    /// <exception cref="TrackerException">The rest that the vendor asked for is longer than we sit out.</exception>
    public async Task<Place> EnterAsync(TrackerDialect dialect, TrackerCall call, CancellationToken cancellationToken)
    {
        var rest = new DateTimeOffset(Interlocked.Read(ref restUntilTicks), TimeSpan.Zero) - time.GetUtcNow();
        if (rest > options.LongestWait)
        {
            throw TrackerFailures.Resting(dialect, call, rest);
        }

        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, cancellationToken);
        }

        var lane = call.IsRead ? reads : writes;
        await lane.WaitAsync(cancellationToken);
        return new Place(lane);
    }

    public void Dispose()
    {
        reads.Dispose();
        writes.Dispose();
    }

    private static ResiliencePipeline Build(string instance, TrackerHttpOptions options, TimeProvider time, IRandomSource random, ILogger log)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = random.NextDouble,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is TrackerException e && MayRepeat(e, options)),
                DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as TrackerException)?.RetryAfter is { } wait
                    ? wait + (options.RetryDelay * random.NextDouble())
                    : (TimeSpan?)null),
                OnRetry = args =>
                {
                    log.TryingAgain(instance, args.AttemptNumber + 1, args.RetryDelay, args.Outcome.Exception?.Message ?? string.Empty);
                    return ValueTask.CompletedTask;
                },
            });
        }

        return builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.9,
            MinimumThroughput = options.FailuresBeforeBreak,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = options.Break,
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is TrackerException { Category: FailureCategory.Unavailable or FailureCategory.Transient }),
            OnOpened = _ =>
            {
                log.LeftAlone(instance, options.Break);
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    // A write that may have happened is never among them: its outcome is unknown, and only the engine may look and decide.
    private static bool MayRepeat(TrackerException e, TrackerHttpOptions options) =>
        !e.OutcomeUnknown
        && e.Category is FailureCategory.RateLimited or FailureCategory.Unavailable or FailureCategory.Transient
        && (e.RetryAfter ?? TimeSpan.Zero) <= options.LongestWait;

    /// <summary>A place among the calls under way.</summary>
    internal readonly struct Place(SemaphoreSlim lane) : IDisposable
    {
        public void Dispose() => lane.Release();
    }
}
