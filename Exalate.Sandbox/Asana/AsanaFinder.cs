using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Finds what a path or a query names, or refuses the way Asana does.</summary>
internal static class AsanaFinder
{
    public static AsanaTask Task(this AsanaState state, string? gid)
    {
        if (gid?.StartsWith("external:", StringComparison.Ordinal) == true)
            throw AsanaErrors.Forbidden("task: Only OAuth apps can use external data, not a personal access token");
        return state.Tasks.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.Unknown("task", gid);
    }

    public static AsanaProject Project(this AsanaState state, string? gid) =>
        state.Projects.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.Unknown("project", gid);

    public static AsanaSection Section(this AsanaState state, string? gid) =>
        state.Sections.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.Unknown("section", gid);

    public static AsanaWorkspace Workspace(this AsanaState state, string? gid) =>
        state.Workspaces.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.Unknown("workspace", gid);

    public static AsanaStory Story(this AsanaState state, string? gid) =>
        state.Stories.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.Unknown("story", gid);

    public static AsanaAttachment Attachment(this AsanaState state, string? gid) =>
        state.Attachments.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.Unknown("attachment", gid);

    /// <summary>The resource of a webhook or an event stream.</summary>
    public static AsanaReference Resource(this AsanaState state, string? gid)
    {
        var id = AsanaState.Id(gid);
        if (state.Tasks.Find(id) is { } task)
            return EventLog.Of(task);
        if (state.Projects.Find(id) is { } project)
            return EventLog.Of(project);
        if (state.Workspaces.Find(id) is not null)
            return new AsanaReference(id, "workspace", null);
        throw AsanaErrors.Unknown("resource", gid);
    }
}
