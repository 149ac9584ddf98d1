using Exalate.Core.Access;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Inbox;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Rebuild;

/// <summary>
/// After an admin said that a restored node is the right one: fetches what it does not know from each partner, a page at a time, while nothing else happens on the
/// connection; then every pair is looked at once. Killed anywhere, it goes on with the page. What fails is tried again, and said where the connection says that it stopped.
/// </summary>
internal sealed class Rebuilder(
    IDbContextFactory<ExalateDbContext> contexts, IPeerClient peers, PairRebuilder pairs, MassChangeGuard guard, INodeChanges changes, IRandomSource random, TimeProvider time, IOptions<SyncOptions> options, ILogger<Rebuilder> logger)
{
    private const int Batch = 200;
    private static readonly TimeSpan AfterResend = TimeSpan.FromMinutes(1);

    /// <summary>A partner that answers without end is not followed without end.</summary>
    private const int MaxPages = 100_000;

    /// <summary>Marks the connection; the rest is done by <see cref="WorkAsync"/>. The caller saves.</summary>
    public static void Begin(Connection connection, DateTimeOffset now)
    {
        (connection.HeldSince, connection.HeldKind, connection.HeldSentence) = (now, HoldKind.Rebuilding, Sentence(connection, new Progress(), null));
        connection.RebuildJson = ReplicaJson.Write(new Progress());
        connection.EndPause();
    }

    /// <summary>One page for each connection that is being rebuilt. False when there is nothing to do now.</summary>
    public async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = await db.Connections.AsNoTracking()
            .Where(row => row.HeldKind == HoldKind.Rebuilding && row.Status == ConnectionStatus.Active && (row.PausedUntil == null || row.PausedUntil <= now)).ToListAsync(cancellationToken);
        foreach (var connection in due)
            await StepAsync(connection, cancellationToken);
        return due.Count > 0;
    }

    /// <summary>Every pair of the connection is looked at, whether anybody reports a change or not.</summary>
    public async Task LookAtAllAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = await db.Twins.AsNoTracking()
            .Where(twin => twin.ConnectionId == connectionId && twin.LocalEntityId != null && (twin.State == TwinState.Synchronized || twin.State == TwinState.FirstSync)
                && !db.SyncEvents.Any(row => row.TwinId == twin.Id && row.Stage == EventStage.Queued))
            .Select(twin => twin.Id).ToListAsync(cancellationToken);
        foreach (var chunk in ids.Chunk(Batch))
        {
            var some = chunk.ToList();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            foreach (var twin in await db.Twins.AsNoTracking().Where(row => some.Contains(row.Id)).ToListAsync(cancellationToken))
            {
                db.SyncEvents.Add(ApplyRequest.NewEvent(twin, random, time.GetUtcNow()));
                await db.SignalAsync(twin.Id, time.GetUtcNow(), cancellationToken);
            }

            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }

    private async Task StepAsync(Connection connection, CancellationToken cancellationToken)
    {
        var progress = connection.RebuildJson is null ? new Progress() : ReplicaJson.Read<Progress>(connection.RebuildJson);
        try
        {
            var after = await PageAsync(connection, progress, cancellationToken);
            if (after.IsLast)
                await FinishAsync(connection, after, cancellationToken);
            else
                await StoreAsync(connection, after, cancellationToken);
        }
        catch (Exception exception) when (exception is PeerException or TrackerException or SecretUnreadableException)
        {
            await PauseAsync(connection, progress, Failure.Of(exception), cancellationToken);
        }
    }

    private async Task<Progress> PageAsync(Connection connection, Progress progress, CancellationToken cancellationToken)
    {
        var answer = await peers.RecallAsync(connection, new RecallQuestion { After = progress.After }, cancellationToken);
        ThrowIfUnsettled(connection, answer);
        var behind = new List<Guid>();
        var refused = 0;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            foreach (var said in answer.Pairs)
            {
                if (MessageCheck.Problem(said) is not null)
                    refused++;
                else if (await PairRebuilder.IsBehindAsync(db, connection.Id, said, cancellationToken))
                    behind.Add(said.PairId);
            }
        }

        var (rebuilt, notTaken) = await TakeAsync(connection, behind, cancellationToken);
        return progress with
        {
            After = answer.Next,
            IsLast = answer.Next is null || answer.Next == progress.After || progress.Pages >= MaxPages,
            Pages = progress.Pages + 1,
            Compared = progress.Compared + answer.Pairs.Count,
            Rebuilt = progress.Rebuilt + rebuilt,
            Refused = progress.Refused + refused + notTaken,
        };
    }

    private async Task<(int Rebuilt, int Refused)> TakeAsync(Connection connection, IReadOnlyList<Guid> behind, CancellationToken cancellationToken)
    {
        var (rebuilt, refused) = (0, 0);
        var left = behind.Distinct().ToList();
        while (left.Count > 0)
        {
            // As many as the partner puts into one answer, which is at least one.
            var asked = left.Take(RecallQuestion.MaxPairs).ToList();
            var answer = await peers.RecallAsync(connection, new RecallQuestion { Pairs = asked }, cancellationToken);
            ThrowIfUnsettled(connection, answer);
            var told = answer.Pairs.Where(said => asked.Contains(said.PairId)).DistinctBy(said => said.PairId).ToList();
            foreach (var said in told)
            {
                if (said.Detail is not null && MessageCheck.Problem(said) is null && await pairs.TakeAsync(connection, said, cancellationToken) == Rebuilt.Taken)
                    rebuilt++;
                else
                    (refused, _) = (refused + 1, Refused(connection, said));
            }

            left.RemoveAll(told.Count == 0 ? asked.Contains : told.Select(said => said.PairId).Contains);
        }

        return (rebuilt, refused);
    }

    /// <summary>Nothing more arrives there meanwhile: the next question finds it worked in.</summary>
    private static void ThrowIfUnsettled(Connection connection, RecallAnswer answer)
    {
        if (answer.Pairs.Any(said => said.IsUnsettled))
            throw new PeerException(FailureCategory.Transient, $"{connection.RemoteShortName} still works in results that this node had sent. It is asked again by itself.");
    }

    private bool Refused(Connection connection, RecalledPair said)
    {
        SyncLog.PairNotRebuilt(logger, connection.Id, said.PairId, MessageCheck.Said(said.YourEntityId), MessageCheck.Said(said.MyKey));
        return true;
    }

    private async Task StoreAsync(Connection connection, Progress progress, CancellationToken cancellationToken)
    {
        var (json, sentence, kind) = (ReplicaJson.Write(progress), Sentence(connection, progress, null), nameof(HoldKind.Rebuilding));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET RebuildJson = {json}, HeldSentence = {sentence}, FailedCalls = 0, PausedUntil = NULL WHERE Id = {connection.Id} AND HeldKind = {kind}", cancellationToken);
        changes.Ring(NodeChange.Connections);
    }

    private async Task FinishAsync(Connection connection, Progress progress, CancellationToken cancellationToken)
    {
        await LookAtAllAsync(connection.Id, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Where the lost node may have copied something that the partner will send again, the copy would look like a person's: first what is sent again finds it.
        var until = (time.GetUtcNow() + options.Value.ResendAfter + AfterResend).UtcTicks;
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE SyncEvents SET NextAttemptAt = {until} WHERE ConnectionId = {connection.Id} AND Stage = 'Queued' AND TwinId IN (SELECT TwinId FROM Intents)", cancellationToken);
        var row = await db.Connections.SingleOrDefaultAsync(candidate => candidate.Id == connection.Id && candidate.HeldKind == HoldKind.Rebuilding, cancellationToken);
        if (row is null)
            return;
        (row.HeldSince, row.HeldKind, row.HeldSentence, row.RebuildJson, row.GuardFrom) = (null, null, null, null, time.GetUtcNow());
        row.EndPause();
        guard.Forget(row.Id);
        db.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Action = AuditAction.ConnectionRebuilt,
            Subject = $"connection {row.Name}: {Words(progress.Compared)} compared with {row.RemoteShortName}, {progress.Rebuilt} rebuilt, {progress.Refused} not taken",
        });
        await db.SaveChangesAsync(cancellationToken);
        SyncLog.ConnectionRebuilt(logger, row.Name, progress.Compared, progress.Rebuilt, progress.Refused);
        changes.Ring(NodeChange.Connections);
        changes.Ring(NodeChange.Twins);
    }

    private async Task PauseAsync(Connection connection, Progress progress, Failure failure, CancellationToken cancellationToken)
    {
        var failed = connection.FailedCalls + 1;
        var until = (time.GetUtcNow() + (RetryRules.Decide(failure.Category, failed, failure.RetryAfter, random.NextDouble()).After ?? TimeSpan.FromMinutes(2))).UtcTicks;
        var (sentence, kind) = (Sentence(connection, progress, failure.Sentence), nameof(HoldKind.Rebuilding));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET HeldSentence = {sentence}, FailedCalls = {failed}, PausedUntil = {until} WHERE Id = {connection.Id} AND HeldKind = {kind}", cancellationToken);
        SyncLog.RebuildWaits(logger, connection.Id, failure.Sentence);
        changes.Ring(NodeChange.Connections);
    }

    private static string Sentence(Connection connection, Progress progress, string? problem) =>
        $"This node was restored or copied, and compares its pairs with what {connection.RemoteShortName} knows; nothing is sent or taken meanwhile. So far {Words(progress.Compared)} compared, {progress.Rebuilt} rebuilt."
        + (problem is null ? "" : $" It waits: {problem}");

    private static string Words(int pairs) => pairs == 1 ? "1 pair" : $"{pairs} pairs";

    private sealed record Progress
    {
        public string? After { get; init; }

        public bool IsLast { get; init; }

        public int Pages { get; init; }

        public int Compared { get; init; }

        public int Rebuilt { get; init; }

        public int Refused { get; init; }
    }
}
