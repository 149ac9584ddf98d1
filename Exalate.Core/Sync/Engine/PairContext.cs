using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Engine;

/// <summary>One step's view of a pair that this worker holds: fresh rows, one context, commits that are fenced by the lease.</summary>
internal sealed class PairContext(ExalateDbContext db, Twin twin, Connection connection, string owner, TimeSpan lease, TimeProvider time)
{
    private static readonly Func<ExalateDbContext, Guid, IAsyncEnumerable<Trace>> TracesOf =
        EF.CompileAsyncQuery((ExalateDbContext db, Guid twinId) => db.Traces.Where(trace => trace.TwinId == twinId));

    private Pending? pending;

    public ExalateDbContext Db => db;

    public Twin Twin => twin;

    public Connection Connection => connection;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The pair's traces, tracked.</summary>
    public ValueTask<List<Trace>> TracesAsync(CancellationToken cancellationToken) => TracesOf(db, twin.Id).ToListAsync(cancellationToken);

    /// <summary>Whether a step has left its commit to the end of the turn.</summary>
    public bool HasPending => pending is not null;

    /// <summary>Stores what the step changed, unless another worker has taken the pair over meanwhile.</summary>
    /// <exception cref="LeaseLostException">Nothing was stored.</exception>
    public Task CommitAsync(CancellationToken cancellationToken) => CommitAsync(() => RenewAsync(cancellationToken), isInPassing: false, cancellationToken);

    /// <summary>
    /// As <see cref="CommitAsync(CancellationToken)"/>, where a crash or a power cut may take it back: the step would only be made again, to the same end, and nobody has been told anything that
    /// rests on it. Made together with what the engine stores next: the pair's return, mostly.
    /// </summary>
    /// <param name="statementAsync">A statement that belongs to the same transaction.</param>
    /// <param name="afterwards">Called once all is stored.</param>
    public void CommitInPassing(Func<Task>? statementAsync = null, Action? afterwards = null) => pending = new Pending(statementAsync, afterwards);

    /// <summary>Stores what is pending: the pair is worked on.</summary>
    /// <exception cref="LeaseLostException">Nothing was stored.</exception>
    public Task CommitPendingAsync(CancellationToken cancellationToken) => CommitAsync(() => RenewAsync(cancellationToken), isInPassing: true, cancellationToken);

    /// <summary>Stores what is pending, and gives the pair back.</summary>
    /// <param name="seen">The pair's signal as its rows were read.</param>
    /// <exception cref="LeaseLostException">Nothing was stored.</exception>
    public Task GiveBackAsync(long seen, NextStep rest, CancellationToken cancellationToken) =>
        CommitAsync(() => db.ReleaseAsync(twin.Id, owner, seen, rest.DueAt, rest.AwaitsPartner, Now, cancellationToken), isInPassing: true, cancellationToken);

    private Task<bool> RenewAsync(CancellationToken cancellationToken) => db.RenewAsync(twin.Id, owner, Now + lease, cancellationToken);

    /// <param name="fenceAsync">False: the lease was lost. Last, for it may give the pair up.</param>
    private async Task CommitAsync(Func<Task<bool>> fenceAsync, bool isInPassing, CancellationToken cancellationToken)
    {
        await using var transaction = await db.InPassing(isInPassing).Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            if (pending?.StatementAsync is { } statementAsync)
                await statementAsync();
            if (!await fenceAsync())
                throw new LeaseLostException(twin.Id);
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            // Said, not left to the end of the transaction: whoever records the failure wants to write while this context still lives.
            await transaction.RollbackAsync(CancellationToken.None);
            throw;
        }

        var afterwards = pending?.Afterwards;
        pending = null;
        afterwards?.Invoke();
    }

    private sealed record Pending(Func<Task>? StatementAsync, Action? Afterwards);
}

/// <summary>The worker was too slow and another one has the pair: end the step, store nothing.</summary>
internal sealed class LeaseLostException(Guid twinId) : Exception($"The lease on pair {twinId} was lost.");
