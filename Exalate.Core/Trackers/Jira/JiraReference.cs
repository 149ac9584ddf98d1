using System.Text.RegularExpressions;

namespace Exalate.Core.Trackers.Jira;

/// <summary>Reads what a person typed or pasted to name an issue.</summary>
internal static partial class JiraReference
{
    /// <summary>"test-1", "https://acme.atlassian.net/browse/TEST-1?focusedCommentId=1", "…?selectedIssue=TEST-1", "10042"; null for anything else.</summary>
    internal static string? Parse(string typed, string siteUrl)
    {
        var text = typed.Trim().Trim('"', '\'', '“', '”', '‘', '’', '„', '<', '>', '(', ')', '`').Trim().TrimEnd('.', ',', ';');
        if (Key().IsMatch(text))
        {
            return text.ToUpperInvariant();
        }

        return Id().IsMatch(text) ? text : FromAddress(text, new Uri(siteUrl));
    }

    /// <summary>Safe inside a URL's path.</summary>
    internal static bool IsIdOrKey(string text) => Key().IsMatch(text) || Id().IsMatch(text);

    private static string? FromAddress(string text, Uri site)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"{site.Scheme}://{text}";
        if (!text.Contains('/', StringComparison.Ordinal) || !Uri.TryCreate(full, UriKind.Absolute, out var url)
            || !url.Authority.Equals(site.Authority, StringComparison.OrdinalIgnoreCase) || url.Scheme is not ("http" or "https"))
        {
            return null;
        }

        if (SelectedIssue().Match(url.Query) is { Success: true } selected)
        {
            return selected.Groups[1].Value.ToUpperInvariant();
        }

        var last = url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(part => Key().IsMatch(part));
        return last?.ToUpperInvariant();
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]{0,254}-[1-9][0-9]{0,9}$", RegexOptions.None, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"^[1-9][0-9]{0,18}$", RegexOptions.None, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"[?&](?:selectedIssue|issueKey)=([A-Za-z][A-Za-z0-9_]{0,254}-[1-9][0-9]{0,9})(?:&|$)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SelectedIssue();
}
