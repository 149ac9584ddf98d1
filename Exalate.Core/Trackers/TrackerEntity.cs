using Exalate.Core.RichText;

namespace Exalate.Core.Trackers;

/// <summary>An entity as it stands in its tracker, in neutral words.</summary>
public sealed record TrackerEntity
{
    /// <summary>The tracker's own unchanging id. Example: "10042", "1204567890123456".</summary>
    public required string Id { get; init; }

    /// <summary>What a person types to name it. Example: "TEST-1"; on Asana the gid.</summary>
    public required string Key { get; init; }

    /// <summary>Address for people, not for the API. Example: "https://acme.atlassian.net/browse/TEST-1".</summary>
    public required string Link { get; init; }

    /// <summary>The project it is in (the first one where there are several), null when it is in none.</summary>
    public TrackerProject? Project { get; init; }

    /// <summary>Name of its type. Example: "Bug".</summary>
    public required string TypeName { get; init; }

    /// <summary>One line of text.</summary>
    public required string Summary { get; init; }

    /// <summary>Empty document when there is none.</summary>
    public required RichDocument Description { get; init; }

    /// <summary>Every comment, oldest first.</summary>
    public IReadOnlyList<TrackerComment> Comments { get; init; } = [];

    /// <summary>Every attachment with a file, oldest first.</summary>
    public IReadOnlyList<TrackerAttachment> Attachments { get; init; } = [];

    /// <summary>
    /// The attachment's id for each picture in the texts that shows a file of the entity under another id (Jira: the media id). Empty where both ids are one; a
    /// picture whose file is not found is left out.
    /// </summary>
    public IReadOnlyDictionary<string, string> Pictures { get; init; } = new Dictionary<string, string>();

    public DateTimeOffset Created { get; init; }

    /// <summary>When the tracker says it last changed. Not moved by everything: see the tracker's BEHAVIOR.md.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Account that created it. Equal to <see cref="TrackerAccount.Id"/> for what the node created.</summary>
    public string? CreatorId { get; init; }

    /// <summary>The origin mark that our create put there, where the vendor has a place for it; else null.</summary>
    public string? OriginMark { get; init; }
}

/// <summary>A comment as it stands in the tracker.</summary>
public sealed record TrackerComment
{
    public required string Id { get; init; }

    /// <summary>Account that wrote it. Null for the system or a deleted user.</summary>
    public string? AuthorId { get; init; }

    /// <summary>Name for people. Example: "Anna Bright"; "Former user" where the account is gone.</summary>
    public required string AuthorName { get; init; }

    public required RichDocument Body { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>True when only a part of the people may see it (Jira visibility, service desk internal): Basic never sends it.</summary>
    public bool IsRestricted { get; init; }

    /// <summary>The origin mark that our create put there, where the vendor has a place for it and the look brought it along; else null. Search for it with <see cref="ITracker.FindCommentAsync"/>.</summary>
    public string? OriginMark { get; init; }
}

/// <summary>A file at an entity. Immutable: replacing is removing and adding.</summary>
public sealed record TrackerAttachment
{
    public required string Id { get; init; }

    /// <summary>As stored by the tracker; may hold any character. Never use it as a path.</summary>
    public required string FileName { get; init; }

    /// <summary>Media type as the tracker says; "application/octet-stream" when it does not.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Bytes; null when the tracker does not tell.</summary>
    public long? Size { get; init; }

    public string? AuthorId { get; init; }

    public DateTimeOffset Created { get; init; }
}

/// <summary>A container of entities: a Jira or Azure DevOps project, an Asana project.</summary>
/// <param name="Id">The tracker's own unchanging id.</param>
/// <param name="Key">Short name for people where there is one ("TEST"), else the id.</param>
/// <param name="Name">Example: "Test".</param>
public sealed record TrackerProject(string Id, string Key, string Name);

/// <summary>A type an entity of one project can have.</summary>
/// <param name="Id">The tracker's own id. Example: "10004", "milestone".</param>
/// <param name="Name">Example: "Bug". Compared without case.</param>
public sealed record TrackerEntityType(string Id, string Name);

/// <summary>Whose token it is.</summary>
/// <param name="Id">Account id, gid.</param>
/// <param name="Name">Example: "Exalate Proxy".</param>
public sealed record TrackerAccount(string Id, string Name);

/// <summary>Somebody who can be addressed in texts.</summary>
/// <param name="Id">Account id, gid.</param>
/// <param name="Name">Display name without "@".</param>
/// <param name="Email">Null where the vendor does not reveal it to the node's account.</param>
public sealed record TrackerPerson(string Id, string Name, string? Email);

/// <summary>How a text refers to a file of its entity.</summary>
/// <param name="Id">What the text calls the file when it shows it as a picture, valid in <see cref="ITracker.Realm"/>; null when it can't show this kind of file.</param>
/// <param name="Url">Where people open the file; null when there is no lasting address.</param>
public sealed record PictureReference(string? Id, string? Url);

/// <summary>A page of a long list.</summary>
/// <param name="NextCursor">Opaque; null on the last page.</param>
public sealed record TrackerPage<T>(IReadOnlyList<T> Items, string? NextCursor);
