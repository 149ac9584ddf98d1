using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira;

/// <summary>What can be done to attachments, for the API and the board alike.</summary>
internal sealed class AttachmentDesk(JiraState state, IssueDesk issues, JiraEvents events)
{
    /// <summary>Makes attachments of uploaded files. The bytes are in place before the record is: a record never points to nothing.</summary>
    public List<JiraAttachment> Add(JiraUser actor, Func<JiraIssue> find, IReadOnlyList<UploadedFile> files) => state.Store.Write(() =>
    {
        var issue = find();
        var added = new List<JiraAttachment>();
        foreach (var file in files)
        {
            var id = state.Store.Next(SequenceId.Attachment, 10_000);
            state.Blobs.Keep(file.Blob, id);
            var attachment = state.Attachments.Put(new JiraAttachment
            {
                Id = id,
                IssueId = issue.Id,
                FileName = file.FileName,
                Size = file.Blob.Size,
                MimeType = file.ContentType,
                AuthorId = actor.AccountId,
                Created = state.Now,
                MediaId = Randomness.Uuid(),
            });
            events.Attachment("created", attachment, issue);
            added.Add(attachment);
        }

        issues.Touch(issue, actor, [.. added.Select(one => new JiraChange("Attachment", "attachment", null, null, one.Id.ToString(), one.FileName))]);
        return added;
    });

    public void Delete(JiraUser actor, long id)
    {
        state.Store.Write(() =>
        {
            var file = state.Attachments.Find(id) ?? throw JiraErrors.AttachmentNotFound(id.ToString());
            if (!actor.IsAdmin && file.AuthorId != actor.AccountId)
                throw JiraErrors.Message(403, "You do not have permission to delete attachments for this issue.");
            var issue = state.Issues.Find(file.IssueId)!;
            state.Attachments.Remove(id);
            events.Attachment("deleted", file, issue);
            issues.Touch(issue, actor, new JiraChange("Attachment", "attachment", id.ToString(), file.FileName, null, null));
        });
        state.Blobs.Delete(id);
    }
}
