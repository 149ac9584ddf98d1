using System.Globalization;
using System.Text.Json.Nodes;

namespace Exalate.Core.Trackers.Asana;

/// <summary>
/// Lists projects by name over all workspaces. Asana neither sorts nor filters them, so they are fetched whole and kept for a moment.
/// Beyond 2,000 projects in a workspace only a search finds the others.
/// </summary>
internal sealed class AsanaProjects(AsanaClient client, TimeProvider time)
{
    private const int PageSize = 50;
    private const int MaxHundreds = 20;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private Listing? listing;

    public async Task<TrackerPage<TrackerProject>> PageAsync(string? search, string? cursor, CancellationToken cancellationToken)
    {
        var start = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;
        var all = await AllAsync(cancellationToken);
        var found = string.IsNullOrWhiteSpace(search) ? all.Projects : await MatchingAsync(all, search.Trim(), cancellationToken);
        var page = found.Skip(start).Take(PageSize).ToList();
        return new(page, start + page.Count < found.Count ? (start + page.Count).ToString(CultureInfo.InvariantCulture) : null);
    }

    private async Task<IReadOnlyList<TrackerProject>> MatchingAsync(Listing all, string search, CancellationToken cancellationToken)
    {
        var found = all.Projects.Where(p => p.Name.Contains(search, StringComparison.OrdinalIgnoreCase) || p.Id == search).ToList();
        foreach (var workspace in all.CutWorkspaces)
        {
            found.AddRange((await client.ProjectsLikeAsync(workspace, search, cancellationToken)).Select(AsanaMapper.Project));
        }

        return Sorted(found);
    }

    private async Task<Listing> AllAsync(CancellationToken cancellationToken)
    {
        if (listing is { } kept && time.GetUtcNow() - kept.At < KeptFor)
        {
            return kept;
        }

        var projects = new List<TrackerProject>();
        var cut = new List<string>();
        foreach (var workspace in await client.WorkspacesAsync(cancellationToken) ?? [])
        {
            var gid = AsanaMapper.Project(workspace).Id;
            var found = await client.ProjectsAsync(gid, MaxHundreds, cancellationToken) ?? Array.Empty<JsonNode>();
            projects.AddRange(found.Select(AsanaMapper.Project));
            if (found.Count >= MaxHundreds * 100)
            {
                cut.Add(gid);
            }
        }

        return listing = new Listing(time.GetUtcNow(), Sorted(projects), cut);
    }

    private static IReadOnlyList<TrackerProject> Sorted(IEnumerable<TrackerProject> projects) =>
        [.. projects.DistinctBy(p => p.Id).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Id, StringComparer.Ordinal)];

    private sealed record Listing(DateTimeOffset At, IReadOnlyList<TrackerProject> Projects, IReadOnlyList<string> CutWorkspaces);
}
