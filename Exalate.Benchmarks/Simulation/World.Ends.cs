using Exalate.Core.Sync;

namespace Exalate.Benchmarks.Simulation;

/// <summary>
/// Pairs that end and are taken up again in every awkward moment: before their first request was answered, while a change is half written, across what the other side does, and from both sides at
/// once while both edit the same field.
/// </summary>
internal sealed partial class World
{
    private const int EndSalt = 0x3C19_E06D;

    /// <summary>One world in so many.</summary>
    private const int EndsSeldom = 6;

    private readonly Random endDice;

    /// <summary>Dice of its own: a seed to which this does not happen has the history that it always had.</summary>
    private readonly bool endsAnyhow;

    private bool BothAtOnce => endsAnyhow && endDice.Next(2) == 0;

    /// <summary>A person of either side, whatever the other side does at that moment.</summary>
    private void EndOrTakeUpAnyhow()
    {
        var pairs = things.Where(thing => thing.Deleted.Count == 0).SelectMany(thing => thing.Pairs.Select(pair => (Thing: thing, pair.From, pair.To))).ToList();
        if (pairs.Count == 0)
            return;
        var (thing, from, to) = pairs[endDice.Next(pairs.Count)];
        Discover(thing, Named(from), Named(to));
        if (endDice.Next(2) == 0)
            (from, to) = (to, from);
        if (endDice.Next(3) == 0)
            EditBothSides(thing, from, to);
        EndOrTakeUpAnyhow(thing, from, to);
        if (endDice.Next(3) == 0)
            EndOrTakeUpAnyhow(thing, to, from);
    }

    private void EndOrTakeUpAnyhow(Thing thing, string from, string to)
    {
        if (TwinOf(thing, from, to) is not { IsHeld: false } twin)
            return;
        if (twin.State is nameof(TwinState.FirstSync) or nameof(TwinState.Synchronized))
            End(twin, from, to);
        else if (twin.State == nameof(TwinState.Ended))
            TakeUp(thing, from, to);
    }

    /// <summary>People of both sides save the same field.</summary>
    private void EditBothSides(Thing thing, string from, string to)
    {
        var field = endDice.Next(2) == 0 ? "summary" : "description";
        foreach (var name in new[] { from, to }.Where(thing.Entities.ContainsKey))
            EditField(thing, Named(name), thing.Entities[name], field);
    }
}
