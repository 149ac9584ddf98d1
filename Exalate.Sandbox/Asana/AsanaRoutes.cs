using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

internal delegate Task<ApiAnswer> AsanaHandler(AsanaRequest request);

/// <summary>The paths of Asana's API. A table of its own, because a batch calls them without HTTP.</summary>
internal sealed class AsanaRoutes
{
    private readonly List<(string Method, string[] Segments, AsanaHandler Handler)> routes = [];

    public void Get(string path, Func<AsanaRequest, ApiAnswer> handle) => Add("GET", path, request => Task.FromResult(handle(request)));

    public void Post(string path, Func<AsanaRequest, ApiAnswer> handle) => Add("POST", path, request => Task.FromResult(handle(request)));

    public void Put(string path, Func<AsanaRequest, ApiAnswer> handle) => Add("PUT", path, request => Task.FromResult(handle(request)));

    public void Delete(string path, Func<AsanaRequest, ApiAnswer> handle) => Add("DELETE", path, request => Task.FromResult(handle(request)));

    public void Add(string method, string path, AsanaHandler handle) => routes.Add((method, Split(path), handle));

    /// <summary>The handler of a call and the values in its path; null when no path fits.</summary>
    public (AsanaHandler Handler, Dictionary<string, string> Values)? Find(string method, string path)
    {
        var segments = Split(path);
        foreach (var route in routes)
        {
            if (route.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && Match(route.Segments, segments) is { } values)
                return (route.Handler, values);
        }

        return null;
    }

    public static ApiAnswer Data(JsonNode? data, int status = 200) => new(status, new JsonObject { ["data"] = data });

    public static ApiAnswer Empty() => Data(new JsonObject());

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, string>? Match(string[] route, string[] path)
    {
        if (route.Length != path.Length)
            return null;
        var values = new Dictionary<string, string>();
        for (var index = 0; index < route.Length; index++)
        {
            if (route[index][0] == '{')
                values[route[index][1..^1]] = Uri.UnescapeDataString(path[index]);
            else if (route[index] != path[index])
                return null;
        }

        return values;
    }
}
