using System.Text.Json.Nodes;
using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>The fields of a task.</summary>
internal sealed class TaskShape(AsanaState state, AsanaView view)
{
    public Shape<AsanaTask> Create()
    {
        var shape = new Shape<AsanaTask>(task => task.Id, "task")
            .Compact("name", task => task.Name)
            .Compact("resource_subtype", task => task.Subtype);
        AddPlain(shape);
        AddPeople(shape);
        AddPlaces(shape);
        return shape;
    }

    private static void AddPlain(Shape<AsanaTask> shape) => shape
        .Field("approval_status", task => task.ApprovalStatus)
        .Field("assignee_status", _ => "inbox")
        .Field("completed", task => task.Completed)
        .Field("completed_at", task => AsanaView.TimeOrNull(task.CompletedAt))
        .Field("created_at", task => AsanaView.Time(task.CreatedAt))
        .Field("modified_at", task => AsanaView.Time(task.ModifiedAt))
        .Field("due_at", task => AsanaView.TimeOrNull(task.DueAt))
        .Field("due_on", task => task.DueOn)
        .Field("start_at", _ => null)
        .Field("start_on", task => task.StartOn)
        .Field("hearted", _ => false)
        .Field("hearts", _ => new JsonArray())
        .Field("num_hearts", _ => 0)
        .Field("liked", task => task.Liked)
        .Field("likes", _ => new JsonArray())
        .Field("num_likes", task => task.Liked ? 1 : 0)
        .Field("actual_time_minutes", _ => null)
        .Field("notes", task => MarkupText.Plain(task.HtmlNotes))
        .OnDemand("html_notes", task => task.HtmlNotes)
        .OnDemand("is_rendered_as_separator", _ => false);

    private void AddPeople(Shape<AsanaTask> shape) => shape
        .Nested("assignee", (task, below) => view.UserOrNull(task.AssigneeId, below))
        .Nested("followers", (task, below) => task.FollowerIds.Select(id => view.UserOrNull(id, below)).ToJson())
        .NestedOnDemand("completed_by", (task, below) => view.UserOrNull(task.CompletedById, below))
        .NestedOnDemand("created_by", (task, below) => view.UserOrNull(task.CreatedById, below));

    private void AddPlaces(Shape<AsanaTask> shape) => shape
        .Nested("workspace", (task, below) => view.Workspaces.Listed(state.Workspaces.Find(task.WorkspaceId)!, below))
        .Nested("memberships", (task, below) => task.Memberships.Select(one => Membership(one, below)).ToJson())
        .Nested("projects", (task, below) => task.Memberships.Select(one => view.Projects.Listed(state.Projects.Find(one.ProjectId)!, below)).ToJson())
        .Nested("parent", (task, below) => task.ParentId is { } id && state.Tasks.Find(id) is { } parent ? view.Tasks.Listed(parent, below) : null)
        .Nested("tags", (task, below) => task.TagIds.Select(state.Tags.Find).OfType<AsanaTag>().Select(tag => view.Tags.Listed(tag, below)).ToJson())
        .Nested("custom_fields", (task, _) => FieldsOf(task).Select(field => CustomFieldViews.Value(view, field, task)).ToJson())
        .Field("permalink_url", task => $"{view.SiteUrl}/0/{task.Memberships.FirstOrDefault()?.ProjectId ?? 0}/{task.Id}")
        .OnDemand("num_subtasks", task => state.SubtasksOf.CountOf(task.Id))
        .OnDemand("dependencies", task => task.DependencyIds.Select(Reference).ToJson())
        .OnDemand("dependents", task => state.Tasks.All.Where(other => other.DependencyIds.Contains(task.Id)).Select(other => Reference(other.Id)).ToJson());

    private JsonObject Membership(AsanaMembership one, FieldTree below)
    {
        var json = new JsonObject();
        if (below.IsEmpty || below.Names.Contains("project"))
            json["project"] = view.Projects.Listed(state.Projects.Find(one.ProjectId)!, below.Below("project"));
        if (below.IsEmpty || below.Names.Contains("section"))
            json["section"] = view.Sections.Listed(state.Sections.Find(one.SectionId)!, below.Below("section"));
        return json;
    }

    private IEnumerable<AsanaCustomField> FieldsOf(AsanaTask task) => task.Memberships
        .SelectMany(one => state.Projects.Find(one.ProjectId)!.CustomFieldIds)
        .Distinct()
        .Select(state.CustomFields.Find)
        .OfType<AsanaCustomField>();

    private static JsonObject Reference(long id) => new() { ["gid"] = id.ToString(), ["resource_type"] = "task" };
}
