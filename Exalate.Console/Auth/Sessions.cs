using System.Security.Claims;
using Exalate.Core;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Auth;

/// <summary>
/// What is over at once for every request and every open tab of this process: the session of a browser that signed out, and all sessions that were opened with credentials which
/// have changed since. Both are marks in the cookie. Other processes on the same database follow within a minute for changed credentials; they learn nothing of a sign-out, which takes
/// the cookie out of the browser all the same.
/// </summary>
internal sealed class Sessions(IOptions<IdentityOptions> identity, TimeProvider time)
{
    private const string ClaimType = "exalate:session";

    /// <summary>As long as a cookie lasts; an older one is refused for its age.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> ended = [];

    /// <summary>Something is over: whoever holds a principal looks again, but for the named tab, whose page is being left already.</summary>
    public event Action<string?>? Changed;

    /// <summary>Names one sign-in of one browser.</summary>
    public static Claim New(Guid id) => new(ClaimType, id.ToString("N"));

    /// <summary>Identity makes a new principal every minute; it is the same session.</summary>
    public static void Keep(ClaimsPrincipal? before, ClaimsPrincipal? after)
    {
        if (before?.FindFirst(ClaimType) is { } session && after?.Identity is ClaimsIdentity renewed && !after.HasClaim(claim => claim.Type == ClaimType))
            renewed.AddClaim(session.Clone());
    }

    /// <summary>The browser signed out: its other tabs are over, too.</summary>
    /// <param name="inTab"><see cref="Tab.Id"/> of the one where the button was pressed; null when it is not known.</param>
    public void EndOf(ClaimsPrincipal user, string? inTab) => End(user.FindFirstValue(ClaimType), inTab);

    /// <summary>Credentials changed, or their owner was deleted: every session that was opened with them is over.</summary>
    public void EndAllWith(string? securityStamp) => End(securityStamp, null);

    public bool IsOver(ClaimsPrincipal user)
    {
        lock (gate)
            return IsEnded(user.FindFirstValue(ClaimType)) || IsEnded(user.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType));
    }

    private void End(string? mark, string? inTab)
    {
        if (mark is null)
            return;
        var now = time.GetUtcNow();
        lock (gate)
        {
            foreach (var old in ended.Where(one => one.Value < now).Select(one => one.Key).ToList())
                ended.Remove(old);
            ended[mark] = now + Lifetime;
        }

        Changed?.Invoke(inTab);
    }

    private bool IsEnded(string? mark) => mark is not null && ended.ContainsKey(mark);
}

/// <summary>One open tab, as long as its circuit lives.</summary>
internal sealed class Tab(IRandomSource random)
{
    public string Id { get; } = random.NewGuid().ToString("N");
}
