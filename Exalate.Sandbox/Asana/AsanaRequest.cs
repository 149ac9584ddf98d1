using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>One call of Asana's API, or one action of a batch.</summary>
internal sealed class AsanaRequest(
    HttpContext context, AsanaUser caller, IReadOnlyDictionary<string, string> query, IReadOnlyDictionary<string, string> route, JsonNode? body)
{
    public const string BasePath = "/api/1.0";

    public HttpContext Context { get; } = context;

    public AsanaUser Caller { get; } = caller;

    public string SiteUrl { get; } = $"{context.Request.Scheme}://{context.Request.Host}";

    public string Path { get; init; } = context.Request.Path.Value!;

    public IReadOnlyDictionary<string, string> QueryValues => query;

    /// <summary>The <c>data</c> of the body.</summary>
    /// <exception cref="ApiException">400: there is none.</exception>
    public JsonObject Data => body.Get("data") as JsonObject
        ?? throw AsanaErrors.BadRequest(body is null
            ? "Could not parse request data, invalid JSON"
            : "Request body must include a 'data' field: see https://developers.asana.com/docs/input-output-options");

    public string Route(string name) => route[name];

    public long Gid(string name) => AsanaState.Id(route[name]);

    public string? Query(string name) => query.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public FieldTree? Fields => FieldTree.Parse(
        (Query("opt_fields") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Concat((body.Get("options").Get("fields") as JsonArray ?? []).Select(field => field.Text() ?? "")));

    /// <summary>Null: no page was asked for.</summary>
    public int? Limit
    {
        get
        {
            if (Query("limit") is not { } text)
                return null;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= 100
                ? limit
                : throw AsanaErrors.BadRequest("limit: Must be a number between 1 and 100");
        }
    }

    public bool? Flag(string name) => Query(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw AsanaErrors.BadRequest($"{name}: Not a boolean: {other}"),
    };

    public DateTimeOffset? Time(string name) => Query(name) switch
    {
        null => null,
        "now" => DateTimeOffset.MaxValue,
        var text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw AsanaErrors.BadRequest($"{name}: Not a valid date: {text}"),
    };

    public static async Task<AsanaRequest> ReadAsync(HttpContext context, AsanaUser caller)
    {
        var request = context.Request;
        JsonNode? body = null;
        var hasBody = request.ContentLength is > 0 || request.Headers.ContainsKey("Transfer-Encoding");
        if (hasBody && request.HasFormContentType && request.ContentType!.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            // The older way to write: form fields are the data.
            var form = await request.ReadFormAsync(context.RequestAborted);
            body = new JsonObject { ["data"] = new JsonObject(form.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, field.Value.ToString()))) };
        }
        else if (hasBody && !request.HasFormContentType)
        {
            try
            {
                body = await JsonText.ParseAsync(request.Body, context.RequestAborted);
            }
            catch (JsonException)
            {
                throw AsanaErrors.BadRequest("Could not parse request data, invalid JSON");
            }
        }

        return new AsanaRequest(
            context, caller,
            request.Query.ToDictionary(one => one.Key, one => string.Join(',', one.Value.AsEnumerable())),
            request.RouteValues.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? ""),
            body);
    }
}
