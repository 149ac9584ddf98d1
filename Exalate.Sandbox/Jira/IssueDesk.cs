using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira;

/// <summary>What can be done to issues, for the API and the board alike. Call inside the store's Write.</summary>
internal sealed class IssueDesk(JiraState state, JiraEvents events, CommentDesk comments)
{
    public JiraIssue Create(JiraUser actor, JsonObject body, bool isV2)
    {
        var fields = body["fields"] as JsonObject ?? [];
        var update = body["update"] as JsonObject;
        var project = state.FindProject(fields["project"].Get("key").Text() ?? fields["project"].Get("id").TextOrNumber() ?? "");
        if (project is null)
            throw JiraErrors.Field("project", fields["project"] is null ? "Specify a valid project ID or key" : "valid project is required");
        RefuseDoubles(fields, update);
        var properties = PropertyRules.Read(body["properties"]);
        var now = state.Now;
        var values = new FieldValues(state, isV2);
        var draft = new JiraIssue
        {
            Id = 0, ProjectId = project.Id, Key = "", TypeId = project.IssueTypeIds[0], Summary = "",
            CreatorId = actor.AccountId, ReporterId = actor.AccountId, Created = now, Updated = now, Properties = properties,
        };
        foreach (var required in new[] { "issuetype", "summary" }.Where(name => !fields.ContainsKey(name) && update?.ContainsKey(name) != true))
            values.Apply(draft, [KeyValuePair.Create(required, (JsonNode?)null)]);
        // The type first: whether a parent fits depends on it.
        var issue = values.Apply(draft, fields.OrderBy(field => field.Key == "issuetype" ? 0 : 1));
        issue = values.Update(issue, update);
        if (JiraCatalog.Type(issue.TypeId).IsSubtask && issue.ParentId is null)
            values.Refuse("parent", "Issue type is a sub-task but parent issue key or id not specified.");
        values.ThrowIfRefused();
        project = state.Projects.Put(project with { LastNumber = project.LastNumber + 1 });
        issue = state.Issues.Put(issue with
        {
            Id = state.Store.Next(SequenceId.Issue, 10_000),
            Key = $"{project.Key}-{project.LastNumber}",
        });
        events.IssueCreated(issue, actor);
        AddComments(actor, issue, update, isV2);
        return issue;
    }

    public JiraIssue Edit(JiraUser actor, JiraIssue issue, JsonObject body, bool isV2)
    {
        var fields = body["fields"] as JsonObject ?? [];
        var update = body["update"] as JsonObject;
        RefuseDoubles(fields, update);
        var properties = body["properties"] is null ? issue.Properties : Merge(issue.Properties, PropertyRules.Read(body["properties"]));
        var values = new FieldValues(state, isV2);
        var after = values.Update(values.Apply(issue, fields), update);
        values.ThrowIfRefused();
        after = Save(actor, issue, after with { Properties = properties });
        AddComments(actor, after, update, isV2);
        return after;
    }

    public JiraIssue Transition(JiraUser actor, JiraIssue issue, JsonObject body, bool isV2)
    {
        var id = body["transition"].Get("id").TextOrNumber()
            ?? throw JiraErrors.Message(400, "Missing 'transition' identifier");
        var transition = JiraCatalog.Transitions.FirstOrDefault(one => one.Id == id)
            ?? throw JiraErrors.Message(400, $"Transition id '{id}' is not valid for this issue.");
        var values = new FieldValues(state, isV2);
        var after = values.Apply(issue, (body["fields"] as JsonObject ?? []).Where(field => field.Key != "resolution"));
        values.ThrowIfRefused();
        after = after with
        {
            StatusId = transition.To.Id,
            Resolved = transition.To.Id == JiraCatalog.Done ? issue.Resolved ?? state.Now : null,
        };
        after = Save(actor, issue, after);
        AddComments(actor, after, body["update"] as JsonObject, isV2);
        return after;
    }

