using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync.Watching;

/// <summary>Takes a tracker's call: the change is in the database before the call is answered.</summary>
internal sealed class WebhookReceiver(
    IDbContextFactory<ExalateDbContext> contexts, ITrackerProvider trackers, ISecretProtector secrets, ChangeIntake intake, TimeProvider time,
    ILogger<WebhookReceiver> logger) : IWebhookReceiver
{
    private static readonly Func<ExalateDbContext, string, CancellationToken, Task<TrackerWatch?>> FindAsync = EF.CompileAsyncQuery(
        (ExalateDbContext db, string registrationId, CancellationToken _) => db.Watches.SingleOrDefault(row => row.RegistrationId == registrationId));

    public async Task<WebhookAnswer> ReceiveAsync(
        string registrationId, IReadOnlyDictionary<string, string> headers, Func<CancellationToken, Task<ReadOnlyMemory<byte>?>> readBodyAsync, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var watch = await FindAsync(db, registrationId, cancellationToken);
        var tracker = watch is null ? null : await trackers.GetAsync(cancellationToken);
        if (watch is null || tracker is null || tracker.InstanceUrl != watch.TrackerUrl)
            return new WebhookAnswer(404);
        if (await readBodyAsync(cancellationToken) is not { } body)
            return new WebhookAnswer(413);
        var reading = tracker.ReadWebhook(new WebhookCall
        {
            Headers = headers,
            Body = body,
            Secrets = [secrets.Unprotect(watch.ProtectedSecret), .. WatchSecrets.Read(watch, secrets)],
            HandshakeExpected = watch.HandshakeUntil >= time.GetUtcNow(),
        });
        if (reading.RefusedBecause is { } reason)
        {
            SyncLog.WebhookRefused(logger, registrationId, reason);
            return new WebhookAnswer(401);
        }

        if (reading.Handshake is { } handshake)
        {
            WatchSecrets.Add(watch, handshake.Secret, secrets);
            await db.SaveChangesAsync(cancellationToken);
            return new WebhookAnswer(200, handshake.HeaderName, handshake.Secret);
        }

        return await StoreAsync(db, tracker, reading, cancellationToken);
    }

    private async Task<WebhookAnswer> StoreAsync(ExalateDbContext db, ITracker tracker, WebhookReading reading, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChangedEntity> reported = reading.Changes ?? [];
        if (reading.Unplaced.Count > 0)
        {
            try
            {
                reported = [.. reported, .. await tracker.PlaceAsync(reading.Unplaced, cancellationToken)];
            }
            catch (TrackerException exception)
            {
                // The vendor repeats a call that is answered 503.
                SyncLog.PollFailed(logger, exception.Message);
                return new WebhookAnswer(503);
            }
        }

        var own = await OwnAccountAsync(tracker, reported, cancellationToken);
        await intake.TakeAsync(db, reported, own, cancellationToken);
        return new WebhookAnswer(200);
    }

    private static async Task<string?> OwnAccountAsync(ITracker tracker, IReadOnlyList<ChangedEntity> reported, CancellationToken cancellationToken)
    {
        if (reported.All(report => report.By is null))
            return null;
        try
        {
            return (await tracker.GetAccountAsync(cancellationToken)).Id;
        }
        catch (TrackerException)
        {
            // Not known now: then everything that is reported is looked into.
            return null;
        }
    }
}

/// <summary>Secrets that the vendor chose in handshakes, newest last, a protected one per line.</summary>
internal static class WatchSecrets
{
    /// <summary>More than projects one node watches; older ones belong to registrations that are gone.</summary>
    private const int Kept = 500;

    public static IEnumerable<string> Read(TrackerWatch watch, ISecretProtector secrets) =>
        (watch.ProtectedHandshakeSecrets ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(secrets.Unprotect);

    public static void Add(TrackerWatch watch, string secret, ISecretProtector secrets) =>
        watch.ProtectedHandshakeSecrets = string.Join('\n',
            (watch.ProtectedHandshakeSecrets ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(Kept - 1).Append(secrets.Protect(secret)));
}
