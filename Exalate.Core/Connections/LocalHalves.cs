using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

/// <summary>A local connection is two rows with one link id on one node, a half for each project. Lists show the inviting half alone.</summary>
internal static class LocalHalves
{
    /// <summary>Null when the connection is not local, or its other half is gone.</summary>
    public static Task<Connection?> OtherHalfAsync(this ExalateDbContext db, Connection connection, CancellationToken cancellationToken) => connection.Type == ConnectionType.Local
        ? db.Connections.AsNoTracking().SingleOrDefaultAsync(c => c.LinkId == connection.LinkId && c.Id != connection.Id && c.Type == ConnectionType.Local, cancellationToken)
        : Task.FromResult<Connection?>(null);

    /// <summary>Connections as people know them: one for each agreement.</summary>
    public static IQueryable<Connection> Shown(this IQueryable<Connection> connections) => connections.Where(c => c.Type != ConnectionType.Local || c.IsInviter);
}
