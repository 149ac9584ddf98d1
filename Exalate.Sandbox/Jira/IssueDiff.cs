using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Documents;

namespace Exalate.Sandbox.Jira;

/// <summary>The changelog items between two states of an issue.</summary>
internal static class IssueDiff
{
    public static List<JiraChange> Between(JiraState state, JiraIssue before, JiraIssue after)
    {
        var changes = new List<JiraChange>();
        Text("summary", before.Summary, after.Summary);
        Document("description", before.Description, after.Description);
        Document("environment", before.Environment, after.Environment);
        Id("issuetype", before.TypeId, after.TypeId, id => JiraCatalog.Type(id).Name);
        Id("status", before.StatusId, after.StatusId, id => JiraCatalog.Status(id).Name);
        Id("priority", before.PriorityId, after.PriorityId, id => JiraCatalog.Priority(id).Name);
        Id("assignee", before.AssigneeId, after.AssigneeId, NameOf);
        Id("reporter", before.ReporterId, after.ReporterId, NameOf);
        Text("labels", string.Join(' ', before.Labels), string.Join(' ', after.Labels));
        Text("duedate", before.DueDate, after.DueDate);
        Id("resolution", before.Resolved is null ? null : "10000", after.Resolved is null ? null : "10000", _ => "Done");
        if (before.ParentId != after.ParentId)
            changes.Add(new JiraChange("IssueParentAssociation", "", Number(before.ParentId), KeyOf(before.ParentId), Number(after.ParentId), KeyOf(after.ParentId)));
        if (before.Key != after.Key)
            changes.Add(new JiraChange("Key", "issuekey", null, before.Key, null, after.Key));
        if (before.ProjectId != after.ProjectId)
            Id("project", Number(before.ProjectId), Number(after.ProjectId), id => state.FindProject(id)!.Name);
        foreach (var field in JiraCatalog.Fields.Where(one => one.IsCustom))
        {
            var (old, now) = (before.CustomFields.GetValueOrDefault(field.Id), after.CustomFields.GetValueOrDefault(field.Id));
            if (!JsonNode.DeepEquals(old, now))
                changes.Add(new JiraChange(field.Name, field.Id, null, Plain(old), null, Plain(now)) { FieldType = "custom" });
        }

        return changes;

        void Text(string field, string? old, string? now)
        {
            if (old != now)
                changes.Add(new JiraChange(field, field, null, old, null, now));
        }

        void Document(string field, JsonNode? old, JsonNode? now)
        {
            if (!JsonNode.DeepEquals(old, now))
                changes.Add(new JiraChange(field, field, null, AdfWiki.Write(old), null, AdfWiki.Write(now)));
        }

        void Id(string field, string? old, string? now, Func<string, string?> nameOf)
        {
            if (old != now)
                changes.Add(new JiraChange(field, field, old, old is null ? null : nameOf(old), now, now is null ? null : nameOf(now)));
        }

        string? NameOf(string accountId) => state.FindUser(accountId)?.DisplayName;
        string? KeyOf(long? id) => id is { } known ? state.Issues.Find(known)?.Key : null;
    }

    private static string? Number(long? id) => id?.ToString();

    private static string? Plain(JsonNode? value) => value is JsonObject ? AdfWiki.Write(value) : value.Text() ?? (value is null ? null : JsonText.Write(value));
}
