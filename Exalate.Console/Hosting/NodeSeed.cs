using Exalate.Core;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>Gives an empty database its settings row: a new UID, and what the configuration says. A row that is there is left alone.</summary>
internal sealed class NodeSeed(
    IDbContextFactory<ExalateDbContext> contexts, IOptions<FirstSettingsOptions> options, ISecretProtector secrets, IRandomSource random, TimeProvider time)
{
    public async Task PlantAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Settings.AnyAsync(cancellationToken))
            return;
        db.Add(FirstSettings());
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsDuplicate())
        {
            // Another process of this node, starting at the same moment on the same server, was first.
        }
    }

    private NodeSettings FirstSettings()
    {
        var (node, tracker) = (options.Value.Node, options.Value.Tracker);
        return new NodeSettings
        {
            NodeUid = random.NewGuid().ToString("N"),
            NodeName = OrNull(node.Name),
            ShortName = OrNull(node.ShortName),
            ExalateUrl = OrNull(node.ExalateUrl)?.TrimEnd('/'),
            AllowedNetworks = OrNull(string.Join('\n', options.Value.SplitAllowedNetworks())),
            TrackerKind = FirstSettingsOptionsValidator.TryParseKind(tracker.Kind, out var kind) ? kind : null,
            TrackerUrl = OrNull(tracker.Url)?.TrimEnd('/'),
            TrackerAccountName = OrNull(tracker.Account),
            ProtectedTrackerToken = OrNull(tracker.Token) is { } token ? secrets.Protect(token) : null,
            TrackerTokenSetAt = OrNull(tracker.Token) is null ? null : time.GetUtcNow(),
            DefaultProjectId = OrNull(tracker.DefaultProjectId),
            DefaultProjectKey = OrNull(tracker.DefaultProjectKey),
            DefaultProjectName = OrNull(tracker.DefaultProjectName),
            DefaultEntityType = OrNull(tracker.DefaultEntityType),
        };
    }

    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
