using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Storage;

/// <summary>The embedded database: one file, nothing to install.</summary>
public sealed class SqliteExalateDbContext(DbContextOptions<SqliteExalateDbContext> options) : ExalateDbContext(options)
{
    /// <summary>This context's turn among the process's writers, see <see cref="SqliteWriteGate"/>.</summary>
    internal IDisposable? WriteLease { get; set; }

    public override void Dispose()
    {
        base.Dispose();
        EndWriting();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        EndWriting();
    }

    internal void EndWriting()
    {
        WriteLease?.Dispose();
        WriteLease = null;
    }
}

/// <summary>A team's server.</summary>
public sealed class SqlServerExalateDbContext(DbContextOptions<SqlServerExalateDbContext> options) : ExalateDbContext(options);
