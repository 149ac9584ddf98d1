using System.Text.Json.Nodes;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Asana's refusals.</summary>
internal static class AsanaErrors
{
    private const string Help = "For more information on API status codes and how to handle them, read the docs on errors: https://developers.asana.com/docs/errors";

    public static ApiException BadRequest(string message) => new(new ApiAnswer(400, Body(message, Help)));

    public static ApiException MissingInput(string field) => BadRequest($"{field}: Missing input");

    public static ApiException NotAuthorized() => new(new ApiAnswer(401, Body("Not Authorized")));

    public static ApiException PaymentRequired(string message) => new(new ApiAnswer(402, Body(message, Help)));

    public static ApiException Forbidden(string message) => new(new ApiAnswer(403, Body(message, Help)));

    public static ApiException Unknown(string what, string? gid) => new(new ApiAnswer(404, Body($"{what}: Unknown object: {gid}", Help)));

    public static ApiException NoPath() => new(new ApiAnswer(404, Body("No matching route for request", Help)));

    public static ApiException SyncToken(string sync)
    {
        var body = Body("Sync token invalid or too old. If you are attempting to keep resources in sync, you must fetch the full dataset for this query "
            + "now and use the new sync token for the next sync.");
        body["sync"] = sync;
        return new ApiException(new ApiAnswer(412, body));
    }

    public static JsonObject Body(string message, string? help = null)
    {
        var error = new JsonObject { ["message"] = message };
        if (help is not null)
            error["help"] = help;
        return new JsonObject { ["errors"] = new JsonArray(error) };
    }
}
