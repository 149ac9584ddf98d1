using System.Security.Cryptography;
using System.Text;
using Exalate.Core.Connections;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>
/// Two or three nodes with their databases and trackers and the network between them, people editing on all sides, and everything that can go wrong, all driven by one
/// seed on one thread. The same seed gives the same history.
/// </summary>
internal sealed partial class World : IDisposable
{
    public const int EditsAtLeast = 20;

    /// <summary>Kinds of worlds that are few among all, by name: pairs end at any moment, two projects of one node, a node that runs twice.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["ends", "local", "twice"];

    private const int FateSalt = 0x2A6B_51C3;
    private const int LocalSalt = 0x51D7_0B3A;

    /// <summary>One world in so many has a connection between two projects of one node.</summary>
    private const int LocalSeldom = 8;

    /// <summary>Longest way to rest once the weather has cleared: shorter than the time after which an unanswered request is sent again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan BackupPoll = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1);

    /// <summary>More rounds than any world needs: a change travels to and fro.</summary>
    private const int MaxRounds = 600;

    private readonly Random dice;
    private readonly ManualTime time = new();
    private readonly SeededRandomSource random;
    private readonly List<Node> nodes = [];
    private readonly List<(DateTimeOffset At, long Order, Action Deliver)> late = [];
    private readonly Weather weather;
    private long lateOrder;
    private readonly bool isLocal;
    private bool isCalm = true;
    private bool isFrozen;
    private Node? running;
    private int runningProcess;

    private World(int seed, Break? sabotage, bool isPlain)
    {
        dice = new Random(seed);
        fateDice = new Random(seed ^ FateSalt);
        fate = isPlain ? Fate.Plain : Fate.Roll(fateDice);
        lifeDice = new Random(seed ^ LifeSalt);
        life = isPlain ? Life.Plain : Life.Roll(lifeDice);
        endDice = new Random(seed ^ EndSalt);
        endsAnyhow = !isPlain && endDice.Next(EndsSeldom) == 0;
        // Two projects of the first node, and where there is a third node, that one connected with the first project.
        isLocal = !isPlain && IsOneOf(seed, LocalSalt, LocalSeldom);
        if (isLocal)
            (fate, life) = (fate with { Private = PrivateSide.None }, life with { Restores = false });
        copyDice = new Random(seed ^ CopySalt);
        runsTwice = !isPlain && !isLocal && copyDice.Next(CopiedSeldom) == 0;
        if (runsTwice)
            (fate, life, endsAnyhow) = (fate with { Private = PrivateSide.None, HasAdmins = false }, Life.Plain, false);
        life = life with { Unlinks = life.Unlinks || endsAnyhow, Restores = life.Restores && !endsAnyhow };
        // The secret that a back-up holds may be over; whoever restores one has to connect anew then.
        if (life.Restores)
            fate = fate with { HasAdmins = false };
        random = new SeededRandomSource(seed);
        weather = Weather.Roll(dice);
        var count = dice.Next(3) == 0 ? 3 : 2;
        for (var i = 0; i < count; i++)
        {
            var kind = dice.Next(2) == 0 ? TrackerKind.Jira : TrackerKind.Asana;
            nodes.Add(isLocal && i == 1 ? nodes[0].Half! : Node.Create(((char)('A' + i)).ToString(), kind, time, random, this, sabotage, isLocal && i == 0 ? "B" : null));
        }

        for (var i = 1; i < count; i++)
            Connect(nodes[0], nodes[i]);
        foreach (var node in nodes.Where(node => sabotage?.Triggers is not null && !node.IsHalf))
            node.Execute(sabotage!.Triggers!);
        sabotage?.AtStart?.Invoke(nodes);
        foreach (var node in nodes)
            node.Watch();
        Tell($"{string.Join(", ", nodes.Select(node => $"{node.Name} is {node.Tracker.Description.Kind}"))}; {weather}{fate}{life}{(endsAnyhow ? ", at any moment" : "")}{(runsTwice ? ", a node runs twice" : "")}{(isLocal ? ", A and B are projects of one node" : "")}");
        ChooseWhoIsRestored();
    }

    /// <summary>What happened, in order, for whoever has to understand a failing seed.</summary>
    public List<string> History { get; } = [];

    public int Edits { get; private set; }

    /// <summary>Edits that fell between our read and our write where the vendor keeps no history: the documented window.</summary>
    public int LostInTheWindow { get; private set; }

