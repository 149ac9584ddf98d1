using Exalate.Core.Trackers;

namespace Exalate.Core.Sync;

/// <param name="After">When to try again by itself; null: not before an admin or a new change asks for it.</param>
/// <param name="NeedsAttention">True when waiting alone will not help.</param>
internal sealed record RetryDecision(TimeSpan? After, bool NeedsAttention);

/// <summary>When a failed step is tried again: follows from the category alone.</summary>
internal static class RetryRules
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan[] Passing =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1)];

    private static readonly TimeSpan[] Credentials = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    private static readonly TimeSpan[] Odd = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)];

    /// <summary>What the other side asks for is believed that far: its header may hold a date of the year 9999, which no clock reaches.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <param name="failures">How often the step failed in a row, this time included; from 1.</param>
    /// <param name="roll">Uniform in [0, 1): spreads those who wait for the same thing.</param>
    public static RetryDecision Decide(FailureCategory category, int failures, TimeSpan? retryAfter, double roll) => category switch
    {
        FailureCategory.RateLimited => new(Spread(Believed(retryAfter) ?? TimeSpan.FromSeconds(30), roll), false),
        FailureCategory.Unavailable or FailureCategory.Transient => new(Believed(retryAfter) ?? Spread(Passing[Math.Min(failures, Passing.Length) - 1], roll), false),
        FailureCategory.Unauthorized or FailureCategory.Misconfigured => new(Credentials[Math.Min(failures, Credentials.Length) - 1], true),
        FailureCategory.Unexpected => failures > Odd.Length ? new(null, true) : new(Odd[failures - 1], false),
        FailureCategory.Rejected => new(null, true),
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "No retry rule for this category."),
    };

    /// <summary>The rules in words, for the console and the documentation.</summary>
    public static string Describe(FailureCategory category) => category switch
    {
        FailureCategory.RateLimited => "waits as long as the other side asks, at most an hour (30 s when it does not say)",
        FailureCategory.Unavailable or FailureCategory.Transient => $"tries again after {Words(Passing)}, then every minute",
        FailureCategory.Unauthorized or FailureCategory.Misconfigured => $"asks an admin, and tries again after {Words(Credentials)}, then every two minutes",
        FailureCategory.Unexpected => $"tries again after {Words(Odd)}, then asks an admin",
        FailureCategory.Rejected => "asks an admin at once: the same content would be refused again",
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "No retry rule for this category."),
    };

    private static TimeSpan? Believed(TimeSpan? asked) => asked > LongestAsked ? LongestAsked : asked;

    private static TimeSpan Spread(TimeSpan delay, double roll) => delay + delay * (Jitter * roll);

    private static string Words(TimeSpan[] delays) => string.Join(", ", delays.Select(delay => $"{delay.TotalSeconds:0} s"));
}
