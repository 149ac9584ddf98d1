using Exalate.Core.Sync;
using Exalate.Core.Sync.Guards;
using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace Exalate.Benchmarks.Simulation;

/// <summary>Pairs that are taken out of sync and up again, and connections that stop because too much is deleted or changed at once.</summary>
internal sealed partial class World
{
    private const int LifeSalt = 0x1F0B_77A9;

    /// <summary>So many deletions of a connection pass without an admin's word.</summary>
    private const int RemovalsLetPass = 1;

    /// <summary>So many edited pairs of a connection make it stop.</summary>
    private const int ChangesThatStop = 2;

    private static readonly TimeSpan LongestLease = TimeSpan.FromSeconds(11);

    private readonly Random lifeDice;
    private readonly Life life;

    /// <summary>Deletions that were told on a connection, with the moment of each.</summary>
    private readonly Dictionary<Guid, List<DateTimeOffset>> toldRemovals = [];

    private bool hasRunWild;

    /// <summary>Limits that are reached with the few entities of a world.</summary>
    public void SetGuards(IServiceCollection services)
    {
        if (life.HasGuards)
        {
            services.Configure<GuardOptions>(guards => (guards.Window, guards.Removals, guards.RemovalsAtLeast, guards.Changes, guards.ChangesPercent) =
                (TimeSpan.FromDays(1), RemovalsLetPass, 100, life.StopsChanges ? ChangesThatStop : 0, 1));
        }
    }

    /// <summary>A request leaves for the first time. Of deletions no more than the limit may, unless an admin has said so.</summary>
    public void OnRequest(Node node, Connection connection, SyncRequestMessage message)
    {
        if (!life.HasGuards || message.Kind != SyncRequestKind.Removed)
            return;
        if (Scalar<object>(node, "SELECT LocalGoneAt FROM Twins WHERE ConnectionId = @c AND PairId = @p", ("@c", connection.Id), ("@p", message.PairId)) is not long gone)
            return;
        var from = Scalar<object>(node, "SELECT GuardFrom FROM Connections WHERE Id = @c", ("@c", connection.Id)) is long ticks ? ticks : 0;
        if (!toldRemovals.TryGetValue(connection.Id, out var told))
            toldRemovals[connection.Id] = told = [];
        told.Add(new DateTimeOffset(gone, TimeSpan.Zero));
        if (told.Count(at => at.UtcTicks >= from) > RemovalsLetPass)
            Broken.Add($"6 own house: {node.Name} told more than {RemovalsLetPass} deletions on one connection, and no admin was asked");
    }

    private void Befall()
    {
        if (endsAnyhow)
        {
            if (endDice.Next(4) == 0)
                EndOrTakeUpAnyhow();
        }
        else if (life.Unlinks && lifeDice.Next(5) == 0)
        {
            EndOrTakeUp();
        }

        if (life.HasGuards && !hasRunWild && Edits > EditsAtLeast / 4 && lifeDice.Next(3) == 0)
            RunWild();
        if (life.Restores)
            BackUpOrRestore();
        RunTwice();
        if (CanHold && lifeDice.Next(3) == 0)
            Decide();
    }

    private bool CanHold => life.HasGuards || restored is not null || isDecided;

    /// <summary>A person takes a pair out of sync, or up again.</summary>
    private void EndOrTakeUp()
    {
        var pairs = things.Where(thing => thing.Deleted.Count == 0).SelectMany(thing => thing.Pairs.Select(pair => (Thing: thing, pair.From, pair.To))).ToList();
        if (pairs.Count == 0)
            return;
        var (thing, from, to) = pairs[lifeDice.Next(pairs.Count)];
        if (lifeDice.Next(2) == 0)
            (from, to) = (to, from);
        if (TwinOf(thing, from, to) is not { IsHeld: false } twin)
            return;
        // By whoever sees on the page what the other side has done, and after the first synchronization: one that ends what the other takes up in the same moment, or what was never
        // answered, is not simulated.
        var there = TwinOf(thing, to, from)?.State;
        if (twin.State == nameof(TwinState.Synchronized) && there == nameof(TwinState.Synchronized) && !IsHalfWritten(thing, from, to) && !IsHalfWritten(thing, to, from))
            End(twin, from, to);
        else if (twin.State == nameof(TwinState.Ended) && there is null or nameof(TwinState.Ended))
            TakeUp(thing, from, to);
    }

