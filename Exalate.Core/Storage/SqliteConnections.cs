using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Exalate.Core.Storage;

/// <summary>Open connections to one database, lent to a context each; the one that was given back last goes out first, so that no more are open than are needed at once.</summary>
internal sealed class SqliteConnections(string connectionString) : IDisposable
{
    private readonly ConcurrentStack<KeptSqliteConnection> idle = new();
    private volatile bool isOver;

    public Loan Lend() => new(this, idle.TryPop(out var kept) ? kept : new KeptSqliteConnection(connectionString, new SqliteStatements(new SqliteConnection(connectionString))));

    /// <summary>Ends those that are idle; those that are lent, when they come back.</summary>
    public void Dispose()
    {
        isOver = true;
        EndIdle();
    }

    private void GiveBack(KeptSqliteConnection connection)
    {
        connection.Close();
        idle.Push(connection);
        if (isOver)
            EndIdle();
    }

    private void EndIdle()
    {
        while (idle.TryPop(out var connection))
            connection.Statements.Dispose();
    }

    /// <summary>A connection, until it is given back.</summary>
    public sealed class Loan(SqliteConnections lender, KeptSqliteConnection connection) : IDisposable
    {
        private SqliteConnections? lender = lender;

        public KeptSqliteConnection Connection => connection;

        public void Dispose() => Interlocked.Exchange(ref lender, null)?.GiveBack(connection);
    }
}