    /// <summary>Fingerprint of the history: two runs of a seed have the same.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', History))))[..16];

    /// <summary>Whether a seed's world is one of those that are asked for by name; <see cref="Kinds"/>.</summary>
    public static bool IsOf(int seed, string kind) => kind switch
    {
        "ends" => IsOneOf(seed, EndSalt, EndsSeldom) && !IsOf(seed, "twice"),
        "local" => IsOneOf(seed, LocalSalt, LocalSeldom),
        "twice" => IsOneOf(seed, CopySalt, CopiedSeldom) && !IsOf(seed, "local"),
        _ => throw new ArgumentException($"No kind of worlds is called '{kind}'.", nameof(kind)),
    };

    private static bool IsOneOf(int seed, int salt, int seldom) => new Random(seed ^ salt).Next(seldom) == 0;

    /// <summary>Runs a seed to its end.</summary>
    /// <param name="isPlain">Without what <see cref="Fate"/> adds.</param>
    public static Outcome Run(int seed, Break? sabotage = null, bool isPlain = false)
    {
        using var world = new World(seed, sabotage, isPlain);
        var broken = new List<string>();
        try
        {
            broken.AddRange(world.Live());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            broken.Add($"The world ended: {exception}");
        }

        foreach (var sentence in broken)
            world.Tell($"BROKEN {sentence}");
        return new Outcome(seed, broken, world.History, world.Hash, world.Edits, world.LostInTheWindow);
    }

    public void Dispose()
    {
        foreach (var node in nodes.Append(original).Append(copy).OfType<Node>().Distinct())
            node.DisposeAsync().AsTask().Wait();
    }

