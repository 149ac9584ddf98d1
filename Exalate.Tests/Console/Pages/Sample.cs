using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Sync;
using Exalate.Core.Sync.Errors;
using Exalate.Core.Trackers;

namespace Exalate.Tests.Console.Pages;

/// <summary>Believable views for pages.</summary>
internal static class Sample
{
    public static readonly Guid ConnectionId = new("11111111-1111-1111-1111-111111111111");
    public static readonly Guid TwinId = new("22222222-2222-2222-2222-222222222222");
    public static readonly TrackerProject Test = new("10000", "TEST", "Test");

    public static readonly DateTimeOffset Noon = new(2026, 5, 3, 12, 0, 0, TimeSpan.Zero);

    public static TrackerDescription Jira { get; } = new()
    {
        Kind = TrackerKind.Jira,
        ProductName = "Jira Cloud",
        EntityWord = "issue",
        SampleKey = "TEST-1",
        KeyWord = "issue key",
        QueryLanguage = "JQL",
        AsksForProject = true,
        NeedsAccountName = true,
        MaxSummaryLength = 255,
        IndexLag = TimeSpan.Zero,
    };

    public static TrackerDescription Asana { get; } = Jira with
    {
        Kind = TrackerKind.Asana,
        ProductName = "Asana",
        EntityWord = "task",
        SampleKey = "1204567890123456",
        KeyWord = "task gid or URL",
        QueryLanguage = "Asana search",
        AsksForProject = false,
        NeedsAccountName = false,
    };

    public static NodeSettingsView Settings(TrackerDescription? tracker = null) => new()
    {
        NodeUid = "u1",
        NodeName = "Jira of Acme",
        ShortName = "acme",
        ExalateUrl = "https://node.acme.example",
        TrackerKind = (tracker ?? Jira).Kind,
        TrackerUrl = "https://acme.atlassian.net",
        TrackerAccountName = "proxy@acme.example",
        TrackerTokenSetAt = Noon.AddDays(-2),
        DefaultProject = Test,
        DefaultEntityType = "Task",
        Revision = 3,
        Missing = [],
        Tracker = tracker ?? Jira,
        Watching = "Webhooks",
        Version = "0.1.0",
    };

    public static ConnectionView Connection(ConnectionStatus status = ConnectionStatus.Active) => new()
    {
        Id = ConnectionId,
        Name = "acme_to_globex",
        Type = ConnectionType.Public,
        Mode = ConnectionMode.Basic,
        Status = status,
        IsInviter = true,
        LocalTracker = TrackerKind.Jira,
        LocalShortName = "acme",
        RemoteTracker = status == ConnectionStatus.Pending ? null : TrackerKind.Asana,
        RemoteShortName = status == ConnectionStatus.Pending ? "unknown" : "globex",
        RemoteUrl = status == ConnectionStatus.Pending ? null : "https://node.globex.example",
        Project = Test,
        EntitiesInSync = 0,
        Problems = 0,
        Invitation = status == ConnectionStatus.Pending ? InvitationState.Open : null,
        InvitationExpiresAt = status == ConnectionStatus.Pending ? Noon.AddDays(7) : null,
        CreatedAt = Noon.AddDays(-1),
    };

    public static DestinationView Destination() => new()
    {
        NodeUrl = "https://node.globex.example",
        NodeName = "Asana of Globex",
        ShortName = "globex",
        Tracker = TrackerKind.Asana,
        TrackerUrl = "https://app.asana.com",
        Version = "0.1.0",
        IsOwnNode = false,
        Modes = Modes(),
    };

    public static IReadOnlyList<ModeChoice> Modes() =>
    [
        new(ConnectionMode.Basic, null),
        new(ConnectionMode.Visual, "Visual connections come with a later release."),
        new(ConnectionMode.Script, "Script connections come with a later release."),
    ];

    public static InvitationOffer Offer(bool asksForProject = true, string? backUrl = null) => new()
    {
        Handle = "h1",
        FromNode = "Jira of Acme",
        FromShortName = "acme",
        FromUrl = "https://node.acme.example",
        FromTracker = TrackerKind.Jira,
        FromTrackerUrl = "https://acme.atlassian.net",
        Mode = ConnectionMode.Basic,
        ConnectionName = "globex_to_acme",
        ExpiresAt = Noon.AddDays(6),
        AsksForProject = asksForProject,
        BackUrl = backUrl,
        DefaultProject = asksForProject ? null : new("1201", "1201", "Intake"),
    };

    public static TwinProgress Progress(SyncPhase phase) => new()
    {
        TwinId = TwinId,
        ConnectionId = ConnectionId,
        Phase = phase,
        LocalKey = "TEST-1",
        LocalLink = "https://acme.atlassian.net/browse/TEST-1",
        RemoteKey = phase == SyncPhase.Synchronized ? "1204" : null,
        RemoteLink = phase == SyncPhase.Synchronized ? "https://app.asana.com/0/1/1204" : null,
    };

    public static SyncErrorView Error(string id = "r1") => new()
    {
        Id = id,
        Scope = ErrorScope.Entity,
        What = "Writing a change of 1204 into TEST-1",
        Sentence = "Jira refused the summary (400).",
        ToDo = "Change it, then Retry.",
        Since = Noon.AddMinutes(-5),
        Attempts = 1,
        NeedsAttention = true,
        ConnectionId = ConnectionId,
        ConnectionName = "acme_to_globex",
        TwinId = TwinId,
        EntityKey = "TEST-1",
        EntityLink = "https://acme.atlassian.net/browse/TEST-1",
        RemoteKey = "1204",
        RemoteLink = "https://app.asana.com/0/1/1204",
        CanRetry = true,
        IgnoreMeans = "This change of 1204 (summary) is not written into TEST-1; what stands here stays.",
    };
}
