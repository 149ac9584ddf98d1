using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Documents;

namespace Exalate.Sandbox.Jira;

/// <summary>Takes field values of a create or edit call over into an issue. Collects every refusal before it throws.</summary>
internal sealed class FieldValues(JiraState state, bool isV2)
{
    private const int MaxSummary = 255;
    private const int MaxText = 32_767;

    private readonly JsonObject errors = [];

    public void ThrowIfRefused()
    {
        if (errors.Count > 0)
            throw JiraErrors.Fields(errors);
    }

    public void Refuse(string field, string message) => errors[field] = message;

    /// <summary>Values of a call's <c>fields</c>, or of the <c>set</c> operations of its <c>update</c>.</summary>
    public JiraIssue Apply(JiraIssue issue, IEnumerable<KeyValuePair<string, JsonNode?>> values)
    {
        foreach (var (field, value) in values)
            issue = Apply(issue, field, value);
        return issue;
    }

    /// <summary>The <c>update</c> part: lists of operations per field.</summary>
    public JiraIssue Update(JiraIssue issue, JsonObject? update)
    {
        foreach (var (field, operations) in update ?? [])
        {
            foreach (var operation in (operations as JsonArray ?? []).OfType<JsonObject>().SelectMany(one => one))
                issue = Operate(issue, field, operation.Key, operation.Value);
        }

        return issue;
    }

    /// <summary>A document as Jira stores it; null for none.</summary>
    public JsonNode? Document(string field, JsonNode? value)
    {
        if (value is null)
            return null;
        if (isV2)
        {
            if (value.Text() is not { } wiki)
            {
                Refuse(field, "Operation value must be a string");
                return null;
            }

            return wiki.Length == 0 ? null : Checked(field, WikiReader.Read(wiki));
        }

        if (value is not JsonObject)
        {
            Refuse(field, "Operation value must be an Atlassian Document (see the Atlassian Document Format)");
            return null;
        }

        return Checked(field, value);
    }

    public JsonNode? Checked(string field, JsonNode value)
    {
        if (!AdfSchema.IsDocument(value))
        {
            Refuse(field, "INVALID_INPUT");
            return null;
        }

        if (AdfNormaliser.MediaIds(value).Any(id => state.Attachments.All.All(file => file.MediaId != id)))
        {
            Refuse(field, "ATTACHMENT_VALIDATION_ERROR");
            return null;
        }

        var stored = AdfNormaliser.Normalise(value, id => state.FindUser(id)?.DisplayName);
        if (AdfWiki.Write(stored)?.Length > MaxText)
            Refuse(field, "The entered text is too long. It exceeds the allowed limit of 32,767 characters.");
        return stored;
    }

    private JiraIssue Operate(JiraIssue issue, string field, string operation, JsonNode? value)
    {
        if (operation == "set")
            return Apply(issue, field, value);
        if (field == "labels" && value.Text() is { } label && operation is "add" or "remove")
        {
            var text = value.Text() ?? "";
            IEnumerable<string> others = issue.Labels.Where(one => one != text);
            return Labels(issue, operation == "add" ? [.. others, text] : [.. others]);
        }

        // Comments of an edit are written by the caller of this class.
        if (field == "comment")
            return issue;
        Refuse(field, $"Field '{field}' does not support operation '{operation}'.");
        return issue;
    }

    private JiraIssue Apply(JiraIssue issue, string field, JsonNode? value)
    {
        switch (field)
        {
            case "project" or "status" or "comment": return issue;
            case "summary": return Summary(issue, value);
            case "description": return issue with { Description = Document(field, value) };
            case "environment": return issue with { Environment = Document(field, value) };
            case "issuetype": return IssueType(issue, value);
            case "priority": return Priority(issue, value);
            case "labels": return LabelList(issue, value);
            case "assignee": return issue with { AssigneeId = User(field, value, issue.AssigneeId) };
            case "reporter": return issue with { ReporterId = User(field, value, issue.ReporterId) ?? issue.ReporterId };
            case "duedate": return DueDate(issue, value);
            case "parent": return Parent(issue, value);
            default: return Custom(issue, field, value);
        }
    }

