using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Exalate.Benchmarks.Simulation;

/// <summary>
/// What a power cut leaves of a database. With <c>synchronous=FULL</c> all that was committed; a commit of a connection that is set to less lives in the system's cache
/// until some later moment, and is gone when the machine dies before.
/// </summary>
internal sealed class Disk : DbConnectionInterceptor
{
    private const long Full = 2;

    /// <summary>Openings of connections between two moments at which the system writes its cache out.</summary>
    private const int FlushEvery = 40;

    private SqliteConnection? onDisk;
    private int openings;

    /// <summary>The connection is the same behind all that contexts open, and is told once how durable it has to be.</summary>
    private bool isSafe;

    public TestDatabase Database { get; set; } = null!;

    /// <summary>A statement of the node is about to begin: others may be faster.</summary>
    public required Action Meanwhile { get; init; }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Meanwhile();
        return ValueTask.FromResult(result);
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Look((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Look((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    /// <summary>The machine dies: what was not on the disk is gone.</summary>
    public void LosePower()
    {
        if (onDisk is null)
            return;
        onDisk.BackupDatabase(Database.Beside);
        openings = 0;
    }

    private void Look(SqliteConnection connection)
    {
        if (isSafe)
            return;
        if (SQLitePCL.raw.sqlite3_prepare_v2(connection.Handle, "PRAGMA synchronous", out var statement) != SQLitePCL.raw.SQLITE_OK)
            throw new InvalidOperationException("The database does not say how durable it is.");
        using (statement)
        {
            SQLitePCL.raw.sqlite3_step(statement);
            if (SQLitePCL.raw.sqlite3_column_int64(statement, 0) >= Full)
            {
                isSafe = true;
                return;
            }
        }

        if (openings++ % FlushEvery != 0)
            return;
        onDisk ??= Opened();
        Database.Beside.BackupDatabase(onDisk);
    }

    private static SqliteConnection Opened()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }
}
