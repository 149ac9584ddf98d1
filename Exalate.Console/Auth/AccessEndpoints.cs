using Microsoft.AspNetCore.Antiforgery;

namespace Exalate.Console.Auth;

internal static class AccessEndpoints
{
    /// <summary>POST /sign-out. The form of the layout carries the anti-forgery token: no other site can sign someone out.</summary>
    public static void MapSignOut(this IEndpointRouteBuilder app) =>
        app.MapPost("/sign-out", async (HttpContext context, IAntiforgery antiforgery, Entry entry) =>
        {
            // A form that got too old, or a second click: nobody is signed in any more, or the start page shows the button again.
            if (await antiforgery.IsRequestValidAsync(context))
                await entry.SignOutAsync(context.User, context.Request.Form["tab"], context.RequestAborted);
            return Results.LocalRedirect("/sign-in");
        }).AllowAnonymous();
}
