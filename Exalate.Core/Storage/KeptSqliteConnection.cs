using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Exalate.Core.Storage;

/// <summary>A connection as a context sees it, opened and closed around each statement, on one of SQLite's that stays open (<see cref="SqliteStatements"/>).</summary>
internal sealed class KeptSqliteConnection : SqliteConnection
{
    private ConnectionState state = ConnectionState.Closed;

    /// <param name="statements">Lent: whoever made them ends them.</param>
    public KeptSqliteConnection(string connectionString, SqliteStatements statements)
        : base(connectionString)
    {
        Statements = statements;
        // Holds nothing of its own.
        GC.SuppressFinalize(this);
    }

    public SqliteStatements Statements { get; }

    public override SQLitePCL.sqlite3? Handle => Statements.Handle;

    public override ConnectionState State => state;

    public override void Open()
    {
        Statements.Open();
        state = ConnectionState.Open;
    }

    public override void Close()
    {
        Transaction?.Dispose();
        state = ConnectionState.Closed;
    }

    public override SqliteCommand CreateCommand() => new KeptSqliteCommand(this) { CommandTimeout = DefaultTimeout, Transaction = Transaction };

    protected override DbCommand CreateDbCommand() => CreateCommand();
}

/// <summary>A command as a context sees it, made for one use, on a statement that was prepared by an earlier one of the same text.</summary>
internal sealed class KeptSqliteCommand : SqliteCommand
{
    private readonly KeptSqliteConnection connection;
    private string text = "";
    private SqliteCommand? prepared;

    public KeptSqliteCommand(KeptSqliteConnection connection)
    {
        this.connection = connection;
        GC.SuppressFinalize(this);
    }

    [AllowNull]
    public override string CommandText
    {
        get => text;
        set
        {
            if (prepared is not null && text != value)
                throw new InvalidOperationException("A command's text is set before its parameters, and once.");
            text = value ?? "";
        }
    }

    public override SqliteConnection? Connection
    {
        get => connection;
        set => throw new NotSupportedException("The command belongs to the connection that made it.");
    }

    public override SqliteParameterCollection Parameters => Prepared.Parameters;

    /// <summary>SQLite ends a transaction by itself when the disk fails: what follows must not be stored without the rest.</summary>
    private bool HasTransactionEnded => Transaction is not null && SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0;

    private SqliteCommand Prepared => prepared ??= connection.Statements.Take(text);

    public override SqliteDataReader ExecuteReader(CommandBehavior behavior) => Run(command => command.ExecuteReader(behavior & ~CommandBehavior.CloseConnection));

    public override SqliteDataReader ExecuteReader() => ExecuteReader(CommandBehavior.Default);

    // Of a transaction that has ended already nothing is left to be rolled back.
    public override int ExecuteNonQuery() => HasTransactionEnded && text == "ROLLBACK;" ? 0 : Run(command => command.ExecuteNonQuery());

    public override object? ExecuteScalar() => Run(command => command.ExecuteScalar());

    protected override void Dispose(bool disposing)
    {
        if (prepared is not null)
            connection.Statements.GiveBack(prepared);
        prepared = null;
        base.Dispose(disposing);
    }

    private T Run<T>(Func<SqliteCommand, T> execute)
    {
        if (connection.State != ConnectionState.Open)
            throw new InvalidOperationException("The connection is closed.");
        if (HasTransactionEnded)
            throw new InvalidOperationException("The transaction has ended already: nothing of it was stored.");
        var command = Prepared;
        command.CommandTimeout = CommandTimeout;
        try
        {
            return execute(command);
        }
        catch
        {
            // What stands half way is not run again.
            prepared = null;
            command.Dispose();
            throw;
        }
    }
}
