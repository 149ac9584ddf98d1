using System.Data.Common;
using Exalate.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Remembers what a power cut leaves of a database: its state after the last commit that somebody waited for. What was committed in passing since is gone.</summary>
internal sealed class Power : IDisposable
{
    private SqliteConnection? onDisk;

    public Power() => (Commits, Statements) = (new CommitWatch(this), new StatementWatch(this));

    public IInterceptor Commits { get; }

    public IInterceptor Statements { get; }

    public TestDatabase Database { get; set; } = null!;

    /// <summary>From now on; before, nothing is lost.</summary>
    public void Watch() => Remember();

    public void Lose() => onDisk?.BackupDatabase(Database.Beside);

    public void Dispose() => onDisk?.Dispose();

    private void Remember()
    {
        if (onDisk is null)
        {
            onDisk = new SqliteConnection("Data Source=:memory:;Pooling=False");
            onDisk.Open();
        }

        Database.Beside.BackupDatabase(onDisk);
    }

    private void Note(DbContext? context)
    {
        if (onDisk is not null && context is not SqliteExalateDbContext { IsInPassing: true })
            Remember();
    }

    private sealed class CommitWatch(Power power) : DbTransactionInterceptor
    {
        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            power.Note(eventData.Context);
            return Task.CompletedTask;
        }
    }

    /// <summary>A statement without a transaction is one of its own.</summary>
    private sealed class StatementWatch(Power power) : DbCommandInterceptor
    {
        public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (command.Transaction is null)
                power.Note(eventData.Context);
            return ValueTask.FromResult(result);
        }
    }
}
