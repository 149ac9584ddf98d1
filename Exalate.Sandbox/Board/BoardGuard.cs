using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Board;

/// <summary>
/// Board and control paths have no sign-in, so they answer only to this machine under its own names, and take changes only from their own pages:
/// a web page elsewhere can neither read nor steer them through somebody's browser.
/// </summary>
internal static class BoardGuard
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next, Func<PathString, bool> isApi)
    {
        if (isApi(context.Request.Path))
        {
            await next(context);
            return;
        }

        var problem = !LoopbackAddresses.Is(context.Request.Host.Host)
            ? "The board answers only under localhost and loopback addresses."
            : !IsSafe(context.Request.Method) && !IsSameOrigin(context.Request) ? "The board takes changes only from its own pages." : null;
        if (problem is not null)
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync(problem, context.RequestAborted);
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        await next(context);
    }

    private static bool IsSafe(string method) => method is "GET" or "HEAD";

    /// <summary>A browser always says where a form comes from; a client that says nothing is no browser.</summary>
    private static bool IsSameOrigin(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none"))
            return false;
        return request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
