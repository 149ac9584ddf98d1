using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Storage;

public sealed class QueueClaimTests
{
    private const int Bulk = 10_000;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SqliteQueueStatements statements = new();

    [Fact]
    public async Task ClaimTwin_TwoWorkers_NeverGetTheSamePair()
    {
        await using var database = await TestDatabase.CreateAsync();
        var connection = await database.AddConnectionAsync(ConnectionStatus.Active);
        var twins = new[] { await database.AddTwinAsync(connection, Noon), await database.AddTwinAsync(connection, Noon.AddSeconds(-1)) };

        await using var first = database.CreateDbContext();
        await using var second = database.CreateDbContext();
        var a = await statements.ClaimTwinAsync(first, At(Noon, "a"), default);
        var b = await statements.ClaimTwinAsync(second, At(Noon, "b"), default);
        var none = await statements.ClaimTwinAsync(second, At(Noon, "b"), default);

        Assert.Equal([twins[1], twins[0]], [a!.Value, b!.Value]);
        Assert.Null(none);
    }

    [Fact]
    public async Task ClaimTwin_LeaseOfADeadWorker_IsTakenOverAfterItsExpiry()
    {
        await using var database = await TestDatabase.CreateAsync();
        var twin = await database.AddTwinAsync(await database.AddConnectionAsync(ConnectionStatus.Active), Noon);
        await using var db = database.CreateDbContext();
        Assert.Equal(twin, await statements.ClaimTwinAsync(db, At(Noon, "dead"), default));
        Assert.Null(await statements.ClaimTwinAsync(db, At(Noon.AddSeconds(15), "alive"), default));
        Assert.Equal(twin, await statements.ClaimTwinAsync(db, At(Noon.AddSeconds(16), "alive"), default));
    }

