using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Sync;

namespace Exalate.Benchmarks.Simulation;

/// <summary>A node loses its database, and is started again with an older copy of it.</summary>
internal sealed partial class World
{
    /// <summary>What the lost node had been sent and not answered is sent again; what waits for that waits a little longer.</summary>
    private static readonly TimeSpan PatienceAfterResend = TimeSpan.FromMinutes(13);

    /// <summary>Longer than anything is late: the machine is set up anew meanwhile.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(30);

    private const int FirstBackUp = 4;
    private const int FirstRestore = 11;

    /// <summary>Tries until a start has shown its number to all partners: some calls are lost.</summary>
    private const int Pulses = 20;

    /// <summary>Texts of conflict records, and moments of those that only a vendor's history shows, that went with the database: they cannot be had back.</summary>
    private readonly HashSet<string> lostRecords = [];
    private readonly HashSet<(string Node, string Field, DateTimeOffset At)> lostMoments = [];

    /// <summary>Pairs that a person had begun on the lost node and that no partner had heard of.</summary>
    private readonly List<(Thing Thing, string From, string To)> forgotten = [];

    private Node? unlucky;
    private Node? restored;
    private bool hasBackUp;
    private bool hasShownItself;

    /// <summary>Never shared with anybody.</summary>
    private string? ownBusiness;

    /// <summary>A node that can't call one of its partners notices by the numbers of messages alone, and may send before it does: that is said to be weak.</summary>
    private void ChooseWhoIsRestored()
    {
        if (!life.Restores)
            return;
        var candidates = nodes.Where(node => Scalar<long>(node, "SELECT COUNT(*) FROM Connections WHERE Reach = 'OnlyTheyCall'") == 0).ToList();
        unlucky = candidates[lifeDice.Next(candidates.Count)];
        ownBusiness = unlucky.Tracker.Add("nobody else's business", Core.RichText.RichDocument.Empty, "Task").Id;
    }

    private void BackUpOrRestore()
    {
        if (unlucky is null || restored is not null)
            return;
        if (!hasBackUp)
        {
            // One from before the first message vouches for nothing.
            if (Edits < FirstBackUp || lifeDice.Next(2) == 0 || Scalar<string>(unlucky, "SELECT ProtectedVoucherKey FROM Settings") is null)
                return;
            Tell($"{unlucky.Name}: a back-up of the database is made");
            unlucky.BackUp();
            hasBackUp = true;
        }
        else if (!hasShownItself)
        {
            // By that a copy is known to be old. Between two of them there is a quarter of an hour, or a start.
            hasShownItself = ShowsItself(unlucky);
        }
        else if (Edits >= FirstRestore && lifeDice.Next(3) == 0)
        {
            Restore(unlucky);
        }
    }

    private static bool ShowsItself(Node node)
    {
        var before = Rows(node, "SELECT IFNULL(Pulse, '') FROM Connections ORDER BY Id");
        node.ShowPulse();
        return Rows(node, "SELECT IFNULL(Pulse, '') FROM Connections ORDER BY Id").Zip(before).All(pair => pair.First != pair.Second);
    }

    private void Restore(Node node)
    {
        Tell($"{node.Name} is lost");
        node.Crash.Reset();
        node.Wire.IsCut = false;
        time.Advance(Standstill);
        DeliverDue();
        RememberRecords(node);
        node.RestoreBackUp();
        carriers.ForEach(carrier => carrier.Forget(node));
        restored = node;
        Tell($"{node.Name} runs again with its back-up");
        foreach (var thing in things.Where(thing => thing.Entities.ContainsKey(node.Name)))
            untold.Add((node.Name, thing.Entities[node.Name]));
        foreach (var thing in things)
            Forget(thing, node);
        for (var tries = 0; tries < Pulses && IsUnnoticed(node); tries++)
        {
            node.ShowPulse();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        if (IsUnnoticed(node))
            Broken.Add($"1 nothing lost: {node.Name} runs with an old back-up, its partners have heard from it since, and it does not notice");
    }

    private static bool IsUnnoticed(Node node) => Scalar<long>(node, "SELECT COUNT(*) FROM Connections WHERE HeldKind IS NULL OR HeldKind <> 'OldCopy'") > 0;

    /// <summary>What was begun on the lost node, and neither its back-up nor its partner knows of, never was.</summary>
    private void Forget(Thing thing, Node node)
    {
        foreach (var (from, to) in thing.Pairs.Where(pair => pair.From == node.Name).ToList())
        {
            var other = Named(to);
            if (TwinOf(thing, from, to) is not null
                || Scalar<long>(other, "SELECT COUNT(*) FROM Twins WHERE ConnectionId = @c AND RemoteEntityId = @e", ("@c", other.Connections[from]), ("@e", thing.Entities[from])) > 0)
                continue;
            thing.Pairs.Remove((from, to));
            forgotten.Add((thing, from, to));
        }
    }

    /// <summary>What was begun on the lost node is begun again by whoever misses it.</summary>
    private void Reconsider()
    {
        foreach (var (thing, from, to) in forgotten.Where(pair => pair.Thing.Deleted.Count == 0 && !pair.Thing.Pairs.Contains((pair.From, pair.To))).ToList())
            Exalate(thing, Named(from), Named(to), Named(from).Tracker.Find(thing.Entities[from])!.Key);
    }

    /// <summary>A partner that is asked what it knows names an entity that was never shared with it.</summary>
    public RecallAnswer Lie(Node asker, Connection connection, RecallQuestion question, RecallAnswer answer)
    {
        if (ownBusiness is null || question.After is not null)
            return answer;
        string? voucher = "made up";
        if (asker.Sabotage?.TrustsVouchers == true)
            asker.Call(async () => voucher = await asker.VouchAsync(connection.Id, ownBusiness));
        var lie = new RecalledPair
        {
            PairId = connection.LinkId, State = nameof(TwinState.Synchronized), YourEntityId = ownBusiness, Voucher = voucher, MyEntityId = "999999",
            Detail = question.Pairs is null ? null : new RecalledDetail(),
        };
        return question.Pairs?.Contains(lie.PairId) == false ? answer : answer with { Pairs = [.. answer.Pairs, lie] };
    }

    /// <summary>What was never shared is under sync with nobody, whatever a partner says.</summary>
    private void CheckVouchers()
    {
        if (ownBusiness is not null && Scalar<long>(unlucky!, "SELECT COUNT(*) FROM Twins WHERE LocalEntityId = @e", ("@e", ownBusiness)) > 0)
            Broken.Add($"6 own house: a partner of {unlucky!.Name} brought under sync what was never shared with it");
    }
}
