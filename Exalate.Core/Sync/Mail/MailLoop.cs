using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Mail;

/// <summary>
/// Fetches the mail of one connection until it is told to stop: asks, stores what came, and says so with the next question. What was stored and not said yet comes again and
/// changes nothing, because every message carries an event id.
/// </summary>
internal sealed class MailLoop(
    IDbContextFactory<ExalateDbContext> databases, PeerClient peers, ISyncInbox inbox, NoticeDesk notices, FileSender files, StorageHealth storage, INodeChanges changes, TimeProvider time, IOptions<PeerOptions> options,
    ILogger<MailLoop> logger)
{
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15)];

    /// <summary>A partner that answers "nothing" at once is not asked again at once.</summary>
    private static readonly TimeSpan LeastRound = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterPuttingOff = TimeSpan.FromSeconds(5);

    /// <summary>Runs until the token ends it; fails with nothing.</summary>
    public async Task RunAsync(Guid connectionId, CancellationToken stoppingToken)
    {
        var state = new State();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(connectionId, state, MailRoom.MaxWaitSeconds, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await PauseAsync(connectionId, state, exception, stoppingToken);
            }
        }
    }

    /// <summary>One question and what it brings. Public for tests that drive the loop by hand.</summary>
    /// <returns>How many mails came.</returns>
    public async Task<int> RoundAsync(Guid connectionId, State state, int waitSeconds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(row => row.Id == connectionId, cancellationToken);
        if (connection is null)
        {
            await Task.Delay(LeastRound, time, cancellationToken);
            return 0;
        }

        var began = time.GetTimestamp();
        var noticesOnly = connection.Status != ConnectionStatus.Active;
        var given = await peers.AskForMailAsync(connection, new AskForMail([.. state.Receipts], waitSeconds, options.Value.MaxMessageBytes, noticesOnly), cancellationToken);
        state.Receipts.Clear();
        if (state.Failures > 0 || (connection.Problem ?? connection.PartnerProblem) is not null)
            await RecoveredAsync(connectionId, cancellationToken);
        state.Failures = 0;
        var isPutOff = false;
        foreach (var mail in given.Mail.Take(MailRoom.MaxReceipts))
        {
            var answer = await TakeAsync(connection, mail, cancellationToken);
            // Without a receipt it stays over there, and comes again.
            if (answer.Outcome == InboxOutcome.NotNow)
                isPutOff = true;
            else
                state.Receipts.Add(new MailReceipt(mail.Id, answer.Outcome == InboxOutcome.Refused ? answer.Sentence ?? "The message was refused." : null));
        }

        if (isPutOff)
            await Task.Delay(AfterPuttingOff, time, cancellationToken);
        if (given.Mail.Count == 0 && waitSeconds > 0 && time.GetElapsedTime(began) < LeastRound)
            await Task.Delay(LeastRound, time, cancellationToken);
        return given.Mail.Count;
    }

    private async Task<InboxAnswer> TakeAsync(Connection connection, MailItem mail, CancellationToken cancellationToken)
    {
        try
        {
            return mail.Kind switch
            {
                MailKinds.Request => await inbox.StoreRequestAsync(connection.Id, Read<SyncRequestMessage>(mail), cancellationToken),
                MailKinds.Result => await inbox.StoreResultAsync(connection.Id, Read<SyncResultMessage>(mail), cancellationToken),
                MailKinds.Notice => (await notices.TakeAsync(connection.Id, KeyUse.Current, Read<NoticeMessage>(mail), null, cancellationToken)).Answer,
                MailKinds.File => files.Start(connection, Read<FileWanted>(mail)) is { } problem ? InboxAnswer.Refused(problem) : InboxAnswer.Stored,
                MailKinds.Recall => await RecallAsync(connection, Read<RecallWanted>(mail), cancellationToken),
                _ => InboxAnswer.Refused("This node does not know messages of that kind; its version of Exalate is too old. Update it."),
            };
        }
        catch (JsonException)
        {
            return InboxAnswer.Refused("The message can't be read.");
        }
    }

    private async Task<InboxAnswer> RecallAsync(Connection connection, RecallWanted wanted, CancellationToken cancellationToken)
    {
        if (wanted is not { Want.Length: >= 16 and <= 100, Question.Pairs: null or { Count: <= RecallQuestion.MaxPairs } })
            return InboxAnswer.Refused("The question about the pairs is not complete.");
        try
        {
            await peers.SendRecalledAsync(connection, wanted.Want, await inbox.RecallAsync(connection.Id, wanted.Question, cancellationToken), cancellationToken);
            return InboxAnswer.Stored;
        }
        catch (PeerException exception) when (exception.Code == PeerCodes.FileUnwanted)
        {
            // Nobody waits for it any more: it is asked again.
            return InboxAnswer.Stored;
        }
    }

    private static T Read<T>(MailItem mail) => mail.Body.Deserialize<T>(ReplicaJson.Options) ?? throw new JsonException("The message is empty.");

    private async Task PauseAsync(Guid connectionId, State state, Exception failure, CancellationToken stoppingToken)
    {
        state.Failures++;
        var pause = Pauses[Math.Min(state.Failures, Pauses.Length) - 1];
        try
        {
            if (failure is PeerException peer)
                await NoteAsync(connectionId, peer, stoppingToken);
            else if (!storage.Notice(failure))
                SyncLog.MailStumbled(logger, failure);
            await Task.Delay(failure is PeerException { RetryAfter: { } asked } && asked > pause && asked < TimeSpan.FromMinutes(1) ? asked : pause, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The loop's own condition ends it.
        }
        catch (Exception exception)
        {
            // The database may be what failed: its words are in the log, and the loop goes on after a breath.
            if (!storage.Notice(exception))
                SyncLog.MailStumbled(logger, exception);
            await Task.Delay(LeastRound, time, CancellationToken.None);
        }
    }

    private async Task NoteAsync(Guid connectionId, PeerException failure, CancellationToken cancellationToken)
    {
        if (failure.ConnectionDeleted)
        {
            await EndAsync(connectionId, cancellationToken);
            return;
        }

        var sentence = failure.ConnectionGone || failure.ConnectionInactive ? failure.Sentence : $"What the partner has for this node can't be fetched. {failure.Sentence} This node keeps asking.";
        var now = time.GetUtcNow().UtcTicks;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var changed = await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET Problem = {sentence}, ProblemSince = COALESCE(ProblemSince, {now}) WHERE Id = {connectionId} AND (Problem IS NULL OR Problem <> {sentence})", cancellationToken);
        if (changed == 0)
            return;
        SyncLog.MailNotFetched(logger, connectionId, failure.Sentence);
        changes.Ring(NodeChange.Connections);
    }

    /// <summary>The partner deleted its side: nothing will wait there any more.</summary>
    private async Task EndAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Connections.SingleOrDefaultAsync(row => row.Id == connectionId, cancellationToken) is not { PartnerDeletedAt: null } connection)
            return;
        await NoticeDesk.EndAsync(db, connection, time.GetUtcNow(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        changes.Ring(NodeChange.Connections);
    }

    /// <summary>The partner answers: what waited for it goes out as well.</summary>
    private async Task RecoveredAsync(Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.PartnerIsWellAsync(connectionId, cancellationToken))
            changes.Ring(NodeChange.Connections);
    }

    /// <summary>What a loop remembers between rounds; lost with the process, and harmless to lose.</summary>
    public sealed class State
    {
        public List<MailReceipt> Receipts { get; } = [];

        public int Failures { get; set; }
    }
}
