using System.Security.Claims;
using Exalate.Core.Access;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Auth;

/// <summary>Looks once a minute whether the admin behind an open circuit still exists and kept the same credentials; what ends in this process ends here at once.</summary>
internal sealed class AdminAuthenticationState : RevalidatingServerAuthenticationStateProvider
{
    private readonly IServiceScopeFactory scopes;
    private readonly IOptions<IdentityOptions> identity;
    private readonly Sessions sessions;
    private readonly Tab tab;
    private volatile ClaimsPrincipal? user;
    private Task keeping = Task.CompletedTask;

    public AdminAuthenticationState(ILoggerFactory logs, IServiceScopeFactory scopes, IOptions<IdentityOptions> identity, Sessions sessions, Tab tab)
        : base(logs)
    {
        (this.scopes, this.identity, this.sessions, this.tab) = (scopes, identity, sessions, tab);
        AuthenticationStateChanged += state => keeping = KeepAsync(state);
        sessions.Changed += EndIfOver;
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AdminUser>>();
        var admin = await users.GetUserAsync(authenticationState.User);
        return admin is not null && !sessions.IsOver(authenticationState.User)
            && authenticationState.User.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) == await users.GetSecurityStampAsync(admin);
    }

    protected override void Dispose(bool disposing)
    {
        sessions.Changed -= EndIfOver;
        base.Dispose(disposing);
    }

    private async Task KeepAsync(Task<AuthenticationState> state) => user = (await state).User;

    private void EndIfOver(string? butNotIn)
    {
        if (butNotIn != tab.Id && user is { } known && sessions.IsOver(known))
            SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
    }
}
