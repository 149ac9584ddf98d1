using System.Globalization;
using System.Text.Json.Nodes;
using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Takes the fields of a create or update call over into a task.</summary>
internal sealed class TaskFields(AsanaState state, AsanaUser caller, string siteUrl)
{
    /// <exception cref="ApiException">A field does not fit; nothing is taken over.</exception>
    public AsanaTask Apply(AsanaTask task, JsonObject data)
    {
        if (data.ContainsKey("external"))
            throw AsanaErrors.Forbidden("external: Only OAuth apps can use external data, not a personal access token");
        if (data["notes"] is not null && data["html_notes"] is not null)
            throw AsanaErrors.BadRequest("You can not specify both notes and html_notes");
        if (data["due_on"] is not null && data["due_at"] is not null)
            throw AsanaErrors.BadRequest("You may only provide one of due_on or due_at!");
        foreach (var (name, value) in data)
            task = Apply(task, name, value);
        return task;
    }

    private AsanaTask Apply(AsanaTask task, string name, JsonNode? value) => name switch
    {
        "name" => task with { Name = value.Text() ?? throw AsanaErrors.BadRequest("name: Not a string") },
        "notes" => task with { HtmlNotes = AsanaMarkup.OfText(value.Text() ?? "") },
        "html_notes" => task with { HtmlNotes = Markup(value) },
        "resource_subtype" => Subtype(task, value.Text()),
        "approval_status" => Approval(task, value.Text()),
        "completed" => Completed(task, value.Flag() ?? throw AsanaErrors.BadRequest("completed: Not a boolean")),
        "assignee" => task with { AssigneeId = Assignee(value) },
        "due_on" => task with { DueOn = Day(name, value), DueAt = null },
        "due_at" => DueAt(task, value),
        "start_on" => task with { StartOn = Day(name, value) },
        "liked" => task with { Liked = value.Flag() ?? false },
        "custom_fields" => CustomFields(task, value),
        _ => task,
    };

    private string Markup(JsonNode? value)
    {
        try
        {
            var body = AsanaMarkup.Parse(value.Text() ?? "<body></body>", MarkupPlace.Notes);
            return AsanaMarkup.Write(new MarkupNormaliser(state, siteUrl).Normalise(body));
        }
        catch (MarkupException problem)
        {
            throw AsanaErrors.BadRequest($"html_notes: {problem.Message}");
        }
    }

    private static AsanaTask Subtype(AsanaTask task, string? subtype) => subtype switch
    {
        "default_task" or "milestone" => task with { Subtype = subtype, ApprovalStatus = null },
        "approval" => task with { Subtype = subtype, ApprovalStatus = task.ApprovalStatus ?? "pending" },
        _ => throw AsanaErrors.BadRequest($"resource_subtype: Not a valid enum value: {subtype}"),
    };

    private AsanaTask Approval(AsanaTask task, string? status)
    {
        if (status is not ("pending" or "approved" or "rejected" or "changes_requested"))
            throw AsanaErrors.BadRequest($"approval_status: Not a valid enum value: {status}");
        return Completed(task with { Subtype = "approval", ApprovalStatus = status }, status != "pending");
    }

    private AsanaTask Completed(AsanaTask task, bool completed)
    {
        if (task.Completed == completed)
            return task;
        var approval = task.Subtype != "approval" ? null
            : completed ? task.ApprovalStatus is "pending" or null ? "approved" : task.ApprovalStatus
            : "pending";
        return task with
        {
            Completed = completed,
            CompletedAt = completed ? state.Now : null,
            CompletedById = completed ? caller.Id : null,
            ApprovalStatus = approval,
        };
    }

    private long? Assignee(JsonNode? value)
    {
        if (value.TextOrNumber() is not { } text)
            return null;
        return (state.FindUser(text, caller) ?? throw AsanaErrors.BadRequest($"assignee: Not a user in Organization: {text}")).Id;
    }

    private static AsanaTask DueAt(AsanaTask task, JsonNode? value)
    {
        if (value is null)
            return task with { DueAt = null, DueOn = null };
        if (!DateTimeOffset.TryParse(value.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            throw AsanaErrors.BadRequest($"due_at: Not a valid date: {value.Text()}");
        return task with { DueAt = at, DueOn = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
    }

    private static string? Day(string field, JsonNode? value)
    {
        if (value is null)
            return null;
        return DateOnly.TryParseExact(value.Text(), "yyyy-MM-dd", out _)
            ? value.Text()
            : throw AsanaErrors.BadRequest($"{field}: Not a valid date: {value.Text()}");
    }

    private AsanaTask CustomFields(AsanaTask task, JsonNode? value)
    {
        var fields = task.CustomFields.ToDictionary();
        foreach (var (gid, one) in value as JsonObject ?? [])
        {
            var field = state.CustomFields.Find(AsanaState.Id(gid)) ?? throw AsanaErrors.BadRequest($"custom_fields: Unknown custom field: {gid}");
            if (!task.Memberships.Any(place => state.Projects.Find(place.ProjectId)!.CustomFieldIds.Contains(field.Id)))
                throw AsanaErrors.BadRequest($"Custom field with ID {gid} is not on given object");
            fields[gid] = CustomFieldViews.Checked(field, one);
        }

        return task with { CustomFields = fields };
    }
}
