using System.Text.Json.Nodes;
using Exalate.Sandbox.Deliveries;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Jql;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira;

/// <summary>Turns changes into webhook deliveries, in the transaction of the change.</summary>
internal sealed class JiraEvents(JiraState state, Func<string> siteUrl)
{
    private JiraView View => new(state, siteUrl(), isV2: true);

    public void IssueCreated(JiraIssue issue, JiraUser actor) =>
        Raise("jira:issue_created", issue, () => IssuePayload("jira:issue_created", "issue_created", issue, actor));

    public void IssueDeleted(JiraIssue issue, JiraUser actor) =>
        Raise("jira:issue_deleted", issue, () => IssuePayload("jira:issue_deleted", null, issue, actor));

    public void IssueUpdated(JiraIssue issue, JiraUser actor, JiraHistory history) =>
        Raise("jira:issue_updated", issue, () =>
        {
            var payload = IssuePayload("jira:issue_updated", TypeNameOf(history), issue, actor);
            payload["changelog"] = new JsonObject
            {
                ["id"] = history.Id.ToString(),
                ["items"] = new JsonArray([.. history.Items.Select(item => JiraView.Change(item, isWebhook: true))]),
            };
            return payload;
        });

    /// <param name="what">created, updated or deleted.</param>
    public void Comment(string what, JiraComment comment, JiraIssue issue, JiraUser actor)
    {
        Raise("comment_" + what, issue, () => new JsonObject
        {
            ["timestamp"] = state.Now.ToUnixTimeMilliseconds(),
            ["webhookEvent"] = "comment_" + what,
            ["comment"] = View.Comment(comment),
            ["issue"] = new IssueView(View).Short(issue),
            ["eventType"] = "primaryAction",
        });
        var typeName = what switch
        {
            "created" => "issue_commented",
            "updated" => "issue_comment_edited",
            _ => "issue_comment_deleted",
        };
        Raise("jira:issue_updated", issue, () =>
        {
            var payload = IssuePayload("jira:issue_updated", typeName, issue, actor);
            payload["comment"] = View.Comment(comment);
            return payload;
        });
    }

    /// <param name="what">created or deleted.</param>
    public void Attachment(string what, JiraAttachment file, JiraIssue issue) =>
        Raise("attachment_" + what, issue, () => new JsonObject
        {
            ["timestamp"] = state.Now.ToUnixTimeMilliseconds(),
            ["webhookEvent"] = "attachment_" + what,
            ["attachment"] = View.Attachment(file),
        });

    public void Link(string what, JiraLink link, JiraIssue issue) =>
        Raise("issuelink_" + what, issue, () => new JsonObject
        {
            ["timestamp"] = state.Now.ToUnixTimeMilliseconds(),
            ["webhookEvent"] = "issuelink_" + what,
            ["issueLink"] = new JsonObject
            {
                ["id"] = link.Id,
                ["sourceIssueId"] = link.SourceId,
                ["destinationIssueId"] = link.TargetId,
                ["issueLinkType"] = View.LinkType(JiraCatalog.LinkTypes.First(type => type.Id == link.TypeId)),
            },
        });

    private JsonObject IssuePayload(string name, string? typeName, JiraIssue issue, JiraUser actor)
    {
        var payload = new JsonObject
        {
            ["timestamp"] = state.Now.ToUnixTimeMilliseconds(),
            ["webhookEvent"] = name,
            ["user"] = View.User(actor.AccountId),
            ["issue"] = new IssueView(View).Issue(issue, IssueSelection.Everything),
        };
        if (typeName is not null)
            payload["issue_event_type_name"] = typeName;
        return payload;
    }

    private static string TypeNameOf(JiraHistory history) => history.Items switch
    {
        [{ FieldId: "assignee" }] => "issue_assigned",
        [{ FieldId: "status" }] => "issue_generic",
        _ => "issue_updated",
    };

    private void Raise(string name, JiraIssue issue, Func<JsonObject> payload)
    {
        foreach (var webhook in state.Webhooks.All.Where(hook => hook.Enabled && hook.Events.Contains(name)).ToList())
        {
            if (!Matches(webhook, issue))
                continue;
            var body = new JsonObject();
            if (!webhook.ExcludeBody)
            {
                body = payload();
                body["matchedWebhookIds"] = new JsonArray(webhook.Id);
            }

            state.Deliveries.Put(new Delivery
            {
                Id = state.Store.Next(SequenceId.Delivery, 1),
                WebhookId = webhook.Id,
                Url = Expand(webhook.Url, issue, state.ProjectOf(issue)),
                Body = JsonText.Write(body),
                Headers = new Dictionary<string, string>
                {
                    ["X-Atlassian-Webhook-Identifier"] = Randomness.Uuid(),
                    ["X-Atlassian-Webhook-Flow"] = "Primary",
                    ["User-Agent"] = "Atlassian Webhook HTTP Client",
                },
                NextAttempt = state.Now,
            });
        }
    }

    private bool Matches(JiraWebhook webhook, JiraIssue issue)
    {
        if (string.IsNullOrWhiteSpace(webhook.Jql))
            return true;
        try
        {
            return JqlQuery.Parse(webhook.Jql).Compile(new JqlContext(state, state.FindUser(webhook.LastUpdatedBy)))(issue);
        }
        catch (JqlException)
        {
            // The project it names may be gone by now; Jira then delivers nothing.
            return false;
        }
    }

    /// <summary>Jira fills variables into the registered address.</summary>
    private static string Expand(string url, JiraIssue issue, JiraProject project) => url
        .Replace("${issue.id}", issue.Id.ToString(), StringComparison.Ordinal)
        .Replace("${issue.key}", issue.Key, StringComparison.Ordinal)
        .Replace("${project.id}", project.Id.ToString(), StringComparison.Ordinal)
        .Replace("${project.key}", project.Key, StringComparison.Ordinal);
}