    [Theory]
    [InlineData(ConnectionStatus.Pending)]
    [InlineData(ConnectionStatus.Deactivated)]
    public async Task ClaimTwin_ConnectionNotActive_WaitsHoweverDueItIs(ConnectionStatus status)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AddTwinAsync(await database.AddConnectionAsync(status), Noon.AddDays(-1));
        await using var db = database.CreateDbContext();
        Assert.Null(await statements.ClaimTwinAsync(db, At(Noon), default));
    }

    [Fact]
    public async Task ClaimTwin_BulkOfTenThousandOnOneConnection_TheSingleEditOnAnotherIsNext()
    {
        await using var database = await TestDatabase.CreateAsync();
        var bulk = await database.AddConnectionAsync(ConnectionStatus.Active);
        await AddBulkAsync(database, bulk, Bulk);
        await using var db = database.CreateDbContext();
        // Workers are at it already when the edit comes.
        await statements.ClaimTwinAsync(db, At(Noon), default);
        await statements.ClaimTwinAsync(db, At(Noon.AddMilliseconds(1)), default);
        var edit = await database.AddTwinAsync(await database.AddConnectionAsync(ConnectionStatus.Active), Noon);

        Assert.Equal(edit, await statements.ClaimTwinAsync(db, At(Noon.AddMilliseconds(2)), default));
    }

    [Fact]
    public async Task ClaimTwin_BulksOnFiveConnections_TheSingleEditWaitsOneRoundAtMost()
    {
        await using var database = await TestDatabase.CreateAsync();
        for (var i = 0; i < 5; i++)
            await AddBulkAsync(database, await database.AddConnectionAsync(ConnectionStatus.Active), 100);
        var quiet = await database.AddConnectionAsync(ConnectionStatus.Active);
        await using var db = database.CreateDbContext();
        var now = Noon;
        for (var round = 0; round < 4; round++)
        {
            // Each edit is newer than all that waits.
            var edit = await database.AddTwinAsync(quiet, now);
            var claims = new List<Guid?>();
            do
            {
                claims.Add(await statements.ClaimTwinAsync(db, At(now, limit: 64), default));
                now += TimeSpan.FromMilliseconds(1);
            }
            while (claims[^1] != edit && claims.Count < 20);
            Assert.InRange(claims.Count, 1, 6);
        }
    }

    [Fact]
    public async Task ClaimTwin_LimitOfTheConnectionReached_OnlyOthersAreTaken()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (one, other) = (await database.AddConnectionAsync(ConnectionStatus.Active), await database.AddConnectionAsync(ConnectionStatus.Active));
        await AddBulkAsync(database, one, 10);
        await using var db = database.CreateDbContext();
        for (var i = 0; i < 3; i++)
            Assert.NotNull(await statements.ClaimTwinAsync(db, At(Noon, limit: 3), default));
        Assert.Null(await statements.ClaimTwinAsync(db, At(Noon, limit: 3), default));
        var elsewhere = await database.AddTwinAsync(other, Noon);
        Assert.Equal(elsewhere, await statements.ClaimTwinAsync(db, At(Noon, limit: 3), default));
    }

    [Fact]
    public async Task ClaimTwin_LimitOfTheTrackerReached_NothingIsTakenUntilOneIsGivenBack()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddBulkAsync(database, await database.AddConnectionAsync(ConnectionStatus.Active), 10);
        await AddBulkAsync(database, await database.AddConnectionAsync(ConnectionStatus.Active), 10);
        await using var db = database.CreateDbContext();
        var claim = new Claim("a", Noon, Noon.AddSeconds(15), 8, 4);
        var taken = new List<Guid?>();
        for (var i = 0; i < 4; i++)
            taken.Add(await statements.ClaimTwinAsync(db, claim, default));
        Assert.Null(await statements.ClaimTwinAsync(db, claim, default));
        await db.ReleaseAsync(taken[0]!.Value, "a", 0, null, false, Noon, default);
        Assert.NotNull(await statements.ClaimTwinAsync(db, claim, default));
    }

    [Fact]
    public async Task ClaimTwin_PartnerAway_WhatAwaitsItIsNotTakenBeforeThePauseEnds_AndTheRestIs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var connection = await database.AddConnectionAsync(ConnectionStatus.Active);
        await AddBulkAsync(database, connection, 50);
        await using var db = database.CreateDbContext();
        await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Twins SET AwaitsPartner = 1");
        await db.Database.ExecuteSqlInterpolatedAsync($"UPDATE Connections SET PausedUntil = {Noon.AddSeconds(30).UtcTicks}");
        Assert.Null(await statements.ClaimTwinAsync(db, At(Noon), default));

        var local = await database.AddTwinAsync(connection, Noon);
        Assert.Equal(local, await statements.ClaimTwinAsync(db, At(Noon), default));
        Assert.NotNull(await statements.ClaimTwinAsync(db, At(Noon.AddSeconds(30)), default));
    }

    [Fact]
    public async Task Claim_TenThousandPairs_IsFoundThroughIndexesAlone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddBulkAsync(database, await database.AddConnectionAsync(ConnectionStatus.Active), Bulk);
        await using var db = database.CreateDbContext();
        await db.Database.OpenConnectionAsync();
        foreach (var (statement, looks) in new[] { (SqliteQueueStatements.Next, 4), (SqliteQueueStatements.Take, 3) })
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + statement;
            foreach (var name in new[] { "@owner", "@now", "@until", "@perConnection", "@perTracker", "@id" })
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, 1);
                command.Parameters.Add(parameter);
            }

            var plan = new List<string>();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(3));
            var steps = plan.Where(step => step.Contains(" t ") || step.EndsWith(" t", StringComparison.Ordinal) || step.Contains("Twins")).ToList();
            Assert.True(steps.Count >= looks, string.Join('\n', plan));
            Assert.All(steps, step => Assert.Contains("INDEX", step));
            // The one scan walks the partial index of what is in work: a handful of rows.
            Assert.All(steps.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal)), step => Assert.Contains("LeaseUntil", step));
        }
    }

    private static Claim At(DateTimeOffset now, string owner = "a", int limit = 8) => new(owner, now, now.AddSeconds(15), limit, 100);

    /// <summary>Pairs that have been due for an hour.</summary>
    private static async Task AddBulkAsync(TestDatabase database, Guid connection, int count)
    {
        await using var db = database.CreateDbContext();
        var id = connection.ToString().ToUpperInvariant();
        await db.Database.ExecuteSqlInterpolatedAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO Twins (Id, ConnectionId, PairId, State, StartedHere, SentVersion, AcknowledgedVersion, ReceivedVersion, Signal, AwaitsPartner, CreatedAt, DueAt)
            SELECT substr({id}, 1, 24) || printf('%012X', i), {id}, substr({id}, 1, 24) || printf('%012X', i), 'FirstSync', 1, 0, 0, 0, 0, 0,
                {Noon.AddHours(-2).UtcTicks}, {Noon.AddHours(-1).UtcTicks} + i FROM n
            """);
    }
}
