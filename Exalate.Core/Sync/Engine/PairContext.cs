using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Engine;

/// <summary>One step's view of a pair that this worker holds: fresh rows, one context, commits that are fenced by the lease.</summary>
internal sealed class PairContext(ExalateDbContext db, Twin twin, Connection connection, string owner, TimeSpan lease, TimeProvider time)
{
    private static readonly Func<ExalateDbContext, Guid, IAsyncEnumerable<Trace>> TracesOf =
        EF.CompileAsyncQuery((ExalateDbContext db, Guid twinId) => db.Traces.Where(trace => trace.TwinId == twinId));

    public ExalateDbContext Db => db;

    public Twin Twin => twin;

    public Connection Connection => connection;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The pair's traces, tracked.</summary>
    public ValueTask<List<Trace>> TracesAsync(CancellationToken cancellationToken) => TracesOf(db, twin.Id).ToListAsync(cancellationToken);

    /// <summary>Stores what the step changed, unless another worker has taken the pair over meanwhile.</summary>
    /// <param name="statementAsync">A statement that belongs to the same transaction.</param>
    /// <param name="isInPassing">True where a power cut may take it back: the step would only be made again, to the same end, and nobody has been told anything that rests on it.</param>
    /// <exception cref="LeaseLostException">Nothing was stored.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken, Func<Task>? statementAsync = null, bool isInPassing = false)
    {
        await using var transaction = await db.InPassing(isInPassing).Database.BeginTransactionAsync(cancellationToken);
        try
        {
            if (!await db.RenewAsync(twin.Id, owner, Now + lease, cancellationToken))
                throw new LeaseLostException(twin.Id);
            await db.SaveChangesAsync(cancellationToken);
            if (statementAsync is not null)
                await statementAsync();
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            // Said, not left to the end of the transaction: whoever records the failure wants to write while this context still lives.
            await transaction.RollbackAsync(CancellationToken.None);
            throw;
        }
    }
}

/// <summary>The worker was too slow and another one has the pair: end the step, store nothing.</summary>
internal sealed class LeaseLostException(Guid twinId) : Exception($"The lease on pair {twinId} was lost.");
