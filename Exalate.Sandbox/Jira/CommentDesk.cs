using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Documents;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira;

/// <summary>What can be done to comments, for the API and the board alike. Call inside the store's Write.</summary>
internal sealed class CommentDesk(JiraState state, JiraEvents events)
{
    public JiraComment Add(JiraUser actor, JiraIssue issue, JsonObject body, bool isV2)
    {
        var text = ReadBody(body["body"], isV2);
        var properties = PropertyRules.Read(body["properties"]);
        var now = state.Now;
        var comment = state.Comments.Put(new JiraComment
        {
            Id = state.Store.Next(SequenceId.Comment, 10_000),
            IssueId = issue.Id,
            AuthorId = actor.AccountId,
            UpdateAuthorId = actor.AccountId,
            Body = text,
            Created = now,
            Updated = now,
            Visibility = body["visibility"]?.DeepClone(),
            Properties = properties,
        });
        var touched = state.Issues.Put(state.Issues.Find(issue.Id)! with { Updated = now });
        events.Comment("created", comment, touched, actor);
        return comment;
    }

    public JiraComment Edit(JiraUser actor, JiraComment comment, JsonObject body, bool isV2)
    {
        if (!MayChange(actor, comment))
            throw JiraErrors.Message(400, "You do not have the permission to edit this comment.");
        var text = ReadBody(body["body"], isV2);
        var properties = comment.Properties.ToDictionary();
        foreach (var (key, value) in PropertyRules.Read(body["properties"]))
            properties[key] = value;
        // The issue's own "updated" stays: Jira does not promise that it moves, so nobody may rely on it.
        var edited = state.Comments.Put(comment with
        {
            Body = text,
            UpdateAuthorId = actor.AccountId,
            Updated = state.Now,
            Visibility = body.ContainsKey("visibility") ? body["visibility"]?.DeepClone() : comment.Visibility,
            Properties = properties,
        });
        events.Comment("updated", edited, state.Issues.Find(comment.IssueId)!, actor);
        return edited;
    }

    public void Delete(JiraUser actor, JiraComment comment)
    {
        if (!MayChange(actor, comment))
            throw JiraErrors.Message(400, $"You do not have permission to delete comment with ID: {comment.Id}");
        state.Comments.Remove(comment.Id);
        events.Comment("deleted", comment, state.Issues.Find(comment.IssueId)!, actor);
    }

    public static bool MayChange(JiraUser actor, JiraComment comment) => actor.IsAdmin || comment.AuthorId == actor.AccountId;

    private JsonNode ReadBody(JsonNode? body, bool isV2)
    {
        if (isV2 && body.Text() is { } wiki)
            return string.IsNullOrWhiteSpace(wiki) ? throw Invalid("Comment body can not be empty!") : Normalise(WikiReader.Read(wiki));
        if (!AdfSchema.IsDocument(body) || AdfNormaliser.MediaIds(body).Any(id => state.Attachments.All.All(file => file.MediaId != id)))
            throw Invalid("Comment body is not valid!");
        if (body!["content"]!.AsArray().Count == 0)
            throw Invalid("Comment body can not be empty!");
        return Normalise(body);
    }

    private JsonNode Normalise(JsonNode document)
    {
        var stored = AdfNormaliser.Normalise(document, id => state.FindUser(id)?.DisplayName);
        return AdfWiki.Write(stored)!.Length > 32_767
            ? throw Invalid("The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
            : stored;
    }

    private static ApiException Invalid(string sentence) => JiraErrors.Field("comment", sentence);
}
