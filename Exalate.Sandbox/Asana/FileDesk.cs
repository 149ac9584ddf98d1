using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>What can be done to attachments, for the API and the board alike.</summary>
internal sealed class FileDesk(AsanaState state, EventLog events, StoryDesk stories)
{
    /// <summary>The bytes are in place before the record is: a record never points to nothing.</summary>
    public AsanaAttachment Add(AsanaUser actor, long parentId, UploadedFile file) => events.Write(() =>
    {
        var id = state.NewGid();
        state.Blobs.Keep(file.Blob, id);
        return Announce(actor, new AsanaAttachment
        {
            Id = id,
            ParentId = parentId,
            Name = file.FileName,
            Size = file.Blob.Size,
            ContentType = file.ContentType,
            CreatedById = actor.Id,
            CreatedAt = state.Now,
        });
    });

    public AsanaAttachment AddLink(AsanaUser actor, long parentId, string name, string url) => events.Write(() => Announce(actor, new AsanaAttachment
    {
        Id = state.NewGid(),
        ParentId = parentId,
        Name = name,
        Url = url,
        CreatedById = actor.Id,
        CreatedAt = state.Now,
    }));

    public void Delete(AsanaUser actor, long id)
    {
        events.Write(() =>
        {
            var file = state.Attachment(id.ToString());
            state.Attachments.Remove(id);
            if (state.Tasks.Find(file.ParentId) is not { } task)
                return;
            task = state.Tasks.Put(task with { ModifiedAt = state.Now });
            events.Add(actor, "removed", EventLog.Of(file), events.StreamsOf(task), EventLog.Of(task));
            events.Add(actor, "deleted", EventLog.Of(file), events.StreamsOf(task));
        });
        state.Blobs.Delete(id);
    }

    private AsanaAttachment Announce(AsanaUser actor, AsanaAttachment file)
    {
        state.Attachments.Put(file);
        if (state.Tasks.Find(file.ParentId) is { } task)
        {
            events.Add(actor, "added", EventLog.Of(file), events.StreamsOf(task), EventLog.Of(task));
            stories.Tell(actor, task, "attachment_added", $"attached {file.Name}");
        }
        else if (state.Projects.Find(file.ParentId) is null)
        {
            throw AsanaErrors.Unknown("parent", file.ParentId.ToString());
        }

        return file;
    }
}
