using Exalate.Console.Auth;
using Exalate.Console.Endpoints;
using Exalate.Console.Health;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>What a request passes, from the door to the page.</summary>
internal static class NodePipeline
{
    public static void UseNodePipeline(this WebApplication app, string programFolder)
    {
        if (app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.IsUsed)
            app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseHsts();
        app.UseMiddleware<UnhandledErrors>();
        app.UseMiddleware<OwnPagesOnly>();
        // Only people get pages; a partner's node or a tracker gets the bare answer.
        app.UseWhen(IsForPeople, people => people.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<AntiforgeryRenewal>();
        app.MapNode(programFolder);
    }

    private static void MapNode(this WebApplication app, string programFolder)
    {
        app.MapStaticAssets(Path.Combine(programFolder, "Exalate.Console.staticwebassets.endpoints.json")).AllowAnonymous();
        app.MapHealth();
        app.MapSignOut();
        // These check signatures of their own; everything else asks for an admin.
        app.MapPeerEndpoints();
        app.MapWebhookEndpoints();
        app.MapDownloads();
        app.MapRazorComponents<App>()
            // Framing is refused by SecurityHeaders, for every answer; the framework's own, weaker header would only stand beside it.
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
    }

    private static bool IsForPeople(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && !context.Request.Path.StartsWithSegments("/peer") && !context.Request.Path.StartsWithSegments("/hooks") && !context.Request.Path.StartsWithSegments("/health")
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
