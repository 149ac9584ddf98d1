using System.CommandLine;
using System.Globalization;
using Exalate.Benchmarks.Simulation;
using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Benchmarks.Queue;

/// <summary><c>queue</c>: what taking a pair from the queue and giving it back costs, as the queue grows.</summary>
internal static class QueueCommand
{
    private const int Connections = 10;
    private const int Claims = 500;

    public static Command Create()
    {
        var sizes = new Option<int[]>("--sizes")
        {
            Description = "How many pairs are due, each with an event.", DefaultValueFactory = _ => [1_000, 10_000, 100_000], AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("queue", $"Takes pairs from a queue of {Connections} connections in a SQLite file and gives them back: the queue's own cost for each event.") { sizes };
        command.SetAction(async (parsed, _) =>
        {
            await MeasureAsync(100);
            foreach (var size in parsed.GetValue(sizes)!)
            {
                var cost = await MeasureAsync(size);
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,8} due: {cost:0.000} ms per event"));
            }

            return 0;
        });
        return command;
    }

    private static async Task<double> MeasureAsync(int size)
    {
        await using var database = await TestDatabase.CreateAsync();
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < Connections; i++)
            await FillAsync(database, await database.AddConnectionAsync(ConnectionStatus.Active), size / Connections, now);
        var statements = new SqliteQueueStatements();
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Claims; i++)
        {
            await using var db = database.CreateDbContext();
            var moment = now.AddMilliseconds(i);
            var pair = await statements.ClaimTwinAsync(db, new Claim("bench", moment, moment.AddSeconds(10), 6, 16), CancellationToken.None)
                ?? throw new InvalidOperationException("The queue ran dry.");
            // Due again behind all others: the queue keeps its length.
            await db.ReleaseAsync(pair, "bench", 0, moment, false, moment, CancellationToken.None);
        }

        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds / Claims;
    }

    private static async Task FillAsync(TestDatabase database, Guid connection, int count, DateTimeOffset now)
    {
        await using var db = database.CreateDbContext();
        var id = connection.ToString().ToUpperInvariant();
        var dueAt = now.AddHours(-1).UtcTicks;
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO Twins (Id, ConnectionId, PairId, State, StartedHere, SentVersion, AcknowledgedVersion, ReceivedVersion, Signal, AwaitsPartner, CreatedAt, DueAt, LocalBase)
            SELECT substr({id}, 1, 24) || printf('%012X', i), {id}, substr({id}, 1, 24) || printf('%012X', i), 'FirstSync', 1, 0, 0, 0, 0, 0, {dueAt}, {dueAt} + i, hex(zeroblob(1000)) FROM n
            """);
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"""
            INSERT INTO SyncEvents (EventId, ConnectionId, TwinId, Stage, Version, Attempts, NeedsAttention, CreatedAt)
            SELECT Id, ConnectionId, Id, 'Queued', 0, 0, 0, {dueAt} FROM Twins WHERE ConnectionId = {id}
            """);
    }
}
