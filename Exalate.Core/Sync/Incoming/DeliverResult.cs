using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Sync.Outgoing;
using Exalate.Core.Sync.Rebuild;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Tells the partner what became of its request. Telling it twice is harmless.</summary>
internal sealed class DeliverResult(IPeerClient peers, Epochs epochs, Vouchers vouchers, INodeChanges changes)
{
    public async Task RunAsync(PairContext pair, SyncRequest request, CancellationToken cancellationToken)
    {
        var result = await epochs.StampAsync(pair.Db, request, ReplicaJson.Read<SyncResultMessage>(request.ResultJson!), cancellationToken);
        result = result with { Voucher = await vouchers.MakeAsync(pair.Db, pair.Connection, pair.Twin.LocalEntityId, cancellationToken) };
        await peers.SendResultAsync(pair.Connection, result, cancellationToken);
        request.Stage = RequestStage.Done;
        request.ClearProblem();
        request.FinishedAt = pair.Now;
        var answersAgain = SendEvent.PeerAnswered(pair);
        // Forgotten, it is told once more.
        pair.CommitInPassing(afterwards: answersAgain ? () => changes.Ring(NodeChange.Connections) : null);
    }
}
