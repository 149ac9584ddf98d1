using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Exalate.Core.RichText;
using Exalate.Core.Trackers.Calls;

namespace Exalate.Core.Trackers.Jira;

/// <summary>
/// Which file a picture in a text shows. Documents call a file by the id that Jira's media service gave it; no field of the REST API tells that id, only the address that an
/// attachment's content redirects to. Both ids never change: what was asked once is remembered. Shared by all connectors of a site; forgets all when it is full. Thread-safe.
/// </summary>
internal sealed partial class JiraPictures
{
    private const int Capacity = 50_000;

    // An empty text stands for a file that the media service does not have.
    private readonly ConcurrentDictionary<string, string> mediaIds = new(StringComparer.Ordinal);

    /// <summary>The attachment for each picture of the entity's own site in its texts; what none of the attachments is stays out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(JiraFiles files, TrackerEntity entity, string realm, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var wanted = entity.Comments.Select(comment => comment.Body).Prepend(entity.Description).SelectMany(References.Pictures)
            .Where(picture => picture.System == realm && picture.Id is not null)
            .GroupBy(picture => picture.Id!).ToDictionary(group => group.Key, group => group.First().Alt);
        // Jira's editor puts the file's name into the alternative text: mostly the first question is the right one.
        var names = wanted.Values.OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var file in entity.Attachments.OrderBy(file => mediaIds.ContainsKey(file.Id) ? 0 : names.Contains(file.FileName) ? 1 : 2))
        {
            if (found.Count == wanted.Count)
            {
                break;
            }

            if (await MediaIdAsync(files, entity.Id, file.Id, cancellationToken) is { } id && wanted.ContainsKey(id))
            {
                found[id] = file.Id;
            }
        }

        return found;
    }

    /// <summary>What texts call the attachment; null when they can't show it.</summary>
    public async Task<string?> MediaIdAsync(JiraFiles files, string issueId, string attachmentId, CancellationToken cancellationToken)
    {
        if (!mediaIds.TryGetValue(attachmentId, out var known))
        {
            known = await files.FindAddressAsync(issueId, attachmentId, address => Id(address), cancellationToken) ?? string.Empty;
            if (mediaIds.Count >= Capacity)
            {
                mediaIds.Clear();
            }

            mediaIds[attachmentId] = known;
        }

        return known.Length == 0 ? null : known;
    }

    /// <summary>"https://api.media.atlassian.com/file/2f1c…-…/binary?token=…" gives "2f1c…-…".</summary>
    internal static string? Id(string address) => MediaFile().Match(address) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : null;

    [GeneratedRegex("/file/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:[/?]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MediaFile();
}
