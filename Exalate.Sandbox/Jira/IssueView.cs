using System.Text.Json.Nodes;
using Exalate.Sandbox.Jira.Documents;

namespace Exalate.Sandbox.Jira;

/// <summary>Which parts of an issue a caller asked for.</summary>
/// <param name="Fields">Field ids, "*all", "*navigable", "-id".</param>
internal sealed record IssueSelection(IReadOnlyList<string> Fields, IReadOnlySet<string> Expand, IReadOnlyList<string> Properties)
{
    public static IssueSelection Everything { get; } = new(["*all"], new HashSet<string>(), []);

    /// <summary>Null: the caller wants ids alone.</summary>
    public IReadOnlyList<JiraField>? Chosen()
    {
        if (Fields is ["id"])
            return null;
        var chosen = new List<JiraField>();
        var onlyExclusions = Fields.All(name => name.StartsWith('-'));
        foreach (var field in JiraCatalog.Fields)
        {
            var wanted = onlyExclusions || Fields.Contains("*all") || (Fields.Contains("*navigable") && field.Navigable) || Fields.Contains(field.Id);
            if (wanted && !Fields.Contains("-" + field.Id))
                chosen.Add(field);
        }

        return chosen;
    }
}

/// <summary>Jira's JSON of an issue. Call inside the store's Read or Write.</summary>
internal sealed class IssueView(JiraView view)
{
    private const int CommentsInside = 20;

    private readonly JiraState state = view.State;

    public JsonObject Issue(JiraIssue issue, IssueSelection selection)
    {
        var json = new JsonObject();
        if (selection.Chosen() is not { } chosen)
        {
            json["id"] = issue.Id.ToString();
            AddExtras(json, issue, [], selection);
            return json;
        }

        json["expand"] = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations";
        json["id"] = issue.Id.ToString();
        json["self"] = $"{view.Api}/issue/{issue.Id}";
        json["key"] = issue.Key;
        json["fields"] = new JsonObject(chosen.Select(field => KeyValuePair.Create(field.Id, Field(issue, field))));
        AddExtras(json, issue, chosen, selection);
        return json;
    }

    /// <summary>The issue as webhooks of comments carry it.</summary>
    public JsonObject Short(JiraIssue issue) =>
        Issue(issue, new IssueSelection(["summary", "issuetype", "project", "assignee", "priority", "status"], new HashSet<string>(), []));

