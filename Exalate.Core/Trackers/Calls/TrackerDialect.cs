using System.Net.Http.Headers;

namespace Exalate.Core.Trackers.Calls;

/// <summary>What differs between vendors when a call goes out and an answer comes in.</summary>
internal abstract class TrackerDialect
{
    /// <summary>Example: "Jira Cloud".</summary>
    public required string Product { get; init; }

    /// <summary>For people. Example: "https://acme.atlassian.net".</summary>
    public required string InstanceUrl { get; init; }

    /// <summary>Ends with a slash. Example: "https://acme.atlassian.net/rest/api/3/".</summary>
    public required Uri ApiBase { get; init; }

    /// <summary>Null when the credential can't be put into a header; see <see cref="CredentialProblem"/>.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>Why the credential can't even be sent. Example: "The token holds characters that no token has."</summary>
    public string? CredentialProblem { get; init; }

    /// <summary>Texts that must never show up in an error, whoever repeats them to us.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>How long all calls to the instance should rest after this answer, null when they need not.</summary>
    public abstract TimeSpan? RestAfter(HttpResponseMessage answer, TimeSpan? retryAfter);

    /// <summary>Whether a 403 refuses the account rather than this one entity.</summary>
    public virtual bool RefusesAccount(HttpResponseMessage answer) => false;

    /// <summary>Notices of the vendor for the log, null when there is none.</summary>
    public virtual string? Notice(HttpResponseMessage answer) => null;

    /// <summary>Takes secrets out of a text that came from outside.</summary>
    public string Redact(string text) => Secrets.Where(s => s.Length > 3).Aggregate(text, (t, secret) => t.Replace(secret, "***", StringComparison.Ordinal));
}
