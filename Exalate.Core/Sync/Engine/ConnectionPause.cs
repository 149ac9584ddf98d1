using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync.Engine;

/// <summary>A connection whose partner does not answer rests as a whole, longer each time.</summary>
internal static class ConnectionPause
{
    private static readonly TimeSpan WhenNoRuleSays = TimeSpan.FromMinutes(2);

    /// <param name="roll">Uniform in [0, 1).</param>
    /// <returns>False when only this one message is at fault: the others go on.</returns>
    public static bool Begin(Connection connection, PeerException failure, DateTimeOffset now, double roll)
    {
        if (failure.Category == FailureCategory.Rejected && !failure.ConnectionGone && !failure.ConnectionInactive)
            return false;
        if (failure.ConnectionDeleted)
        {
            connection.EndedByPartner(now);
            return true;
        }

        (connection.Problem, connection.ProblemSince) = (failure.Sentence, connection.ProblemSince ?? now);
        // Calls that were under way together fail together: one outage is counted once, or a few seconds would cost a minute.
        if (connection.PausedUntil > now)
            return true;
        connection.FailedCalls++;
        var category = failure.Category == FailureCategory.Rejected ? FailureCategory.Unavailable : failure.Category;
        connection.PausedUntil = now + (RetryRules.Decide(category, connection.FailedCalls, failure.RetryAfter, roll).After ?? WhenNoRuleSays);
        return true;
    }
}
