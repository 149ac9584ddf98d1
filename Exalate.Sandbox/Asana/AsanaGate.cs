using Exalate.Sandbox.Http;

namespace Exalate.Sandbox.Asana;

/// <summary>Signs in, finds the handler, answers.</summary>
internal sealed class AsanaGate(AsanaState state, AsanaRoutes routes)
{
    public const string CallerItem = "asana.caller";

    public static bool IsApi(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/_files");

    public async Task HandleAsync(HttpContext context)
    {
        ApiAnswer answer;
        try
        {
            var caller = Find(context.Request.Headers.Authorization.ToString()) ?? throw AsanaErrors.NotAuthorized();
            context.Items[CallerItem] = caller;
            var path = context.Request.Path.Value![AsanaRequest.BasePath.Length..];
            var (handler, values) = routes.Find(context.Request.Method, path) ?? throw AsanaErrors.NoPath();
            foreach (var (name, value) in values)
                context.Request.RouteValues[name] = value;
            answer = await handler(await AsanaRequest.ReadAsync(context, caller));
        }
        catch (ApiException refusal)
        {
            answer = refusal.Answer;
            if (answer.Status == 401)
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"Asana\"";
        }

        await answer.SendAsync(context);
    }

    private AsanaUser? Find(string header) =>
        header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? state.Store.Read(() => state.Users.All.FirstOrDefault(user => user.Token == header[7..].Trim()))
            : null;
}
