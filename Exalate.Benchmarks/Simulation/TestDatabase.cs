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

    private readonly string? folder;
    private readonly SqliteConnection? memory;
    private readonly SqliteStatements? statements;
    private readonly ContextFactory factory;

    private TestDatabase(string connectionString, IInterceptor[] interceptors)
    {
        Options = new DatabaseOptions { ConnectionString = connectionString };
        factory = new ContextFactory(Microsoft.Extensions.Options.Options.Create(Options), interceptors);
    }

    private TestDatabase(string folder, string connectionString, IInterceptor[] interceptors)
        : this(connectionString, interceptors) => this.folder = folder;

    private TestDatabase(SqliteConnection memory, IInterceptor[] interceptors)
        : this(memory.ConnectionString, interceptors) => (this.memory, statements) = (memory, new SqliteStatements(memory));

    public DatabaseOptions Options { get; }

    /// <summary>A file, migrated as at the start of a node.</summary>
    public static async Task<TestDatabase> CreateAsync(params IInterceptor[] interceptors)
    {
        var folder = NewFolder();
        var database = new TestDatabase(folder, $"Data Source={Path.Combine(folder, "exalate.db")};Pooling=False", interceptors);
        await MigrateAsync(database);
        return database;
    }

    /// <summary>
    /// In memory, the schema copied from one that was migrated once, and one SQLite connection lent to all contexts: fast enough for thousands. For one thread, and one
    /// transaction at a time.
    /// </summary>
    public static TestDatabase CreateInMemory(params IInterceptor[] interceptors)
    {
        var memory = NewMemory();
        lock (TemplateGate)
            (template ??= MakeTemplate()).BackupDatabase(memory);
        return new TestDatabase(memory, interceptors);
    }

    public ExalateDbContext CreateDbContext()
    {
        var context = factory.CreateDbContext();
        // Contexts are used again, and keep what they were lent.
        if (memory is not null && context.Database.GetDbConnection() is not KeptSqliteConnection)
            context.Database.SetDbConnection(new KeptSqliteConnection(memory.ConnectionString, statements!));
        return context;
    }

    /// <summary>The connection to an in-memory database, for statements of the simulation itself.</summary>
    public SqliteConnection Beside => memory ?? throw new InvalidOperationException("This database is a file: open it.");

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

    public ValueTask DisposeAsync()
    {
        factory.Dispose();
        statements?.Dispose();
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>In memory where the machine has such a disk: every commit waits for it.</summary>
    private static string NewFolder() => Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/exalate-db-{Ids.New():N}").FullName
        : Directory.CreateTempSubdirectory("exalate-db-").FullName;

    private static SqliteConnection NewMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        return connection;
    }

    private static SqliteConnection MakeTemplate()
    {
        var made = NewMemory();
        var options = new DatabaseOptions { ConnectionString = made.ConnectionString };
        using var db = new ContextFactory(Microsoft.Extensions.Options.Options.Create(options), []).CreateDbContext();
        db.Database.SetDbConnection(new KeptSqliteConnection(made.ConnectionString, new SqliteStatements(made)));
        db.Database.Migrate();
        return made;
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
