using System.Threading.RateLimiting;
using Exalate.Console.Hosting;
using Exalate.Core.Access;
using Exalate.Core.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Exalate.Console.Auth;

internal static class AccessServices
{
    public const string EntryLimit = "entry";
    private const int EntriesPerMinute = 60;

    /// <summary>Sign-in with cookie and lock-out; every page asks for it unless it says otherwise.</summary>
    public static void AddAccess(this IServiceCollection services, NodeDataFolder folder, bool isDemo)
    {
        services.AddSingleton(new DemoPasswords(isDemo));
        services.AddSingleton<SetupLink>();
        services.AddSingleton<AccessJournal>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<FirstAdmin>();
        services.AddScoped<Entry>();
        services.AddIdentity();
        services.AddCookies(folder);
        services.AddScoped<AuthenticationStateProvider, AdminAuthenticationState>();
        services.AddCascadingAuthenticationState();
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme).RequireAuthenticatedUser().Build());
        services.AddEntryLimit();
    }

    private static void AddIdentity(this IServiceCollection services)
    {
        services.AddIdentityCore<AdminUser>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                identity.User.AllowedUserNameCharacters = "";
                // PasswordRules has the say.
                identity.Password = new PasswordOptions { RequiredLength = 1, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
                identity.Lockout.MaxFailedAccessAttempts = 5;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddUserStore<AdminUserStore>()
            .AddPasswordValidator<PasswordRules>()
            .AddSignInManager();
        // What another process changed ends a session within a minute; what this one changed, at once (Sessions).
        services.Configure<SecurityStampValidatorOptions>(stamps =>
        {
            stamps.ValidationInterval = TimeSpan.FromMinutes(1);
            stamps.OnRefreshingPrincipal = renewing =>
            {
                Sessions.Keep(renewing.CurrentPrincipal, renewing.NewPrincipal);
                return Task.CompletedTask;
            };
        });
    }

    private static void AddCookies(this IServiceCollection services, NodeDataFolder folder)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookies =>
        {
            cookies.Cookie.Name = $".Exalate.{folder.NodeId}.auth";
            cookies.Cookie.HttpOnly = true;
            // Lax: the browser that comes from another company's console to /connections/accept is still signed in here.
            cookies.Cookie.SameSite = SameSiteMode.Lax;
            cookies.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookies.LoginPath = "/sign-in";
            cookies.AccessDeniedPath = "/sign-in";
            cookies.ReturnUrlParameter = "returnUrl";
            cookies.ExpireTimeSpan = Sessions.Lifetime;
            cookies.SlidingExpiration = true;
            cookies.Events.OnValidatePrincipal = ValidateAsync;
            cookies.Events.OnRedirectToLogin = context =>
            {
                if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/_blazor"))
                    context.Response.Redirect(context.RedirectUri);
                else
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            };
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = $".Exalate.{folder.NodeId}.antiforgery";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // SecurityHeaders refuses framing for every answer.
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        await SecurityStampValidator.ValidatePrincipalAsync(context);
        if (context.Principal is not { } user || !context.HttpContext.RequestServices.GetRequiredService<Sessions>().IsOver(user))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }

    // Lock-out guards each account; this guards the processor, which has to hash every attempt.
    private static void AddEntryLimit(this IServiceCollection services) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = async (context, cancellationToken) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "60";
                await context.HttpContext.Response.WriteAsync("Too many attempts from this address. Wait a minute and try again.", cancellationToken);
            };
            limiter.AddPolicy(EntryLimit, context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    AddressGroup.Of(context.Connection.RemoteIpAddress),
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = EntriesPerMinute, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter(""));
        });
}
