using Microsoft.Net.Http.Headers;

namespace Exalate.Sandbox.Http;

internal static class Downloads
{
    /// <summary>Streams a file with ranges. Always as a download: a stored page never runs in the tracker's origin.</summary>
    public static Task SendAsync(HttpContext context, Stream content, string contentType, string fileName)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox";
        var type = MediaTypeHeaderValue.TryParse(contentType, out _) ? contentType : "application/octet-stream";
        return Results.Stream(content, type, fileName, enableRangeProcessing: true).ExecuteAsync(context);
    }
}
