using System.Globalization;
using Exalate.Core.Connections;

namespace Exalate.Benchmarks.Simulation;

/// <summary>A node that runs twice: a second process with a copy of its database works on the same tracker, and under the same name with the same partners.</summary>
internal sealed partial class World
{
    private const int CopySalt = 0x6E24_91F5;

    /// <summary>One world in so many.</summary>
    private const int CopiedSeldom = 8;

    private readonly Random copyDice;
    private readonly bool runsTwice;
    private readonly HashSet<Guid> heldAsTheTurnBegan = [];
    private Node? original;
    private Node? copy;

    /// <summary>The admin has stopped one of the two for good.</summary>
    private bool isDecided;

    private bool BothRun => copy is not null && !isDecided;

    private void RunTwice()
    {
        if (!runsTwice || isDecided)
            return;
        if (copy is null)
        {
            if (Edits >= FirstBackUp && copyDice.Next(3) == 0)
                StartACopy();
            return;
        }

        if (weather.Kills && copy.Crash.At is null && copyDice.Next(10) == 0)
        {
            copy.Crash.Reset();
            copy.Crash.At = copyDice.Next(1, 60);
        }

        for (var rounds = copyDice.Next(0, 4); rounds > 0; rounds--)
            WorkIfDue(copy, copyDice.Next(2));
        switch (copyDice.Next(12))
        {
            case 0 or 1:
                // A quarter of an hour is over, or it was started anew.
                (copyDice.Next(2) == 0 ? original! : copy).ShowPulse();
                break;
            case 2:
                time.Advance(BackupPoll);
                original!.Watch();
                copy.Watch();
                break;
            case 3 or 4 when IsHeld(original!) || IsHeld(copy):
                Choose();
                break;
        }
    }

    /// <summary>While the node has nothing of its partners half done: what both copies find to be done, both do before they can notice.</summary>
    private void StartACopy()
    {
        var home = nodes[copyDice.Next(nodes.Count)];
        // A copy from before the first message vouches for nothing, as a back-up from then.
        if (Scalar<string>(home, "SELECT ProtectedVoucherKey FROM Settings") is null || Scalar<long>(home, "SELECT (SELECT COUNT(*) FROM SyncRequests WHERE FinishedAt IS NULL) + (SELECT COUNT(*) FROM Intents) + (SELECT COUNT(*) FROM Twins WHERE LeaseOwner IS NOT NULL)") > 0)
            return;
        original = home;
        copy = home.Copy(time, random, this);
        var isBehind = copyDice.Next(2) == 0;
        home.Front = isBehind ? home : copy;
        Tell($"{home.Name} runs twice from now on; {(isBehind ? "nobody calls the copy" : "the copy is the one that is called")}");
        copy.ShowPulse();
    }

    private static bool IsHeld(Node node) => Scalar<long>(node, "SELECT COUNT(*) FROM Connections WHERE HeldKind = 'OldCopy'") > 0;

    /// <summary>The weather is clear: both show their numbers, and one of them has to notice.</summary>
    private void EndTheCopy()
    {
        if (!BothRun)
            return;
        for (var tries = 0; tries < Pulses && !IsHeld(original!) && !IsHeld(copy!); tries++)
        {
            original!.ShowPulse();
            copy!.ShowPulse();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        if (!IsHeld(original!) && !IsHeld(copy!))
            Broken.Add($"1 nothing lost: {original!.Name} runs twice, and neither copy notices");
        Choose();
    }

    /// <summary>
    /// The admin stops one copy for good. The other is one that noticed and may go on with what its partners know; or the one that everybody called, which has missed nothing.
    /// </summary>
    private void Choose()
    {
        var (first, second) = (original!, copy!);
        var may = new[] { first, second }.Where(node => IsHeld(node) || node == first.Front).ToList();
        var right = may[copyDice.Next(may.Count)];
        var wrong = right == first ? second : first;
        Tell($"{first.Name}: the admin stops the {(wrong == second ? "copy" : "original")} for good; {(IsHeld(right) ? "the other one is held" : "the other one has noticed nothing")}");
        wrong.Crash.Reset();
        right.Crash.Reset();
        RememberRecords(wrong);
        first.Front = right;
        nodes[nodes.IndexOf(first)] = right;
        isDecided = true;
        foreach (var thing in things.Where(thing => thing.Entities.ContainsKey(right.Name)))
            untold.Add((right.Name, thing.Entities[right.Name]));
        foreach (var thing in things)
            Forget(thing, right);
    }

    /// <summary>Conflicts that are on record there alone go with the database.</summary>
    private void RememberRecords(Node node)
    {
        foreach (var values in Rows(node, "SELECT LocalValue || ' ' || RemoteValue FROM Conflicts"))
            lostRecords.UnionWith(Tokens(values));
        foreach (var moment in Rows(node, "SELECT Field || '|' || At FROM Conflicts").Select(row => row.Split('|')))
            lostMoments.Add((node.Name, moment[0], new DateTimeOffset(long.Parse(moment[1], CultureInfo.InvariantCulture), TimeSpan.Zero)));
    }

    private void BeginTurn(Node node)
    {
        heldAsTheTurnBegan.Clear();
        if (runsTwice)
            heldAsTheTurnBegan.UnionWith(Rows(node, "SELECT Id FROM Connections WHERE HeldKind = 'OldCopy'").Select(Guid.Parse));
    }

    /// <summary>Who knows of another copy sends nothing until an admin has decided.</summary>
    public void OnSend(Node node, Connection connection)
    {
        if (runsTwice && node == running && heldAsTheTurnBegan.Contains(connection.Id) && !Broken.Exists(sentence => sentence.StartsWith('2')))
            Broken.Add($"2 nothing doubled: a copy of {node.Name} has noticed that it is not the only one, and sends");
    }
}
