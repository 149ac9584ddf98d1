using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Exalate.Core.Storage;

/// <summary>
/// SQLite has one write lock, and who finds it taken sleeps and looks again. Within this process writers queue here instead and go on the moment it is free.
/// Only a courtesy: the truth is SQLite's own lock, which other processes hold too, so a writer that has waited here for long goes on without.
/// Who has committed leaves the gate at once, and then waits for the disk together with the others.
/// </summary>
internal sealed class SqliteWriteGate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim free = new(1, 1);

    private readonly SqliteGroupSync? sync;

    /// <param name="sync">Null where a commit is durable by itself.</param>
    public SqliteWriteGate(SqliteGroupSync? sync)
    {
        this.sync = sync;
        Transactions = new TransactionWatch(this);
        Commands = new CommandWatch(this);
        Saves = new SaveWatch();
    }

    public IInterceptor Transactions { get; }

    public IInterceptor Commands { get; }

    public IInterceptor Saves { get; }

    private async ValueTask EnterAsync(DbContext? context, CancellationToken cancellationToken)
    {
        if (context is SqliteExalateDbContext { WriteLease: null } ours && await free.WaitAsync(Patience, cancellationToken))
            ours.WriteLease = new Lease(free);
    }

    private void Enter(DbContext? context)
    {
        if (context is SqliteExalateDbContext { WriteLease: null } ours && free.Wait(Patience))
            ours.WriteLease = new Lease(free);
    }

    private static void Leave(DbContext? context) => (context as SqliteExalateDbContext)?.EndWriting();

    private Task LeaveDurablyAsync(DbContext? context)
    {
        Leave(context);
        return sync is null || context is SqliteExalateDbContext { IsInPassing: true } ? Task.CompletedTask : sync.SyncAsync();
    }

    private sealed class Lease(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? held = free;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }

    private sealed class TransactionWatch(SqliteWriteGate gate) : DbTransactionInterceptor
    {
        public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
        {
            await gate.EnterAsync(eventData.Context, cancellationToken);
            return result;
        }

        public override InterceptionResult<DbTransaction> TransactionStarting(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
        {
            gate.Enter(eventData.Context);
            return result;
        }

        public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData)
        {
            Leave(eventData.Context);
            gate.sync?.Sync();
        }

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
            gate.LeaveDurablyAsync(eventData.Context);

        public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Leave(eventData.Context);

        public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Leave(eventData.Context);
            return Task.CompletedTask;
        }

        public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => Leave(eventData.Context);

        public override Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
        {
            Leave(eventData.Context);
            return Task.CompletedTask;
        }
    }

    /// <summary>Statements that stand alone are transactions of their own.</summary>
    private sealed class CommandWatch(SqliteWriteGate gate) : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (command.Transaction is null)
                await gate.EnterAsync(eventData.Context, cancellationToken);
            return result;
        }

        public override async ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (command.Transaction is null)
                await gate.LeaveDurablyAsync(eventData.Context);
            return result;
        }

        public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
        {
            if (command.Transaction is null)
                Leave(eventData.Context);
            return Task.CompletedTask;
        }
    }

    /// <summary>A save that failed has ended its transaction without saying so.</summary>
    private sealed class SaveWatch : SaveChangesInterceptor
    {
        public override void SaveChangesFailed(DbContextErrorEventData eventData) => LeaveUnlessOuter(eventData.Context);

        public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
        {
            LeaveUnlessOuter(eventData.Context);
            return Task.CompletedTask;
        }

        private static void LeaveUnlessOuter(DbContext? context)
        {
            if (context?.Database.CurrentTransaction is null)
                Leave(context);
        }
    }
}
