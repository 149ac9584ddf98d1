using Exalate.Core.Access;
using Exalate.Core.Sync.Engine;
using MediatR;

namespace Exalate.Core.Sync.Pairs;

internal sealed class UnexalateEntityHandler(PairHold hold, INodeChanges changes, IRandomSource random) : IRequestHandler<UnexalateEntity, Result>
{
    public async Task<Result> Handle(UnexalateEntity request, CancellationToken cancellationToken)
    {
        var result = await hold.WithAsync(request.TwinId, pair => EndAsync(pair, request.By, cancellationToken), cancellationToken);
        changes.Ring(NodeChange.Twins);
        changes.Ring(NodeChange.Connections);
        return result;
    }

    private async Task<Error?> EndAsync(PairContext pair, string? by, CancellationToken cancellationToken)
    {
        var twin = pair.Twin;
        if (twin.State == TwinState.Ended)
            return new Conflict($"{twin.LocalKey ?? twin.RemoteKey} is not under sync on {pair.Connection.Name} any more.");
        await PairEnding.EndHereAsync(
            pair.Db, twin, $"Taken out of sync here{(by is null ? "" : $" by {by}")}. Both entities stay.", random, pair.Now, cancellationToken);
        pair.Db.Add(new AuditEntry
        {
            At = pair.Now,
            Actor = by,
            Action = AuditAction.EntityUnexalated,
            Subject = $"{twin.LocalKey ?? "(not created)"} - {twin.RemoteKey ?? "(not known)"} on connection {pair.Connection.Name}",
        });
        return null;
    }
}
