using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

/// <summary>The names that Basic makes.</summary>
internal static class ConnectionNames
{
    /// <summary>Short name of a partner that is not known yet.</summary>
    public const string Unknown = "unknown";

    /// <summary>"acme_to_globex", or "acme_to_globex_2" and so on while that is taken by another connection.</summary>
    public static async Task<string> FreeAsync(ExalateDbContext db, string local, string remote, Guid ownId, CancellationToken cancellationToken)
    {
        var wanted = $"{local}_to_{remote}";
        var taken = await db.Connections.Where(c => c.Id != ownId && c.Name.StartsWith(wanted)).Select(c => c.Name).ToListAsync(cancellationToken);
        // As the databases compare: SQL Server's usual collation does not see case.
        var known = taken.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return known.Contains(wanted) ? Enumerable.Range(2, int.MaxValue - 2).Select(n => $"{wanted}_{n}").First(name => !known.Contains(name)) : wanted;
    }
}
