using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Exalate.Core.Storage;

/// <summary>
/// Readers beside one writer (WAL). An answer is only given for what a power cut can't take back: with synchronous NORMAL SQLite itself syncs its log before a checkpoint alone, and
/// <see cref="SqliteGroupSync"/> does it for every commit before anybody goes on. Where there is no file to sync, FULL.
/// </summary>
internal sealed class SqliteDurability(bool syncsInGroups) : DbConnectionInterceptor
{
    // Another process that holds the write lock is waited for in steps of a few milliseconds; after the second the provider goes on by 150 ms, up to its command time-out of 30 s.
    private readonly string pragmas = $"PRAGMA journal_mode=WAL; PRAGMA synchronous={(syncsInGroups ? "NORMAL" : "FULL")}; PRAGMA busy_timeout=1000; PRAGMA foreign_keys=ON;";

    /// <summary>The settings belong to SQLite's own connection, which stays open: once for each is enough.</summary>
    private readonly ConditionalWeakTable<object, object> settled = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (!IsNew(connection))
            return;
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (!IsNew(connection))
            return;
        await using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private bool IsNew(DbConnection connection) => settled.TryAdd(((SqliteConnection)connection).Handle!, this);
}
