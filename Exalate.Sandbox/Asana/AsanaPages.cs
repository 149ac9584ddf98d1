using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Lists with limit and offset. An offset is valid only when it was handed out, for the same list.</summary>
internal static class AsanaPages
{
    private const int WithoutLimit = 1000;

    public static AsanaView View(this AsanaRequest request, AsanaState state) => new(state, request.SiteUrl);

    /// <param name="items">In the order of their ids.</param>
    public static ApiAnswer List<T>(AsanaRequest request, AsanaState state, IEnumerable<T> items, Func<T, long> idOf, Shape<T> shape)
    {
        var limit = request.Limit;
        var after = After(request, state);
        var found = items.Where(item => idOf(item) > after).Take((limit ?? WithoutLimit) + 1).ToList();
        var page = found.Take(limit ?? WithoutLimit).ToList();
        var fields = request.Fields;
        return new ApiAnswer(200, new JsonObject
        {
            ["data"] = page.Select(item => shape.Listed(item, fields)).ToJson(),
            ["next_page"] = limit is { } size && found.Count > page.Count ? Next(request, state, size, idOf(page[^1])) : null,
        });
    }

    private static long After(AsanaRequest request, AsanaState state)
    {
        if (request.Query("offset") is not { } offset)
            return 0;
        return request.Limit is not null && state.Tokens.Read("offset:" + ListOf(request), offset) is { } text
            ? long.Parse(text)
            : throw AsanaErrors.BadRequest("offset: Your pagination token has expired or is invalid.");
    }

    private static JsonObject Next(AsanaRequest request, AsanaState state, int limit, long last)
    {
        var offset = state.Tokens.Write("offset:" + ListOf(request), last.ToString());
        var list = ListOf(request);
        var path = $"{list}{(list.Contains('?') ? '&' : '?')}limit={limit}&offset={offset}";
        return new JsonObject
        {
            ["offset"] = offset,
            ["path"] = path,
            ["uri"] = $"{request.SiteUrl}{AsanaRequest.BasePath}{path}",
        };
    }

    /// <summary>Path and query without the page: what identifies the list.</summary>
    private static string ListOf(AsanaRequest request)
    {
        var path = request.Path.StartsWith(AsanaRequest.BasePath, StringComparison.Ordinal) ? request.Path[AsanaRequest.BasePath.Length..] : request.Path;
        var query = string.Join('&', request.QueryValues
            .Where(one => one.Key is not ("limit" or "offset" or "opt_pretty"))
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }
}
