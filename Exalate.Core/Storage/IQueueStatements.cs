using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Exalate.Core.Storage;

/// <summary>The queue's few statements that each provider says in its own way.</summary>
internal interface IQueueStatements
{
    /// <summary>
    /// Takes the pair that has been due longest, of an active connection, that nobody works on: sets owner and expiry in one statement, so that
    /// no two workers (or processes) ever hold the same pair. Null when nothing is due.
    /// </summary>
    Task<Guid?> ClaimTwinAsync(ExalateDbContext db, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);
}

internal sealed class SqliteQueueStatements : IQueueStatements
{
    // One UPDATE is one write transaction: SQLite lets no second writer in between the search and the change.
    private const string Claim =
        """
        UPDATE Twins SET LeaseOwner = @owner, LeaseUntil = @until
        WHERE Id = (
            SELECT t.Id FROM Twins t JOIN Connections c ON c.Id = t.ConnectionId
            WHERE t.DueAt <= @now AND (t.LeaseUntil IS NULL OR t.LeaseUntil < @now) AND c.Status = 'Active'
            ORDER BY t.DueAt LIMIT 1)
        RETURNING Id
        """;

    // Read before the write: a look that finds nothing takes no lock from anybody.
    private const string Look =
        """
        SELECT t.Id FROM Twins t JOIN Connections c ON c.Id = t.ConnectionId
        WHERE t.DueAt <= @now AND (t.LeaseUntil IS NULL OR t.LeaseUntil < @now) AND c.Status = 'Active' LIMIT 1
        """;

    public async Task<Guid?> ClaimTwinAsync(ExalateDbContext db, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (await QueueCommand.ReadIdAsync(db, Look, owner, now, until, cancellationToken) is null)
            return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var claimed = await QueueCommand.ReadIdAsync(db, Claim, owner, now, until, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return claimed;
    }
}

internal sealed class SqlServerQueueStatements : IQueueStatements
{
    // READPAST steps over rows that another worker is taking, UPDLOCK holds ours until the statement ends.
    private const string Claim =
        """
        WITH next AS (
            SELECT TOP (1) t.Id, t.LeaseOwner, t.LeaseUntil
            FROM Twins t WITH (UPDLOCK, READPAST, ROWLOCK) JOIN Connections c WITH (NOLOCK) ON c.Id = t.ConnectionId
            WHERE t.DueAt <= @now AND (t.LeaseUntil IS NULL OR t.LeaseUntil < @now) AND c.Status = N'Active'
            ORDER BY t.DueAt)
        UPDATE next SET LeaseOwner = @owner, LeaseUntil = @until
        OUTPUT inserted.Id
        """;

    public Task<Guid?> ClaimTwinAsync(ExalateDbContext db, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        QueueCommand.ReadIdAsync(db, Claim, owner, now, until, cancellationToken);
}

internal static class QueueCommand
{
    public static async Task<Guid?> ReadIdAsync(
        ExalateDbContext db, string sql, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        Add(command, "@owner", owner);
        Add(command, "@now", now.UtcTicks);
        Add(command, "@until", until.UtcTicks);
        var id = await command.ExecuteScalarAsync(cancellationToken);
        return id switch
        {
            null or DBNull => null,
            Guid guid => guid,
            string text => Guid.Parse(text),
            _ => throw new InvalidOperationException($"The queue answered an id of type {id.GetType().Name}."),
        };
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
