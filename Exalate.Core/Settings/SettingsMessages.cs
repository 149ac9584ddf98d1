using Exalate.Core.Trackers;
using MediatR;

namespace Exalate.Core.Settings;

public sealed record GetNodeSettings : IRequest<NodeSettingsView>;

/// <summary>General Settings as a page shows them; the token is never in here.</summary>
public sealed record NodeSettingsView
{
    public required string NodeUid { get; init; }

    public string? NodeName { get; init; }

    public string? ShortName { get; init; }

    public string? ExalateUrl { get; init; }

    public TrackerKind? TrackerKind { get; init; }

    public string? TrackerUrl { get; init; }

    public string? TrackerAccountName { get; init; }

    /// <summary>When the token was set; null when there is none.</summary>
    public DateTimeOffset? TrackerTokenSetAt { get; init; }

    public TrackerProject? DefaultProject { get; init; }

    public string? DefaultEntityType { get; init; }

    /// <summary>A network in CIDR form per line.</summary>
    public string? AllowedNetworks { get; init; }

    public required int Revision { get; init; }

    /// <summary>What is still missing before a connection can be made, a sentence each; empty when all is set. Example: "Enter the tracker's address and token."</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>What the tracker is and can do; null until its kind is set.</summary>
    public TrackerDescription? Tracker { get; init; }

    /// <summary>How changes arrive: "Webhooks", or "Polling every 30 s: …" with the reason; null before anything is watched.</summary>
    public string? Watching { get; init; }

    public required string Version { get; init; }
}

/// <summary>Saves General Settings. <see cref="TrackerToken"/> null keeps the stored one. Fails with <see cref="Conflict"/> when another admin saved since <see cref="Revision"/>,
/// with <see cref="Invalid"/> naming the field.</summary>
public sealed record SaveNodeSettings : IRequest<Result>
{
    public required int Revision { get; init; }

    public string? NodeName { get; init; }

    public string? ShortName { get; init; }

    public string? ExalateUrl { get; init; }

    public TrackerKind? TrackerKind { get; init; }

    public string? TrackerUrl { get; init; }

    public string? TrackerAccountName { get; init; }

    public string? TrackerToken { get; init; }

    public TrackerProject? DefaultProject { get; init; }

    public string? DefaultEntityType { get; init; }

    public string? AllowedNetworks { get; init; }

    public string? By { get; init; }

    public override string ToString() => $"{nameof(SaveNodeSettings)} (revision {Revision})";
}

/// <summary><em>Test connection</em>: tries address and token as they stand in the form; nothing is saved. <see cref="Token"/> null uses the stored one, and only for the stored address.</summary>
public sealed record TestTracker(TrackerKind Kind, string Url, string? AccountName, string? Token) : IRequest<Result<TrackerTestView>>
{
    public override string ToString() => $"{nameof(TestTracker)} {Kind}";
}

/// <param name="AccountName">Whose token it is. Example: "Exalate Proxy".</param>
public sealed record TrackerTestView(string AccountName, string InstanceUrl);

/// <summary>Projects of the node's own tracker for a searchable select, a page at a time.</summary>
public sealed record ListTrackerProjects(string? Search, string? Cursor = null) : IRequest<Result<TrackerPage<TrackerProject>>>;

/// <summary>Entity types of a project of the node's own tracker.</summary>
public sealed record ListTrackerEntityTypes(string ProjectId) : IRequest<Result<IReadOnlyList<TrackerEntityType>>>;
