using System.Collections.Concurrent;
using Exalate.Core.Connections;
using Exalate.Core.Sync.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Guards;

/// <summary>
/// Holds a connection that is about to delete or change unusually much, in either direction: a script that ran wild, a project that was dropped, a partner that was broken into.
/// Nothing of a held connection is sent or taken until an admin decides; what happens meanwhile is kept.
/// </summary>
internal sealed class MassChangeGuard(IOptions<GuardOptions> options, INodeChanges changes)
{
    /// <summary>Edited pairs of the window, in this process alone: a restart begins to count anew.</summary>
    private readonly ConcurrentDictionary<(Guid ConnectionId, bool Outgoing), Edited> edits = new();

    /// <summary>How long a deletion waits for others that belong to it.</summary>
    public TimeSpan RemovalDelay => options.Value.RemovalDelay;

    /// <summary>Asked before our entity's deletion is told; the pair's <see cref="Twin.LocalGoneAt"/> is set. True: the connection is held now, and the step ends.</summary>
    public async Task<bool> HoldsRemovalAsync(PairContext pair, CancellationToken cancellationToken)
    {
        var since = Since(pair);
        var gone = await pair.Db.Twins.Where(row => row.ConnectionId == pair.Connection.Id && row.LocalGoneAt >= since)
            .Select(row => new { row.LocalGoneAt, row.State }).ToListAsync(cancellationToken);
        // The present pair counts, whether its moment is stored already or not.
        var told = gone.Count(row => row.State == TwinState.LocalRemoved);
        var count = Math.Max(gone.Count, told + 1);
        if (!await AreTooManyAsync(pair, count, cancellationToken))
            return false;
        var first = gone.Min(row => row.LocalGoneAt) ?? pair.Now;
        var sent = told == 0 ? "Nothing was sent." : $"{told} of them were told to {pair.Connection.RemoteShortName} before this was noticed; nothing more was sent.";
        await HoldAsync(
            pair, HoldKind.OutgoingRemovals, $"{count} of {await PairsAsync(pair, cancellationToken)} entities were deleted here within {Words(pair.Now - first)}. {sent}", cancellationToken);
        return true;
    }

    /// <summary>As <see cref="HoldsRemovalAsync"/>, for what the partner deleted.</summary>
    public async Task<bool> HoldsRemovalByPartnerAsync(PairContext pair, CancellationToken cancellationToken)
    {
        var since = Since(pair);
        var taken = await pair.Db.Twins.Where(row => row.ConnectionId == pair.Connection.Id && row.RemoteGoneAt >= since).Select(row => row.RemoteGoneAt).ToListAsync(cancellationToken);
        if (!await AreTooManyAsync(pair, taken.Count + 1, cancellationToken))
            return false;
        await HoldAsync(
            pair, HoldKind.IncomingRemovals,
            $"{pair.Connection.RemoteShortName} deleted more than {taken.Count} of {await PairsAsync(pair, cancellationToken)} entities within {Words(pair.Now - (taken.Min() ?? pair.Now))}. "
            + "Your entities stay in any case; the rest of their pairs stay too until you decide.",
            cancellationToken);
        return true;
    }

    /// <summary>Asked before a change of an entity that is under sync goes out, or is written here.</summary>
    public async Task<bool> HoldsChangeAsync(PairContext pair, bool outgoing, CancellationToken cancellationToken)
    {
        if (options.Value.Changes == 0)
            return false;
        var since = Since(pair);
        var count = edits.GetOrAdd((pair.Connection.Id, outgoing), _ => new Edited()).Add(pair.Twin.Id, pair.Now, since);
        // The share is looked up now and then only: it is a question to the database.
        if (count < options.Value.Changes || (count - options.Value.Changes) % 100 != 0)
            return false;
        var pairs = await PairsAsync(pair, cancellationToken);
        if (count * 100L <= pairs * (long)options.Value.ChangesPercent)
            return false;
        var window = Words(options.Value.Window);
        await HoldAsync(
            pair, outgoing ? HoldKind.OutgoingChanges : HoldKind.IncomingChanges,
            outgoing
                ? $"{count} of {pairs} entities were edited here within {window}. All but the last were sent to {pair.Connection.RemoteShortName}; the rest waits."
                : $"{pair.Connection.RemoteShortName} edited {count} of {pairs} entities within {window}. All but the last were written here; the rest waits.",
            cancellationToken);
        return true;
    }

    /// <summary>What an admin has let pass does not count again.</summary>
    public void Forget(Guid connectionId)
    {
        edits.TryRemove((connectionId, true), out _);
        edits.TryRemove((connectionId, false), out _);
    }

    private DateTimeOffset Since(PairContext pair)
    {
        var since = pair.Now - options.Value.Window;
        return pair.Connection.GuardFrom > since ? pair.Connection.GuardFrom.Value : since;
    }

    private async Task<bool> AreTooManyAsync(PairContext pair, int count, CancellationToken cancellationToken)
    {
        var rule = options.Value;
        if (rule.Removals == 0 || count < Math.Min(rule.RemovalsAtLeast, rule.Removals + 1))
            return false;
        return count > rule.Removals || count * 100L > await PairsAsync(pair, cancellationToken) * (long)rule.RemovalsPercent;
    }

    /// <summary>Pairs of the connection that are or, within the window, were under sync.</summary>
    private Task<int> PairsAsync(PairContext pair, CancellationToken cancellationToken)
    {
        var since = Since(pair);
        return pair.Db.Twins.CountAsync(
            row => row.ConnectionId == pair.Connection.Id
                && (row.State == TwinState.Synchronized || row.State == TwinState.FirstSync || row.LocalGoneAt >= since || row.RemoteGoneAt >= since),
            cancellationToken);
    }

    private async Task HoldAsync(PairContext pair, HoldKind kind, string sentence, CancellationToken cancellationToken)
    {
        (pair.Connection.HeldSince, pair.Connection.HeldKind, pair.Connection.HeldSentence) = (pair.Now, kind, sentence);
        await pair.CommitAsync(cancellationToken);
        changes.Ring(NodeChange.Connections);
    }

    private static string Words(TimeSpan span) => span < TimeSpan.FromMinutes(2) ? $"{Math.Max(1, Math.Ceiling(span.TotalSeconds)):0} s" : $"{Math.Ceiling(span.TotalMinutes):0} minutes";

    /// <summary>Pairs that were edited, each once, with the time of its last edit.</summary>
    private sealed class Edited
    {
        private readonly Dictionary<Guid, DateTimeOffset> pairs = [];
        private DateTimeOffset swept;

        public int Add(Guid twinId, DateTimeOffset now, DateTimeOffset since)
        {
            lock (pairs)
            {
                pairs[twinId] = now;
                if (swept < since)
                {
                    foreach (var old in pairs.Where(row => row.Value < since).Select(row => row.Key).ToList())
                        pairs.Remove(old);
                    swept = now;
                }

                return pairs.Count;
            }
        }
    }
}
