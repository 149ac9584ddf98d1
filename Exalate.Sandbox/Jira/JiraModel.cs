using System.Text.Json.Nodes;

namespace Exalate.Sandbox.Jira;

internal sealed record JiraUser
{
    public required long Id { get; init; }

    public required string AccountId { get; init; }

    public required string DisplayName { get; init; }

    public required string Email { get; init; }

    public required string Token { get; init; }

    /// <summary>Zone of the profile: JQL dates are read in it.</summary>
    public required string TimeZone { get; init; }

    /// <summary>May edit and delete what others wrote, and administer webhooks.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>May register admin webhooks without being allowed to touch the comments of others.</summary>
    public bool ManagesWebhooks { get; init; }
}

internal sealed record JiraProject
{
    public required long Id { get; init; }

    public required string Key { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public required string LeadAccountId { get; init; }

    /// <summary>Number of the last issue; keys are never used twice.</summary>
    public long LastNumber { get; init; }

    public required IReadOnlyList<string> IssueTypeIds { get; init; }
}

internal sealed record JiraIssue
{
    public required long Id { get; init; }

    public required long ProjectId { get; init; }

    public required string Key { get; init; }

    public IReadOnlyList<string> OldKeys { get; init; } = [];

    public required string TypeId { get; init; }

    public string StatusId { get; init; } = JiraCatalog.ToDo;

    public required string Summary { get; init; }

    /// <summary>A document, or null.</summary>
    public JsonNode? Description { get; init; }

    public JsonNode? Environment { get; init; }

    public string PriorityId { get; init; } = "3";

    public IReadOnlyList<string> Labels { get; init; } = [];

    public required string CreatorId { get; init; }

    public required string ReporterId { get; init; }

    public string? AssigneeId { get; init; }

    public long? ParentId { get; init; }

    public string? DueDate { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public DateTimeOffset? Resolved { get; init; }

    public IReadOnlyDictionary<string, JsonNode?> CustomFields { get; init; } = new Dictionary<string, JsonNode?>();

    public IReadOnlyDictionary<string, JsonNode?> Properties { get; init; } = new Dictionary<string, JsonNode?>();
}

internal sealed record JiraComment
{
    public required long Id { get; init; }

    public required long IssueId { get; init; }

    public required string AuthorId { get; init; }

    public required string UpdateAuthorId { get; init; }

    public required JsonNode Body { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public JsonNode? Visibility { get; init; }

    public IReadOnlyDictionary<string, JsonNode?> Properties { get; init; } = new Dictionary<string, JsonNode?>();
}

internal sealed record JiraAttachment
{
    public required long Id { get; init; }

    public required long IssueId { get; init; }

    public required string FileName { get; init; }

    public required long Size { get; init; }

    public required string MimeType { get; init; }

    public required string AuthorId { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Id at the media service, which documents refer to; not the attachment's.</summary>
    public required string MediaId { get; init; }
}

internal sealed record JiraChange(string Field, string FieldId, string? From, string? FromText, string? To, string? ToText)
{
    /// <summary>"jira" or "custom".</summary>
    public string FieldType { get; init; } = "jira";
}

internal sealed record JiraHistory
{
    public required long Id { get; init; }

    public required long IssueId { get; init; }

    public required string AuthorId { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required IReadOnlyList<JiraChange> Items { get; init; }
}

/// <summary>Source blocks target: on the wire the source is the <c>inwardIssue</c> of the create call.</summary>
internal sealed record JiraLink(long Id, string TypeId, long SourceId, long TargetId);

internal sealed record JiraRemoteLink(long Id, long IssueId, string? GlobalId, JsonNode Body);

internal sealed record JiraWebhook
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    public string Jql { get; init; } = "";

    public string? Secret { get; init; }

    public bool ExcludeBody { get; init; }

    public bool Enabled { get; init; } = true;

    public required string LastUpdatedBy { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}
