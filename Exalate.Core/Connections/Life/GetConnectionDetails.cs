using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

internal sealed class GetConnectionDetailsHandler(IDbContextFactory<ExalateDbContext> databases, IMediator mediator, NodeSettingsStore settings, ITrackerFactory trackers)
    : IRequestHandler<GetConnectionDetails, ConnectionDetails?>
{
    public async Task<ConnectionDetails?> Handle(GetConnectionDetails request, CancellationToken cancellationToken)
    {
        var view = await mediator.Send(new GetConnection(request.ConnectionId), cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = view is null ? null : await db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == view.Id, cancellationToken);
        if (connection is null)
        {
            return null;
        }

        var own = await settings.ReadAsync(cancellationToken);
        var notices = await db.Set<ConnectionNotice>().AsNoTracking().Where(n => n.ConnectionId == connection.Id).OrderBy(n => n.Number).ToListAsync(cancellationToken);
        var from = await db.Set<Invitation>().Where(i => i.ConnectionId == connection.Id && i.UsedAt != null).Select(i => i.UsedFromAddress).FirstOrDefaultAsync(cancellationToken);
        return new ConnectionDetails
        {
            Connection = view!,
            AsksForProject = own.TrackerKind is { } kind && trackers.Describe(kind).AsksForProject,
            Local = new NodeEnd(own.NodeName, connection.LocalShortName, own.ExalateUrl, own.NodeUid, ExalateCore.Version, own.TrackerUrl),
            Remote = new NodeEnd(connection.RemoteNodeName, connection.RemoteShortName, connection.Type == ConnectionType.Local ? own.ExalateUrl : connection.RemoteUrl, connection.RemoteNodeUid, connection.RemoteVersion, connection.RemoteTrackerUrl),
            CreatedBy = connection.CreatedBy,
            ActivatedAt = connection.ActivatedAt,
            AcceptedFrom = from,
            Secret = ConnectionWords.StandingOf(connection),
            SecretRotatedAt = connection.SecretRotatedAt,
            AddressFixedBecause = ConnectionWords.AddressFixedBecause(connection),
            SecretFixedBecause = ConnectionWords.SecretFixedBecause(connection),
            NotToldYet = [.. notices.Select(n => ConnectionWords.NotToldYet(n, connection.RemoteShortName)).OfType<string>()],
        };
    }
}
