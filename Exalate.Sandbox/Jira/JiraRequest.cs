using System.Text.Json;
using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira;

/// <summary>One call of Jira's API.</summary>
internal sealed class JiraRequest(HttpContext context, JiraUser? caller, bool isV2, JsonNode? body)
{
    public HttpContext Context { get; } = context;

    /// <summary>Null for an anonymous call.</summary>
    public JiraUser? Caller { get; } = caller;

    /// <summary>Texts are wiki markup instead of documents.</summary>
    public bool IsV2 { get; } = isV2;

    /// <summary>The site's address as this caller typed it.</summary>
    public string BaseUrl { get; } = $"{context.Request.Scheme}://{context.Request.Host}";

    public JsonNode? RawBody { get; } = body;

    /// <exception cref="ApiException">400: the body is no JSON object.</exception>
    public JsonObject Body => RawBody as JsonObject ?? throw JiraErrors.Payload();

    public JiraUser RequireCaller() => Caller ?? throw JiraErrors.NotLoggedIn();

    public string Route(string name) => (string)Context.Request.RouteValues[name]!;

    public string? Query(string name) => Context.Request.Query.TryGetValue(name, out var value) ? (string?)value : null;

    /// <summary>Values of a list parameter, repeated or separated by commas.</summary>
    public IReadOnlyList<string> QueryList(string name) =>
    [
        .. Context.Request.Query[name]
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    ];

    public int QueryInt(string name, int fallback) =>
        Query(name) is not { Length: > 0 } text
            ? fallback
            : int.TryParse(text, out var number) ? number : throw JiraErrors.BadParameter(name, Context.Request.Path);

    public bool QueryFlag(string name, bool fallback = false) =>
        Query(name) is not { Length: > 0 } text
            ? fallback
            : bool.TryParse(text, out var flag) ? flag : throw JiraErrors.BadParameter(name, Context.Request.Path);

    /// <summary>Parses the body, unless it is a form.</summary>
    public static async Task<JsonNode?> ReadBodyAsync(HttpContext context)
    {
        var request = context.Request;
        var hasBody = request.ContentLength is > 0 || request.Headers.ContainsKey("Transfer-Encoding");
        if (!hasBody || request.HasFormContentType)
            return null;
        if (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true)
            throw JiraErrors.Problem(415, "Unsupported Media Type", $"Content-Type '{request.ContentType}' is not supported.", request.Path);
        try
        {
            return await JsonText.ParseAsync(request.Body, context.RequestAborted);
        }
        catch (JsonException)
        {
            throw JiraErrors.Message(400, "There was an error parsing JSON. Check that your request body is valid.");
        }
    }
}
