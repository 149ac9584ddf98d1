using System.Text.Json.Nodes;
using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Projects, their sections and custom fields.</summary>
internal sealed class ProjectEndpoints(AsanaState state, EventLog events)
{
    public void Map(AsanaRoutes routes)
    {
        routes.Get("/projects", request => List(request, request.Query("workspace")));
        routes.Get("/workspaces/{workspace}/projects", request => List(request, request.Route("workspace")));
        routes.Get("/tasks/{task}/projects", request => state.Store.Read(() =>
        {
            var places = state.Task(request.Route("task")).Memberships;
            return AsanaPages.List(
                request, state, state.Projects.All.Where(one => places.Any(place => place.ProjectId == one.Id)), one => one.Id, request.View(state).Projects);
        }));
        routes.Post("/projects", Create);
        routes.Get("/projects/{project}", request => state.Store.Read(() => Answer(request, state.Project(request.Route("project")))));
        routes.Put("/projects/{project}", Edit);
        routes.Get("/projects/{project}/task_counts", Counts);
        routes.Get("/projects/{project}/custom_field_settings", Settings);
        routes.Get("/workspaces/{workspace}/custom_fields", request => state.Store.Read(() => new ApiAnswer(200, new JsonObject
        {
            ["data"] = state.CustomFields.All.Select(CustomFieldViews.Field).ToJson(),
            ["next_page"] = null,
        })));
        routes.Get("/custom_fields/{field}", request => state.Store.Read(() => AsanaRoutes.Data(CustomFieldViews.Field(
            state.CustomFields.Find(request.Gid("field")) ?? throw AsanaErrors.Unknown("custom_field", request.Route("field"))))));
        routes.Get("/projects/{project}/sections", request => state.Store.Read(() => AsanaPages.List(
            request, state, state.SectionsOf[state.Project(request.Route("project")).Id], one => one.Id, request.View(state).Sections)));
        routes.Post("/projects/{project}/sections", AddSection);
        routes.Get("/sections/{section}", request => state.Store.Read(() =>
            AsanaRoutes.Data(request.View(state).Sections.Full(state.Section(request.Route("section")), request.Fields))));
        routes.Put("/sections/{section}", RenameSection);
        routes.Delete("/sections/{section}", DeleteSection);
    }

    private ApiAnswer List(AsanaRequest request, string? workspace) => state.Store.Read(() =>
    {
        if (workspace is not null)
            state.Workspace(workspace);
        var archived = request.Flag("archived");
        return AsanaPages.List(
            request, state, state.Projects.All.Where(one => archived is null || one.Archived == archived), one => one.Id, request.View(state).Projects);
    });

    private ApiAnswer Answer(AsanaRequest request, AsanaProject project, int status = 200) =>
        AsanaRoutes.Data(request.View(state).Projects.Full(project, request.Fields), status);

    private ApiAnswer Create(AsanaRequest request)
    {
        var data = request.Data;
        return events.Write(() =>
        {
            var workspace = data["workspace"].TextOrNumber() is { } gid
                ? state.Workspaces.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.BadRequest($"workspace: Not a recognized ID: {gid}")
                : throw AsanaErrors.MissingInput("workspace");
            var project = state.Projects.Put(new AsanaProject
            {
                Id = state.NewGid(),
                WorkspaceId = workspace.Id,
                Name = data["name"].Text() ?? "",
                HtmlNotes = Notes(request, data) ?? "<body></body>",
                Color = data["color"].Text(),
                OwnerId = request.Caller.Id,
                CreatedAt = state.Now,
                ModifiedAt = state.Now,
            });
            state.Sections.Put(new AsanaSection { Id = state.NewGid(), ProjectId = project.Id, Name = "Untitled section", CreatedAt = state.Now });
            events.Add(request.Caller, "added", EventLog.Of(project), [project.Id, workspace.Id], new AsanaReference(workspace.Id, "workspace", null));
            return Answer(request, project, 201);
        });
    }

