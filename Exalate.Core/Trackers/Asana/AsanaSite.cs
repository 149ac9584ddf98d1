using System.Net.Http.Headers;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Asana;

/// <summary>Where Asana is, made from what the admin typed.</summary>
/// <param name="Url">Without a slash at the end. Example: "https://app.asana.com".</param>
internal sealed record AsanaSite(string Url)
{
    /// <summary>Where gids of people and files are valid.</summary>
    public string Realm => Url[(Url.IndexOf("://", StringComparison.Ordinal) + 3)..].ToLowerInvariant();

    /// <summary>Any address of the instance means the instance: "https://app.asana.com/0/home/1" too.</summary>
    public static AsanaSite From(Uri typed) => new(typed.GetLeftPart(UriPartial.Authority));

    public AsanaDialect DialectFor(TrackerAccess access)
    {
        var token = access.Token.Trim();
        var isUsable = token.Length > 0 && token.All(c => c is > ' ' and < (char)127);
        return new AsanaDialect
        {
            Product = AsanaTracker.Product,
            InstanceUrl = Url,
            ApiBase = new Uri(Url + "/api/1.0/"),
            Authorization = isUsable ? new AuthenticationHeaderValue("Bearer", token) : null,
            CredentialProblem = token.Length == 0 ? "The token is empty." : isUsable ? null : "The token holds characters that no token has.",
            Secrets = [token],
        };
    }
}

/// <summary>What Asana says between the lines. Follows "Rate limits" and "API deprecations" (developers.asana.com/docs).</summary>
internal sealed class AsanaDialect : TrackerDialect
{
    /// <summary>Limits are the token's, and refused calls count against them too: after a 429 all calls rest.</summary>
    public override TimeSpan? RestAfter(HttpResponseMessage answer, TimeSpan? retryAfter) =>
        (int)answer.StatusCode == 429 ? retryAfter ?? TimeSpan.FromSeconds(5) : null;

    public override string? Notice(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Asana-Change", out var changes)
            ? changes.FirstOrDefault(change => change.Contains("affected=true", StringComparison.OrdinalIgnoreCase))
            : null;
}
