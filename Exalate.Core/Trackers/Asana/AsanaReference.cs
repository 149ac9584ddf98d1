namespace Exalate.Core.Trackers.Asana;

/// <summary>Reads what a person typed or pasted to name a task.</summary>
internal static class AsanaReference
{
    // Gids are decimal strings without a promised length.
    private const int MaxGidLength = 40;

    /// <summary>A gid, or the address of a task in its old form (/0/project/task) or its new one (/1/workspace/project/p/task/t); null for anything else.</summary>
    internal static string? Parse(string typed, string siteUrl)
    {
        var text = typed.Trim().Trim('"', '\'', '“', '”', '‘', '’', '„', '<', '>', '(', ')', '`').Trim().TrimEnd('.', ',', ';');
        if (IsGid(text))
        {
            return text;
        }

        var site = new Uri(siteUrl);
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"{site.Scheme}://{text}";
        return text.Contains('/', StringComparison.Ordinal) && Uri.TryCreate(full, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https" && url.Authority.Equals(site.Authority, StringComparison.OrdinalIgnoreCase)
                ? FromPath(url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries))
                : null;
    }

    internal static bool IsGid(string text) => text.Length is > 0 and <= MaxGidLength && text.All(char.IsAsciiDigit) && text[0] != '0';

    private static string? FromPath(string[] parts)
    {
        var named = Array.FindLastIndex(parts, part => part is "task" or "item");
        var gid = named >= 0 && named + 1 < parts.Length ? parts[named + 1] : parts switch
        {
            // "/0/inbox/<user>/<task>/<story>", "/0/search/<search>/<task>": a word, then whose, then the task.
            ["0", var place, _, var task, ..] when !place.All(char.IsAsciiDigit) => task,
            ["0", _, var task, ..] => task,
            _ => string.Empty,
        };
        return IsGid(gid) ? gid : null;
    }
}
