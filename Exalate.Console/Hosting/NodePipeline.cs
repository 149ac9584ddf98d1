namespace Exalate.Console.Hosting;

/// <summary>What a request passes, from the door to the page.</summary>
internal static class NodePipeline
{
    public static void UseNodePipeline(this WebApplication app, string programFolder)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler("/problem", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapStaticAssets(Path.Combine(programFolder, "Exalate.Console.staticwebassets.endpoints.json")).AllowAnonymous();
        app.MapRazorComponents<App>()
            // Framing is refused by SecurityHeaders, for every answer; the framework's own, weaker header would only stand beside it.
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        // Peer API and webhooks: MapPeerEndpoints() and MapWebhookEndpoints() belong here.
    }
}
