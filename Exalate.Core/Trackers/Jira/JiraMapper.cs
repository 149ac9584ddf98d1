using System.Text.Json.Nodes;
using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>Jira's JSON to neutral words and back. Pure.</summary>
/// <param name="rich">Carries the site's realm: people and pictures of another Jira mean nothing here.</param>
/// <remarks>Follows Jira REST v3 "IssueBean", "Comment", "Attachment" (developer.atlassian.com/cloud/jira/platform/rest/v3).</remarks>
internal sealed class JiraMapper(RichTextHooks rich)
{
    /// <summary>Key of the issue and comment property that holds the origin mark.</summary>
    internal const string OriginProperty = "exalate.origin";

    /// <summary>Fields of an issue that are read; a bare read would bring all.</summary>
    internal const string IssueFields = "summary,description,issuetype,project,attachment,creator,created,updated";

    private const string FormerUser = "Former user";

    internal TrackerEntity Entity(JsonNode? issue, IReadOnlyList<TrackerComment> comments, string siteUrl)
    {
        var fields = issue.At("fields");
        var key = issue.Text("key") ?? string.Empty;
        return new TrackerEntity
        {
            Id = issue.Text("id") ?? string.Empty,
            Key = key,
            Link = $"{siteUrl}/browse/{key}",
            Project = fields.At("project") is { } project ? Project(project) : null,
            TypeName = fields.Text("issuetype", "name") ?? string.Empty,
            Summary = fields.Text("summary") ?? string.Empty,
            Description = AdfReader.Read(fields.At("description"), rich),
            Comments = comments,
            Attachments = [.. fields.Items("attachment").Select(Attachment).OrderBy(a => a.Created).ThenBy(a => a.Id, StringComparer.Ordinal)],
            Created = fields.Time("created") ?? default,
            Updated = fields.Time("updated") ?? default,
            CreatorId = fields.Text("creator", "accountId"),
            OriginMark = issue.Text("properties", OriginProperty, "mark"),
        };
    }

    internal static TrackerProject Project(JsonNode project) =>
        new(project.Text("id") ?? string.Empty, project.Text("key") ?? string.Empty, project.Text("name") ?? string.Empty);

    /// <summary>The address is missing, null or empty where the person's privacy settings hide it.</summary>
    internal static TrackerPerson Person(JsonNode user) =>
        new(user.Text("accountId") ?? string.Empty, user.Text("displayName") ?? string.Empty, user.Text("emailAddress") is { Length: > 0 } email ? email : null);

    internal TrackerComment Comment(JsonNode comment) => new()
    {
        Id = comment.Text("id") ?? string.Empty,
        AuthorId = comment.Text("author", "accountId"),
        AuthorName = comment.Text("author", "displayName") is { Length: > 0 } name ? name : FormerUser,
        Body = AdfReader.Read(comment.At("body"), rich),
        Created = comment.Time("created") ?? default,
        IsRestricted = comment.At("visibility") is JsonObject { Count: > 0 } || comment.Flag("jsdPublic") == false,
        OriginMark = comment.Items("properties").FirstOrDefault(p => p.Text("key") == OriginProperty).Text("value", "mark"),
    };

    internal static TrackerAttachment Attachment(JsonNode attachment) => new()
    {
        Id = attachment.Text("id") ?? string.Empty,
        FileName = attachment.Text("filename") ?? string.Empty,
        ContentType = attachment.Text("mimeType") is { Length: > 0 } type ? type : "application/octet-stream",
        Size = attachment.Whole("size"),
        AuthorId = attachment.Text("author", "accountId"),
        Created = attachment.Time("created") ?? default,
    };

    internal RichDocument Normalise(RichDocument document) => document.IsEmpty ? RichDocument.Empty : AdfReader.Read(AdfWriter.Write(document, rich), rich);

    /// <summary>One line, as Jira wants it: without a summary there is no issue.</summary>
    internal static string Summary(string summary)
    {
        var line = SummaryText.Normalise(summary, JiraTracker.MaxSummaryLength);
        return line.Length == 0 ? SummaryText.WhenEmpty : line;
    }

    internal JsonObject Creation(NewEntity entity)
    {
        var fields = new JsonObject
        {
            ["project"] = new JsonObject { ["id"] = entity.ProjectId },
            ["issuetype"] = new JsonObject { ["id"] = entity.Type.Id },
            ["summary"] = Summary(entity.Summary),
        };

        // A description that is not on the create screen refuses the whole issue, so an empty one stays away.
        if (!entity.Description.IsEmpty)
        {
            fields["description"] = AdfWriter.Write(entity.Description, rich);
        }

        return new JsonObject { ["fields"] = fields, ["properties"] = Properties(entity.OriginMark) };
    }

    internal JsonObject Change(EntityChange change)
    {
        var fields = new JsonObject();
        if (change.Summary is { } summary)
        {
            fields["summary"] = Summary(summary);
        }

        if (change.Description is { } description)
        {
            fields["description"] = description.IsEmpty ? null : AdfWriter.Write(description, rich);
        }

        return new JsonObject { ["fields"] = fields };
    }

    /// <summary>The body alone, for an edit: properties that are not sent stay.</summary>
    internal JsonObject Comment(RichDocument body) => new() { ["body"] = AdfWriter.Write(body, rich) };

    internal JsonObject Comment(NewComment comment) =>
        new() { ["body"] = AdfWriter.Write(comment.Body, rich), ["properties"] = Properties(comment.OriginMark) };

    internal static IEnumerable<FieldEdit> Edits(JsonNode entry, DateTimeOffset since) =>
        from item in entry.Items("items")
        let field = (item.Text("fieldId") ?? item.Text("field"))?.ToLowerInvariant()
        let at = entry.Time("created")
        where field is "summary" or "description" && at >= since
        select new FieldEdit(field, entry.Text("author", "accountId"), at.Value);

    private static JsonArray Properties(string mark) =>
        [new JsonObject { ["key"] = OriginProperty, ["value"] = new JsonObject { ["mark"] = mark } }];
}
