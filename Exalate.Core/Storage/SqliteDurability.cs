using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Exalate.Core.Storage;

/// <summary>
/// Readers beside one writer (WAL), and an answer is only given for what a power cut can't take back (synchronous FULL).
/// Both are settings of the open connection, so they are set each time one opens.
/// </summary>
internal sealed class SqliteDurability : DbConnectionInterceptor
{
    // busy_timeout=0: this build of SQLite sleeps whole seconds while it waits for a lock. With 0 the provider waits itself, 150 ms at a time, up to its
    // command time-out of 30 s.
    private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=0; PRAGMA foreign_keys=ON;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
