using Exalate.Core.Sync;
using Exalate.Core.Trackers;

namespace Exalate.Tests.Sync;

public sealed class RetryRulesTests
{
    [Theory]
    [InlineData(FailureCategory.RateLimited)]
    [InlineData(FailureCategory.Unavailable)]
    [InlineData(FailureCategory.Transient)]
    public void Decide_TheOtherSideAsksForAges_LooksAgainWithinTheHour(FailureCategory category)
    {
        // A date of the year 9999 in Retry-After: beyond what can be added to the clock.
        var decision = RetryRules.Decide(category, 1, DateTimeOffset.MaxValue - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 0.99);

        Assert.InRange(decision.After!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(75));
    }

    [Fact]
    public void Decide_TheOtherSideAsksForAMoment_WaitsThatLong() =>
        Assert.Equal(TimeSpan.FromSeconds(7), RetryRules.Decide(FailureCategory.Unavailable, 1, TimeSpan.FromSeconds(7), 0).After);
}
