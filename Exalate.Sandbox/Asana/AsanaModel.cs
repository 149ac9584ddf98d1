using System.Text.Json.Nodes;

namespace Exalate.Sandbox.Asana;

internal sealed record AsanaUser
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required string Token { get; init; }
}

internal sealed record AsanaWorkspace(long Id, string Name);

internal sealed record AsanaProject
{
    public required long Id { get; init; }

    public required long WorkspaceId { get; init; }

    public required string Name { get; init; }

    public string HtmlNotes { get; init; } = "<body></body>";

    public string? Color { get; init; }

    public bool Archived { get; init; }

    public string DefaultView { get; init; } = "list";

    public required long OwnerId { get; init; }

    public IReadOnlyList<long> CustomFieldIds { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }
}

internal sealed record AsanaSection
{
    public required long Id { get; init; }

    public required long ProjectId { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A task's place in a project.</summary>
internal sealed record AsanaMembership(long ProjectId, long SectionId);

internal sealed record AsanaTask
{
    public required long Id { get; init; }

    public required long WorkspaceId { get; init; }

    public required string Name { get; init; }

    /// <summary>Normalised; the plain notes follow from it.</summary>
    public string HtmlNotes { get; init; } = "<body></body>";

    /// <summary>default_task, milestone or approval.</summary>
    public string Subtype { get; init; } = "default_task";

    public string? ApprovalStatus { get; init; }

    public bool Completed { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public long? CompletedById { get; init; }

    public long? AssigneeId { get; init; }

    public string? DueOn { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public string? StartOn { get; init; }

    public long? ParentId { get; init; }

    public IReadOnlyList<AsanaMembership> Memberships { get; init; } = [];

    public IReadOnlyList<long> TagIds { get; init; } = [];

    public IReadOnlyList<long> FollowerIds { get; init; } = [];

    public IReadOnlyList<long> DependencyIds { get; init; } = [];

    public IReadOnlyDictionary<string, JsonNode?> CustomFields { get; init; } = new Dictionary<string, JsonNode?>();

    public bool Liked { get; init; }

    public required long CreatedById { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }
}

internal sealed record AsanaStory
{
    public required long Id { get; init; }

    public required long TaskId { get; init; }

    public required long CreatedById { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>comment_added, name_changed, added_to_project ...</summary>
    public required string Subtype { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }

    public bool IsEdited { get; init; }

    public bool IsPinned { get; init; }

    public bool IsComment => Subtype == "comment_added";
}

internal sealed record AsanaAttachment
{
    public required long Id { get; init; }

    /// <summary>A task or a project.</summary>
    public required long ParentId { get; init; }

    public required string Name { get; init; }

    /// <summary>Null: an uploaded file; else the address of something elsewhere.</summary>
    public string? Url { get; init; }

    public long Size { get; init; }

    public string ContentType { get; init; } = "application/octet-stream";

    public required long CreatedById { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed record AsanaTag(long Id, long WorkspaceId, string Name, string? Color, DateTimeOffset CreatedAt);

internal sealed record AsanaEnumOption(long Id, string Name, string Color, bool Enabled);

internal sealed record AsanaCustomField
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>text, number, enum, multi_enum, date or people.</summary>
    public required string Type { get; init; }

    public IReadOnlyList<AsanaEnumOption> Options { get; init; } = [];
}

/// <summary>What an event is about.</summary>
internal sealed record AsanaReference(long Id, string Type, string? Subtype);

internal sealed record AsanaEvent
{
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public long? UserId { get; init; }

    /// <summary>added, changed, removed, deleted or undeleted.</summary>
    public required string Action { get; init; }

    public required AsanaReference Resource { get; init; }

    public AsanaReference? Parent { get; init; }

    /// <summary>The field of a "changed" event.</summary>
    public string? Field { get; init; }

    /// <summary>Whose streams it is in: the task, the tasks above it, their projects.</summary>
    public required IReadOnlyList<long> Streams { get; init; }
}

internal sealed record AsanaWebhook
{
    public required long Id { get; init; }

    public required AsanaReference Resource { get; init; }

    public required string Target { get; init; }

    public JsonNode? Filters { get; init; }

    public required string Secret { get; init; }

    /// <summary>False until the handshake succeeded.</summary>
    public bool Active { get; init; }

    public required long CreatedById { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSuccessAt { get; init; }

    public DateTimeOffset? LastFailureAt { get; init; }

    public string LastFailureContent { get; init; } = "";

    public int RetryCount { get; init; }

    public DateTimeOffset NextHeartbeat { get; init; }
}

/// <summary>Keys that sign offsets, sync tokens and download addresses of this installation.</summary>
internal sealed record AsanaSecret(long Id, string Value);
