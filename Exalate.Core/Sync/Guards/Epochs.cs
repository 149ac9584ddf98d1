using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Rebuild;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Guards;

/// <summary>
/// Notices that this database is an old copy: restored from a back-up, or running twice. Every request carries a number that rises over the node's life (epoch, then the number of
/// its row), and every message tells the highest number that its sender has received on the connection. Who hears of a number higher than any of its own, or of another event under
/// a number of its own, is not the only node of this name: the connection is held until an admin decides (that one alone: a partner's word must not stop what runs with others). Going on begins a new epoch, whose numbers are higher than all before,
/// so that the other copy notices in its turn.
/// </summary>
internal sealed class Epochs(INodeChanges changes, TimeProvider time)
{
    /// <summary>Room for a thousand events a second over 34 years in each epoch.</summary>
    private const int RowBits = 40;

    private static readonly Func<ExalateDbContext, Guid, CancellationToken, Task<Numbers>> NumbersAsync = EF.CompileAsyncQuery((ExalateDbContext db, Guid connectionId, CancellationToken _) => db.Settings
        .Select(settings => new Numbers(settings.Epoch, db.SyncRequests.Where(request => request.ConnectionId == connectionId).Max(request => request.Serial))).Single());

    private static readonly Func<ExalateDbContext, CancellationToken, Task<Numbers>> LastAsync = EF.CompileAsyncQuery((ExalateDbContext db, CancellationToken _) => db.Settings
        .Select(settings => new Numbers(settings.Epoch, db.SyncEvents.Max(row => (long?)row.Id))).Single());

    public async Task<SyncRequestMessage> StampAsync(ExalateDbContext db, SyncEvent row, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        var known = await NumbersAsync(db, row.ConnectionId, cancellationToken);
        return message with { Serial = Serial(known.Epoch, row.Id), Seen = known.Highest };
    }

    public async Task<SyncResultMessage> StampAsync(ExalateDbContext db, SyncRequest row, SyncResultMessage message, CancellationToken cancellationToken) =>
        message with { Serial = row.Serial, Seen = (await NumbersAsync(db, row.ConnectionId, cancellationToken)).Highest };

    /// <summary>Looks at what a partner's message says of our numbers. The message itself is stored in any case.</summary>
    public async Task CheckAsync(ExalateDbContext db, Guid connectionId, long? seen, CancellationToken cancellationToken)
    {
        if (seen is not { } highest)
            return;
        var own = await LastAsync(db, cancellationToken);
        if (highest > Serial(own.Epoch, own.Highest ?? 0))
            await HoldAsync(db, connectionId, "has received changes from a node of this name that this database knows nothing of", cancellationToken);
    }

    /// <summary>As <see cref="CheckAsync(ExalateDbContext, Guid, long?, CancellationToken)"/>, for the answer to an event that is not known here.</summary>
    public async Task CheckUnknownAsync(ExalateDbContext db, Guid connectionId, SyncResultMessage message, CancellationToken cancellationToken)
    {
        if (message.Serial is not { } serial)
            return;
        var (epoch, id) = (serial >> RowBits, serial & ((1L << RowBits) - 1));
        // Too old to be known any more, or of an epoch that an admin has ended.
        if (epoch != await EpochAsync(db, cancellationToken) || !await db.SyncEvents.AnyAsync(row => row.Id == id && row.EventId != message.EventId, cancellationToken))
            return;
        await HoldAsync(db, connectionId, "answers a change that this database never made, under the number of another one", cancellationToken);
    }

    /// <summary>
    /// This node is the right one: its numbers begin above all that any copy has used, and every connection is rebuilt from its partner before it goes on, whether this
    /// was noticed on it already or not. The caller saves.
    /// </summary>
    public async Task BeginAsync(ExalateDbContext db, CancellationToken cancellationToken)
    {
        var settings = await db.Settings.SingleAsync(cancellationToken);
        settings.Epoch++;
        foreach (var connection in await db.Connections.Where(row => row.Type != ConnectionType.Local && row.Status != ConnectionStatus.Pending && row.PartnerDeletedAt == null).ToListAsync(cancellationToken))
            Rebuilder.Begin(connection, time.GetUtcNow());
    }

    /// <summary>True while this node may have known what it does not know now.</summary>
    public static Task<bool> IsLostAsync(ExalateDbContext db, Guid connectionId, CancellationToken cancellationToken) =>
        db.Connections.AnyAsync(row => row.Id == connectionId && (row.HeldKind == HoldKind.OldCopy || row.HeldKind == HoldKind.Rebuilding), cancellationToken);

    private static long Serial(int epoch, long id) => ((long)epoch << RowBits) + id;

    private static Task<int> EpochAsync(ExalateDbContext db, CancellationToken cancellationToken) => db.Settings.Select(settings => settings.Epoch).SingleAsync(cancellationToken);

    private async Task HoldAsync(ExalateDbContext db, Guid connectionId, string what, CancellationToken cancellationToken)
    {
        var partner = await db.Connections.Where(row => row.Id == connectionId).Select(row => row.RemoteShortName).SingleAsync(cancellationToken);
        var sentence = $"{partner} {what}. Either this node's database was restored from an old back-up, or a second copy of the node runs somewhere. Nothing is sent or taken on this connection any more.";
        var (now, kind) = (time.GetUtcNow().UtcTicks, nameof(HoldKind.OldCopy));
        var held = await db.Database.ExecuteSqlInterpolatedAsync(
            $"UPDATE Connections SET HeldSince = {now}, HeldKind = {kind}, HeldSentence = {sentence} WHERE Id = {connectionId} AND (HeldKind IS NULL OR HeldKind <> {kind})", cancellationToken);
        if (held > 0)
            changes.Ring(NodeChange.Connections);
    }

    /// <param name="Highest">Null where there is none yet.</param>
    private sealed record Numbers(int Epoch, long? Highest);
}
