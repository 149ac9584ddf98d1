using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;
using Exalate.Sandbox.Jira.Jql;

namespace Exalate.Sandbox.Jira.Endpoints;

/// <summary>JQL search in its enhanced form; the old one is gone.</summary>
internal sealed class SearchEndpoints(JiraState state)
{
    private const int MaxPage = 5000;
    private const int MaxReconcile = 50;

    private static readonly string[] KnownProperties =
        ["jql", "fields", "fieldsByKeys", "expand", "properties", "maxResults", "nextPageToken", "reconcileIssues"];

    public void Map(JiraRoutes routes)
    {
        routes.Get("/search", _ => throw Gone());
        routes.Post("/search", _ => throw Gone());
        routes.Get("/search/jql", request => Search(request, FromQuery(request)));
        routes.Post("/search/jql", request => Search(request, FromBody(request)));
        routes.Post("/search/approximate-count", Count);
        routes.Post("/jql/parse", Parse);
        routes.Post("/jql/match", Match);
    }

    private static ApiException Gone() => JiraErrors.Message(410,
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
        + "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046");

    private static SearchOrder FromQuery(JiraRequest request) => new()
    {
        Jql = request.Query("jql"),
        Fields = request.QueryList("fields"),
        Expand = request.QueryList("expand").ToHashSet(),
        Properties = request.QueryList("properties"),
        MaxResults = request.QueryInt("maxResults", 50),
        Token = request.Query("nextPageToken"),
        Reconcile = [.. request.QueryList("reconcileIssues").Select(text =>
            long.TryParse(text, out var id) ? id : throw JiraErrors.BadParameter("reconcileIssues", request.Context.Request.Path))],
    };

    private static SearchOrder FromBody(JiraRequest request)
    {
        var body = request.Body;
        if (body.Any(property => !KnownProperties.Contains(property.Key)) || !HasRightTypes(body))
            throw JiraErrors.Payload();
        return new SearchOrder
        {
            Jql = body["jql"].Text(),
            Fields = Texts(body["fields"]),
            Expand = (body["expand"].Text() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(),
            Properties = Texts(body["properties"]),
            MaxResults = body["maxResults"].Number() ?? 50,
            Token = body["nextPageToken"].Text(),
            Reconcile = [.. (body["reconcileIssues"] as JsonArray ?? []).Select(one => one!.GetValue<long>())],
        };
    }

    private static bool HasRightTypes(JsonObject body) =>
        body["jql"] is null or JsonValue
        && body["fields"] is null or JsonArray
        && body["properties"] is null or JsonArray
        && (body["maxResults"] is null || body["maxResults"].Number() is not null)
        && (body["nextPageToken"] is null || body["nextPageToken"].Text() is not null)
        && (body["reconcileIssues"] is null
            || (body["reconcileIssues"] is JsonArray ids && ids.All(id => id is JsonValue value && value.TryGetValue(out long _))));

    private static List<string> Texts(JsonNode? node) => [.. (node as JsonArray ?? []).Select(one => one.Text() ?? "")];

    private ApiAnswer Search(JiraRequest request, SearchOrder order)
    {
        if (order.Reconcile.Count > MaxReconcile)
            throw JiraErrors.Message(400, $"No more than {MaxReconcile} issues can be reconciled.");
        if (order.Properties.Count > 5)
            throw JiraErrors.Message(400, "No more than 5 properties can be requested.");
        return state.Store.Read(() =>
        {
            var page = Run(request, order);
            var selection = new IssueSelection(order.Fields.Count == 0 ? ["id"] : order.Fields, order.Expand, order.Properties);
            var view = new IssueView(request.View(state));
            var json = new JsonObject
            {
                ["issues"] = page.Issues.Select(issue => view.Issue(issue, selection)).ToJson(),
                ["isLast"] = page.NextToken is null,
            };
            if (page.NextToken is not null)
                json["nextPageToken"] = page.NextToken;
            return new ApiAnswer(200, json);
        });
    }

    private JqlPage Run(JiraRequest request, SearchOrder order)
    {
        try
        {
            return JqlSearch.Run(
                state, request.Caller, order.Jql, order.Reconcile, order.Token, Math.Clamp(order.MaxResults, 1, MaxPage));
        }
        catch (JqlException problem)
        {
            // An anonymous caller is not told which fields and values exist.
            if (request.Caller is null && problem.Message.Contains("does not exist", StringComparison.Ordinal))
                return new JqlPage([], null);
            throw JiraErrors.Message(400, problem.Message);
        }
    }

    private ApiAnswer Count(JiraRequest request)
    {
        var jql = request.Body["jql"].Text();
        return state.Store.Read(() => new ApiAnswer(200, new JsonObject
        {
            ["count"] = Run(request, new SearchOrder { Jql = jql, MaxResults = MaxPage }).Issues.Count,
        }));
    }

    private ApiAnswer Parse(JiraRequest request)
    {
        if (request.Body["queries"] is not JsonArray { Count: > 0 } queries)
            throw JiraErrors.Message(400, "The list of queries is empty.");
        return state.Store.Read(() => new ApiAnswer(200, new JsonObject
        {
            ["queries"] = queries.Select(query => Parsed(query.Text() ?? "", request.Caller)).ToJson(),
        }));
    }

    private JsonObject Parsed(string jql, JiraUser? caller)
    {
        var json = new JsonObject { ["query"] = jql };
        try
        {
            JqlQuery.Parse(jql).Compile(new JqlContext(state, caller));
        }
        catch (JqlException problem)
        {
            json["errors"] = new JsonArray(problem.Message);
        }

        return json;
    }

    private ApiAnswer Match(JiraRequest request)
    {
        var body = request.Body;
        return state.Store.Read(() =>
        {
            var issues = (body["issueIds"] as JsonArray ?? []).Select(id => long.TryParse(id.TextOrNumber(), out var number) ? state.Issues.Find(number) : null)
                .OfType<JiraIssue>().ToList();
            return new ApiAnswer(200, new JsonObject
            {
                ["matches"] = (body["jqls"] as JsonArray ?? []).Select(jql => Matched(jql.Text() ?? "", issues, request.Caller)).ToJson(),
            });
        });
    }

    private JsonObject Matched(string jql, List<JiraIssue> issues, JiraUser? caller)
    {
        try
        {
            var matches = JqlQuery.Parse(jql).Compile(new JqlContext(state, caller));
            return new JsonObject
            {
                ["matchedIssues"] = (caller is null ? [] : issues.Where(matches)).Select(issue => (JsonNode)issue.Id).ToJson(),
                ["errors"] = new JsonArray(),
            };
        }
        catch (JqlException problem)
        {
            return new JsonObject { ["matchedIssues"] = new JsonArray(), ["errors"] = new JsonArray(problem.Message) };
        }
    }

    private sealed record SearchOrder
    {
        public string? Jql { get; init; }

        public IReadOnlyList<string> Fields { get; init; } = [];

        public IReadOnlySet<string> Expand { get; init; } = new HashSet<string>();

        public IReadOnlyList<string> Properties { get; init; } = [];

        public int MaxResults { get; init; } = 50;

        public string? Token { get; init; }

        public IReadOnlyList<long> Reconcile { get; init; } = [];
    }
}
