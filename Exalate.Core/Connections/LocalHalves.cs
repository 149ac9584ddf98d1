using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

/// <summary>A local connection is two rows with one link id on one node, a half for each project. Lists show the inviting half alone.</summary>
internal static class LocalHalves
{
    /// <summary>Null when the connection is not local, or its other half is gone.</summary>
    /// <param name="tracked">True to change it.</param>
    public static async Task<Connection?> OtherHalfAsync(this ExalateDbContext db, Connection connection, CancellationToken cancellationToken, bool tracked = false)
    {
        if (connection.Type != ConnectionType.Local)
        {
            return null;
        }

        var rows = tracked ? db.Connections : db.Connections.AsNoTracking();
        return await rows.SingleOrDefaultAsync(c => c.LinkId == connection.LinkId && c.Id != connection.Id && c.Type == ConnectionType.Local, cancellationToken);
    }

    /// <summary>Name of the half that the list does not show; it stands where a page speaks of a pair of that half. Example: "jira_to_jira (back)".</summary>
    public static string NameOfOther(string shown) => $"{shown} (back)";

    /// <summary>Connections as people know them: one for each agreement.</summary>
    public static IQueryable<Connection> Shown(this IQueryable<Connection> connections) => connections.Where(c => c.Type != ConnectionType.Local || c.IsInviter);
}
