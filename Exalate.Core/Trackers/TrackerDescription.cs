namespace Exalate.Core.Trackers;

/// <summary>The products a node can stand beside. Stored and sent by name.</summary>
public enum TrackerKind
{
    Jira,
    Asana,
    AzureDevOps,
}

/// <summary>What a kind of tracker is and can do; the same for every instance of it.</summary>
public sealed record TrackerDescription
{
    public required TrackerKind Kind { get; init; }

    /// <summary>Example: "Jira Cloud".</summary>
    public required string ProductName { get; init; }

    /// <summary>The vendor's word for an entity, lower case. Example: "issue", "task".</summary>
    public required string EntityWord { get; init; }

    /// <summary>An example of what a person types. Example: "TEST-1".</summary>
    public required string SampleKey { get; init; }

    /// <summary>What a person types to name an entity, for labels and sentences. Example: "issue key", "task gid or URL".</summary>
    public required string KeyWord { get; init; }

    /// <summary>Name of the query language. Example: "JQL".</summary>
    public required string QueryLanguage { get; init; }

    /// <summary>Whether connections ask for a project; Asana never does.</summary>
    public required bool AsksForProject { get; init; }

    /// <summary>Whether a sign-in name (e-mail) goes with the token.</summary>
    public required bool NeedsAccountName { get; init; }

    /// <summary>Longest summary in characters that the tracker takes.</summary>
    public required int MaxSummaryLength { get; init; }

    /// <summary>How long a create may stay invisible to <see cref="ITracker.FindCreatedAsync"/>: after an unknown outcome the engine waits this out before it creates again.</summary>
    public required TimeSpan IndexLag { get; init; }
}
