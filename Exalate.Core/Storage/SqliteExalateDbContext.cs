using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Storage;

/// <summary>The embedded database: one file, nothing to install.</summary>
public sealed class SqliteExalateDbContext(DbContextOptions<SqliteExalateDbContext> options) : ExalateDbContext(options)
{
    /// <summary>This context's turn among the process's writers, see <see cref="SqliteWriteGate"/>.</summary>
    internal IDisposable? WriteLease { get; set; }

    // With the last line the context may be somebody else's already: the factory gives it out again.
    public override void Dispose()
    {
        EndTransaction();
        EndWriting();
        base.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        EndTransaction();
        EndWriting();
        return base.DisposeAsync();
    }

    /// <summary>Whoever writes next must not meet the lock of what was left unfinished here.</summary>
    private void EndTransaction()
    {
        if (WriteLease is not null)
            Database.CurrentTransaction?.Dispose();
    }

    internal void EndWriting()
    {
        WriteLease?.Dispose();
        WriteLease = null;
    }
}

/// <summary>A team's server.</summary>
public sealed class SqlServerExalateDbContext(DbContextOptions<SqlServerExalateDbContext> options) : ExalateDbContext(options);
