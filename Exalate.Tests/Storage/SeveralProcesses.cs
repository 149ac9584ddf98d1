using System.Globalization;
using Exalate.Core.Connections;
using Exalate.Tests.Simulation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Tests.Storage;

/// <summary>Real processes on one SQLite file, which now and then is busy for everybody.</summary>
[Collection(SimulationCollection.Name)]
public sealed class SeveralProcesses : IAsyncLifetime
{
    private const int Processes = 3;
    private const int Claims = 100;
    private const int Pairs = 2;
    private const int BusySpells = 5;

    private static readonly TimeSpan Spell = TimeSpan.FromMilliseconds(400);

    private readonly string marks = Directory.CreateTempSubdirectory("exalate-marks-").FullName;
    private TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        var connection = await database.AddConnectionAsync(ConnectionStatus.Active);
        for (var pair = 0; pair < Pairs; pair++)
            await database.AddTwinAsync(connection, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    public async Task DisposeAsync()
    {
        Directory.Delete(marks, recursive: true);
        await database.DisposeAsync();
    }

    [Fact]
    public async Task OneDatabase_NoPairIsHeldByTwo_AndABusyDatabaseIsWaitedFor()
    {
        var programs = Enumerable.Range(0, Processes)
            .Select(_ => Programs.RunAsync("claims", "--database", database.Options.ConnectionString, "--marks", marks, "--count", Claims.ToString(CultureInfo.InvariantCulture)))
            .ToList();
        await BeBusyAsync();

        // Each says so only when it held every pair alone.
        Assert.All(await Task.WhenAll(programs), said => Assert.Contains($"{Claims} pairs taken", said, StringComparison.Ordinal));
        await using var db = database.CreateDbContext();
        Assert.Equal(0, await db.Twins.CountAsync(twin => twin.LeaseOwner != null));
    }

    /// <summary>Somebody else keeps the one write lock for longer than a claim takes.</summary>
    private async Task BeBusyAsync()
    {
        await using var connection = new SqliteConnection(database.Options.ConnectionString);
        await connection.OpenAsync();
        for (var spell = 0; spell < BusySpells; spell++)
        {
            await using (connection.BeginTransaction(deferred: false))
                await Task.Delay(Spell);
            await Task.Delay(Spell);
        }
    }
}