    /// <summary>Returns the ids of the attachments whose bytes are to be removed once the deletion is committed.</summary>
    public List<long> Delete(JiraUser actor, JiraIssue issue, bool deleteSubtasks)
    {
        var subtasks = state.ChildrenOf[issue.Id].Where(child => JiraCatalog.Type(child.TypeId).IsSubtask).ToList();
        if (subtasks.Count > 0 && !deleteSubtasks)
        {
            throw JiraErrors.Message(400, $"The issue '{issue.Key}' has subtasks.  You must specify the 'deleteSubtasks' parameter "
                + "to delete this issue and all its subtasks.");
        }

        var files = subtasks.SelectMany(subtask => Delete(actor, subtask, deleteSubtasks: true)).ToList();
        foreach (var child in state.ChildrenOf[issue.Id].ToList())
            state.Issues.Put(child with { ParentId = null });
        events.IssueDeleted(issue, actor);
        files.AddRange(RemoveParts(issue.Id));
        state.Issues.Remove(issue.Id);
        return files;
    }

    private List<long> RemoveParts(long id)
    {
        var files = state.AttachmentsOf[id].Select(file => file.Id).ToList();
        files.ForEach(state.Attachments.Remove);
        foreach (var comment in state.CommentsOf[id].ToList())
            state.Comments.Remove(comment.Id);
        foreach (var history in state.HistoriesOf[id].ToList())
            state.Histories.Remove(history.Id);
        foreach (var link in state.LinksOf[id].ToList())
            state.Links.Remove(link.Id);
        foreach (var link in state.RemoteLinksOf[id].ToList())
            state.RemoteLinks.Remove(link.Id);
        return files;
    }

    /// <summary>Moves an issue to another project: the id stays, the key changes, the old key goes on working.</summary>
    public JiraIssue Move(JiraUser actor, JiraIssue issue, JiraProject target)
    {
        if (target.Id == issue.ProjectId)
            return issue;
        target = state.Projects.Put(target with { LastNumber = target.LastNumber + 1 });
        return Save(actor, issue, issue with
        {
            ProjectId = target.Id,
            Key = $"{target.Key}-{target.LastNumber}",
            OldKeys = [.. issue.OldKeys, issue.Key],
            ParentId = null,
        });
    }

    public void Touch(JiraIssue issue, JiraUser actor, params IReadOnlyList<JiraChange> changes)
    {
        var now = state.Now;
        var after = state.Issues.Put(issue with { Updated = now });
        events.IssueUpdated(after, actor, AddHistory(after, actor, changes, now));
    }

    private JiraIssue Save(JiraUser actor, JiraIssue before, JiraIssue after)
    {
        var changes = IssueDiff.Between(state, before, after);
        if (changes.Count == 0)
            return state.Issues.Put(after);
        var now = state.Now;
        after = state.Issues.Put(after with { Updated = now });
        events.IssueUpdated(after, actor, AddHistory(after, actor, changes, now));
        return after;
    }

    private JiraHistory AddHistory(JiraIssue issue, JiraUser actor, IReadOnlyList<JiraChange> changes, DateTimeOffset now) =>
        state.Histories.Put(new JiraHistory
        {
            Id = state.Store.Next(SequenceId.History, 10_000),
            IssueId = issue.Id,
            AuthorId = actor.AccountId,
            Created = now,
            Items = changes,
        });

    private void AddComments(JiraUser actor, JiraIssue issue, JsonObject? update, bool isV2)
    {
        foreach (var operation in (update.Get("comment") as JsonArray ?? []).OfType<JsonObject>())
        {
            if (operation["add"] is JsonObject body)
                comments.Add(actor, issue, body, isV2);
        }
    }

    private static void RefuseDoubles(JsonObject fields, JsonObject? update)
    {
        if (fields.FirstOrDefault(field => update?.ContainsKey(field.Key) == true) is { Key: { } name })
            throw JiraErrors.Field(name, $"Field '{name}' cannot be set in both fields and update.");
    }

    private static Dictionary<string, JsonNode?> Merge(
        IReadOnlyDictionary<string, JsonNode?> before, Dictionary<string, JsonNode?> more)
    {
        var merged = before.ToDictionary();
        foreach (var (key, value) in more)
            merged[key] = value;
        return merged;
    }
}
