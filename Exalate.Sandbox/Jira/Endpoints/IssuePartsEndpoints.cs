using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Storage;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>Issue properties, links and remote links.</summary>
internal sealed class IssuePartsEndpoints(JiraState state, JiraEvents events)
{
    public void Map(JiraRoutes routes)
    {
        routes.Get("/issue/{issue}/properties", request => state.Store.Read(() => Properties.List(
            request, Find(request).Properties, request.BaseUrl + request.Context.Request.Path)));
        routes.Get("/issue/{issue}/properties/{key}", request => state.Store.Read(() => Properties.Get(request, Find(request).Properties)));
        routes.Put("/issue/{issue}/properties/{key}", request => Change(request, Properties.Put));
        routes.Delete("/issue/{issue}/properties/{key}", request => Change(request, Properties.Delete));
        routes.Post("/issueLink", AddLink);
        routes.Get("/issueLink/{id}", GetLink);
        routes.Delete("/issueLink/{id}", DeleteLink);
        routes.Get("/issue/{issue}/remotelink", RemoteLinks);
        routes.Post("/issue/{issue}/remotelink", PutRemoteLink);
        routes.Delete("/issue/{issue}/remotelink/{id}", DeleteRemoteLink);
    }

    private JiraIssue Find(JiraRequest request) => IssueEndpoints.Find(state, request);

    /// <summary>Properties are not fields: <c>updated</c> stays and no event is raised.</summary>
    private ApiAnswer Change(JiraRequest request, PropertyChange change) => state.Store.Write(() =>
    {
        var issue = Find(request);
        request.RequireCaller();
        var answer = change(request, issue.Properties, out var properties);
        state.Issues.Put(issue with { Properties = properties });
        return answer;
    });

    private ApiAnswer AddLink(JiraRequest request)
    {
        var caller = request.RequireCaller();
        var body = request.Body;
        return state.Store.Write(() =>
        {
            var type = JiraCatalog.LinkTypes.FirstOrDefault(one => one.Id == body["type"].Get("id").TextOrNumber()
                || one.Name.Equals(body["type"].Get("name").Text(), StringComparison.OrdinalIgnoreCase))
                ?? throw JiraErrors.Message(404, "No issue link type with the given name or id found.");
            var (source, target) = (End(body["inwardIssue"]), End(body["outwardIssue"]));
            var link = state.Links.Put(new JiraLink(state.Store.Next(SequenceId.Link, 10_000), type.Id, source.Id, target.Id));
            events.Link("created", link, source);
            return new ApiAnswer(201, new JsonObject());
        });
    }

    private JiraIssue End(JsonNode? node) =>
        state.FindIssue(node.Get("key").Text() ?? node.Get("id").TextOrNumber() ?? "") ?? throw JiraErrors.IssueNotFound();

    private JiraLink FindLink(JiraRequest request) =>
        (request.Caller is not null && long.TryParse(request.Route("id"), out var id) ? state.Links.Find(id) : null)
        ?? throw JiraErrors.Message(404, $"No issue link with id '{request.Route("id")}' exists.");

    private ApiAnswer GetLink(JiraRequest request) => state.Store.Read(() =>
    {
        var link = FindLink(request);
        var view = new IssueView(request.View(state));
        return new ApiAnswer(200, new JsonObject
        {
            ["id"] = link.Id.ToString(),
            ["self"] = $"{request.BaseUrl}/rest/api/3/issueLink/{link.Id}",
            ["type"] = request.View(state).LinkType(JiraCatalog.LinkTypes.First(type => type.Id == link.TypeId)),
            ["inwardIssue"] = view.Reference(state.Issues.Find(link.SourceId)!),
            ["outwardIssue"] = view.Reference(state.Issues.Find(link.TargetId)!),
        });
    });

    private ApiAnswer DeleteLink(JiraRequest request) => state.Store.Write(() =>
    {
        request.RequireCaller();
        var link = FindLink(request);
        state.Links.Remove(link.Id);
        events.Link("deleted", link, state.Issues.Find(link.SourceId)!);
        return new ApiAnswer(204);
    });

    private ApiAnswer RemoteLinks(JiraRequest request) => state.Store.Read(() =>
    {
        var wanted = request.Query("globalId");
        return new ApiAnswer(200, state.RemoteLinksOf[Find(request).Id]
            .Where(link => wanted is null || link.GlobalId == wanted)
            .Select(link => RemoteLink(request, link)).ToJson());
    });

    private static JsonObject RemoteLink(JiraRequest request, JiraRemoteLink link)
    {
        var json = (JsonObject)link.Body.DeepClone();
        json["id"] = link.Id;
        json["self"] = $"{request.BaseUrl}/rest/api/3/issue/{link.IssueId}/remotelink/{link.Id}";
        return json;
    }

    /// <summary>Idempotent by globalId: a second call replaces.</summary>
    private ApiAnswer PutRemoteLink(JiraRequest request)
    {
        var body = request.Body;
        if (body["object"].Get("url").Text() is null || body["object"].Get("title").Text() is null)
            throw JiraErrors.Field("object", "'url' and 'title' are required.");
        return state.Store.Write(() =>
        {
            request.RequireCaller();
            var issue = Find(request);
            var globalId = body["globalId"].Text();
            var before = globalId is null ? null : state.RemoteLinksOf[issue.Id].FirstOrDefault(link => link.GlobalId == globalId);
            var link = state.RemoteLinks.Put(new JiraRemoteLink(
                before?.Id ?? state.Store.Next(SequenceId.RemoteLink, 10_000), issue.Id, globalId, body.DeepClone()));
            return new ApiAnswer(before is null ? 201 : 200, new JsonObject
            {
                ["id"] = link.Id,
                ["self"] = $"{request.BaseUrl}/rest/api/3/issue/{issue.Id}/remotelink/{link.Id}",
            });
        });
    }

    private ApiAnswer DeleteRemoteLink(JiraRequest request) => state.Store.Write(() =>
    {
        request.RequireCaller();
        var issue = Find(request);
        var link = long.TryParse(request.Route("id"), out var id) ? state.RemoteLinks.Find(id) : null;
        if (link?.IssueId != issue.Id)
            throw JiraErrors.Message(404, $"The remote link with id '{request.Route("id")}' does not exist.");
        state.RemoteLinks.Remove(id);
        return new ApiAnswer(204);
    });
}
