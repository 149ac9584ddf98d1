using Microsoft.Data.Sqlite;

namespace Exalate.Sandbox.Storage;

/// <summary>One write of a document; a null body removes it.</summary>
internal readonly record struct DocumentWrite(string Kind, long Id, string? Body);

/// <summary>
/// JSON documents in one SQLite file. WAL with synchronous=NORMAL: what was committed survives the death of the process
/// (kill -9), which is what the sandbox promises; it does not promise to survive a power cut.
/// </summary>
internal sealed class DocumentFile : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand upsert;
    private readonly SqliteCommand delete;

    private DocumentFile(SqliteConnection connection)
    {
        this.connection = connection;
        upsert = Prepare("INSERT INTO document (kind, id, body) VALUES ($kind, $id, $body) "
            + "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body", "$kind", "$id", "$body");
        delete = Prepare("DELETE FROM document WHERE kind = $kind AND id = $id", "$kind", "$id");
    }

    public static DocumentFile Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            connection.Open();
            // Exclusive: a second sandbox over the same folder would overwrite what this one holds in memory.
            Execute(connection, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
            Execute(connection, "CREATE TABLE IF NOT EXISTS document (kind TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, "
                + "PRIMARY KEY (kind, id)) WITHOUT ROWID;");
            Execute(connection, "BEGIN IMMEDIATE; COMMIT;");
            return new DocumentFile(connection);
        }
        catch (SqliteException problem)
        {
            connection.Dispose();
            throw new SandboxException($"The sandbox's data file {path} can't be opened ({problem.Message}). "
                + "Another sandbox may be running on the same folder: stop it, or choose another data folder.", problem);
        }
    }

    public List<(long Id, string Body)> Load(string kind)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, body FROM document WHERE kind = $kind ORDER BY id";
        command.Parameters.AddWithValue("$kind", kind);
        using var reader = command.ExecuteReader();
        var rows = new List<(long, string)>();
        while (reader.Read())
            rows.Add((reader.GetInt64(0), reader.GetString(1)));
        return rows;
    }

    /// <summary>All or nothing.</summary>
    public void Apply(IReadOnlyCollection<DocumentWrite> writes)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var write in writes)
        {
            var command = write.Body is null ? delete : upsert;
            command.Transaction = transaction;
            command.Parameters["$kind"].Value = write.Kind;
            command.Parameters["$id"].Value = write.Id;
            if (write.Body is not null)
                command.Parameters["$body"].Value = write.Body;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        upsert.Dispose();
        delete.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
