using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Exalate.Core.Storage;

/// <summary>The queue's few statements that each provider says in its own way.</summary>
internal interface IQueueStatements
{
    /// <summary>
    /// Takes a pair that is due, of an active connection, that nobody works on: sets owner and expiry in one statement, so that no two workers (or processes) ever
    /// hold the same pair. Connections take turns: of those that have something due, the one whose last turn is longest ago gives the pair that has been due longest. A pair that
    /// only awaits its partner is not due while its connection pauses. Null when nothing is due, or the limits are reached.
    /// What it costs depends on the number of connections, not on how much waits.
    /// </summary>
    Task<Guid?> ClaimTwinAsync(ExalateDbContext db, Claim claim, CancellationToken cancellationToken);
}

/// <param name="PerConnection">No pair of a connection that has so many in work.</param>
/// <param name="PerTracker">No pair at all while so many are in work.</param>
internal sealed record Claim(string Owner, DateTimeOffset Now, DateTimeOffset Until, int PerConnection, int PerTracker);

internal sealed class SqliteQueueStatements : IQueueStatements
{
    /// <summary>The pair whose turn it is.</summary>
    internal const string Next =
        """
        SELECT next.Id FROM (
            SELECT (SELECT t.Id FROM Twins t
                    WHERE t.ConnectionId = c.Id AND t.AwaitsPartner = lane.AwaitsPartner AND t.DueAt <= @now AND (t.LeaseUntil IS NULL OR t.LeaseUntil < @now)
                    ORDER BY t.DueAt LIMIT 1) AS TwinId,
                   (SELECT MAX(t.ClaimedAt) FROM Twins t WHERE t.ConnectionId = c.Id) AS LastTurn
            FROM Connections c
            JOIN (SELECT 0 AS AwaitsPartner UNION ALL SELECT 1) lane ON lane.AwaitsPartner = 0 OR c.PausedUntil IS NULL OR c.PausedUntil <= @now
            WHERE c.Status = 'Active' AND c.HeldSince IS NULL
                AND (SELECT COUNT(*) FROM Twins t WHERE t.ConnectionId = c.Id AND t.LeaseUntil >= @now) < @perConnection) turn
        JOIN Twins next ON next.Id = turn.TwinId
        WHERE (SELECT COUNT(*) FROM Twins t WHERE t.LeaseUntil >= @now) < @perTracker
        ORDER BY turn.LastTurn, next.DueAt LIMIT 1
        """;

    /// <summary>The pair that was found, if it is still free and there is still a place. One UPDATE is one write transaction: SQLite lets no second writer in between.</summary>
    internal const string Take =
        """
        UPDATE Twins SET LeaseOwner = @owner, LeaseUntil = @until, ClaimedAt = @now
        WHERE Id = @id AND DueAt <= @now AND (LeaseUntil IS NULL OR LeaseUntil < @now)
            AND (SELECT COUNT(*) FROM Twins held WHERE held.ConnectionId = Twins.ConnectionId AND held.LeaseUntil >= @now) < @perConnection
            AND (SELECT COUNT(*) FROM Twins held WHERE held.LeaseUntil >= @now) < @perTracker
        RETURNING Id
        """;

    public async Task<Guid?> ClaimTwinAsync(ExalateDbContext db, Claim claim, CancellationToken cancellationToken)
    {
        // Read before the write: a look that finds nothing takes no lock from anybody, and the search is planned and made once.
        while (await QueueCommand.ReadIdAsync(db, Next, claim, cancellationToken) is { } found)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var taken = await QueueCommand.ReadIdAsync(db, Take, claim, cancellationToken, found);
            await transaction.CommitAsync(cancellationToken);
            if (taken is not null)
                return taken;
            // Another process was faster.
        }

        return null;
    }
}

internal sealed class SqlServerQueueStatements : IQueueStatements
{
    // READPAST steps over rows that another worker is taking, UPDLOCK holds ours until the statement ends. The lease is asked for again outside: should the
    // row be another's by then, this turn is lost, and nothing is taken twice. The counts may be passed by one for each process that claims at the same instant.
    private const string Take =
        """
        UPDATE t SET LeaseOwner = @owner, LeaseUntil = @until, ClaimedAt = @now
        OUTPUT inserted.Id
        FROM Twins t
        WHERE (t.LeaseUntil IS NULL OR t.LeaseUntil < @now) AND t.Id = (
            SELECT TOP (1) next.Id
            FROM Connections c
            JOIN (VALUES (CAST(0 AS bit)), (CAST(1 AS bit))) lane (AwaitsPartner) ON lane.AwaitsPartner = 0 OR c.PausedUntil IS NULL OR c.PausedUntil <= @now
            CROSS APPLY (
                SELECT TOP (1) due.Id, due.DueAt FROM Twins due WITH (UPDLOCK, READPAST, ROWLOCK)
                WHERE due.ConnectionId = c.Id AND due.AwaitsPartner = lane.AwaitsPartner AND due.DueAt <= @now AND (due.LeaseUntil IS NULL OR due.LeaseUntil < @now)
                ORDER BY due.DueAt) next
            WHERE c.Status = N'Active' AND c.HeldSince IS NULL
                AND (SELECT COUNT(*) FROM Twins held WITH (NOLOCK) WHERE held.ConnectionId = c.Id AND held.LeaseUntil >= @now) < @perConnection
                AND (SELECT COUNT(*) FROM Twins held WITH (NOLOCK) WHERE held.LeaseUntil >= @now) < @perTracker
            ORDER BY (SELECT MAX(turn.ClaimedAt) FROM Twins turn WITH (NOLOCK) WHERE turn.ConnectionId = c.Id), next.DueAt)
        """;

    public Task<Guid?> ClaimTwinAsync(ExalateDbContext db, Claim claim, CancellationToken cancellationToken) => QueueCommand.ReadIdAsync(db, Take, claim, cancellationToken);
}

internal static class QueueCommand
{
    /// <param name="id">The statement's <c>@id</c>, where it has one.</param>
    public static async Task<Guid?> ReadIdAsync(ExalateDbContext db, string sql, Claim claim, CancellationToken cancellationToken, Guid? id = null)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            command.CommandText = sql;
            Add(command, "@owner", claim.Owner);
            Add(command, "@now", claim.Now.UtcTicks);
            Add(command, "@until", claim.Until.UtcTicks);
            Add(command, "@perConnection", claim.PerConnection);
            Add(command, "@perTracker", claim.PerTracker);
            if (id is { } wanted)
                Add(command, "@id", wanted);
            return Id(await command.ExecuteScalarAsync(cancellationToken));
        }
        finally
        {
            // The context is used again, by somebody who expects it closed.
            await db.Database.CloseConnectionAsync();
        }
    }

    private static Guid? Id(object? answer) => answer switch
    {
        null or DBNull => null,
        Guid guid => guid,
        string text => Guid.Parse(text),
        _ => throw new InvalidOperationException($"The queue answered an id of type {answer.GetType().Name}."),
    };

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
