using Exalate.Core.Http;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Settings;

/// <summary>The first settings of a node whose database is empty; ignored ever after. The host binds the section. All are optional: what is missing is asked for on General Settings.</summary>
public sealed class SettingsSeed
{
    /// <summary>Example: "Jira node of Acme".</summary>
    public string? NodeName { get; set; }

    /// <summary>1-30 letters, digits, '_' or '-'.</summary>
    public string? ShortName { get; set; }

    /// <summary>Example: "https://exalate.acme.example".</summary>
    public string? ExalateUrl { get; set; }

    public TrackerKind? TrackerKind { get; set; }

    public string? TrackerUrl { get; set; }

    public string? TrackerAccountName { get; set; }

    /// <summary>A secret: from the environment or a secret store rather than from a file.</summary>
    public string? TrackerToken { get; set; }

    public string? DefaultProjectId { get; set; }

    /// <summary>Default: the id.</summary>
    public string? DefaultProjectKey { get; set; }

    /// <summary>Default: the key.</summary>
    public string? DefaultProjectName { get; set; }

    public string? DefaultEntityType { get; set; }

    /// <summary>Networks in CIDR form, divided by commas or line breaks. Default: those of <see cref="OutboundHttpOptions"/>.</summary>
    public string? AllowedNetworks { get; set; }
}

public static class SettingsSeeding
{
    /// <summary>
    /// Makes sure that the node has its settings row (with a UID of its own) and that its allowed networks hold. Call once at start, after the migrations, before anything else.
    /// </summary>
    /// <exception cref="OptionsValidationException">The configured first settings are wrong; the message says which and why.</exception>
    public static async Task SeedSettingsAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        var databases = services.GetRequiredService<IDbContextFactory<ExalateDbContext>>();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var settings = await db.Set<NodeSettings>().SingleOrDefaultAsync(s => s.Id == NodeSettings.SingleId, cancellationToken)
            ?? await InsertAsync(services, db, cancellationToken);
        services.GetRequiredService<AllowedNetworks>().Use(settings);
    }

    private static async Task<NodeSettings> InsertAsync(IServiceProvider services, ExalateDbContext db, CancellationToken cancellationToken)
    {
        var settings = new NodeSettings { NodeUid = services.GetRequiredService<IRandomSource>().NewGuid().ToString("N") };
        settings.Take(ReadSeed(services), services.GetRequiredService<ISecretProtector>(), services.GetRequiredService<TimeProvider>());
        db.Add(settings);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return settings;
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another replica of this node was first. Should the cause be another one, this read fails too.
            db.ChangeTracker.Clear();
            return await db.Set<NodeSettings>().SingleAsync(s => s.Id == NodeSettings.SingleId, cancellationToken);
        }
    }

    private static SaveNodeSettings ReadSeed(IServiceProvider services)
    {
        var seed = services.GetRequiredService<IOptions<SettingsSeed>>().Value;
        var configured = services.GetRequiredService<IOptions<OutboundHttpOptions>>().Value.AllowedNetworks;
        var check = SettingsRules.Check(new SaveNodeSettings
        {
            Revision = 0,
            NodeName = seed.NodeName,
            ShortName = seed.ShortName,
            ExalateUrl = seed.ExalateUrl,
            TrackerKind = seed.TrackerKind,
            TrackerUrl = seed.TrackerUrl,
            TrackerAccountName = seed.TrackerAccountName,
            TrackerToken = seed.TrackerToken,
            DefaultProject = Project(seed),
            DefaultEntityType = seed.DefaultEntityType,
            AllowedNetworks = seed.AllowedNetworks ?? string.Join('\n', configured),
        });
        return check.IsSuccess
            ? check.Value
            : throw new OptionsValidationException(nameof(SettingsSeed), typeof(SettingsSeed), [$"{(check.Error as Invalid)?.Field}: {check.Error.Sentence}"]);
    }

    private static TrackerProject? Project(SettingsSeed seed)
    {
        if (string.IsNullOrWhiteSpace(seed.DefaultProjectId))
        {
            return null;
        }

        var key = seed.DefaultProjectKey ?? seed.DefaultProjectId;
        return new TrackerProject(seed.DefaultProjectId, key, seed.DefaultProjectName ?? key);
    }
}
