using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Storage;

/// <summary>The embedded database: one file, nothing to install.</summary>
public sealed class SqliteExalateDbContext(DbContextOptions<SqliteExalateDbContext> options) : ExalateDbContext(options)
{
    /// <summary>This context's turn among the process's writers, see <see cref="SqliteWriteGate"/>.</summary>
    internal IDisposable? WriteLease { get; set; }

    /// <summary>See <see cref="PassingCommits.InPassing"/>.</summary>
    internal bool IsInPassing { get; set; }

    /// <summary>The open connection that this context works on for now; null: one of its own.</summary>
    internal SqliteConnections.Loan? Loan { get; set; }

    public override void Dispose()
    {
        EndUse(out var loan);
        base.Dispose();
        loan?.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        EndUse(out var loan);
        await base.DisposeAsync();
        loan?.Dispose();
    }

    /// <summary>All of it before the base class ends the use: with that the context may be somebody else's already, for the factory gives it out again.</summary>
    private void EndUse(out SqliteConnections.Loan? loan)
    {
        EndTransaction();
        EndWriting();
        IsInPassing = false;
        (loan, Loan) = (Loan, null);
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
    public static ExalateDbContext InPassing(this ExalateDbContext db, bool isInPassing = true)
    {
        if (db is SqliteExalateDbContext sqlite)
            sqlite.IsInPassing = isInPassing;
        return db;
    }
}
