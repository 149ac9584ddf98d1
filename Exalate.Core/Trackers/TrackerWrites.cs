using Exalate.Core.RichText;

namespace Exalate.Core.Trackers;

/// <summary>What a create writes.</summary>
public sealed record NewEntity
{
    public required string ProjectId { get; init; }

    public required TrackerEntityType Type { get; init; }

    public required string Summary { get; init; }

    public required RichDocument Description { get; init; }

    /// <summary>Who this is the copy of; put where the vendor has a place for it. Example: "0197…/evt-0198…".</summary>
    public required string OriginMark { get; init; }
}

/// <summary>Ids of what a create made.</summary>
public sealed record CreatedEntity(string Id, string Key)
{
    /// <summary>The entity as the vendor's answer shows it; null where it says too little.</summary>
    public TrackerEntity? Standing { get; init; }
}

/// <summary>Fields to write; null leaves a field as it is.</summary>
public sealed record EntityChange
{
    public string? Summary { get; init; }

    public RichDocument? Description { get; init; }

    public bool IsEmpty => Summary is null && Description is null;
}

/// <summary>A comment to write in the node's name.</summary>
public sealed record NewComment
{
    public required RichDocument Body { get; init; }

    public required string OriginMark { get; init; }
}

/// <summary>A file to upload. The content is opened when it is sent and read once, from start to end.</summary>
public sealed record NewAttachment
{
    public required string FileName { get; init; }

    public required string ContentType { get; init; }

    public required long Size { get; init; }

    public required Func<CancellationToken, Task<Stream>> OpenAsync { get; init; }
}

/// <summary>What is remembered before a create goes out, to find the result of a call whose outcome is unknown.</summary>
public sealed record CreateIntent
{
    /// <summary>The mark the create carried.</summary>
    public required string OriginMark { get; init; }

    /// <summary>When the call was about to be sent.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>Ids that are already known as something else and can't be the one looked for.</summary>
    public required IReadOnlySet<string> KnownIds { get; init; }
}
