using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Sync.Rebuild;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Outgoing;

/// <summary>Hands a prepared replica to the partner. Sending it twice is harmless: the partner knows the event id.</summary>
internal sealed class SendEvent(IPeerClient peers, Epochs epochs, Vouchers vouchers, INodeChanges changes, IOptions<SyncOptions> options)
{
    public async Task RunAsync(PairContext pair, SyncEvent row, CancellationToken cancellationToken)
    {
        var prepared = ReplicaJson.Read<SyncRequestMessage>(row.MessageJson!);
        if (prepared.PairId != pair.Twin.PairId && prepared.Kind != SyncRequestKind.Unlinked)
        {
            // Both sides took the pair up at once, and it goes on under the partner's id since this was made.
            PairEnding.MakeAnew(row);
            await pair.CommitAsync(cancellationToken);
            return;
        }

        var message = await epochs.StampAsync(pair.Db, row, prepared, cancellationToken);
        message = message with { Voucher = await vouchers.MakeAsync(pair.Db, pair.Connection, pair.Twin.LocalEntityId, cancellationToken) };
        try
        {
            await peers.SendRequestAsync(pair.Connection, message, cancellationToken);
        }
        catch (PeerException exception) when (message.Kind != SyncRequestKind.Upsert && exception is { Category: FailureCategory.Rejected, ConnectionGone: false, ConnectionInactive: false })
        {
            // The partner does not know the pair, or not under this id: there is nothing to end over there.
            row.Stage = EventStage.Done;
            row.ClearProblem();
            row.FinishedAt = pair.Now;
            await pair.CommitAsync(cancellationToken);
            return;
        }

        var answersAgain = PeerAnswered(pair);
        var resendAt = pair.Now + options.Value.ResendAfter;
        // By statement: the result may have arrived before this line, and then the stage is past Sent already. What the partner said of a request that it keeps still holds.
        pair.CommitInPassing(
            () => pair.Db.Database.ExecuteSqlInterpolatedAsync(
                $"""
                UPDATE SyncEvents SET Stage = 'Sent', Attempts = 0, NextAttemptAt = {resendAt.UtcTicks}, Problem = CASE WHEN Stage = 'Sent' THEN Problem END,
                    ProblemSince = CASE WHEN Stage = 'Sent' THEN ProblemSince END, ProblemCategory = CASE WHEN Stage = 'Sent' THEN ProblemCategory END
                WHERE Id = {row.Id} AND Stage IN ('Prepared', 'Sent')
                """,
                CancellationToken.None),
            answersAgain ? () => changes.Ring(NodeChange.Connections) : null);
        Sent(pair, row, resendAt);
    }

    /// <summary>The row at hand as the statement left it. Where the result came first, its arrival has raised the pair's signal: the rows are read anew before anything rests on them.</summary>
    private static void Sent(PairContext pair, SyncEvent row, DateTimeOffset resendAt)
    {
        if (row.Stage != EventStage.Sent)
            (row.Stage, row.Problem, row.ProblemSince, row.ProblemCategory) = (EventStage.Sent, null, null, null);
        (row.Attempts, row.NextAttemptAt) = (0, resendAt);
        // It stands in the database already, and maybe more than that by now: not to be stored again.
        var entry = pair.Db.Entry(row);
        entry.OriginalValues.SetValues(entry.CurrentValues);
        entry.State = EntityState.Unchanged;
    }

    /// <summary>Clears the pause of a connection whose partner answers: the pairs that await it are due with the commit. True when there was one.</summary>
    internal static bool PeerAnswered(PairContext pair)
    {
        var connection = pair.Connection;
        // It takes what we send: it is active over there, whatever it told before.
        connection.PartnerDeactivatedAt = null;
        if (connection is { FailedCalls: 0, Problem: null, PausedUntil: null, PartnerProblem: null })
            return false;
        connection.PartnerIsWell();
        return true;
    }
}
