using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Core.Rules.Basic;

/// <summary>The generated rules of Basic mode: type, summary, description, public comments, attachments; nothing else leaves or is written.</summary>
internal sealed class BasicRules : IRuleSet
{
    private const string LastResort = "Task";

    public Replica MakeReplica(TrackerEntity entity, CopiesHere copies) => new()
    {
        EntityId = entity.Id,
        Key = entity.Key,
        Link = entity.Link,
        Type = entity.TypeName,
        Summary = entity.Summary,
        Description = entity.Description,
        Comments = [.. entity.Comments
            .Where(comment => !comment.IsRestricted && !copies.CommentIds.Contains(comment.Id))
            .Select(comment => new ReplicaComment(comment.Id, comment.AuthorName, comment.Body, comment.Created))],
        Attachments = [.. entity.Attachments
            .Where(file => !copies.AttachmentIds.Contains(file.Id))
            .Select(file => new ReplicaAttachment(file.Id, file.FileName, file.ContentType, file.Size))],
        RemovedCopies = copies.RemovedAttachments,
        Pictures = entity.Pictures.Count == 0 ? null : entity.Pictures,
    };

    public TypeChoice ChooseType(string wanted, IReadOnlyList<TrackerEntityType> types, string? defaultType)
    {
        if (Find(types, wanted) is { } same)
            return new TypeChoice(same, null);
        var chosen = (defaultType is null ? null : Find(types, defaultType)) ?? Find(types, LastResort) ?? types[0];
        return new TypeChoice(chosen, $"Created as '{chosen.Name}': the project has no type '{wanted}'.");
    }

    public RichDocument WriteComment(ReplicaComment comment) =>
        comment.Body.Prepend(new Paragraph(new RichInline[] { new TextRun($"{comment.Author} commented:", MarkStyle.Bold) }.ToNodeList()));

    private static TrackerEntityType? Find(IReadOnlyList<TrackerEntityType> types, string name) =>
        types.FirstOrDefault(type => string.Equals(type.Name, name, StringComparison.OrdinalIgnoreCase));
}