    /// <summary>People edit, processes die, messages are lost; then the weather clears and all has to come to rest.</summary>
    private List<string> Live()
    {
        isCalm = false;
        for (var i = dice.Next(1, 4); i > 0; i--)
            StartAThing();
        for (var step = 0; Edits < EditsAtLeast; step++)
        {
            Disturb();
            if (things.All(thing => thing.Deleted.Count > 0))
                StartAThing();
            if (dice.Next(3) > 0)
                ActSomewhere();
            DeliverDue();
            Administer();
            Befall();
            if (fateDice.Next(4) > 0)
                Carry();
            for (var rounds = dice.Next(0, 7); rounds > 0; rounds--)
                WorkIfDue(nodes[dice.Next(nodes.Count)], dice.Next(2));
            CheckSentences();
            AskForMail();
            foreach (var node in nodes.Where(node => node.IsPrivate && fateDice.Next(3) == 0))
                node.Watch();
            time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 4000)));
        }

        Calm();
        EditOnAllSides();
        if (!Settle() || Found is { Count: > 0 })
            return Found ?? ["the nodes do not come to rest: a change travels to and fro"];
        if (!TakeUpAgain())
            return Found ?? ["the nodes do not come to rest: a pair that is taken up again"];
        (twilight, haste) = (0, 0);
        CheckAcknowledged();
        if (Broken.Count > 0)
            return Broken;
        // What no webhook told, the poll finds: the second look sees what the first was too early for.
        for (var look = 0; look < 2; look++)
        {
            time.Advance(BackupPoll);
            AskForMail();
            foreach (var node in nodes)
                node.Watch();
            if (!Settle())
                return ["the nodes do not come to rest after the poll"];
        }

        CheckAll();
        if (Broken.Count == 0)
            CheckQuiet();
        return Broken;
    }

    private List<string>? Found => Broken.Count > 0 ? Broken : null;

    private void Connect(Node one, Node other)
    {
        var (link, oneInvites) = (random.NewGuid(), dice.Next(2) == 0);
        var (reach, back) = fate.Private switch
        {
            PrivateSide.First => (Reach.OnlyWeCall, Reach.OnlyTheyCall),
            PrivateSide.Last when other == nodes[^1] => (Reach.OnlyTheyCall, Reach.OnlyWeCall),
            _ => (Reach.Both, Reach.Both),
        };
        one.Connect(other, random.NewGuid(), link, oneInvites, reach, random);
        other.Connect(one, random.NewGuid(), link, !oneInvites, back, random);
        if (reach != Reach.Both)
            AddCarrier(link, reach == Reach.OnlyWeCall ? one : other, reach == Reach.OnlyWeCall ? other : one);
    }

    private void Disturb()
    {
        var node = nodes[dice.Next(nodes.Count)];
        switch (dice.Next(16))
        {
            case 0 or 1 when weather.Kills && node.Crash.At is null:
                node.Crash.Reset();
                node.Crash.At = dice.Next(1, 60);
                Tell($"{node.Name} will be killed at its call {node.Crash.At}");
                break;
            case 2 when weather.Cuts:
                node.Wire.IsCut = true;
                Tell($"{node.Name} can reach nobody");
                break;
            case 3 or 4 when node.Wire.IsCut:
                node.Wire.IsCut = false;
                Tell($"{node.Name} can reach the others again");
                break;
            case 5 when weather.Freezes && freezeAt is null:
                freezeAt = dice.Next(1, 12);
                break;
            case 6:
                node.Watch();
                break;
            case 7 when nodes.Count > 2:
                Forge();
                break;
        }
    }

    private void Calm()
    {
        Tell("calm");
        isCalm = true;
        freezeAt = null;
        foreach (var node in nodes)
        {
            node.Crash.Reset();
            node.Wire.IsCut = false;
        }

        EndTheCopy();
        ActivateAll();
        Reconsider();
    }

    private void WorkIfDue(Node node, int process)
    {
        if (node.NextDue() <= time.GetUtcNow())
            Work(node, process);
    }

    private bool Work(Node node, int process)
    {
        var (outer, outerProcess) = (running, runningProcess);
        (running, runningProcess) = (node, process);
        BeginTurn(node);
        var did = node.Work(process);
        (running, runningProcess) = (outer, outerProcess);
        return did;
    }

    /// <summary>Works and jumps to what is due next, until nothing is due within the patience.</summary>
    private bool Settle() => Settle(restored is null && copy is null ? Patience : PatienceAfterResend);

    private bool Settle(TimeSpan patience)
    {
        var until = time.GetUtcNow() + patience;
        var rounds = 0;
        while (rounds < MaxRounds)
        {
            var did = DeliverDue() | Carry() | Decide();
            foreach (var node in nodes)
            {
                for (; node.NextDue() <= time.GetUtcNow() && rounds < MaxRounds; rounds++)
                {
                    // Due, and not taken: leases of the dead count until they run out.
                    if (!Work(node, rounds % 2))
                        break;
                    did = true;
                }
            }

            if (did)
            {
                rounds++;
                continue;
            }

            var next = nodes.Select(node => node.NextDue()).Concat(nodes.Select(node => fate.HasAdmins ? node.NextNotice() : null)).Append(NextDecision()).Concat(late.Select(item => (DateTimeOffset?)item.At)).Min();
            if (next is null || next > until)
                return true;
            time.Advance(next > time.GetUtcNow() ? next.Value - time.GetUtcNow() : TimeSpan.FromSeconds(1));
            AskForMail();
        }

        return false;
    }

    private bool DeliverDue()
    {
        var due = late.Where(item => item.At <= time.GetUtcNow()).OrderBy(item => item.At).ThenBy(item => item.Order).ToList();
        foreach (var item in due)
        {
            late.Remove(item);
            item.Deliver();
        }

        return due.Count > 0;
    }

    private void Later(TimeSpan after, Action deliver) => late.Add((time.GetUtcNow() + after, ++lateOrder, deliver));

    public void Tell(string what) => History.Add($"{time.GetUtcNow():HH:mm:ss.fff} {what}{(BothRun && running == copy ? " (the copy)" : "")}");
}

/// <summary>What became of one seed.</summary>
/// <param name="Broken">The promises that did not hold; empty when all did.</param>
internal sealed record Outcome(int Seed, IReadOnlyList<string> Broken, IReadOnlyList<string> History, string Hash, int Edits, int LostInTheWindow);

/// <summary>How bad it gets in one world: some are calm, so that what depends on the order of things alone is seen too.</summary>
internal sealed record Weather(int FaultsPerThousand, bool Kills, bool Cuts, bool Freezes, bool LosesWebhooks)
{
    public static Weather Roll(Random dice) => new(dice.Next(3) * 25, dice.Next(4) > 0, dice.Next(3) > 0, dice.Next(3) > 0, dice.Next(2) == 0);

    public override string ToString() =>
        $"{FaultsPerThousand} faults per thousand calls{(Kills ? ", kills" : "")}{(Cuts ? ", cuts" : "")}{(Freezes ? ", freezes" : "")}{(LosesWebhooks ? ", lost webhooks" : "")}";
}
