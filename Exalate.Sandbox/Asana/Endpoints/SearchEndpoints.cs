using Exalate.Sandbox.Asana.Html;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Task search: a paid feature that follows the writes with a lag and never pages.</summary>
internal sealed class SearchEndpoints(AsanaState state, bool freePlan)
{
    public void Map(AsanaRoutes routes) => routes.Get("/workspaces/{workspace}/tasks/search", Search);

    private ApiAnswer Search(AsanaRequest request)
    {
        if (freePlan)
            throw AsanaErrors.PaymentRequired("Search is only available to premium users. Please upgrade to a premium account to use this feature.");
        return state.Store.Read(() =>
        {
            state.Workspace(request.Route("workspace"));
            var found = state.SearchIndex.All.Where(task => Fits(request, task));
            Func<AsanaTask, DateTimeOffset> by = request.Query("sort_by") switch
            {
                "created_at" => task => task.CreatedAt,
                "completed_at" => task => task.CompletedAt ?? default,
                "due_date" => task => DateTimeOffset.TryParse(task.DueOn, out var due) ? due : default,
                null or "modified_at" or "likes" => task => task.ModifiedAt,
                var other => throw AsanaErrors.BadRequest($"sort_by: Not a valid enum value: {other}"),
            };
            var sorted = request.Flag("sort_ascending") == true
                ? found.OrderBy(by).ThenBy(task => task.Id)
                : found.OrderByDescending(by).ThenByDescending(task => task.Id);
            var (view, fields) = (request.View(state), request.Fields);
            // What the index still knows may be gone by now.
            return AsanaRoutes.Data(sorted.Take(request.Limit ?? 20).Where(task => state.Tasks.Find(task.Id) is not null)
                .Select(task => view.Tasks.Listed(task, fields)).ToJson());
        });
    }

    private bool Fits(AsanaRequest request, AsanaTask task) =>
        Text(request, task)
        && FitsPlaces(request, task)
        && FitsTimes(request, task)
        && (request.Query("resource_subtype") is not { } subtype || subtype == task.Subtype)
        && (request.Flag("completed") is not { } completed || completed == task.Completed)
        && (request.Flag("is_subtask") is not { } subtask || subtask == task.ParentId is not null)
        && (request.Flag("has_attachment") is not { } file || file == state.AttachmentsOf.CountOf(task.Id) > 0);

    private static bool Text(AsanaRequest request, AsanaTask task) =>
        request.Query("text") is not { } text
        || task.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || MarkupText.Plain(task.HtmlNotes).Contains(text, StringComparison.OrdinalIgnoreCase);

    private bool FitsPlaces(AsanaRequest request, AsanaTask task)
    {
        var projects = task.Memberships.Select(place => place.ProjectId).ToList();
        return (Gids(request, "projects.any") is not { } any || any.Intersect(projects).Any())
            && (Gids(request, "projects.all") is not { } all || all.TrueForAll(projects.Contains))
            && (Gids(request, "projects.not") is not { } none || !none.Intersect(projects).Any())
            && (Gids(request, "sections.any") is not { } sections || sections.Intersect(task.Memberships.Select(place => place.SectionId)).Any())
            && (Gids(request, "tags.any") is not { } tags || tags.Intersect(task.TagIds).Any())
            && (Users(request, "assignee.any") is not { } assignees || assignees.Contains(task.AssigneeId ?? 0))
            && (Users(request, "created_by.any") is not { } creators || creators.Contains(task.CreatedById));
    }

    private static bool FitsTimes(AsanaRequest request, AsanaTask task) =>
        Between(request, "modified_at", task.ModifiedAt)
        && Between(request, "created_at", task.CreatedAt)
        && Between(request, "completed_at", task.CompletedAt)
        && Between(request, "modified_on", task.ModifiedAt.Date)
        && Between(request, "created_on", task.CreatedAt.Date);

    private static bool Between(AsanaRequest request, string name, DateTimeOffset? at) =>
        (request.Time(name + ".after") is not { } after || at > after)
        && (request.Time(name + ".before") is not { } before || at < before);

    private static List<long>? Gids(AsanaRequest request, string name) =>
        request.Query(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(AsanaState.Id).ToList();

    private List<long>? Users(AsanaRequest request, string name) => request.Query(name)?
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(text => state.FindUser(text, request.Caller)?.Id ?? -1)
        .ToList();
}
