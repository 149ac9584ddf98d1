using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>People who are faster than the node at exactly the moments that count.</summary>
internal sealed partial class World
{
    private readonly Random fateDice;
    private readonly Fate fate;

    /// <summary>How often somebody is hasty after the weather has cleared: what is missed then is not taken along by anything later.</summary>
    private int haste = 6;

    private bool isPosting;

    private string? ownerAtBegin;

    public int RunningProcess => runningProcess;

    /// <summary>The node has looked at an entity; a person saves before it goes on.</summary>
    public void AfterRead(string nodeName, string entityId)
    {
        if (MayHaste(nodeName, 10))
            ActInHaste(Named(nodeName), entityId);
    }

    /// <summary>The node has looked at what there is to do for the pair that it holds; something comes before it lets go.</summary>
    public void AfterLook(string nodeName)
    {
        if (MayHaste(nodeName, 30) && running!.Held(runningProcess) is { } held
            && Scalar<string>(running, "SELECT LocalEntityId FROM Twins WHERE Id = @t", ("@t", held.Twin)) is { } entityId)
            ActInHaste(nodes.First(node => node.Root.Name == running.Name && (!isLocal || node.Tracker.Owns(entityId))), entityId);
    }

    /// <summary>What is stored meanwhile is mail for a partner, and nothing of a pair.</summary>
    public async Task PostsAsync(Func<Task> storeAsync)
    {
        isPosting = true;
        try
        {
            await storeAsync();
        }
        finally
        {
            isPosting = false;
        }
    }

    /// <summary>From here to the commit nobody else writes: whose the pair is now, it is while something is stored. The transaction may give it back itself.</summary>
    public void AtBegin(string nodeName) =>
        ownerAtBegin = running is { } node && node.Name == nodeName && node.Held(runningProcess) is { } held ? Scalar<string>(node, "SELECT LeaseOwner FROM Twins WHERE Id = @t", ("@t", held.Twin)) : null;

    /// <summary>Promise 5: what a process stores for a pair, it stores while it holds it.</summary>
    public void AtCommit(string nodeName)
    {
        if (running is not { } node || node.Name != nodeName || isMeanwhile || isPosting || node.IsCalled || node.Held(runningProcess) is not { } held)
            return;
        if (ownerAtBegin != held.Owner)
            Broken.Add($"5 order: a process of {node.Name} stored something for a pair that {(ownerAtBegin is null ? "it had lost" : "another one holds")}");
    }

    private bool MayHaste(string nodeName, int seldom)
    {
        if (!fate.IsHasty || isFrozen || isMeanwhile || !IsRunning(nodeName) || running!.Crash.HasCrashed || (isCalm && haste == 0))
            return false;
        return fateDice.Next(isCalm ? seldom / 2 : seldom) == 0;
    }

    /// <summary>In hasty worlds people of all sides save the same field at once, last of all: nothing that comes later settles who wins.</summary>
    private void EditOnAllSides()
    {
        if (!fate.IsHasty)
            return;
        foreach (var thing in things)
        {
            foreach (var (from, to) in thing.Pairs)
                Discover(thing, Named(from), Named(to));
            foreach (var (name, id) in thing.Entities.Where(place => !thing.Deleted.Contains(place.Key)).ToList())
            {
                Edits++;
                EditField(thing, Named(name), id, "summary");
            }
        }
    }

    private void ActInHaste(Node node, string entityId)
    {
        if (things.FirstOrDefault(thing => thing.Entities.GetValueOrDefault(node.Name) == entityId) is not { } thing || thing.Deleted.Contains(node.Name))
            return;
        haste -= isCalm ? 1 : 0;
        isMeanwhile = true;
        var told = late.Count;
        Tell("  (in haste)");
        Act(thing, node, entityId);
        foreach (var text in texts.Values.Where(text => text.At == time.GetUtcNow() && text.Node == node.Name))
            text.MayBeInTheWindow = true;
        // Told at once; what the network repeats or delays comes when it comes.
        if (late.Count > told)
        {
            var item = late[told];
            late.RemoveAt(told);
            item.Deliver();
        }

        isMeanwhile = false;
    }
}

/// <summary>What else can happen in a world. Drawn from dice of its own: a seed to which nothing of it happens has the history that it always had.</summary>
/// <param name="IsHasty">People save at the worst moments.</param>
/// <param name="LosesAnswers">Many writes are done and not answered, and texts are of a form that not every vendor has.</param>
/// <param name="Private">Which node can't be called.</param>
/// <param name="HasAdmins">Connections are deactivated and activated, and their secrets replaced.</param>
internal sealed record Fate(bool IsHasty, bool LosesAnswers, PrivateSide Private, bool HasAdmins)
{
    public static readonly Fate Plain = new(false, false, PrivateSide.None, false);

    public static Fate Roll(Random dice) => new(
        dice.Next(3) == 0,
        dice.Next(4) == 0,
        dice.Next(6) switch { 0 => PrivateSide.First, 1 => PrivateSide.Last, _ => PrivateSide.None },
        dice.Next(4) == 0);

    public override string ToString() =>
        $"{(IsHasty ? ", haste" : "")}{(LosesAnswers ? ", lost answers" : "")}{(Private == PrivateSide.None ? "" : Private == PrivateSide.First ? ", the first node can't be called" : ", the last node can't be called")}{(HasAdmins ? ", admins" : "")}";
}

internal enum PrivateSide
{
    None,
    First,
    Last,
}
