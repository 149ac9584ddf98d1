using System.Text.Json.Nodes;
using Exalate.Sandbox.Jira.Documents;

namespace Exalate.Sandbox.Jira;

/// <summary>Jira's JSON of everything but issues. Call inside the store's Read or Write.</summary>
/// <param name="baseUrl">The site's address, without a slash at the end.</param>
/// <param name="isV2">Texts as wiki markup.</param>
internal sealed class JiraView(JiraState state, string baseUrl, bool isV2)
{
    public JiraState State => state;

    public string Api { get; } = $"{baseUrl}/rest/api/{(isV2 ? 2 : 3)}";

    public bool IsV2 => isV2;

    public string BaseUrl => baseUrl;

    public JsonNode? Text(JsonNode? document) => isV2 ? AdfWiki.Write(document) : document?.DeepClone();

    public JsonObject? UserOrNull(string? accountId) => accountId is null ? null : User(accountId);

    public JsonObject User(string accountId)
    {
        var user = state.FindUser(accountId);
        return new JsonObject
        {
            ["self"] = $"{Api}/user?accountId={Uri.EscapeDataString(accountId)}",
            ["accountId"] = accountId,
            ["emailAddress"] = user?.Email ?? "",
            ["avatarUrls"] = Avatars("user"),
            ["displayName"] = user?.DisplayName ?? "Former user",
            ["active"] = user is not null,
            ["timeZone"] = user?.TimeZone ?? "Etc/UTC",
            ["accountType"] = "atlassian",
        };
    }

    public JsonObject Project(JiraProject project, bool details)
    {
        var json = new JsonObject
        {
            ["self"] = $"{Api}/project/{project.Id}",
            ["id"] = project.Id.ToString(),
            ["key"] = project.Key,
            ["name"] = project.Name,
            ["projectTypeKey"] = "software",
            ["simplified"] = false,
            ["avatarUrls"] = Avatars("project"),
        };
        if (!details)
            return json;
        json["expand"] = "description,lead,issueTypes,url,projectKeys,permissions,insight";
        json["description"] = project.Description;
        json["lead"] = User(project.LeadAccountId);
        json["issueTypes"] = new JsonArray([.. project.IssueTypeIds.Select(id => IssueType(JiraCatalog.Type(id)))]);
        json["assigneeType"] = "UNASSIGNED";
        json["style"] = "classic";
        json["isPrivate"] = false;
        json["components"] = new JsonArray();
        json["versions"] = new JsonArray();
        json["roles"] = new JsonObject();
        json["properties"] = new JsonObject();
        return json;
    }

    public JsonObject IssueType(JiraIssueType type) => new()
    {
        ["self"] = $"{Api}/issuetype/{type.Id}",
        ["id"] = type.Id,
        ["description"] = type.Description,
        ["iconUrl"] = $"{baseUrl}/images/icons/issuetypes/{type.Name.ToLowerInvariant()}.svg",
        ["name"] = type.Name,
        ["subtask"] = type.IsSubtask,
        ["hierarchyLevel"] = type.Level,
    };

    public JsonObject Status(JiraStatus status) => new()
    {
        ["self"] = $"{Api}/status/{status.Id}",
        ["description"] = "",
        ["iconUrl"] = $"{baseUrl}/images/icons/statuses/generic.png",
        ["name"] = status.Name,
        ["id"] = status.Id,
        ["statusCategory"] = new JsonObject
        {
            ["self"] = $"{Api}/statuscategory/{status.Category.Id}",
            ["id"] = status.Category.Id,
            ["key"] = status.Category.Key,
            ["colorName"] = status.Category.Color,
            ["name"] = status.Category.Name,
        },
    };

    public JsonObject Priority(JiraPriority priority) => new()
    {
        ["self"] = $"{Api}/priority/{priority.Id}",
        ["iconUrl"] = $"{baseUrl}/images/icons/priorities/{priority.Name.ToLowerInvariant()}.svg",
        ["name"] = priority.Name,
        ["id"] = priority.Id,
        ["statusColor"] = priority.Color,
        ["description"] = "",
    };

    public JsonObject LinkType(JiraLinkType type) => new()
    {
        ["id"] = type.Id,
        ["name"] = type.Name,
        ["inward"] = type.Inward,
        ["outward"] = type.Outward,
        ["self"] = $"{Api}/issueLinkType/{type.Id}",
    };

    public JsonObject Comment(JiraComment comment, bool withHtml = false, bool withProperties = false)
    {
        var json = new JsonObject
        {
            ["self"] = $"{Api}/issue/{comment.IssueId}/comment/{comment.Id}",
            ["id"] = comment.Id.ToString(),
            ["author"] = User(comment.AuthorId),
            ["body"] = Text(comment.Body),
            ["updateAuthor"] = User(comment.UpdateAuthorId),
            ["created"] = JiraClock.Format(comment.Created),
            ["updated"] = JiraClock.Format(comment.Updated),
            ["jsdPublic"] = true,
        };
        if (comment.Visibility is not null)
            json["visibility"] = comment.Visibility.DeepClone();
        if (withHtml)
            json["renderedBody"] = AdfHtml.Render(comment.Body);
        if (withProperties)
            json["properties"] = new JsonArray([.. comment.Properties.Select(one => Property(one.Key, one.Value))]);
        return json;
    }

    public static JsonObject Property(string key, JsonNode? value) => new() { ["key"] = key, ["value"] = value?.DeepClone() };

    public JsonObject Attachment(JiraAttachment file) => new()
    {
        ["self"] = $"{Api}/attachment/{file.Id}",
        ["id"] = file.Id.ToString(),
        ["filename"] = file.FileName,
        ["author"] = User(file.AuthorId),
        ["created"] = JiraClock.Format(file.Created),
        ["size"] = file.Size,
        ["mimeType"] = file.MimeType,
        ["content"] = $"{Api}/attachment/content/{file.Id}",
    };

    public JsonObject History(JiraHistory history, bool isWebhook = false) => new()
    {
        ["id"] = history.Id.ToString(),
        ["author"] = User(history.AuthorId),
        ["created"] = JiraClock.Format(history.Created),
        ["items"] = new JsonArray([.. history.Items.Select(item => Change(item, isWebhook))]),
    };

    /// <summary>Webhooks say null where there was nothing; the REST answers have no null there: ids are left out, texts are empty.</summary>
    public static JsonObject Change(JiraChange change, bool isWebhook)
    {
        var json = new JsonObject { ["field"] = change.Field, ["fieldtype"] = change.FieldType, ["fieldId"] = change.FieldId };
        foreach (var (name, value) in new[]
            { ("from", change.From), ("fromString", change.FromText), ("to", change.To), ("toString", change.ToText) })
        {
            if (value is not null || isWebhook)
                json[name] = value;
            else if (name is "fromString" or "toString")
                json[name] = "";
        }

        return json;
    }

    private JsonObject Avatars(string kind) =>
        new(new[] { 16, 24, 32, 48 }.Select(size =>
            KeyValuePair.Create<string, JsonNode?>($"{size}x{size}", $"{baseUrl}/images/{kind}-{size}.svg")));
}
