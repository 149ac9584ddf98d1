using Microsoft.AspNetCore.Antiforgery;

namespace Exalate.Console.Auth;

/// <summary>
/// A form that was opened before its anti-forgery token became void (someone signed in in another tab, the key ring was replaced) is shown again
/// with a fresh one. The bare 400 of the framework would leave a person at the door without a word.
/// </summary>
internal sealed class AntiforgeryRenewal(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } && (path.StartsWithSegments("/sign-in") || path.StartsWithSegments("/setup")))
        {
            context.Response.Redirect(path + context.Request.QueryString);
            return Task.CompletedTask;
        }

        return next(context);
    }
}
