using System.Text;
using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Jira;

/// <summary>What happens to an API call before its handler: version, sign-in; and to one that no handler takes.</summary>
internal sealed class JiraGate(JiraState state)
{
    public static bool IsApi(PathString path) => path.StartsWithSegments("/rest") || path.StartsWithSegments("/_media");

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var original = context.Request.Path;
        if (!original.StartsWithSegments("/rest"))
        {
            await next(context);
            return;
        }

        if (original.StartsWithSegments("/rest/api/2", out var rest))
        {
            context.Items[JiraRoutes.V2Item] = true;
            context.Request.Path = "/rest/api/3" + rest;
        }
        else if (original.StartsWithSegments("/rest/api/latest", out rest))
        {
            context.Request.Path = "/rest/api/3" + rest;
        }

        try
        {
            SignIn(context);
        }
        catch (ApiException refusal)
        {
            context.Response.Headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED";
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Jira\"";
            await refusal.Answer.SendAsync(context);
            return;
        }

        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: 405 })
        {
            await JiraErrors.Problem(405, "Method Not Allowed", $"Method '{context.Request.Method}' is not supported.", original)
                .Answer.SendAsync(context);
        }
    }

    public static Task NoEndpointAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        return JiraErrors.Problem(404, "Not Found", $"No endpoint {method} {path}.", path).Answer.SendAsync(context);
    }

    private void SignIn(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return;
        var caller = Find(header) ?? throw JiraErrors.NotLoggedIn();
        context.Items[JiraRoutes.CallerItem] = caller;
        context.Response.Headers["X-AAccountId"] = Uri.EscapeDataString(caller.AccountId);
    }

    private JiraUser? Find(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length))
            return null;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length != 2
            ? null
            : state.Store.Read(() => state.Users.All.FirstOrDefault(user =>
                user.Email.Equals(parts[0], StringComparison.OrdinalIgnoreCase) && user.Token == parts[1]));
    }
}
