namespace Exalate.Console.Hosting;

/// <summary>
/// Only this console's own pages may change something or open its live channel. A browser says whose page asks (Origin, Sec-Fetch-Site); the cookie's SameSite alone would let in any other program on
/// the same host name, whatever its port. Callers without an origin are no browsers' pages: they need a cookie and a token, or a signature, of their own.
/// </summary>
internal sealed partial class OwnPagesOnly(RequestDelegate next, ILogger<OwnPagesOnly> log)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsGuarded(request) || IsOwn(request))
            return next(context);
        LogRefused(request.Method, request.Path, request.Headers.Origin.ToString() is { Length: <= 200 } origin ? origin : "a long one", request.Host.Value);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("This request came from a page of another site. Open the console's own address and try again.", context.RequestAborted);
    }

    // Partners and trackers call by signature, from no page at all.
    private static bool IsGuarded(HttpRequest request) =>
        !request.Path.StartsWithSegments("/peer") && !request.Path.StartsWithSegments("/hooks")
        && (request.Path.StartsWithSegments("/_blazor") || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)));

    private static bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        // The browser's own word comes first: no page can set it, and it holds behind a proxy that changes the host name.
        return origin.Length == 0 || request.Headers["Sec-Fetch-Site"] == "same-origin"
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && string.Equals(page.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
                && page.Port == (request.Host.Port ?? DefaultPort(page)));
    }

    private static int DefaultPort(Uri page) => page.Scheme == Uri.UriSchemeHttps ? 443 : 80;

    [LoggerMessage(EventId = 1021, Level = LogLevel.Warning,
        Message = "{Method} {Path} was refused: it came from a page of {Origin}, and this console is at {Host}. When that is the console's own address, name the proxy before it in Exalate:Proxy:Trusted.")]
    private partial void LogRefused(string method, string path, string origin, string? host);
}
