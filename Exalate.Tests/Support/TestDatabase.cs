using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exalate.Tests.Support;

/// <summary>A real SQLite file in a temporary folder, migrated, gone when disposed.</summary>
public sealed class TestDatabase : IDbContextFactory<ExalateDbContext>, IAsyncDisposable
{
    private readonly string folder = NewFolder();
    private readonly ContextFactory factory;

    private TestDatabase(IInterceptor[] interceptors)
    {
        Options = new DatabaseOptions { ConnectionString = $"Data Source={Path.Combine(folder, "exalate.db")};Pooling=False" };
        factory = new ContextFactory(Microsoft.Extensions.Options.Options.Create(Options), interceptors);
    }

    public DatabaseOptions Options { get; }

    public static async Task<TestDatabase> CreateAsync(params IInterceptor[] interceptors)
    {
        var database = new TestDatabase(interceptors);
        await new DatabaseMigrator(database, Microsoft.Extensions.Options.Options.Create(database.Options), TimeProvider.System, NullLogger<DatabaseMigrator>.Instance)
            .MigrateAsync(default);
        return database;
    }

    public ExalateDbContext CreateDbContext() => factory.CreateDbContext();

    public async Task<Guid> AddConnectionAsync(ConnectionStatus status, bool isInviter = true)
    {
        await using var db = CreateDbContext();
        var id = Ids.New();
        db.Connections.Add(new Connection
        {
            Id = id,
            LinkId = Ids.New(),
            Name = $"connection_{id:N}",
            Type = ConnectionType.Public,
            Mode = ConnectionMode.Basic,
            Status = status,
            IsInviter = isInviter,
            LocalShortName = "local",
            RemoteShortName = "remote",
            CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        });
        await db.SaveChangesAsync();
        return id;
    }

    public async Task<Guid> AddTwinAsync(Guid connectionId, DateTimeOffset? dueAt)
    {
        await using var db = CreateDbContext();
        var id = Ids.New();
        db.Twins.Add(new Twin
        {
            Id = id,
            ConnectionId = connectionId,
            PairId = Ids.New(),
            State = TwinState.FirstSync,
            StartedHere = true,
            CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            DueAt = dueAt,
        });
        await db.SaveChangesAsync();
        return id;
    }

    /// <summary>In memory where the machine has such a disk: every commit waits for it.</summary>
    private static string NewFolder() => Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/exalate-db-{Ids.New():N}").FullName
        : Directory.CreateTempSubdirectory("exalate-db-").FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Ids for test data; what they are does not matter.</summary>
public static class Ids
{
#pragma warning disable RS0030 // test data
    public static Guid New() => Guid.NewGuid();
#pragma warning restore RS0030
}
