using Exalate.Core.Connections;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Engine;

/// <summary>
/// A pair as its worker holds it over several steps: read once, and anew when something came for it meanwhile or its connection changed. The lease keeps everybody else from its rows, but for
/// what is added to them or said by statement, and that raises the pair's signal.
/// </summary>
internal sealed class OpenPair : IAsyncDisposable
{
    // Asked for every turn of every pair: compiled once, these cost a third.
    private static readonly Func<ExalateDbContext, Guid, CancellationToken, Task<Row?>> FindAsync = EF.CompileAsyncQuery((ExalateDbContext db, Guid twinId, CancellationToken _) =>
        (from twin in db.Twins
         join connection in db.Connections on twin.ConnectionId equals connection.Id
         where twin.Id == twinId
         select new Row(twin, connection)).SingleOrDefault());

    private static readonly Func<ExalateDbContext, Guid, IAsyncEnumerable<SyncEvent>> OpenEvents = EF.CompileAsyncQuery((ExalateDbContext db, Guid twinId) => db.SyncEvents
        .OrderBy(row => row.Id)
        .Where(row => row.TwinId == twinId
            && (row.Stage == EventStage.Queued || row.Stage == EventStage.Prepared || row.Stage == EventStage.Sent || row.Stage == EventStage.ResultArrived)));

    private static readonly Func<ExalateDbContext, Guid, IAsyncEnumerable<SyncRequest>> OpenRequests = EF.CompileAsyncQuery((ExalateDbContext db, Guid twinId) => db.SyncRequests
        .OrderBy(row => row.Id)
        .Where(row => row.TwinId == twinId && (row.Stage == RequestStage.Received || row.Stage == RequestStage.Applying || row.Stage == RequestStage.Applied)));

    private static readonly Func<ExalateDbContext, Guid, CancellationToken, Task<Standing?>> StandingAsync = EF.CompileAsyncQuery((ExalateDbContext db, Guid twinId, CancellationToken _) =>
        (from twin in db.Twins
         join connection in db.Connections on twin.ConnectionId equals connection.Id
         where twin.Id == twinId
         select new Standing(
             twin.Signal, connection.Status, connection.HeldSince, connection.PausedUntil, connection.FailedCalls, connection.Problem, connection.PartnerProblem,
             connection.PartnerDeactivatedAt, connection.RemoteUrl, connection.ProtectedSecret)).SingleOrDefault());

    private readonly ExalateDbContext db;

    private OpenPair(ExalateDbContext db, PairContext pair, IReadOnlyList<SyncEvent> events, IReadOnlyList<SyncRequest> requests) =>
        (this.db, Pair, Seen, Events, Requests) = (db, pair, pair.Twin.Signal, events, requests);

    public PairContext Pair { get; }

    /// <summary>The pair's signal as its rows were read.</summary>
    public long Seen { get; }

    /// <summary>Those that are not finished, as they happened.</summary>
    public IReadOnlyList<SyncEvent> Events { get; private set; }

    /// <summary>Those that are not finished, as they arrived.</summary>
    public IReadOnlyList<SyncRequest> Requests { get; private set; }

    /// <summary>True once a step has run on what was read.</summary>
    public bool HasWorked { get; private set; }

    /// <exception cref="LeaseLostException">The pair is gone with its connection, which an admin deleted meanwhile: nothing is left to do or to give back.</exception>
    public static async Task<OpenPair> ReadAsync(
        IDbContextFactory<ExalateDbContext> contexts, Guid twinId, string owner, TimeSpan lease, TimeProvider time, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            var row = await FindAsync(db, twinId, cancellationToken) ?? throw new LeaseLostException(twinId);
            var events = await OpenEvents(db, twinId).ToListAsync(cancellationToken);
            var requests = await OpenRequests(db, twinId).ToListAsync(cancellationToken);
            return new OpenPair(db, new PairContext(db, row.Twin, row.Connection, owner, lease, time), events, requests);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>A step has run and stored what it did: what is open now follows from the rows at hand.</summary>
    /// <returns>False when the step left something behind that nobody will store: then the rows at hand are not those of the database.</returns>
    public bool Worked()
    {
        HasWorked = true;
        var isStored = Pair.HasPending || !db.ChangeTracker.HasChanges();
        // That has compared every row with what was read. Each list would do it once more.
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        Events = [.. db.ChangeTracker.Entries<SyncEvent>().Select(entry => entry.Entity).Where(row => row.IsOpen && row.TwinId == Pair.Twin.Id).OrderBy(row => row.Id)];
        Requests = [.. db.ChangeTracker.Entries<SyncRequest>().Select(entry => entry.Entity).Where(row => row.IsOpen && row.TwinId == Pair.Twin.Id).OrderBy(row => row.Id)];
        db.ChangeTracker.AutoDetectChangesEnabled = true;
        return isStored;
    }

    /// <summary>Whether nothing came for the pair since it was read, and what steps need of its connection is as it was.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        var then = Pair.Connection;
        return await StandingAsync(db, Pair.Twin.Id, cancellationToken) == new Standing(
            Seen, then.Status, then.HeldSince, then.PausedUntil, then.FailedCalls, then.Problem, then.PartnerProblem, then.PartnerDeactivatedAt, then.RemoteUrl, then.ProtectedSecret);
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();

    private sealed record Row(Twin Twin, Connection Connection);

    /// <summary>What a step rests on besides the pair's own rows.</summary>
    private sealed record Standing(
        long Signal, ConnectionStatus Status, DateTimeOffset? HeldSince, DateTimeOffset? PausedUntil, int FailedCalls, string? Problem, string? PartnerProblem,
        DateTimeOffset? PartnerDeactivatedAt, string? RemoteUrl, string? ProtectedSecret);
}
