using System.Net.Http.Headers;
using System.Text;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>Where a Jira Cloud site is, made from what the admin typed.</summary>
/// <param name="Url">Without a slash at the end. Example: "https://acme.atlassian.net", or "https://api.atlassian.com/ex/jira/1a2b…" for a scoped token.</param>
internal sealed record JiraSite(string Url)
{
    /// <summary>The gateway for scoped tokens: its addresses mean nothing in a browser.</summary>
    public bool IsGateway => Url.Contains("/ex/jira/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where ids of people and files are valid.</summary>
    public string Realm => Url[(Url.IndexOf("://", StringComparison.Ordinal) + 3)..].ToLowerInvariant();

    public Uri RestBase => new(Url + "/");

    /// <summary>"https://acme.atlassian.net/jira/your-work" and "https://acme.atlassian.net/browse/TEST-1" both mean the site.</summary>
    public static JiraSite From(Uri typed)
    {
        var authority = typed.GetLeftPart(UriPartial.Authority);
        var parts = typed.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is ["ex", "jira", var cloudId, ..] ? new JiraSite($"{authority}/ex/jira/{cloudId}") : new JiraSite(authority);
    }

    public JiraDialect DialectFor(TrackerAccess access)
    {
        var token = access.Token.Trim();
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{access.AccountName?.Trim()}:{token}"));
        return new JiraDialect
        {
            Product = JiraTracker.Product,
            InstanceUrl = Url,
            ApiBase = RestBase,
            Authorization = new AuthenticationHeaderValue("Basic", pair),
            CredentialProblem = token.Length == 0 ? "The token is empty."
                : string.IsNullOrWhiteSpace(access.AccountName) ? "The e-mail address that belongs to the token is missing." : null,
            Secrets = [token, pair],
        };
    }
}

/// <summary>What Jira Cloud says between the lines. Follows "Rate limiting" (developer.atlassian.com/cloud/jira/platform/rate-limiting).</summary>
internal sealed class JiraDialect : TrackerDialect
{
    // Below a fifth of the burst budget every call waits this long, so that the last fifth lasts.
    private static readonly TimeSpan NearLimitPause = TimeSpan.FromMilliseconds(200);

    /// <summary>A used-up quota stops all; a burst limit is one endpoint's, a per-issue limit one issue's: those wait alone.</summary>
    public override TimeSpan? RestAfter(HttpResponseMessage answer, TimeSpan? retryAfter)
    {
        var reason = Header(answer, "RateLimit-Reason");
        if ((int)answer.StatusCode == 429 && reason?.StartsWith("jira-quota", StringComparison.OrdinalIgnoreCase) == true)
        {
            return retryAfter ?? TimeSpan.FromSeconds(5);
        }

        return string.Equals(Header(answer, "X-RateLimit-NearLimit"), "true", StringComparison.OrdinalIgnoreCase) ? NearLimitPause : null;
    }

    /// <summary>After too many failed sign-ins Jira wants a CAPTCHA in the browser and refuses the account everywhere.</summary>
    public override bool RefusesAccount(HttpResponseMessage answer) =>
        Header(answer, "X-Seraph-LoginReason")?.Contains("AUTHENTICATION", StringComparison.OrdinalIgnoreCase) == true;

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
