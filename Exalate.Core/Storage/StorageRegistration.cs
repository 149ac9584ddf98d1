using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Storage;

public static class StorageRegistration
{
    /// <summary>Contexts through <see cref="IDbContextFactory{TContext}"/> of <see cref="ExalateDbContext"/>, for the provider that <see cref="DatabaseOptions"/> names.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<DatabaseOptions>();
        services.TryAddSingleton<IDbContextFactory<ExalateDbContext>, ContextFactory>();
        services.TryAddSingleton<IQueueStatements>(provider =>
            provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Provider == DatabaseProvider.Sqlite ? new SqliteQueueStatements() : new SqlServerQueueStatements());
        services.TryAddSingleton<DatabaseMigrator>();
        services.TryAddSingleton<StorageHealth>();
        services.TryAddSingleton<Rounds>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IInterceptor, StorageCommandWatch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IInterceptor, StorageCommitWatch>());
        return services;
    }
}

/// <summary>Contexts that were given back are given out again: making one costs more than the query it is mostly made for.</summary>
internal sealed class ContextFactory : IDbContextFactory<ExalateDbContext>, IDisposable
{
    /// <summary>More are made when they are needed, and not kept.</summary>
    private const int Kept = 64;

    private readonly Func<ExalateDbContext> create;

    /// <summary>Null for SQL Server, whose client keeps its own, and for a database in memory, where each connection is another database.</summary>
    private readonly SqliteConnections? connections;

    /// <param name="interceptors">What looks at every statement: the watch over the storage, in a simulation its faults.</param>
    public ContextFactory(IOptions<DatabaseOptions> options, IEnumerable<IInterceptor> interceptors)
    {
        var database = options.Value;
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            var file = DatabaseFile(database.ConnectionString);
            var sync = file is null ? null : new SqliteGroupSync(file + "-wal");
            connections = file is null ? null : new SqliteConnections(database.ConnectionString);
            var gate = new SqliteWriteGate(sync);
            var built = new DbContextOptionsBuilder<SqliteExalateDbContext>()
                .UseSqlite(database.ConnectionString)
                .AddInterceptors([new SqliteDurability(sync is not null), gate.Transactions, gate.Commands, gate.Saves, .. interceptors])
                .Options;
            create = new PooledDbContextFactory<SqliteExalateDbContext>(built, Kept).CreateDbContext;
        }
        else
        {
            var built = new DbContextOptionsBuilder<SqlServerExalateDbContext>().UseSqlServer(database.ConnectionString).AddInterceptors(interceptors).Options;
            create = new PooledDbContextFactory<SqlServerExalateDbContext>(built, Kept).CreateDbContext;
        }
    }

    public ExalateDbContext CreateDbContext()
    {
        var context = create();
        if (connections is not null && context is SqliteExalateDbContext sqlite)
        {
            sqlite.Loan = connections.Lend();
            sqlite.Database.SetDbConnection(sqlite.Loan.Connection);
        }

        return context;
    }

    public void Dispose() => connections?.Dispose();

    /// <summary>Null for a database in memory.</summary>
    private static string? DatabaseFile(string connectionString)
    {
        var database = new SqliteConnectionStringBuilder(connectionString);
        return database.Mode == SqliteOpenMode.Memory || database.DataSource is "" or ":memory:" ? null : Path.GetFullPath(database.DataSource);
    }
}

/// <summary>Tells the failures of the database that a caller answers in its own words from the rest.</summary>
public static class DatabaseFailures
{
    private const int SqliteConstraint = 19;
    private const int SqlServerUniqueIndex = 2601;
    private const int SqlServerUniqueConstraint = 2627;

    /// <summary>True when a row with the same unique key is there already: a normal outcome of two at once.</summary>
    public static bool IsDuplicate(this DbUpdateException exception) => exception.InnerException is DbException failure && failure.IsDuplicate();

    /// <summary>As <see cref="IsDuplicate(DbUpdateException)"/>, of a statement that was run as it is.</summary>
    public static bool IsDuplicate(this DbException exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteConstraint && sqlite.Message.Contains("UNIQUE", StringComparison.Ordinal),
        Microsoft.Data.SqlClient.SqlException sql => sql.Number is SqlServerUniqueIndex or SqlServerUniqueConstraint,
        _ => false,
    };
}