    private JiraIssue Summary(JiraIssue issue, JsonNode? value)
    {
        if (value.Text() is not { } text || string.IsNullOrWhiteSpace(text))
            Refuse("summary", value is null or JsonValue ? "You must specify a summary of the issue." : "Operation value must be a string");
        else if (text.Length > MaxSummary)
            Refuse("summary", "Summary must be less than 255 characters.");
        else if (text.AsSpan().IndexOfAny('\n', '\r') >= 0)
            Refuse("summary", "The summary is invalid because it contains newline characters.");
        else
            return issue with { Summary = text.Trim() };
        return issue;
    }

    private JiraIssue IssueType(JiraIssue issue, JsonNode? value)
    {
        var allowed = state.Projects.Find(issue.ProjectId)?.IssueTypeIds ?? [];
        var type = JiraCatalog.Types.FirstOrDefault(one => allowed.Contains(one.Id)
            && (one.Id == value.Get("id").TextOrNumber() || one.Name.Equals(value.Get("name").Text(), StringComparison.OrdinalIgnoreCase)));
        if (type is not null)
            return issue with { TypeId = type.Id };
        Refuse("issuetype", value is null ? "Specify an issue type" : "Specify a valid issue type");
        return issue;
    }

    private JiraIssue Priority(JiraIssue issue, JsonNode? value)
    {
        var priority = JiraCatalog.Priorities.FirstOrDefault(one =>
            one.Id == value.Get("id").TextOrNumber() || one.Name.Equals(value.Get("name").Text(), StringComparison.OrdinalIgnoreCase));
        if (priority is not null)
            return issue with { PriorityId = priority.Id };
        Refuse("priority", "Specify a valid 'id' or 'name' for priority");
        return issue;
    }

    private JiraIssue LabelList(JiraIssue issue, JsonNode? value)
    {
        if (value is null)
            return issue with { Labels = [] };
        if (value is JsonArray list && list.All(one => one.Text() is not null))
            return Labels(issue, [.. list.Select(one => one.Text()!)]);
        Refuse("labels", "data was not an array");
        return issue;
    }

    private JiraIssue Labels(JiraIssue issue, IReadOnlyList<string> labels)
    {
        if (labels.FirstOrDefault(label => label.Length == 0 || label.Any(char.IsWhiteSpace)) is not { } bad)
            return issue with { Labels = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
        Refuse("labels", $"The label '{bad}' contains spaces which is invalid.");
        return issue;
    }

    private string? User(string field, JsonNode? value, string? before)
    {
        if (value is null || (value.Get("accountId") ?? value.Get("id")) is null)
            return null;
        var accountId = value.Get("accountId").Text() ?? value.Get("id").Text();
        if (state.FindUser(accountId) is not null)
            return accountId;
        Refuse(field, $"User '{accountId}' does not exist.");
        return before;
    }

    private JiraIssue DueDate(JiraIssue issue, JsonNode? value)
    {
        if (value is null || DateOnly.TryParseExact(value.Text(), "yyyy-MM-dd", out _))
            return issue with { DueDate = value.Text() };
        Refuse("duedate", $"Error parsing date string: {value.Text()}");
        return issue;
    }

    private JiraIssue Parent(JiraIssue issue, JsonNode? value)
    {
        if (value is null)
            return issue with { ParentId = null };
        var parent = state.FindIssue(value.Get("key").Text() ?? value.Get("id").TextOrNumber() ?? "");
        if (parent is not null && parent.ProjectId == issue.ProjectId && parent.Id != issue.Id
            && JiraCatalog.Type(parent.TypeId).Level == JiraCatalog.Type(issue.TypeId).Level + 1)
            return issue with { ParentId = parent.Id };
        Refuse("parent", "Could not find valid 'id' or 'key'");
        return issue;
    }

    private JiraIssue Custom(JiraIssue issue, string id, JsonNode? value)
    {
        if (JiraCatalog.Field(id) is not { IsCustom: true } field)
        {
            Refuse(id, $"Field '{id}' cannot be set. It is not on the appropriate screen, or unknown.");
            return issue;
        }

        var valid = value is null || field.IsRichText || (field.Type == "number" ? value.GetValueKind() == System.Text.Json.JsonValueKind.Number : value.Text() is not null);
        if (!valid)
            Refuse(id, field.Type == "number" ? "Specify a valid number for " + field.Name : "Operation value must be a string");
        var stored = field.IsRichText ? Document(id, value) : value?.DeepClone();
        var fields = issue.CustomFields.Where(one => one.Key != id).ToDictionary(one => one.Key, one => one.Value);
        if (stored is not null)
            fields[id] = stored;
        return issue with { CustomFields = fields };
    }
}
