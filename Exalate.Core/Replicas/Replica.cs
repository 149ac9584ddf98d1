using Exalate.Core.RichText;

namespace Exalate.Core.Replicas;

/// <summary>The tracker-neutral copy of an entity that travels between nodes. Knows no tracker; holds exactly what the outgoing rules put in.</summary>
public sealed record Replica
{
    /// <summary>Version of this shape. Readers take higher ones and pass over what they do not know.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The sender tracker's id of the entity.</summary>
    public required string EntityId { get; init; }

    /// <summary>Example: "TEST-1".</summary>
    public required string Key { get; init; }

    /// <summary>Address for people.</summary>
    public required string Link { get; init; }

    /// <summary>Type by name. Example: "Bug".</summary>
    public required string Type { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    public required RichDocument Description { get; init; }

    /// <summary>Comments that were written on the sender's side, oldest first; copies of the receiver's own comments are not among them.</summary>
    public IReadOnlyList<ReplicaComment> Comments { get; init; } = [];

    /// <summary>Files that were added on the sender's side, oldest first.</summary>
    public IReadOnlyList<ReplicaAttachment> Attachments { get; init; } = [];

    /// <summary>The receiver's ids of attachments whose copies were removed by a person on the sender's side.</summary>
    public IReadOnlyList<string> RemovedCopies { get; init; } = [];

    /// <summary>The attachment's id for each picture in the texts that goes by another id there. Null for none: then a picture's id is its attachment's.</summary>
    public IReadOnlyDictionary<string, string>? Pictures { get; init; }

    /// <summary>
    /// For the people addressed in the texts, by the id they have there, a key that both nodes can make from the person's e-mail address and that reveals the address to
    /// nobody who does not know it (see <see cref="PersonKey"/>). Null for none; who is missing can't be matched.
    /// </summary>
    public IReadOnlyDictionary<string, string>? People { get; init; }
}

/// <param name="Id">The sender tracker's id of the comment.</param>
/// <param name="Author">Name for people. Example: "Anna Bright".</param>
public sealed record ReplicaComment(string Id, string Author, RichDocument Body, DateTimeOffset Created);

/// <param name="Id">The sender tracker's id of the attachment; the content is fetched by it.</param>
/// <param name="FileName">Any characters; never a path.</param>
/// <param name="Size">Bytes; null when the tracker does not tell.</param>
public sealed record ReplicaAttachment(string Id, string FileName, string ContentType, long? Size);
