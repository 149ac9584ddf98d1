using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Faults;

/// <summary>The /_sandbox paths that tests steer the sandbox with. Reachable from this machine alone, like everything here.</summary>
internal sealed class ControlEndpoints(IReadOnlyDictionary<string, TrackerFaults> trackers, string self)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/_sandbox/faults", context => AnswerAsync(context, body => Add(body)));
        routes.MapGet("/_sandbox/faults", context => AnswerAsync(context, _ => List(context)));
        routes.MapDelete("/_sandbox/faults", context => AnswerAsync(context, _ => Clear(context)));
        routes.MapGet("/_sandbox/log", context => AnswerAsync(context, _ => Log(context)));
        routes.MapDelete("/_sandbox/log", context => AnswerAsync(context, _ => ClearLog(context)));
        routes.MapPost("/_sandbox/webhooks", context => AnswerAsync(context, body => Webhooks(body)));
    }

    private static async Task AnswerAsync(HttpContext context, Func<JsonObject, ApiAnswer> handle)
    {
        ApiAnswer answer;
        try
        {
            var body = context.Request.ContentLength is null or 0 && !context.Request.Headers.ContainsKey("Transfer-Encoding")
                ? null
                : await JsonText.ParseAsync(context.Request.Body, context.RequestAborted);
            answer = handle(body as JsonObject ?? []);
        }
        catch (Exception problem) when (problem is JsonException or RegexParseException or ArgumentException)
        {
            answer = new ApiAnswer(400, new JsonObject { ["error"] = problem.Message });
        }

        await answer.SendAsync(context);
    }

    private ApiAnswer Add(JsonObject order)
    {
        var rule = TrackerOf(order["tracker"].Text()).Add(order);
        return new ApiAnswer(201, new JsonObject { ["id"] = rule.Id });
    }

    private ApiAnswer List(HttpContext context) =>
        new(200, TrackerOf(context.Request.Query["tracker"]).Rules.Select(rule => (JsonNode)new JsonObject
        {
            ["id"] = rule.Id,
            ["method"] = rule.Method,
            ["path"] = rule.Path.ToString(),
            ["remaining"] = rule.Remaining,
        }).ToJson());

    private ApiAnswer Clear(HttpContext context)
    {
        foreach (var tracker in Chosen(context))
            tracker.Clear();
        return new ApiAnswer(204);
    }

    private ApiAnswer Log(HttpContext context)
    {
        var after = long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new(200, TrackerOf(context.Request.Query["tracker"]).Log
            .Where(entry => entry.Number > after)
            .Select(entry => JsonSerializer.SerializeToNode(entry, JsonSerializerOptions.Web)).ToJson());
    }

    private ApiAnswer ClearLog(HttpContext context)
    {
        foreach (var tracker in Chosen(context))
            tracker.ClearLog();
        return new ApiAnswer(204);
    }

    private ApiAnswer Webhooks(JsonObject order)
    {
        var deliveries = TrackerOf(order["tracker"].Text()).Deliveries;
        var pause = order["resume"].Flag() == true ? false : order["pause"].Flag();
        deliveries.Set(pause, order["duplicate"].Flag(), order["drop"].Number());
        return new ApiAnswer(200, new JsonObject
        {
            ["paused"] = deliveries.Paused,
            ["duplicate"] = deliveries.Duplicate,
            ["drop"] = deliveries.Drop,
        });
    }

    private IEnumerable<TrackerFaults> Chosen(HttpContext context) =>
        context.Request.Query["tracker"].ToString() is { Length: > 0 } name ? [TrackerOf(name)] : trackers.Values;

    private TrackerFaults TrackerOf(string? name) =>
        trackers.GetValueOrDefault(string.IsNullOrEmpty(name) ? self : name)
        ?? throw new ArgumentException($"tracker: one of {string.Join(", ", trackers.Keys)}");
}
