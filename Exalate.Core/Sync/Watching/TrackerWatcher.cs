using Exalate.Core.Replicas;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Watching;

/// <summary>Keeps the node informed of changes in its tracker: registers webhooks where it can, and polls where none arrive and, more rarely, where they do.</summary>
internal sealed class TrackerWatcher(
    IDbContextFactory<ExalateDbContext> contexts, ITrackerProvider trackers, ISecretProtector secrets, ChangeIntake intake, INodeChanges changes,
    IRandomSource random, TimeProvider time, IOptions<SyncOptions> options, ILogger<TrackerWatcher> logger)
{
    private static readonly TimeSpan HandshakeWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryRefused = TimeSpan.FromMinutes(10);
    private const int SecretBytes = 32;
    private const int MaxPagesInARow = 50;

    /// <summary>Registers and polls as far as it is due.</summary>
    /// <exception cref="TrackerException">The tracker does not answer; call again later.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await trackers.GetAsync(cancellationToken) is not { } tracker)
            return;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var projects = await ProjectsAsync(db, cancellationToken);
        if (projects.Count == 0)
        {
            await EndAsync(db, tracker, cancellationToken);
            return;
        }

        var watch = await FindOrAddAsync(db, tracker, cancellationToken);
        try
        {
            await RegisterAndPollAsync(db, watch, tracker, projects, cancellationToken);
        }
        catch (TrackerException exception)
        {
            await NoteAsync(watch.RegistrationId, exception.Message, cancellationToken);
            throw;
        }

        if (watch.Problem is not null)
            await NoteAsync(watch.RegistrationId, null, cancellationToken);
    }

    private async Task RegisterAndPollAsync(
        ExalateDbContext db, TrackerWatch watch, ITracker tracker, IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        await RegisterAsync(db, watch, tracker, projects, cancellationToken);
        var interval = watch.RefusedBecause is null ? options.Value.BackupPollInterval : options.Value.PollInterval;
        if (watch.PolledAt is null || watch.PolledAt + interval <= time.GetUtcNow())
            await PollAsync(db, watch, tracker, projects, cancellationToken);
    }

    /// <summary>In a context of its own: the other one may hold what the failed look was about to store.</summary>
    private async Task NoteAsync(string registrationId, string? problem, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var watch = await db.Watches.SingleAsync(row => row.RegistrationId == registrationId, cancellationToken);
        (watch.Problem, watch.ProblemSince) = (problem, problem is null ? null : watch.ProblemSince ?? time.GetUtcNow());
        watch.FailedLooks = problem is null ? 0 : watch.FailedLooks + 1;
        await db.SaveChangesAsync(cancellationToken);
        changes.Ring(NodeChange.Settings);
    }

    /// <summary>The last connection is gone: the tracker need not call any more, and the secrets of its calls go.</summary>
    private async Task EndAsync(ExalateDbContext db, ITracker tracker, CancellationToken cancellationToken)
    {
        if (await db.Watches.SingleOrDefaultAsync(row => row.TrackerUrl == tracker.InstanceUrl, cancellationToken) is not { } watch
            || await db.Connections.AnyAsync(cancellationToken))
            return;
        if (watch is { StateJson: { } state, CallbackUrl: { } callback })
            await tracker.UnwatchAsync(new Uri(callback), ReplicaJson.Read<WatchState>(state), cancellationToken);
        db.Watches.Remove(watch);
        await db.SaveChangesAsync(cancellationToken);
        changes.Ring(NodeChange.Settings);
    }

    /// <summary>Projects in which a pair or a connection of this node lives.</summary>
    private static async Task<IReadOnlyList<string>> ProjectsAsync(ExalateDbContext db, CancellationToken cancellationToken)
    {
        var ofTwins = await ProjectsOfTwinsAsync(db, cancellationToken);
        var ofConnections = await db.Connections.Where(row => row.ProjectId != null).Select(row => row.ProjectId!).Distinct().ToListAsync(cancellationToken);
        var anyConnection = await db.Connections.AnyAsync(cancellationToken);
        var byDefault = await db.Settings.Select(row => row.DefaultProjectId).SingleOrDefaultAsync(cancellationToken);
        return [.. ofTwins.Concat(ofConnections).Concat(anyConnection && byDefault is not null ? [byDefault] : []).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>From one to the next by the index: a distinct list would read every pair each time.</summary>
    private static async Task<IReadOnlyList<string>> ProjectsOfTwinsAsync(ExalateDbContext db, CancellationToken cancellationToken)
    {
        var projects = new List<string>();
        var last = "";
        while (await db.Twins.Where(twin => string.Compare(twin.LocalProjectId, last) > 0).MinAsync(twin => twin.LocalProjectId, cancellationToken) is { } next)
            projects.Add(last = next);
        return projects;
    }

    private async Task<TrackerWatch> FindOrAddAsync(ExalateDbContext db, ITracker tracker, CancellationToken cancellationToken)
    {
        var watch = await db.Watches.SingleOrDefaultAsync(row => row.TrackerUrl == tracker.InstanceUrl, cancellationToken);
        if (watch is not null)
            return watch;
        var secret = new byte[SecretBytes];
        random.Fill(secret);
        watch = new TrackerWatch
        {
            RegistrationId = random.NewGuid().ToString("N"),
            TrackerUrl = tracker.InstanceUrl,
            ProtectedSecret = secrets.Protect(Convert.ToHexStringLower(secret)),
            PollSince = time.GetUtcNow(),
        };
        db.Watches.Add(watch);
        await db.SaveChangesAsync(cancellationToken);
        return watch;
    }

    private async Task RegisterAsync(
        ExalateDbContext db, TrackerWatch watch, ITracker tracker, IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        var exalateUrl = await db.Settings.Select(row => row.ExalateUrl).SingleOrDefaultAsync(cancellationToken);
        var callback = exalateUrl is null ? null : $"{exalateUrl}/hooks/{watch.RegistrationId}";
        var wanted = string.Join(',', projects);
        if (callback is null)
        {
            await NoteRefusalAsync(db, watch, "This node has no Exalate URL that the tracker could call.", wanted, cancellationToken);
            return;
        }

        var same = watch.CallbackUrl == callback && watch.Projects == wanted;
        if (same && (watch.RenewBefore is null || watch.RenewBefore > time.GetUtcNow()))
            return;
        watch.HandshakeUntil = time.GetUtcNow() + HandshakeWindow;
        await db.SaveChangesAsync(cancellationToken);
        var state = await tracker.WatchAsync(
            new WatchRequest
            {
                CallbackUrl = new Uri(callback),
                Secret = secrets.Unprotect(watch.ProtectedSecret),
                ProjectIds = projects,
                Previous = watch.StateJson is null || watch.CallbackUrl != callback ? null : ReplicaJson.Read<WatchState>(watch.StateJson),
            },
            cancellationToken);
        await StoreAsync(watch.RegistrationId, callback, wanted, state, cancellationToken);
        await db.Entry(watch).ReloadAsync(cancellationToken);
        await EverythingMayHaveChangedAsync(db, same ? [] : projects, cancellationToken);
    }

    /// <summary>In a context of its own: the handshake wrote its secret into the row while the call was under way.</summary>
    private async Task StoreAsync(string registrationId, string callback, string projects, WatchState state, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var watch = await db.Watches.SingleAsync(row => row.RegistrationId == registrationId, cancellationToken);
        watch.StateJson = ReplicaJson.Write(state);
        (watch.CallbackUrl, watch.Projects, watch.HandshakeUntil) = (callback, projects, null);
        watch.RenewBefore = state.RefusedBecause is null ? state.RenewBefore : time.GetUtcNow() + RetryRefused;
        watch.RefusedBecause = state.RefusedBecause;
        await db.SaveChangesAsync(cancellationToken);
        if (state.RefusedBecause is { } reason)
            SyncLog.PollingInstead(logger, reason, options.Value.PollInterval.TotalSeconds);
        else
            SyncLog.Watching(logger, state.Registrations.Count);
        changes.Ring(NodeChange.Settings);
    }

    private async Task NoteRefusalAsync(ExalateDbContext db, TrackerWatch watch, string reason, string projects, CancellationToken cancellationToken)
    {
        if (watch.RefusedBecause == reason && watch.Projects == projects)
            return;
        (watch.RefusedBecause, watch.CallbackUrl, watch.Projects) = (reason, null, projects);
        await db.SaveChangesAsync(cancellationToken);
        SyncLog.PollingInstead(logger, reason, options.Value.PollInterval.TotalSeconds);
        changes.Ring(NodeChange.Settings);
    }

    /// <summary>What was edited between the first look at an entity and this registration was reported to nobody: one look at each pair of the projects finds it.</summary>
    private async Task EverythingMayHaveChangedAsync(ExalateDbContext db, IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        if (projects.Count == 0)
            return;
        var list = projects.ToList();
        var young = time.GetUtcNow() - TimeSpan.FromMinutes(10);
        var ids = await db.Twins.AsNoTracking()
            .Where(twin => list.Contains(twin.LocalProjectId!) && twin.LocalEntityId != null && twin.CreatedAt >= young)
            .Select(twin => twin.LocalEntityId!)
            .ToListAsync(cancellationToken);
        await intake.TakeAsync(db, [.. ids.Select(id => new ChangedEntity(id))], ownAccountId: null, cancellationToken);
    }

    private async Task PollAsync(ExalateDbContext db, TrackerWatch watch, ITracker tracker, IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        for (var page = 0; page < MaxPagesInARow; page++)
        {
            var found = await tracker.PollAsync(
                new PollRequest { ProjectIds = [.. projects], Cursor = watch.PollCursor, Since = watch.PollSince }, cancellationToken);
            var told = await intake.ReadAsync(db, found.Changes, ownAccountId: null, cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            // The cursor moves in the same transaction as what it passed.
            watch.PollCursor = found.Cursor;
            watch.PolledAt = time.GetUtcNow();
            await intake.StoreAsync(db, told, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (told.Count > 0)
                changes.Ring(NodeChange.Twins);
            if (!found.HasMore)
                return;
        }
    }
}
