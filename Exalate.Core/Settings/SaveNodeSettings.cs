using Exalate.Core.Access;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Http;
using Exalate.Core.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Settings;

internal sealed class SaveNodeSettingsHandler(
    IDbContextFactory<ExalateDbContext> databases, ISecretProtector secrets, TimeProvider time, AllowedNetworks networks, INodeChanges changes)
    : IRequestHandler<SaveNodeSettings, Result>
{
    private static readonly Conflict ChangedMeanwhile =
        new("Another admin saved General Settings in the meantime; nothing of yours was saved. Reload the page to see the present values, then change them again.");

    public async Task<Result> Handle(SaveNodeSettings request, CancellationToken cancellationToken)
    {
        var check = SettingsRules.Check(request);
        if (!check.IsSuccess)
        {
            return check.Error;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var settings = await db.Set<NodeSettings>().SingleAsync(s => s.Id == NodeSettings.SingleId, cancellationToken);
        var form = check.Value;
        if (settings.Revision != form.Revision)
        {
            return ChangedMeanwhile;
        }

        if (await ObjectionAsync(db, settings, form, cancellationToken) is { } objection)
        {
            return objection;
        }

        if (form.ExalateUrl is not null && settings.ExalateUrl is not null && settings.ExalateUrl != form.ExalateUrl)
        {
            await TellPartnersAsync(db, cancellationToken);
        }

        settings.Take(form, secrets, time);
        settings.Revision++;
        db.Add(new AuditEntry { At = time.GetUtcNow(), Actor = form.By, Action = AuditAction.SettingsSaved, Subject = form.TrackerToken is null ? "General Settings" : "General Settings, with a new tracker token" });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return ChangedMeanwhile;
        }

        networks.Use(settings);
        changes.Ring(NodeChange.Settings);
        changes.Ring(NodeChange.Connections);
        return Result.Success;
    }

    /// <summary>Whoever calls this node has to know where it is now; stored with the new address.</summary>
    private async Task TellPartnersAsync(ExalateDbContext db, CancellationToken cancellationToken)
    {
        var callers = await db.Connections.Where(c => c.ProtectedSecret != null && c.Reach != Reach.OnlyWeCall).ToListAsync(cancellationToken);
        foreach (var connection in callers)
        {
            await db.QueueNoticeAsync(connection, Peers.NoticeKind.Moved, time.GetUtcNow(), cancellationToken);
        }
    }

    private static async Task<Error?> ObjectionAsync(ExalateDbContext db, NodeSettings settings, SaveNodeSettings form, CancellationToken cancellationToken)
    {
        var isOtherTracker = settings.TrackerKind != form.TrackerKind || settings.TrackerUrl != form.TrackerUrl;
        if (isOtherTracker && settings.ProtectedTrackerToken is not null && form is { TrackerUrl: not null, TrackerToken: null })
        {
            // Else a stolen session could have the stored token sent to an address of its choice.
            return new Invalid($"Enter the token as well: the stored one belongs to {settings.TrackerUrl} and is not sent to another address.", nameof(form.TrackerToken));
        }

        if (settings.TrackerKind is not null && settings.TrackerKind != form.TrackerKind && await db.Set<Connection>().AnyAsync(cancellationToken))
        {
            return new Invalid($"This node has connections that sync {settings.TrackerKind} entities, so it can't move to another kind of tracker.", nameof(form.TrackerKind));
        }

        return form.ExalateUrl is null && settings.ExalateUrl is not null && await db.Set<Connection>().AnyAsync(c => c.Type == ConnectionType.Public, cancellationToken)
            ? new Invalid("This node has connections whose partners call it, so the Exalate URL can't be empty.", nameof(form.ExalateUrl))
            : null;
    }
}

internal static class SettingsTaking
{
    /// <summary>Puts a checked form into the row.</summary>
    public static void Take(this NodeSettings settings, SaveNodeSettings form, ISecretProtector secrets, TimeProvider time)
    {
        settings.NodeName = form.NodeName;
        settings.ShortName = form.ShortName;
        settings.ExalateUrl = form.ExalateUrl;
        settings.TrackerKind = form.TrackerKind;
        settings.TrackerUrl = form.TrackerUrl;
        settings.TrackerAccountName = form.TrackerAccountName;
        settings.DefaultProjectId = form.DefaultProject?.Id;
        settings.DefaultProjectKey = form.DefaultProject?.Key;
        settings.DefaultProjectName = form.DefaultProject?.Name;
        settings.DefaultEntityType = form.DefaultEntityType;
        settings.AllowedNetworks = form.AllowedNetworks;
        if (form.TrackerToken is { } token)
        {
            settings.ProtectedTrackerToken = secrets.Protect(token);
            settings.TrackerTokenSetAt = time.GetUtcNow();
        }
        else if (form.TrackerUrl is null)
        {
            settings.ProtectedTrackerToken = null;
            settings.TrackerTokenSetAt = null;
        }
    }

    /// <summary>From now on outgoing requests follow the networks of these settings.</summary>
    public static void Use(this AllowedNetworks networks, NodeSettings settings)
    {
        if (SettingsRules.TryReadNetworks(settings.AllowedNetworks, out var allowed, out _))
        {
            networks.Replace(allowed);
        }
    }
}
