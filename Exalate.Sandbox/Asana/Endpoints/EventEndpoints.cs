using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana.Endpoints;

/// <summary>Event streams with sync tokens.</summary>
internal sealed class EventEndpoints(AsanaState state)
{
    private const int PageSize = 100;
    private const int WorkspacePageSize = 1000;

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);

    public void Map(AsanaRoutes routes)
    {
        routes.Get("/events", request => Read(request, request.Query("resource") ?? throw AsanaErrors.MissingInput("resource"), PageSize));
        routes.Get("/workspaces/{workspace}/events", request => Read(request, request.Route("workspace"), WorkspacePageSize));
    }

    private ApiAnswer Read(AsanaRequest request, string gid, int pageSize) => state.Store.Read(() =>
    {
        var resource = state.Resource(gid);
        var last = state.Events.All.LastOrDefault()?.Id ?? 0;
        var purpose = $"sync:{resource.Id}";
        if (request.Query("sync") is not { } sync || Position(purpose, sync) is not { } position)
            throw AsanaErrors.SyncToken(Token(purpose, last));
        var waiting = state.Events.All.Where(one => one.Id > position && one.Streams.Contains(resource.Id)).Take(pageSize + 1).ToList();
        var page = waiting.Take(pageSize).ToList();
        var hasMore = waiting.Count > page.Count;
        var view = request.View(state);
        return new ApiAnswer(200, new JsonObject
        {
            ["data"] = page.Select(one => View(view, one)).ToJson(),
            ["sync"] = Token(purpose, hasMore ? page[^1].Id : Math.Max(position, last)),
            ["has_more"] = hasMore,
        });
    });

    /// <summary>Null: not ours, too old, or what it continues from was dropped.</summary>
    private long? Position(string purpose, string sync)
    {
        if (state.Tokens.Read(purpose, sync)?.Split(':') is not [var id, var at])
            return null;
        var position = long.Parse(id);
        var first = state.Events.All.FirstOrDefault()?.Id ?? 1;
        var isFresh = DateTimeOffset.FromUnixTimeSeconds(long.Parse(at)) + TokenLife > state.Time.GetUtcNow();
        return isFresh && position >= first - 1 ? position : null;
    }

    private string Token(string purpose, long position) => state.Tokens.Write(purpose, $"{position}:{state.Time.GetUtcNow().ToUnixTimeSeconds()}");

    private JsonObject View(AsanaView view, AsanaEvent one)
    {
        var json = EventLog.Compact(one);
        json["type"] = one.Resource.Type;
        json["user"] = view.UserOrNull(one.UserId, new FieldTree());
        json["resource"] = Named(one.Resource);
        json["parent"] = one.Parent is null ? null : Named(one.Parent);
        return json;
    }

    private JsonObject Named(AsanaReference one)
    {
        var json = EventLog.Reference(one);
        json["name"] = one.Type switch
        {
            "task" => state.Tasks.Find(one.Id)?.Name,
            "project" => state.Projects.Find(one.Id)?.Name,
            "section" => state.Sections.Find(one.Id)?.Name,
            "attachment" => state.Attachments.Find(one.Id)?.Name,
            _ => null,
        } ?? "";
        return json;
    }
}
