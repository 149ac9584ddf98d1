using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Tells when the engine has looked at what there is to do for a pair: the last of its statements before it decides.</summary>
internal sealed class LookWatch(Action looked) : DbCommandInterceptor
{
    public override InterceptionResult DataReaderDisposing(DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
    {
        if (command.CommandText.Contains("FROM \"SyncRequests\"", StringComparison.Ordinal) && command.CommandText.Contains("ORDER BY", StringComparison.Ordinal))
            looked();
        return result;
    }
}

/// <summary>Tells when a transaction has begun, and when it is about to be committed, its statements done.</summary>
internal sealed class CommitWatch(Action begun, Action committing) : DbTransactionInterceptor
{
    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        begun();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        committing();
        return ValueTask.FromResult(result);
    }
}
