using Microsoft.Data.Sqlite;

namespace Exalate.Core.Storage;

/// <summary>
/// SQLite's own connection, open from its first use to its end, with the statements that were prepared on it: opening one, and planning a statement anew, each cost more than most statements take.
/// For one user at a time.
/// </summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>More than the statements that a node repeats. Lists of ids are part of the text, so there is no end to the others.</summary>
    private const int Kept = 250;

    private readonly Dictionary<string, LinkedListNode<SqliteCommand>> idle = new(StringComparer.Ordinal);

    /// <summary>Longest unused first.</summary>
    private readonly LinkedList<SqliteCommand> byUse = new();

    public SQLitePCL.sqlite3? Handle => connection.Handle;

    public void Open()
    {
        if (connection.State != System.Data.ConnectionState.Open)
            connection.Open();
    }

    /// <summary>Nobody else's until it is given back; prepared when it was run before.</summary>
    public SqliteCommand Take(string text)
    {
        if (idle.Remove(text, out var node))
        {
            byUse.Remove(node);
            return node.Value;
        }

        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    public void GiveBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        var node = new LinkedListNode<SqliteCommand>(command);
        if (!idle.TryAdd(command.CommandText, node))
        {
            // The same text ran twice at once.
            command.Dispose();
            return;
        }

        byUse.AddLast(node);
        if (idle.Count > Kept)
            Forget(byUse.First!.Value);
    }

    public void Dispose()
    {
        while (byUse.First is { } first)
            Forget(first.Value);
        connection.Dispose();
    }

    private void Forget(SqliteCommand command)
    {
        idle.Remove(command.CommandText);
        byUse.RemoveFirst();
        command.Dispose();
    }
}
