using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>Comments and their properties.</summary>
internal sealed class CommentEndpoints(JiraState state, CommentDesk desk)
{
    public void Map(JiraRoutes routes)
    {
        routes.Get("/issue/{issue}/comment", List);
        routes.Post("/issue/{issue}/comment", Add);
        routes.Get("/issue/{issue}/comment/{id}", Get);
        routes.Put("/issue/{issue}/comment/{id}", Edit);
        routes.Delete("/issue/{issue}/comment/{id}", Delete);
        routes.Post("/comment/list", ByIds);
        routes.Get("/comment/{id}/properties", request => Properties.List(request, state.Store.Read(() => Find(request)).Properties, Self(request)));
        routes.Get("/comment/{id}/properties/{key}", request => Properties.Get(request, state.Store.Read(() => Find(request)).Properties));
        routes.Put("/comment/{id}/properties/{key}", request => Change(request, Properties.Put));
        routes.Delete("/comment/{id}/properties/{key}", request => Change(request, Properties.Delete));
    }

    private ApiAnswer List(JiraRequest request) => state.Store.Read(() =>
    {
        var issue = IssueEndpoints.Find(state, request);
        var comments = state.CommentsOf[issue.Id].ToList();
        switch (request.Query("orderBy"))
        {
            case null or "" or "created" or "+created" or " created": break;
            case "-created": comments.Reverse(); break;
            case var other: throw JiraErrors.Message(400, $"'{other}' is not a valid value for orderBy. Allowed: created, +created, -created.");
        }

        var (view, expand) = (request.View(state), request.QueryList("expand"));
        return new ApiAnswer(200, JiraPages.Named(
            request, "comments", comments, comment => view.Comment(comment, expand.Contains("renderedBody"), expand.Contains("properties")), 5000, 50));
    });

    private ApiAnswer Add(JiraRequest request)
    {
        var body = request.Body;
        var comment = state.Store.Write(() =>
        {
            var issue = IssueEndpoints.Find(state, request);
            return desk.Add(request.RequireCaller(), issue, body, request.IsV2);
        });
        return Answer(request, 201, comment);
    }

    private ApiAnswer Get(JiraRequest request) => Answer(request, 200, state.Store.Read(() => FindInIssue(request)));

    private ApiAnswer Edit(JiraRequest request)
    {
        var body = request.Body;
        return Answer(request, 200, state.Store.Write(() => desk.Edit(request.RequireCaller(), FindInIssue(request), body, request.IsV2)));
    }

    private ApiAnswer Delete(JiraRequest request)
    {
        state.Store.Write(() => desk.Delete(request.RequireCaller(), FindInIssue(request)));
        return new ApiAnswer(204);
    }

    private ApiAnswer ByIds(JiraRequest request)
    {
        if (request.Body["ids"] is not JsonArray { Count: <= 1000 } ids)
            throw JiraErrors.Message(400, "Up to 1000 comment ids are allowed.");
        var wanted = ids.Select(id => long.TryParse(id.TextOrNumber(), out var number) ? number : 0).ToHashSet();
        var expand = request.QueryList("expand");
        return state.Store.Read(() =>
        {
            var found = request.Caller is null ? [] : state.Comments.All.Where(comment => wanted.Contains(comment.Id)).ToList();
            return JiraPages.Page(
                request, found, comment => request.View(state).Comment(comment, expand.Contains("renderedBody"), expand.Contains("properties")), 1000);
        });
    }

    private ApiAnswer Answer(JiraRequest request, int status, JiraComment comment)
    {
        var expand = request.QueryList("expand");
        return state.Store.Read(() => new ApiAnswer(
            status, request.View(state).Comment(comment, expand.Contains("renderedBody"), expand.Contains("properties"))));
    }

    private JiraComment FindInIssue(JiraRequest request)
    {
        var issue = IssueEndpoints.Find(state, request);
        var comment = Find(request);
        return comment.IssueId == issue.Id ? comment : throw JiraErrors.CommentNotFound(request.Route("id"));
    }

    private JiraComment Find(JiraRequest request) =>
        (request.Caller is not null && long.TryParse(request.Route("id"), out var id) ? state.Comments.Find(id) : null)
        ?? throw JiraErrors.CommentNotFound(request.Route("id"));

    private ApiAnswer Change(JiraRequest request, PropertyChange change) => state.Store.Write(() =>
    {
        request.RequireCaller();
        var comment = Find(request);
        var answer = change(request, comment.Properties, out var properties);
        state.Comments.Put(comment with { Properties = properties });
        return answer;
    });

    private static string Self(JiraRequest request) => $"{request.BaseUrl}{request.Context.Request.Path}";
}