    private bool IsHalfWritten(Thing thing, string from, string to) =>
        TwinOf(thing, from, to) is { } twin && Scalar<long>(Named(from), "SELECT COUNT(*) FROM SyncRequests WHERE TwinId = @t AND Stage = 'Applying'", ("@t", twin.Id)) > 0;

    private void End(SimTwin twin, string from, string to)
    {
        Core.Result? result = null;
        Named(from).Call(async () => result = await Named(from).SendAsync(new UnexalateEntity(twin.Id, "admin")));
        Tell($"{from}: the pair of {twin.Key} with {to} is taken out of sync {result?.Error?.Sentence}");
    }

    private void TakeUp(Thing thing, string from, string to)
    {
        var key = Named(from).Tracker.Find(thing.Entities[from])!.Key;
        // A pair that ended before its first answer has no common ground: an older text of the one side may win a conflict, which is recorded.
        if (endsAnyhow)
            written.Clear();
        Tell($"{from}: {key} is taken up again with {to}");
        Named(from).Exalate(to, key);
    }

    /// <summary>
    /// What is out of sync is so on both sides, and stays where it is; then all pairs are taken up again, with whatever happened meanwhile.
    /// </summary>
    /// <returns>False: no rest, or something did not hold.</returns>
    private bool TakeUpAgain()
    {
        if (!life.Unlinks)
            return true;
        var ended = Ended();
        // Ended by the one before it heard that the other had taken it up: that is sent again after a while, and takes it up here, too.
        if (ended.Any(IsEndedHereAlone))
        {
            if (!Settle(PatienceAfterResend))
                return false;
            ended = Ended();
        }

        foreach (var (thing, from, to) in ended)
        {
            if (IsEndedHereAlone((thing, from, to)) && TwinOf(thing, to, from) is { } other)
                Broken.Add($"6 own house: the pair of {thing.Entities[from]} was taken out of sync on {from}, and is {other.State} on {to}");
        }

        foreach (var (thing, from, to) in ended.Where(_ => lifeDice.Next(2) == 0))
        {
            // Somebody in haste has deleted one of the two meanwhile.
            if (thing.Deleted.Contains(from) || thing.Deleted.Contains(to))
                continue;
            EditField(thing, Named(from), thing.Entities[from], "summary");
            if (!Settle())
                return false;
            if (!thing.Deleted.Contains(from) && !thing.Deleted.Contains(to) && thing.Entities.TryGetValue(to, out var there) && Named(to).Tracker.Find(there)!.Summary == Named(from).Tracker.Find(thing.Entities[from])!.Summary)
                Broken.Add($"6 own house: an edit on {from} reached {to} although the pair was taken out of sync");
        }

        // Whoever died over a pair holds it for a while.
        time.Advance(LongestLease);
        var taken = new HashSet<(Thing, string, string)>();
        foreach (var (thing, from, to) in Ended())
        {
            if (BothAtOnce)
                EditBothSides(thing, from, to);
            if ((!taken.Contains((thing, to, from)) || BothAtOnce) && taken.Add((thing, from, to)))
                TakeUp(thing, from, to);
        }

        return Broken.Count == 0 && Settle() && Broken.Count == 0;
    }

    private bool IsEndedHereAlone((Thing Thing, string From, string To) pair) => TwinOf(pair.Thing, pair.To, pair.From) is { } other && other.State != nameof(TwinState.Ended);

    /// <summary>Pairs that are out of sync, from a side that knows it.</summary>
    private List<(Thing Thing, string From, string To)> Ended()
    {
        foreach (var thing in things)
            thing.Pairs.ForEach(pair => Discover(thing, Named(pair.From), Named(pair.To)));
        return [.. things
            .SelectMany(thing => thing.Pairs.Where(pair => !thing.Deleted.Contains(pair.From) && !thing.Deleted.Contains(pair.To)).SelectMany(pair => lifeDice.Next(2) == 0 ? new[] { (thing, pair.From, pair.To), (thing, pair.To, pair.From) } : [(thing, pair.To, pair.From), (thing, pair.From, pair.To)]))
            .Where(side => TwinOf(side.thing, side.Item2, side.Item3)?.State == nameof(TwinState.Ended))];
    }

    /// <summary>A script deletes all that it finds on one side.</summary>
    private void RunWild()
    {
        var node = nodes[lifeDice.Next(nodes.Count)];
        // Of copies those that the node knows: one that goes before that was never there, and is made anew.
        var there = things.Where(thing => thing.Entities.ContainsKey(node.Name) && !thing.Deleted.Contains(node.Name)
            && IsKnown(node, thing.Entities[node.Name])).ToList();
        if (there.Count <= RemovalsLetPass)
        {
            StartAThing();
            return;
        }

        hasRunWild = true;
        foreach (var thing in there)
        {
            Tell($"{node.Name}: a script deletes {thing.Entities[node.Name]}");
            thing.Deleted.Add(node.Name);
            node.Tracker.Delete(thing.Entities[node.Name]);
        }
    }

