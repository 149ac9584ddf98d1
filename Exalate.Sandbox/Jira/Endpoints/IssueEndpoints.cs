using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>Issues, one at a time and in bulk.</summary>
internal sealed class IssueEndpoints(JiraState state, IssueDesk desk)
{
    private const int BulkCreate = 50;
    private const int BulkFetch = 100;

    public void Map(JiraRoutes routes)
    {
        routes.Post("/issue", Create);
        routes.Post("/issue/bulk", CreateMany);
        routes.Post("/issue/bulkfetch", FetchMany);
        routes.Get("/issue/{issue}", Get);
        routes.Put("/issue/{issue}", Edit);
        routes.Delete("/issue/{issue}", Delete);
        routes.Put("/issue/{issue}/assignee", Assign);
        routes.Get("/issue/{issue}/editmeta", request => state.Store.Read(() =>
        {
            Find(state, request);
            return new ApiAnswer(200, new JsonObject { ["fields"] = FieldMeta.EditFields(request.View(state)) });
        }));
        routes.Get("/issue/{issue}/changelog", request => state.Store.Read(() =>
        {
            var view = request.View(state);
            return JiraPages.Page(request, [.. state.HistoriesOf[Find(state, request).Id]], history => view.History(history), 100);
        }));
        routes.Get("/issue/{issue}/transitions", Transitions);
        routes.Post("/issue/{issue}/transitions", Transition);
    }

    /// <summary>The issue of the path; one the caller may not see is absent for him.</summary>
    public static JiraIssue Find(JiraState state, JiraRequest request) =>
        (request.Caller is null ? null : state.FindIssue(request.Route("issue"))) ?? throw JiraErrors.IssueNotFound();

    private static JsonObject Created(JiraRequest request, JiraIssue issue) => new()
    {
        ["id"] = issue.Id.ToString(),
        ["key"] = issue.Key,
        ["self"] = $"{request.BaseUrl}/rest/api/{(request.IsV2 ? 2 : 3)}/issue/{issue.Id}",
    };

    private ApiAnswer Create(JiraRequest request)
    {
        var caller = request.Caller ?? throw JiraErrors.Message(401, "You do not have permission to create issues in this project.");
        var body = request.Body;
        return new ApiAnswer(201, Created(request, state.Store.Write(() => desk.Create(caller, body, request.IsV2))));
    }

    private ApiAnswer CreateMany(JiraRequest request)
    {
        var caller = request.RequireCaller();
        if (request.Body["issueUpdates"] is not JsonArray { Count: > 0 and <= BulkCreate } updates)
            throw JiraErrors.Message(400, $"Between 1 and {BulkCreate} issues can be created at once.");
        var (issues, errors) = (new JsonArray(), new JsonArray());
        for (var index = 0; index < updates.Count; index++)
        {
            try
            {
                var update = updates[index] as JsonObject ?? throw JiraErrors.Payload();
                issues.Add(Created(request, state.Store.Write(() => desk.Create(caller, update, request.IsV2))));
            }
            catch (ApiException refusal)
            {
                errors.Add(new JsonObject
                {
                    ["status"] = refusal.Answer.Status,
                    ["elementErrors"] = refusal.Answer.Body?.DeepClone(),
                    ["failedElementNumber"] = index,
                });
            }
        }

        return new ApiAnswer(issues.Count > 0 ? 201 : 400, new JsonObject { ["issues"] = issues, ["errors"] = errors });
    }

    private ApiAnswer FetchMany(JiraRequest request)
    {
        var body = request.Body;
        if (body["issueIdsOrKeys"] is not JsonArray { Count: > 0 and <= BulkFetch } wanted)
            throw JiraErrors.Message(400, $"Between 1 and {BulkFetch} issues can be fetched at once.");
        var selection = new IssueSelection(
            body["fields"] is JsonArray fields ? [.. fields.Select(field => field.Text() ?? "")] : ["*navigable"],
            (body["expand"] as JsonArray ?? []).Select(one => one.Text() ?? "").ToHashSet(),
            [.. (body["properties"] as JsonArray ?? []).Select(one => one.Text() ?? "")]);
        return state.Store.Read(() =>
        {
            var view = new IssueView(request.View(state));
            var found = wanted.Select(one => one.TextOrNumber() ?? "")
                .Select(key => (Key: key, Issue: request.Caller is null ? null : state.FindIssue(key))).ToList();
            return new ApiAnswer(200, new JsonObject
            {
                ["issues"] = found.Select(one => one.Issue).OfType<JiraIssue>().DistinctBy(issue => issue.Id).OrderBy(issue => issue.Id)
                    .Select(issue => view.Issue(issue, selection)).ToJson(),
                ["issueErrors"] = found.Where(one => one.Issue is null).Select(one => new JsonObject
                {
                    ["id"] = one.Key,
                    ["errorMessage"] = "Issue does not exist or you do not have permission to see it.",
                }).ToJson(),
            });
        });
    }

    private ApiAnswer Get(JiraRequest request) => state.Store.Read(() => Answer(request, Find(state, request)));

    private ApiAnswer Answer(JiraRequest request, JiraIssue issue)
    {
        var fields = request.QueryList("fields");
        return new ApiAnswer(200, new IssueView(request.View(state)).Issue(issue, new IssueSelection(
            fields.Count == 0 ? ["*all"] : fields is ["id"] ? ["id", "key"] : fields,
            request.QueryList("expand").ToHashSet(),
            request.QueryList("properties"))));
    }

    private ApiAnswer Edit(JiraRequest request)
    {
        var body = request.Body;
        var issue = state.Store.Write(() =>
        {
            var found = Find(state, request);
            var caller = request.RequireCaller();
            if (!request.QueryFlag("notifyUsers", true) && !caller.IsAdmin)
                throw JiraErrors.Message(403, "To discard the user notification either admin or project admin permissions are required.");
            return desk.Edit(caller, found, body, request.IsV2);
        });
        return request.QueryFlag("returnIssue") ? state.Store.Read(() => Answer(request, issue)) : new ApiAnswer(204);
    }

    private ApiAnswer Delete(JiraRequest request)
    {
        var files = state.Store.Write(() =>
        {
            var issue = Find(state, request);
            return desk.Delete(request.RequireCaller(), issue, request.QueryFlag("deleteSubtasks"));
        });
        files.ForEach(state.Blobs.Delete);
        return new ApiAnswer(204);
    }

    private ApiAnswer Assign(JiraRequest request)
    {
        var body = request.Body;
        state.Store.Write(() => desk.Edit(
            request.RequireCaller(), Find(state, request), new JsonObject { ["fields"] = new JsonObject { ["assignee"] = body.DeepClone() } }, request.IsV2));
        return new ApiAnswer(204);
    }

    private ApiAnswer Transitions(JiraRequest request) => state.Store.Read(() =>
    {
        Find(state, request);
        var wanted = request.Query("transitionId");
        return new ApiAnswer(200, new JsonObject
        {
            ["expand"] = "transitions",
            ["transitions"] = JiraCatalog.Transitions.Where(one => wanted is null || one.Id == wanted)
                .Select(one => FieldMeta.Transition(request.View(state), one)).ToJson(),
        });
    });

    private ApiAnswer Transition(JiraRequest request)
    {
        var body = request.Body;
        state.Store.Write(() => desk.Transition(request.RequireCaller(), Find(state, request), body, request.IsV2));
        return new ApiAnswer(204);
    }
}
