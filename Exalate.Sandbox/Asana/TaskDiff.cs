using System.Text.Json.Nodes;

namespace Exalate.Sandbox.Asana;

/// <summary>Which fields of a task changed, and which story the system tells of it.</summary>
internal static class TaskDiff
{
    /// <summary>Field as events name it, subtype of the story (null: none), its text after the name of the person.</summary>
    public static IEnumerable<(string Field, string? Story, string Text)> Between(AsanaTask before, AsanaTask after)
    {
        if (before.Name != after.Name)
            yield return ("name", "name_changed", $"changed the name to \"{after.Name}\"");
        if (before.HtmlNotes != after.HtmlNotes)
            yield return ("notes", "notes_changed", "changed the description");
        if (before.Subtype != after.Subtype)
            yield return ("resource_subtype", "resource_subtype_changed", $"changed the type to {after.Subtype}");
        if (before.Completed != after.Completed)
            yield return ("completed", after.Completed ? "marked_complete" : "marked_incomplete", after.Completed ? "completed this task" : "marked incomplete");
        if (before.ApprovalStatus != after.ApprovalStatus && after.ApprovalStatus is not null)
            yield return ("approval_status", "approval_status_changed", $"changed the approval status to {after.ApprovalStatus}");
        if (before.AssigneeId != after.AssigneeId)
            yield return ("assignee", after.AssigneeId is null ? "unassigned" : "assigned", after.AssigneeId is null ? "unassigned this task" : "assigned this task");
        if (before.DueOn != after.DueOn || before.DueAt != after.DueAt)
            yield return (after.DueAt is null ? "due_on" : "due_at", "due_date_changed", "changed the due date");
        if (before.StartOn != after.StartOn)
            yield return ("start_on", "start_date_changed", "changed the start date");
        if (before.ParentId != after.ParentId)
            yield return ("parent", null, "");
        if (!before.TagIds.SequenceEqual(after.TagIds))
            yield return ("tags", after.TagIds.Count > before.TagIds.Count ? "added_to_tag" : "removed_from_tag", "changed the tags");
        if (!before.FollowerIds.SequenceEqual(after.FollowerIds))
            yield return ("followers", null, "");
        if (!before.DependencyIds.SequenceEqual(after.DependencyIds))
            yield return ("dependencies", null, "");
        if (before.Liked != after.Liked)
            yield return ("liked", null, "");
        if (before.CustomFields.Keys.Union(after.CustomFields.Keys).Any(key => !JsonNode.DeepEquals(
            before.CustomFields.GetValueOrDefault(key), after.CustomFields.GetValueOrDefault(key))))
            yield return ("custom_fields", "custom_field_changed", "changed a custom field");
    }
}
