using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Core.Rules;

/// <summary>Turns an entity into what leaves, and what arrived into what is written. Pure: no call, no clock, no database.</summary>
internal interface IRuleSet
{
    /// <summary>Outgoing: exactly what may leave the node.</summary>
    Replica MakeReplica(TrackerEntity entity, CopiesHere copies);

    /// <summary>Incoming, at creation: which of the project's types the entity gets.</summary>
    /// <param name="types">At least one.</param>
    /// <param name="defaultType">Name from General Settings, null when not set.</param>
    TypeChoice ChooseType(string wanted, IReadOnlyList<TrackerEntityType> types, string? defaultType);

    /// <summary>Incoming: the text of a comment's copy. It is written in the node's name, so it carries its author's.</summary>
    RichDocument WriteComment(ReplicaComment comment);
}

/// <summary>What stands at the entity only because the partner sent it: none of it goes back.</summary>
/// <param name="CommentIds">Local ids of copied comments.</param>
/// <param name="AttachmentIds">Local ids of copied attachments.</param>
/// <param name="RemovedAttachments">The partner's ids of attachments whose copies a person removed here.</param>
internal sealed record CopiesHere(IReadOnlySet<string> CommentIds, IReadOnlySet<string> AttachmentIds, IReadOnlyList<string> RemovedAttachments)
{
    public static readonly CopiesHere None = new(new HashSet<string>(), new HashSet<string>(), []);
}

/// <param name="Note">A sentence when it is not the wanted one.</param>
internal sealed record TypeChoice(TrackerEntityType Type, string? Note);
