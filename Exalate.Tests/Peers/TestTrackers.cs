using Exalate.Core.Trackers;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Exalate.Tests.Peers;

/// <summary>Trackers that only know who they are and what was asked for; no entity.</summary>
public sealed class TestTrackers : ITrackerFactory
{
    public const string RefusedToken = "refused-token";

    public List<TrackerAccess> Created { get; } = [];

    public TrackerDescription Describe(TrackerKind kind) => new()
    {
        Kind = kind,
        ProductName = kind == TrackerKind.Jira ? "Jira Cloud" : kind.ToString(),
        EntityWord = kind == TrackerKind.Jira ? "issue" : "task",
        SampleKey = "TEST-1",
        KeyWord = "issue key",
        QueryLanguage = "JQL",
        AsksForProject = kind != TrackerKind.Asana,
        NeedsAccountName = kind == TrackerKind.Jira,
        MaxSummaryLength = 255,
        IndexLag = TimeSpan.Zero,
    };

    public ITracker Create(TrackerAccess access)
    {
        lock (Created)
        {
            Created.Add(access);
        }

        var tracker = Substitute.For<ITracker>();
        tracker.InstanceUrl.Returns(access.Url.GetLeftPart(UriPartial.Authority));
        tracker.ListProjectsAsync(default, default, default).ReturnsForAnyArgs(call =>
            new TrackerPage<TrackerProject>([new TrackerProject("1", "TEST", "Test " + call.ArgAt<string?>(0))], null));
        if (access.Token == RefusedToken)
        {
            tracker.GetAccountAsync(default).ThrowsAsyncForAnyArgs(new TrackerException(FailureCategory.Unauthorized, "The tracker refused the token (401). Enter a new token."));
        }
        else
        {
            tracker.GetAccountAsync(default).ReturnsForAnyArgs(new TrackerAccount("7", "Exalate Proxy"));
        }

        return tracker;
    }
}
