using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Storage;

/// <summary>
/// Whether the node can store. A full disk or a read-only database stops the work with one sentence; everything that was acknowledged is in the database already, and what
/// can't be stored now is acknowledged to nobody, so nothing is lost. A look every few seconds finds when there is space again, and the work goes on by itself.
/// </summary>
public sealed partial class StorageHealth(IOptions<DatabaseOptions> options, INodeChanges changes, TimeProvider time, ILogger<StorageHealth> logger)
{
    private const int ProbeId = 1;

    /// <summary>Enough for some dozen events: a byte that was freed is no reason to go on.</summary>
    private const int ProbeBytes = 128 * 1024;

    private readonly Lock gate = new();

    /// <summary>Null while the node can store.</summary>
    public StorageProblem? Problem { get; private set; }

    /// <summary>Looks at a failure. True when it says that nothing can be stored: it is noted, logged once, and needs no words of the caller's.</summary>
    public bool Notice(Exception failure)
    {
        // SQLite ends the transaction itself, and what is thrown is then often the rollback that finds none: a consequence, and noted already.
        if (Sentence(failure) is not { } sentence)
            return Problem is not null && (failure is DbException or DbUpdateException);
        lock (gate)
        {
            if (Problem is not null)
                return true;
            Problem = new StorageProblem(sentence, time.GetUtcNow());
        }

        LogStopped(sentence);
        changes.Ring(NodeChange.Settings);
        return true;
    }

    /// <summary>Whether storing works again: by storing something, and taking it away.</summary>
    public async Task ProbeAsync(IDbContextFactory<ExalateDbContext> contexts, CancellationToken cancellationToken)
    {
        if (Problem is null)
            return;
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var filler = new string('x', ProbeBytes);
            await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM StorageProbes", cancellationToken);
            await db.Database.ExecuteSqlInterpolatedAsync($"INSERT INTO StorageProbes (Id, Filler) VALUES ({ProbeId}, {filler})", cancellationToken);
            await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM StorageProbes", cancellationToken);
        }
        catch (Exception failure) when (Sentence(failure) is not null)
        {
            return;
        }

        Recovered();
    }

    private void Recovered()
    {
        lock (gate)
        {
            if (Problem is null)
                return;
            Problem = null;
        }

        LogGoesOn();
        changes.Ring(NodeChange.Settings);
        changes.Ring(NodeChange.Connections);
        changes.Ring(NodeChange.Twins);
    }

    private string? Sentence(Exception failure) => failure switch
    {
        SqliteException sqlite => Of(sqlite),
        SqlException sql => Of(sql.Number),
        { InnerException: { } inner } => Sentence(inner),
        _ => null,
    };

    private string? Of(SqliteException failure)
    {
        // Extended codes keep the kind in their low byte; 778 is a write that failed and 1034 an fsync, as on a full or failing disk, where other I/O errors are passing ones.
        const int Locked = 5, Full = 13, ReadOnly = 8, WriteFailed = 778, SyncFailed = 1034;
        return (failure.SqliteErrorCode, failure.SqliteExtendedErrorCode) switch
        {
            (Full, _) => $"The disk with the database {File} is full, so nothing can be stored. All work has stopped and nothing is lost; free some space, and it goes on by itself.",
            (ReadOnly, _) => $"The database {File} can't be written: the file or its disk is read-only. All work has stopped and nothing is lost; make it writable again, and it goes on by itself.",
            // Thrown after the whole of the provider's patience (30 s), in which other processes of this node take their turns many times over.
            (_, Locked) => $"Another program keeps the database {File} locked, so nothing can be stored. All work has stopped and nothing is lost; end that program (a back-up tool, an open shell), and it goes on by itself.",
            (_, WriteFailed or SyncFailed) => $"Writing to the database {File} failed (disk full or failing). All work has stopped and nothing is lost; see to the disk, and it goes on by itself.",
            _ => null,
        };
    }

    private static string? Of(int sqlServerError) => sqlServerError switch
    {
        1105 or 9002 or 1101 => "The database server has no space left for this node's database. All work has stopped and nothing is lost; give it space, and it goes on by itself.",
        3906 => "The database of this node is read-only on its server. All work has stopped and nothing is lost; make it writable again, and it goes on by itself.",
        _ => null,
    };

    private string File => new SqliteConnectionStringBuilder(options.Value.ConnectionString).DataSource;

    [LoggerMessage(1002, LogLevel.Error, "{Sentence}")]
    private partial void LogStopped(string sentence);

    [LoggerMessage(1003, LogLevel.Warning, "The database can be written again; the work goes on")]
    private partial void LogGoesOn();
}

/// <param name="Sentence">What happened, to which file, what to do.</param>
public sealed record StorageProblem(string Sentence, DateTimeOffset Since);

/// <summary>The one row that a look at the storage writes and takes away again.</summary>
public sealed class StorageProbe
{
    public required int Id { get; init; }

    public required string Filler { get; init; }
}

internal sealed class StorageProbeConfiguration : IEntityTypeConfiguration<StorageProbe>
{
    public void Configure(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<StorageProbe> builder)
    {
        builder.ToTable("StorageProbes").HasKey(probe => probe.Id);
        builder.Property(probe => probe.Id).ValueGeneratedNever();
    }
}

/// <summary>Notices a storage that fails wherever it does: in the engine, behind a page, behind a partner's call.</summary>
internal sealed class StorageCommandWatch(StorageHealth health) : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => health.Notice(eventData.Exception);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        health.Notice(eventData.Exception);
        return Task.CompletedTask;
    }
}

/// <inheritdoc cref="StorageCommandWatch"/>
internal sealed class StorageCommitWatch(StorageHealth health) : DbTransactionInterceptor
{
    public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => health.Notice(eventData.Exception);

    public override Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        health.Notice(eventData.Exception);
        return Task.CompletedTask;
    }
}
