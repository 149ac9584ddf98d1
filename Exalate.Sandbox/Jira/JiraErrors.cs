using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira;

/// <summary>Jira's refusals, word for word where the words are known.</summary>
internal static class JiraErrors
{
    public static ApiException NotLoggedIn() => Message(401, "Client must be authenticated to access this resource.");

    public static ApiException IssueNotFound() => Message(404, "Issue does not exist or you do not have permission to see it.");

    public static ApiException ProjectNotFound(string key) => Message(404, $"No project could be found with key '{key}'.");

    public static ApiException CommentNotFound(string id) => Message(404, $"Can not find a comment for the id: {id}.");

    public static ApiException AttachmentNotFound(string id) => Message(404, $"The attachment with id '{id}' does not exist");

    public static ApiException Payload() =>
        new(new ApiAnswer(400, new JsonObject
        {
            ["errorMessages"] = new JsonArray("Invalid request payload. Refer to the REST API documentation and try again."),
        }));

    public static ApiException Message(int status, string message) =>
        new(new ApiAnswer(status, new JsonObject { ["errorMessages"] = new JsonArray(message), ["errors"] = new JsonObject() }));

    public static ApiException Field(string field, string message) => Fields(new JsonObject { [field] = message });

    public static ApiException Fields(JsonObject errors) =>
        new(new ApiAnswer(400, new JsonObject { ["errorMessages"] = new JsonArray(), ["errors"] = errors }));

    public static ApiException BadParameter(string name, string path) =>
        Problem(400, "Bad Request", $"Failed to convert '{name}' to the required type.", path);

    /// <summary>The shape of answers that come from the layer below Jira's own error handling.</summary>
    public static ApiException Problem(int status, string title, string detail, string path) =>
        new(new ApiAnswer(status, new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = title,
            ["status"] = status,
            ["detail"] = detail,
            ["instance"] = path,
        }, "application/problem+json"));
}
