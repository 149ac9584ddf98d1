using System.Text.Json.Nodes;

namespace Exalate.Sandbox.Http;

/// <summary>What an endpoint answers.</summary>
/// <param name="Body">Null: no body at all.</param>
internal sealed record ApiAnswer(int Status, JsonNode? Body = null, string ContentType = "application/json;charset=UTF-8")
{
    /// <summary>For answers that are no JSON: streams, redirects.</summary>
    public Func<HttpContext, Task>? Custom { get; init; }

    public async Task SendAsync(HttpContext context)
    {
        if (Custom is not null)
        {
            await Custom(context);
            return;
        }

        context.Response.StatusCode = Status;
        // Also without a body: Jira's 204 names the type, and its API description demands it.
        context.Response.ContentType = ContentType;
        if (Body is null)
            return;
        var bytes = JsonText.WriteBytes(Body);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}

/// <summary>An endpoint's refusal, in the vendor's words.</summary>
internal sealed class ApiException(ApiAnswer answer) : Exception($"Answered {answer.Status}.")
{
    public ApiAnswer Answer { get; } = answer;
}