    /// <summary>Admins decide about connections that stopped, and what is rebuilt goes on. True: something was done.</summary>
    private bool Decide()
    {
        if (!CanHold)
            return false;
        var did = false;
        foreach (var node in nodes)
        {
            foreach (var held in Rows(node, "SELECT Id || '|' || HeldKind FROM Connections WHERE HeldSince IS NOT NULL AND HeldKind <> 'Rebuilding' ORDER BY Name").Select(row => row.Split('|')))
            {
                // A process that is at one of its pairs is waited for.
                // And the first old copy that goes on decides for all.
                if (IsAtWork(node, Guid.Parse(held[0])) || Scalar<string>(node, "SELECT HeldKind FROM Connections WHERE Id = @c", ("@c", held[0])) != held[1])
                    continue;
                did = true;
                Decide(node, Guid.Parse(held[0]), held[1]);
            }

            if (node.NextRebuild() <= time.GetUtcNow())
            {
                did = true;
                node.Rebuild();
            }
        }

        return did;
    }

    private void Decide(Node node, Guid connection, string kind)
    {
        var discards = kind.EndsWith("Removals", StringComparison.Ordinal) && lifeDice.Next(2) == 0;
        Tell($"{node.Name}: a connection stopped ({kind}), and the admin says {(discards ? "Discard" : "Go on")}");
        node.Call(async () => _ = discards ? await node.HeldConnections.DiscardAsync(connection, "admin", default) : await node.HeldConnections.GoOnAsync(connection, "admin", default));
    }

    private bool IsAtWork(Node node, Guid connection) =>
        Scalar<long>(node, "SELECT COUNT(*) FROM Twins WHERE ConnectionId = @c AND LeaseUntil >= @now", ("@c", connection), ("@now", time.GetUtcNow().UtcTicks)) > 0;

    /// <summary>When something that is held can go on by itself or by an admin; null: nothing is.</summary>
    private DateTimeOffset? NextDecision()
    {
        if (!CanHold)
            return null;
        var next = nodes.Select(node => node.NextRebuild()).Min();
        var waits = nodes.Any(node => Scalar<long>(node, "SELECT COUNT(*) FROM Connections WHERE HeldSince IS NOT NULL AND HeldKind <> 'Rebuilding'") > 0);
        return waits ? time.GetUtcNow() + TimeSpan.FromSeconds(1) : next;
    }

    private SimTwin? TwinOf(Thing thing, string from, string to)
    {
        if (!thing.Entities.TryGetValue(from, out var entity)
            || Scalar<string>(
                Named(from), "SELECT Id || '|' || State || '|' || (IFNULL(LeaseUntil, 0) >= @now) || '|' || IFNULL(LocalKey, '') FROM Twins WHERE ConnectionId = @c AND LocalEntityId = @e",
                ("@c", Named(from).Connections[to]), ("@e", entity), ("@now", time.GetUtcNow().UtcTicks)) is not { } row)
            return null;
        var parts = row.Split('|');
        return new SimTwin(Guid.Parse(parts[0]), parts[1], parts[2] == "1", parts[3]);
    }

    private sealed record SimTwin(Guid Id, string State, bool IsHeld, string Key);
}

/// <summary>What befalls pairs and nodes in a world. Dice of its own again: a seed to which nothing of it happens has the history that it always had.</summary>
/// <param name="Unlinks">People take pairs out of sync, and up again.</param>
/// <param name="HasGuards">Few deletions make a connection stop and ask.</param>
/// <param name="Restores">A node's database is set back to an older copy.</param>
/// <param name="StopsChanges">And few changes. Not always: an admin who lets those pass lets deletions pass as well.</param>
internal sealed record Life(bool Unlinks, bool HasGuards, bool Restores, bool StopsChanges)
{
    public static readonly Life Plain = new(false, false, false, false);

    public static Life Roll(Random dice) => new(dice.Next(5) == 0, dice.Next(6) == 0, dice.Next(6) == 0, dice.Next(2) == 0);

    public override string ToString() => $"{(Unlinks ? ", pairs are ended" : "")}{(HasGuards ? StopsChanges ? ", guards" : ", guards of deletions" : "")}{(Restores ? ", a back-up" : "")}";
}
