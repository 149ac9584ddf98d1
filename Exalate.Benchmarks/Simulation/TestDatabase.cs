using System.Globalization;
using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Exalate.Core.Sync;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exalate.Benchmarks.Simulation;

/// <summary>A real SQLite database with the product's schema, gone when disposed: a file in a temporary folder, or in memory where thousands of worlds run.</summary>
public sealed class TestDatabase : IDbContextFactory<ExalateDbContext>, IAsyncDisposable
{
    private static readonly Lock TemplateGate = new();
    private static SqliteConnection? template;
    private static int lastMemory;

    private readonly string? folder;
    private readonly SqliteConnection? keeper;
    private readonly ContextFactory factory;

    private TestDatabase(string connectionString, IInterceptor[] interceptors)
    {
        Options = new DatabaseOptions { ConnectionString = connectionString };
        factory = new ContextFactory(Microsoft.Extensions.Options.Options.Create(Options), interceptors);
    }

    private TestDatabase(string folder, string connectionString, IInterceptor[] interceptors)
        : this(connectionString, interceptors) => this.folder = folder;

    private TestDatabase(SqliteConnection keeper, IInterceptor[] interceptors)
        : this(keeper.ConnectionString, interceptors) => this.keeper = keeper;

    public DatabaseOptions Options { get; }

    /// <summary>A file, migrated as at the start of a node.</summary>
    public static async Task<TestDatabase> CreateAsync(params IInterceptor[] interceptors)
    {
        var folder = NewFolder();
        var database = new TestDatabase(folder, $"Data Source={Path.Combine(folder, "exalate.db")};Pooling=False", interceptors);
        await MigrateAsync(database);
        return database;
    }

    /// <summary>In memory, the schema copied from one that was migrated once: fast enough for thousands.</summary>
    public static TestDatabase CreateInMemory(params IInterceptor[] interceptors)
    {
        var keeper = NewMemory();
        lock (TemplateGate)
            (template ??= MakeTemplate()).BackupDatabase(keeper);
        return new TestDatabase(keeper, interceptors);
    }

    public ExalateDbContext CreateDbContext() => factory.CreateDbContext();

    /// <summary>A connection of its own to an in-memory database, beside the contexts: for statements of the simulation itself.</summary>
    public SqliteConnection Beside => keeper ?? throw new InvalidOperationException("This database is a file: open it.");

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

    public async ValueTask DisposeAsync()
    {
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
        if (keeper is null)
            return;
        SqliteConnection.ClearPool(keeper);
        await keeper.DisposeAsync();
    }

    /// <summary>In memory where the machine has such a disk: every commit waits for it.</summary>
    private static string NewFolder() => Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/exalate-db-{Ids.New():N}").FullName
        : Directory.CreateTempSubdirectory("exalate-db-").FullName;

    private static SqliteConnection NewMemory()
    {
        var name = Interlocked.Increment(ref lastMemory).ToString(CultureInfo.InvariantCulture);
        var connection = new SqliteConnection($"Data Source=exalate-world-{name};Mode=Memory;Cache=Shared");
        connection.Open();
        return connection;
    }

    private static SqliteConnection MakeTemplate()
    {
        var memory = NewMemory();
        var options = new DatabaseOptions { ConnectionString = memory.ConnectionString };
        using var db = new ContextFactory(Microsoft.Extensions.Options.Options.Create(options), []).CreateDbContext();
        db.Database.Migrate();
        return memory;
    }

    private static Task MigrateAsync(TestDatabase database) =>
        new DatabaseMigrator(database, Microsoft.Extensions.Options.Options.Create(database.Options), TimeProvider.System, NullLogger<DatabaseMigrator>.Instance)
            .MigrateAsync(default);
}

/// <summary>Ids for test data; what they are does not matter.</summary>
public static class Ids
{
#pragma warning disable RS0030 // test data
    public static Guid New() => Guid.NewGuid();
#pragma warning restore RS0030
}