    private void AddExtras(JsonObject json, JiraIssue issue, IReadOnlyList<JiraField> chosen, IssueSelection selection)
    {
        if (selection.Expand.Contains("renderedFields"))
            json["renderedFields"] = Rendered(issue, chosen);
        if (selection.Expand.Contains("names"))
            json["names"] = new JsonObject(chosen.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Id, field.Name)));
        if (selection.Expand.Contains("schema"))
            json["schema"] = new JsonObject(chosen.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Id, FieldMeta.Schema(field))));
        if (selection.Expand.Contains("changelog"))
            json["changelog"] = Changelog(issue);
        if (selection.Expand.Contains("transitions"))
            json["transitions"] = new JsonArray([.. JiraCatalog.Transitions.Select(one => FieldMeta.Transition(view, one))]);
        if (selection.Properties.Count == 0)
            return;
        var wanted = selection.Properties.Contains("*all") ? issue.Properties.Keys : selection.Properties;
        json["properties"] = new JsonObject(wanted
            .Where(issue.Properties.ContainsKey)
            .Select(key => KeyValuePair.Create(key, issue.Properties[key]?.DeepClone())));
    }

    private JsonObject Changelog(JiraIssue issue)
    {
        var histories = state.HistoriesOf[issue.Id].Reverse().ToList();
        return new JsonObject
        {
            ["startAt"] = 0,
            ["maxResults"] = histories.Count,
            ["total"] = histories.Count,
            ["histories"] = new JsonArray([.. histories.Take(100).Select(history => view.History(history))]),
        };
    }

    private static JsonObject Rendered(JiraIssue issue, IReadOnlyList<JiraField> chosen) =>
        new(chosen.Where(field => field.IsRichText)
            .Select(field => KeyValuePair.Create<string, JsonNode?>(field.Id, AdfHtml.Render(RichText(issue, field.Id)))));

    private static JsonNode? RichText(JiraIssue issue, string field) => field switch
    {
        "description" => issue.Description,
        "environment" => issue.Environment,
        _ => issue.CustomFields.GetValueOrDefault(field),
    };

    private JsonNode? Field(JiraIssue issue, JiraField field) => field.Id switch
    {
        "summary" => issue.Summary,
        "description" or "environment" => view.Text(RichText(issue, field.Id)),
        "issuetype" => view.IssueType(JiraCatalog.Type(issue.TypeId)),
        "project" => view.Project(state.ProjectOf(issue), details: false),
        "status" => view.Status(JiraCatalog.Status(issue.StatusId)),
        "priority" => view.Priority(JiraCatalog.Priority(issue.PriorityId)),
        "labels" => new JsonArray([.. issue.Labels.Select(label => (JsonNode)label)]),
        "assignee" => view.UserOrNull(issue.AssigneeId),
        "reporter" => view.User(issue.ReporterId),
        "creator" => view.User(issue.CreatorId),
        "created" => JiraClock.Format(issue.Created),
        "updated" => JiraClock.Format(issue.Updated),
        "duedate" => issue.DueDate,
        "resolutiondate" => issue.Resolved is { } at ? JiraClock.Format(at) : null,
        "resolution" => issue.Resolved is null ? null : Resolution(),
        _ => Related(issue, field),
    };

    private JsonNode? Related(JiraIssue issue, JiraField field) => field.Id switch
    {
        "parent" => issue.ParentId is { } parent && state.Issues.Find(parent) is { } found ? Reference(found) : null,
        "subtasks" => new JsonArray([.. state.ChildrenOf[issue.Id].Where(child => JiraCatalog.Type(child.TypeId).IsSubtask).Select(Reference)]),
        "issuelinks" => new JsonArray([.. state.LinksOf[issue.Id].Select(link => Link(link, issue.Id))]),
        "attachment" => new JsonArray([.. state.AttachmentsOf[issue.Id].Select(view.Attachment)]),
        "comment" => CommentPage(issue),
        "components" or "fixVersions" or "versions" => new JsonArray(),
        "watches" => new JsonObject { ["self"] = $"{view.Api}/issue/{issue.Key}/watchers", ["watchCount"] = 0, ["isWatching"] = false },
        "votes" => new JsonObject { ["self"] = $"{view.Api}/issue/{issue.Key}/votes", ["votes"] = 0, ["hasVoted"] = false },
        _ when field.IsRichText => view.Text(issue.CustomFields.GetValueOrDefault(field.Id)),
        _ => issue.CustomFields.GetValueOrDefault(field.Id)?.DeepClone(),
    };

    private JsonObject CommentPage(JiraIssue issue)
    {
        var comments = state.CommentsOf[issue.Id].ToList();
        return new JsonObject
        {
            ["comments"] = new JsonArray([.. comments.Take(CommentsInside).Select(comment => view.Comment(comment))]),
            ["self"] = $"{view.Api}/issue/{issue.Id}/comment",
            ["maxResults"] = CommentsInside,
            ["total"] = comments.Count,
            ["startAt"] = 0,
        };
    }

    public JsonObject Reference(JiraIssue issue) => new()
    {
        ["id"] = issue.Id.ToString(),
        ["key"] = issue.Key,
        ["self"] = $"{view.Api}/issue/{issue.Id}",
        ["fields"] = new JsonObject
        {
            ["summary"] = issue.Summary,
            ["status"] = view.Status(JiraCatalog.Status(issue.StatusId)),
            ["priority"] = view.Priority(JiraCatalog.Priority(issue.PriorityId)),
            ["issuetype"] = view.IssueType(JiraCatalog.Type(issue.TypeId)),
        },
    };

    private JsonObject Link(JiraLink link, long self)
    {
        var json = new JsonObject
        {
            ["id"] = link.Id.ToString(),
            ["self"] = $"{view.Api}/issueLink/{link.Id}",
            ["type"] = view.LinkType(JiraCatalog.LinkTypes.First(type => type.Id == link.TypeId)),
        };
        // Seen from the source ("A blocks B") the other end is the outward issue.
        if (link.SourceId == self)
            json["outwardIssue"] = Reference(state.Issues.Find(link.TargetId)!);
        else
            json["inwardIssue"] = Reference(state.Issues.Find(link.SourceId)!);
        return json;
    }

    public JsonObject Resolution() => new()
    {
        ["self"] = $"{view.Api}/resolution/10000",
        ["id"] = "10000",
        ["description"] = "Work has been completed on this issue.",
        ["name"] = "Done",
    };
}
