using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync;

namespace Exalate.Tests.Storage;

public sealed class QueueClaimTests
{
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
        var a = await statements.ClaimTwinAsync(first, "a", Noon, Noon.AddSeconds(15), default);
        var b = await statements.ClaimTwinAsync(second, "b", Noon, Noon.AddSeconds(15), default);
        var none = await statements.ClaimTwinAsync(second, "b", Noon, Noon.AddSeconds(15), default);

        Assert.Equal([twins[1], twins[0]], [a!.Value, b!.Value]);
        Assert.Null(none);
    }

    [Fact]
    public async Task ClaimTwin_LeaseOfADeadWorker_IsTakenOverAfterItsExpiry()
    {
        await using var database = await TestDatabase.CreateAsync();
        var twin = await database.AddTwinAsync(await database.AddConnectionAsync(ConnectionStatus.Active), Noon);
        await using var db = database.CreateDbContext();
        Assert.Equal(twin, await statements.ClaimTwinAsync(db, "dead", Noon, Noon.AddSeconds(15), default));
        Assert.Null(await statements.ClaimTwinAsync(db, "alive", Noon.AddSeconds(15), Noon.AddSeconds(30), default));
        Assert.Equal(twin, await statements.ClaimTwinAsync(db, "alive", Noon.AddSeconds(16), Noon.AddSeconds(31), default));
    }

    [Theory]
    [InlineData(ConnectionStatus.Pending)]
    [InlineData(ConnectionStatus.Deactivated)]
    public async Task ClaimTwin_ConnectionNotActive_WaitsHoweverDueItIs(ConnectionStatus status)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AddTwinAsync(await database.AddConnectionAsync(status), Noon.AddDays(-1));
        await using var db = database.CreateDbContext();
        Assert.Null(await statements.ClaimTwinAsync(db, "a", Noon, Noon.AddSeconds(15), default));
    }
}
