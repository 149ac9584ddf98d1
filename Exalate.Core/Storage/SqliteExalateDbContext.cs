using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Storage;

/// <summary>The embedded database: one file, nothing to install.</summary>
public sealed class SqliteExalateDbContext(DbContextOptions<SqliteExalateDbContext> options) : ExalateDbContext(options)
{
    /// <summary>This context's turn among the process's writers, see <see cref="SqliteWriteGate"/>.</summary>
    internal IDisposable? WriteLease { get; set; }

    /// <summary>See <see cref="PassingCommits.InPassing"/>.</summary>
    internal bool IsInPassing { get; set; }

    // With the last line the context may be somebody else's already: the factory gives it out again.
    public override void Dispose()
    {
        EndTransaction();
        EndWriting();
        IsInPassing = false;
        base.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        EndTransaction();
        EndWriting();
        IsInPassing = false;
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

/// <summary>What need not survive a power cut.</summary>
internal static class PassingCommits
{
    /// <summary>
    /// What this context commits tells nobody anything that must hold after a power cut: who works on a pair, for one, since nobody does any more then. It is not waited for until it is on the
    /// disk; the next commit that is waited for takes it along. A process that is killed loses nothing of it.
    /// </summary>
    public static ExalateDbContext InPassing(this ExalateDbContext db)
    {
        if (db is SqliteExalateDbContext sqlite)
            sqlite.IsInPassing = true;
        return db;
    }
}