    private ApiAnswer Edit(AsanaRequest request)
    {
        var data = request.Data;
        return events.Write(() =>
        {
            var before = state.Project(request.Route("project"));
            var after = state.Projects.Put(before with
            {
                Name = data["name"].Text() ?? before.Name,
                Archived = data["archived"].Flag() ?? before.Archived,
                Color = data.ContainsKey("color") ? data["color"].Text() : before.Color,
                HtmlNotes = Notes(request, data) ?? before.HtmlNotes,
                ModifiedAt = state.Now,
            });
            events.Add(request.Caller, "changed", EventLog.Of(after), [after.Id, after.WorkspaceId], field: data.Select(one => one.Key).FirstOrDefault());
            return Answer(request, after);
        });
    }

    private string? Notes(AsanaRequest request, JsonObject data)
    {
        if (data["notes"].Text() is { } plain)
            return AsanaMarkup.OfText(plain);
        if (data["html_notes"].Text() is not { } markup)
            return null;
        try
        {
            return AsanaMarkup.Write(new MarkupNormaliser(state, request.SiteUrl).Normalise(AsanaMarkup.Parse(markup, MarkupPlace.Notes)));
        }
        catch (MarkupException problem)
        {
            throw AsanaErrors.BadRequest($"html_notes: {problem.Message}");
        }
    }

    private ApiAnswer Counts(AsanaRequest request) => state.Store.Read(() =>
    {
        var tasks = state.TasksOfProject[state.Project(request.Route("project")).Id].ToList();
        var counts = new JsonObject
        {
            ["num_tasks"] = tasks.Count,
            ["num_incomplete_tasks"] = tasks.Count(task => !task.Completed),
            ["num_completed_tasks"] = tasks.Count(task => task.Completed),
            ["num_milestones"] = tasks.Count(task => task.Subtype == "milestone"),
            ["num_incomplete_milestones"] = tasks.Count(task => task.Subtype == "milestone" && !task.Completed),
            ["num_completed_milestones"] = tasks.Count(task => task.Subtype == "milestone" && task.Completed),
        };
        // Without opt_fields the answer is empty.
        var wanted = request.Fields?.Names.ToHashSet() ?? [];
        return AsanaRoutes.Data(new JsonObject(counts.Where(one => wanted.Contains(one.Key))
            .Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))));
    });

    private ApiAnswer Settings(AsanaRequest request) => state.Store.Read(() =>
    {
        var project = state.Project(request.Route("project"));
        var view = request.View(state);
        return new ApiAnswer(200, new JsonObject
        {
            ["data"] = project.CustomFieldIds.Select(id => CustomFieldViews.Setting(view, project, state.CustomFields.Find(id)!)).ToJson(),
            ["next_page"] = null,
        });
    });

    private ApiAnswer AddSection(AsanaRequest request)
    {
        var name = request.Data["name"].Text() ?? throw AsanaErrors.MissingInput("name");
        return events.Write(() =>
        {
            var project = state.Project(request.Route("project"));
            var section = state.Sections.Put(new AsanaSection { Id = state.NewGid(), ProjectId = project.Id, Name = name, CreatedAt = state.Now });
            events.Add(request.Caller, "added", EventLog.OfSection(section.Id), [project.Id], EventLog.Of(project));
            return AsanaRoutes.Data(request.View(state).Sections.Full(section, request.Fields), 201);
        });
    }

    private ApiAnswer RenameSection(AsanaRequest request)
    {
        var data = request.Data;
        return events.Write(() =>
        {
            var before = state.Section(request.Route("section"));
            var section = state.Sections.Put(before with { Name = data["name"].Text() ?? before.Name });
            events.Add(request.Caller, "changed", EventLog.OfSection(section.Id), [section.ProjectId], field: "name");
            return AsanaRoutes.Data(request.View(state).Sections.Full(section, request.Fields));
        });
    }

    private ApiAnswer DeleteSection(AsanaRequest request) => events.Write(() =>
    {
        var section = state.Section(request.Route("section"));
        if (state.TasksOfProject[section.ProjectId].Any(task => task.Memberships.Any(place => place.SectionId == section.Id)))
            throw AsanaErrors.BadRequest("section: Only empty sections can be deleted");
        if (state.SectionsOf.CountOf(section.ProjectId) == 1)
            throw AsanaErrors.BadRequest("section: The last section of a project can not be deleted");
        state.Sections.Remove(section.Id);
        events.Add(request.Caller, "deleted", EventLog.OfSection(section.Id), [section.ProjectId]);
        return AsanaRoutes.Empty();
    });
}
