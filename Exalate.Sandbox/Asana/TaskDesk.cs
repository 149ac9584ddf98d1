using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>What can be done to tasks, for the API and the board alike. Call inside the store's Write.</summary>
internal sealed class TaskDesk(AsanaState state, EventLog events, StoryDesk stories)
{
    private const int MaxProjects = 20;

    public AsanaTask Create(AsanaUser actor, JsonObject data, string siteUrl)
    {
        var parent = data["parent"].TextOrNumber() is { } gid
            ? state.Tasks.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.BadRequest($"parent: Not a recognized ID: {gid}")
            : null;
        var places = Places(data);
        var workspace = data["workspace"].TextOrNumber() is { } id
            ? state.Workspaces.Find(AsanaState.Id(id)) ?? throw AsanaErrors.BadRequest($"workspace: Not a recognized ID: {id}")
            : null;
        if (parent is null && places.Count == 0 && workspace is null)
            throw AsanaErrors.BadRequest("You should specify one of workspace, parent, projects");
        var now = state.Now;
        var draft = new AsanaTask
        {
            Id = 0,
            WorkspaceId = workspace?.Id ?? parent?.WorkspaceId ?? state.Projects.Find(places[0].ProjectId)!.WorkspaceId,
            Name = "",
            ParentId = parent?.Id,
            Memberships = places,
            FollowerIds = [actor.Id],
            TagIds = [.. (data["tags"] as JsonArray ?? []).Select(tag => FindTag(tag.TextOrNumber()).Id)],
            CreatedById = actor.Id,
            CreatedAt = now,
            ModifiedAt = now,
        };
        draft = Followers(draft, data["followers"], actor);
        // The subtype first: what an approval status means depends on it.
        var task = new TaskFields(state, actor, siteUrl).Apply(draft, new JsonObject(data
            .OrderBy(field => field.Key == "resource_subtype" ? 0 : 1)
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))));
        task = state.Tasks.Put(task with { Id = state.NewGid() });
        var streams = events.StreamsOf(task);
        foreach (var place in places)
        {
            events.Add(actor, "added", EventLog.Of(task), streams, EventLog.Of(state.Projects.Find(place.ProjectId)!));
            events.Add(actor, "added", EventLog.Of(task), streams, EventLog.OfSection(place.SectionId));
        }

        if (parent is not null)
            events.Add(actor, "added", EventLog.Of(task), streams, EventLog.Of(parent));
        foreach (var place in places)
            stories.Tell(actor, task, "added_to_project", $"added to {state.Projects.Find(place.ProjectId)!.Name}");
        return state.Tasks.Find(task.Id)!;
    }

    public AsanaTask Edit(AsanaUser actor, AsanaTask task, JsonObject data, string siteUrl)
    {
        foreach (var createOnly in new[] { "projects", "tags", "followers", "memberships", "parent", "workspace" })
        {
            if (data.ContainsKey(createOnly))
                throw AsanaErrors.BadRequest($"{createOnly}: Cannot write this property");
        }

        var after = new TaskFields(state, actor, siteUrl).Apply(task, data);
        return Save(actor, task, after);
    }

    public void Delete(AsanaUser actor, AsanaTask task, List<long> files)
    {
        foreach (var subtask in state.SubtasksOf[task.Id].ToList())
            Delete(actor, subtask, files);
        var streams = events.StreamsOf(task);
        events.Add(actor, "deleted", EventLog.Of(task), streams);
        foreach (var story in state.StoriesOf[task.Id].ToList())
            state.Stories.Remove(story.Id);
        foreach (var file in state.AttachmentsOf[task.Id].ToList())
        {
            state.Attachments.Remove(file.Id);
            files.Add(file.Id);
        }

        state.Tasks.Remove(task.Id);
    }

    /// <summary>Adds a task to a project, or moves it to another section of one it is in.</summary>
    public void AddProject(AsanaUser actor, AsanaTask task, AsanaProject project, AsanaSection? section)
    {
        section ??= state.SectionsOf[project.Id].First();
        if (section.ProjectId != project.Id)
            throw AsanaErrors.BadRequest("section: Not in the given project");
        var before = task.Memberships.FirstOrDefault(one => one.ProjectId == project.Id);
        if (before is not null && before.SectionId == section.Id)
            return;
        if (before is null && task.Memberships.Count >= MaxProjects)
            throw AsanaErrors.BadRequest($"A task can be in at most {MaxProjects} projects");
        // A move to another container does not count as a modification.
        var after = state.Tasks.Put(task with
        {
            Memberships = before is null
                ? [.. task.Memberships, new AsanaMembership(project.Id, section.Id)]
                : [.. task.Memberships.Select(one => one == before ? new AsanaMembership(project.Id, section.Id) : one)],
        });
        var streams = events.StreamsOf(after);
        if (before is null)
            events.Add(actor, "added", EventLog.Of(after), streams, EventLog.Of(project));
        else
            events.Add(actor, "removed", EventLog.Of(after), streams, EventLog.OfSection(before.SectionId));
        events.Add(actor, "added", EventLog.Of(after), streams, EventLog.OfSection(section.Id));
        stories.Tell(actor, after, before is null ? "added_to_project" : "section_changed",
            before is null ? $"added to {project.Name}" : $"moved this task to \"{section.Name}\" in {project.Name}");
    }

    public void RemoveProject(AsanaUser actor, AsanaTask task, AsanaProject project)
    {
        if (task.Memberships.FirstOrDefault(one => one.ProjectId == project.Id) is not { } place)
            return;
        // The stream of the project the task leaves hears of it, too.
        var streams = events.StreamsOf(task);
        var after = state.Tasks.Put(task with { Memberships = [.. task.Memberships.Where(one => one.ProjectId != project.Id)] });
        events.Add(actor, "removed", EventLog.Of(after), streams, EventLog.OfSection(place.SectionId));
        events.Add(actor, "removed", EventLog.Of(after), streams, EventLog.Of(project));
        stories.Tell(actor, after, "removed_from_project", $"removed from {project.Name}");
    }

    public void SetParent(AsanaUser actor, AsanaTask task, AsanaTask? parent)
    {
        for (var above = parent; above is not null; above = above.ParentId is { } id ? state.Tasks.Find(id) : null)
        {
            if (above.Id == task.Id)
                throw AsanaErrors.BadRequest("parent: A task can not be its own ancestor");
        }

        Save(actor, task, task with { ParentId = parent?.Id });
    }

    /// <summary>Changes of the small lists: tags, followers, dependencies.</summary>
    public AsanaTask Save(AsanaUser actor, AsanaTask before, AsanaTask after)
    {
        var changed = TaskDiff.Between(before, after).ToList();
        if (changed.Count == 0)
            return before;
        after = state.Tasks.Put(after with { ModifiedAt = state.Now });
        foreach (var (field, _, _) in changed)
            events.Add(actor, "changed", EventLog.Of(after), events.StreamsOf(after), field: field);
        foreach (var (_, subtype, text) in changed)
        {
            if (subtype is not null)
                stories.Tell(actor, after, subtype, text);
        }

        return state.Tasks.Find(after.Id)!;
    }

    public AsanaTask Followers(AsanaTask task, JsonNode? followers, AsanaUser actor) => task with
    {
        FollowerIds = [.. task.FollowerIds.Concat((followers as JsonArray ?? [])
            .Select(one => (state.FindUser(one.TextOrNumber(), actor) ?? throw AsanaErrors.BadRequest("followers: Not a user in Organization")).Id)).Distinct()],
    };

    public AsanaTag FindTag(string? gid) => state.Tags.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.Unknown("tag", gid);

    private List<AsanaMembership> Places(JsonObject data)
    {
        var places = new List<AsanaMembership>();
        foreach (var membership in data["memberships"] as JsonArray ?? [])
        {
            var project = FindProject(membership.Get("project").TextOrNumber());
            var section = membership.Get("section").TextOrNumber() is { } gid ? state.Sections.Find(AsanaState.Id(gid)) : null;
            places.Add(new AsanaMembership(project.Id, section?.ProjectId == project.Id ? section.Id : state.SectionsOf[project.Id].First().Id));
        }

        foreach (var gid in data["projects"] as JsonArray ?? [])
        {
            var project = FindProject(gid.TextOrNumber());
            if (places.TrueForAll(place => place.ProjectId != project.Id))
                places.Add(new AsanaMembership(project.Id, state.SectionsOf[project.Id].First().Id));
        }

        return places;
    }

    private AsanaProject FindProject(string? gid) =>
        state.Projects.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.BadRequest($"projects: Not a recognized ID: {gid}");
}
