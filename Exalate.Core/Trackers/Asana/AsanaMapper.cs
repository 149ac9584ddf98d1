using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <summary>Asana's JSON to neutral words and back. Pure.</summary>
/// <param name="rich">Carries the instance's realm: people and pictures of elsewhere mean nothing here.</param>
/// <remarks>Follows "Task", "Story", "Attachment" (developers.asana.com/reference). Asana has no place for an origin mark with a personal access token.</remarks>
internal sealed class AsanaMapper(RichTextHooks rich)
{
    internal const string TaskFields =
        "name,html_notes,resource_subtype,custom_type.name,permalink_url,created_at,created_by,modified_at,projects,projects.name";

    internal const string StoryFields = "type,resource_subtype,html_text,text,created_at,created_by,created_by.name";

    internal const string AttachmentFields = "name,resource_subtype,size,created_at";

    internal const string EmptyBody = "<body></body>";

    internal static readonly IReadOnlyList<TrackerEntityType> Types =
    [
        new("default_task", "Task"),
        new("milestone", "Milestone"),
        new("approval", "Approval"),
    ];

    internal TrackerEntity Entity(
        JsonNode task, IReadOnlyList<TrackerComment> comments, IReadOnlyList<TrackerAttachment> attachments, string siteUrl)
    {
        var gid = task.Text("gid") ?? string.Empty;
        return new TrackerEntity
        {
            Id = gid,
            Key = gid,
            Link = task.Text("permalink_url") is { Length: > 0 } link ? link : $"{siteUrl}/0/0/{gid}",
            Project = task.Items("projects").Select(Project).FirstOrDefault(),
            TypeName = TypeName(task),
            Summary = task.Text("name") ?? string.Empty,
            Description = Description(task),
            Comments = comments,
            Attachments = attachments,
            Created = task.Time("created_at") ?? default,
            Updated = task.Time("modified_at") ?? default,
            CreatorId = task.Text("created_by", "gid"),
        };
    }

    internal RichDocument Description(JsonNode task) => Read(task.Text("html_notes"));

    internal static TrackerPerson Person(JsonNode user) =>
        new(user.Text("gid") ?? string.Empty, user.Text("name") ?? string.Empty, user.Text("email") is { Length: > 0 } email ? email : null);

    internal static TrackerProject Project(JsonNode project)
    {
        var gid = project.Text("gid") ?? string.Empty;
        return new(gid, gid, project.Text("name") ?? string.Empty);
    }

    /// <summary>The list of stories is mostly the system's protocol; comments alone are told apart here.</summary>
    internal static bool IsComment(JsonNode story) =>
        story.Text("resource_subtype") is { } subtype ? subtype == "comment_added" : story.Text("type") == "comment";

    internal TrackerComment Comment(JsonNode story) => new()
    {
        Id = story.Text("gid") ?? string.Empty,
        AuthorId = story.Text("created_by", "gid"),
        AuthorName = story.Text("created_by", "name") is { Length: > 0 } name ? name : "Former user",
        Body = story.Text("html_text") is { Length: > 0 } html ? Read(html) : RichDocument.FromPlainText(story.Text("text") ?? string.Empty),
        Created = story.Time("created_at") ?? default,
    };

    /// <summary>Links to other services have no file to fetch.</summary>
    internal static bool IsFile(JsonNode attachment) => attachment.Text("resource_subtype") is null or "asana" or "asana_file_attachments";

    internal static TrackerAttachment Attachment(JsonNode attachment)
    {
        var name = attachment.Text("name") ?? string.Empty;
        return new TrackerAttachment
        {
            Id = attachment.Text("gid") ?? string.Empty,
            FileName = name,
            ContentType = MediaTypes.FromName(name),
            Size = attachment.Whole("size"),
            Created = attachment.Time("created_at") ?? default,
        };
    }

    internal static string Summary(string summary) => SummaryText.Normalise(summary, AsanaTracker.MaxSummaryLength);

    internal JsonObject Creation(NewEntity entity)
    {
        var data = new JsonObject
        {
            ["name"] = Summary(entity.Summary),
            ["resource_subtype"] = entity.Type.Id,
            ["projects"] = new JsonArray(entity.ProjectId),
        };
        if (!entity.Description.IsEmpty)
        {
            data["html_notes"] = AsanaHtmlWriter.Write(entity.Description, AsanaProfile.Notes, rich);
        }

        return Data(data);
    }

    internal JsonObject Change(EntityChange change)
    {
        var data = new JsonObject();
        if (change.Summary is { } summary)
        {
            data["name"] = Summary(summary);
        }

        if (change.Description is { } description)
        {
            data["html_notes"] = description.IsEmpty ? EmptyBody : AsanaHtmlWriter.Write(description, AsanaProfile.Notes, rich);
        }

        return Data(data);
    }

    internal JsonObject Comment(RichDocument body) => Data(new JsonObject { ["html_text"] = AsanaHtmlWriter.Write(body, AsanaProfile.Story, rich) });

    internal static JsonObject Data(JsonObject data) => new() { ["data"] = data };

    internal RichDocument Normalise(RichDocument document, RichTextPlace place) => document.IsEmpty
        ? RichDocument.Empty
        : Read(AsanaHtmlWriter.Write(document, place == RichTextPlace.Comment ? AsanaProfile.Story : AsanaProfile.Notes, rich));

    /// <summary>Whether two texts are the same to a reader; a link that Asana dressed up makes no difference.</summary>
    internal static bool IsSame(RichDocument left, RichDocument right) =>
        left.Equals(right) || left.ToPlainText().Trim().Equals(right.ToPlainText().Trim(), StringComparison.Ordinal);

    // Asana keeps no alternative text for a file of its own: what an answer has there is of its making.
    private RichDocument Read(string? html)
    {
        var document = AsanaHtmlReader.Read(html, rich);
        return References.Pictures(document).Any(IsOwn)
            ? new NodeMap(inline => inline is Image image && IsOwn(image) ? image with { Alt = null, Name = null } : inline).Apply(document)
            : document;
    }

    private bool IsOwn(Image image) => image.Id is not null && image.System == rich.Realm;

    private static string TypeName(JsonNode task)
    {
        var subtype = task.Text("resource_subtype");
        return task.Text("custom_type", "name") ?? Types.FirstOrDefault(type => type.Id == subtype)?.Name ?? Types[0].Name;
    }
}
