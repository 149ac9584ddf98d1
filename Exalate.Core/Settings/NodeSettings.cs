using Exalate.Core.Trackers;

namespace Exalate.Core.Settings;

/// <summary>What an admin sets for the node. One row; configuration only seeds an empty database.</summary>
public sealed class NodeSettings
{
    public const int SingleId = 1;

    public int Id { get; init; } = SingleId;

    /// <summary>Given once, at first start; names the node to its peers. Example: "5b0c2f0e7a3d4a0c9c0a6f6f0d2b7e11".</summary>
    public required string NodeUid { get; init; }

    /// <summary>Example: "Jira node of Acme". Asked for on General Settings when missing.</summary>
    public string? NodeName { get; set; }

    /// <summary>1-30 letters, digits, '_' or '-'. Example: "acme".</summary>
    public string? ShortName { get; set; }

    /// <summary>Where partners reach the node, no slash at the end; null: the node is private.</summary>
    public string? ExalateUrl { get; set; }

    public TrackerKind? TrackerKind { get; set; }

    /// <summary>Address of the tracker instance, no slash at the end.</summary>
    public string? TrackerUrl { get; set; }

    /// <summary>E-mail of the proxy user, where the tracker wants one.</summary>
    public string? TrackerAccountName { get; set; }

    /// <summary>The token, encrypted.</summary>
    public string? ProtectedTrackerToken { get; set; }

    public DateTimeOffset? TrackerTokenSetAt { get; set; }

    public string? DefaultProjectId { get; set; }

    public string? DefaultProjectKey { get; set; }

    public string? DefaultProjectName { get; set; }

    /// <summary>Name of the entity type for what has no namesake here. Example: "Task".</summary>
    public string? DefaultEntityType { get; set; }

    /// <summary>Networks in CIDR form that outgoing requests may reach although they are not public, a line each. Example: "10.0.0.0/8".</summary>
    public string? AllowedNetworks { get; set; }

    /// <summary>Rises when an admin says that this copy of the node is the right one: the numbers of its messages are then above all before.</summary>
    public int Epoch { get; set; }

    /// <summary>The key by which the node knows again what it has shared, encrypted; made when it is first needed, and never told to anybody.</summary>
    public string? ProtectedVoucherKey { get; set; }

    /// <summary>Rises with every save: two admins at once are noticed.</summary>
    public int Revision { get; set; }
}
