using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Kills a process at its n-th call to the outside: from then on nothing gets out of it and nothing is stored, until it is started again.</summary>
internal sealed class CrashSwitch
{
    private int calls;

    /// <summary>Which call is the last one; null: none.</summary>
    public int? At { get; set; }

    public bool HasCrashed { get; private set; }

    /// <summary>Calls passed since the start or <see cref="Reset"/>.</summary>
    public int Calls => calls;

    public void Pass()
    {
        calls++;
        if (HasCrashed || calls == At)
        {
            HasCrashed = true;
            throw new ProcessKilledException();
        }
    }

    public void Reset() => (HasCrashed, At, calls) = (false, null, 0);
}

internal sealed class ProcessKilledException() : Exception("The process was killed here.");

/// <summary>A crash point before and after each commit.</summary>
internal sealed class CrashingCommits(CrashSwitch crash) : DbTransactionInterceptor
{
    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        crash.Pass();
        return ValueTask.FromResult(result);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        crash.Pass();
        return Task.CompletedTask;
    }
}

/// <summary>A crash point before and after each statement.</summary>
internal sealed class CrashingCommands(CrashSwitch crash) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        crash.Pass();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        crash.Pass();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        crash.Pass();
        return ValueTask.FromResult(result);
    }
}
