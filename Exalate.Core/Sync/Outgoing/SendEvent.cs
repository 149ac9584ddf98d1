using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Outgoing;

/// <summary>Hands a prepared replica to the partner. Sending it twice is harmless: the partner knows the event id.</summary>
internal sealed class SendEvent(IPeerClient peers, INodeChanges changes, IOptions<SyncOptions> options)
{
    public async Task RunAsync(PairContext pair, SyncEvent row, CancellationToken cancellationToken)
    {
        await peers.SendRequestAsync(pair.Connection, ReplicaJson.Read<SyncRequestMessage>(row.MessageJson!), cancellationToken);
        var answersAgain = PeerAnswered(pair);
        await pair.CommitAsync(cancellationToken);
        var resendAt = (pair.Now + options.Value.ResendAfter).UtcTicks;
        // By statement: the result may have arrived before this line, and then the stage is past Sent already.
        await pair.Db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE SyncEvents SET Stage = 'Sent', Attempts = 0, Problem = NULL, NextAttemptAt = {resendAt} WHERE Id = {row.Id} AND Stage IN ('Prepared', 'Sent')",
            cancellationToken);
        if (answersAgain)
            changes.Ring(NodeChange.Connections);
    }

    /// <summary>Clears the pause of a connection whose partner answers: the pairs that await it are due with the commit. True when there was one.</summary>
    internal static bool PeerAnswered(PairContext pair)
    {
        var connection = pair.Connection;
        if (connection is { FailedCalls: 0, Problem: null, PausedUntil: null })
            return false;
        (connection.FailedCalls, connection.Problem, connection.ProblemSince, connection.PausedUntil) = (0, null, null, null);
        return true;
    }
}
