using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>What happens to calls, messages and webhooks on their way.</summary>
internal sealed partial class World
{
    private static readonly TimeSpan WebhookRepeat = TimeSpan.FromSeconds(5);

    private int? freezeAt;
    private bool isMeanwhile;

    /// <summary>How often somebody is faster after the weather has cleared: nothing later takes along what is missed then.</summary>
    private int twilight = 8;

    /// <summary>A node is about to call its tracker or a partner.</summary>
    public void AtCall(string nodeName, string call, string? entityId)
    {
        if (call != "read" && call != "send")
            Tell($"  {nodeName} calls {call} {entityId}");
        Windows(call, nodeName, entityId);
        if (isCalm || isFrozen || isMeanwhile)
            return;
        if (dice.Next(4) == 0)
            time.Advance(TimeSpan.FromMilliseconds(dice.Next(1, 250)));
        if (call == "update" && dice.Next(12) == 0)
            EditInTheWindow(Named(nodeName), entityId!);
        if (!IsWrite(call))
            MayFreeze(nodeName);
    }

    /// <summary>A node's call is done.</summary>
    public void AfterCall(string nodeName, string call)
    {
        if (!isCalm && !isFrozen && !isMeanwhile && IsWrite(call))
            MayFreeze(nodeName);
    }

    /// <summary>What changes a tracker is on its way the moment the engine has decided it: a process stands still after it, not in between.</summary>
    private static bool IsWrite(string call) => call is "create" or "update" or "comment" or "comment-update" or "comment-delete" or "attach" or "detach";

    private void MayFreeze(string nodeName)
    {
        if (!IsRunning(nodeName) || freezeAt is not { } left)
            return;
        freezeAt = left > 0 ? left - 1 : null;
        if (freezeAt is null)
            Freeze(running!);
    }

    public Fault NextFault(string call)
    {
        if (!isCalm && fate.LosesAnswers && IsWrite(call) && fateDice.Next(8) == 0)
            return Fault.LostAfter;
        return isCalm || dice.Next(1000) >= weather.FaultsPerThousand ? Fault.None : dice.Next(3) switch { 0 => Fault.Refused, 1 => Fault.LostBefore, _ => Fault.LostAfter };
    }

    /// <summary>Whether the network delivers the message a second time, later.</summary>
    public bool Doubles() => !isCalm && dice.Next(12) == 0;

    /// <summary>The message is on its way, and arrives when nobody expects it any more.</summary>
    public void DeliverLater(Action arrive) => Later(TimeSpan.FromMilliseconds(dice.Next(100, 20_000)), arrive);

    /// <summary>An entity changed, whoever did it: its tracker calls the node, sometimes twice, sometimes late, sometimes never, sometimes before it answers us.</summary>
    public void OnChanged(string nodeName, string entityId, bool exists, ChangeStamp? by)
    {
        var node = Named(nodeName);
        if (node.IsPrivate)
        {
            // Nobody can call it: its polls find what changed.
            untold.Add((nodeName, entityId));
            return;
        }

        if (!isCalm && !isFrozen && !isMeanwhile && running == node.Root && dice.Next(5) == 0)
        {
            ReceiveWebhook(node, entityId, exists, by);
            return;
        }

        var times = isCalm ? 1 : dice.Next(10) switch { 0 when weather.LosesWebhooks => 0, 1 => 2, _ => 1 };
        if (times == 0)
        {
            untold.Add((nodeName, entityId));
            Tell($"{nodeName}: no webhook for {entityId}");
        }

        for (; times > 0; times--)
            Later(TimeSpan.FromMilliseconds(dice.Next(0, 3000)), () => ReceiveWebhook(node, entityId, exists, by));
    }

    private void ReceiveWebhook(Node node, string entityId, bool exists, ChangeStamp? by)
    {
        // Not acknowledged: the vendor repeats it.
        if (!node.Front.ReceiveWebhook(entityId, exists, by))
            Later(WebhookRepeat, () => ReceiveWebhook(node, entityId, exists, by));
    }

    /// <summary>The process stands still in the middle of a call; its lease runs out, and another process of the node goes on with the work.</summary>
    private void Freeze(Node node)
    {
        var other = 1 - runningProcess;
        var pause = TimeSpan.FromSeconds(dice.Next(2) == 0 ? 0 : dice.Next(11, 25));
        Tell($"a process of {node.Name} stands still for {pause.TotalSeconds:0} s");
        isFrozen = true;
        time.Advance(pause);
        if (endsAnyhow && endDice.Next(3) == 0)
            EndOrTakeUpAnyhow();
        for (var rounds = dice.Next(1, 4); rounds > 0; rounds--)
            WorkIfDue(node, other);
        for (var rounds = dice.Next(0, 4); rounds > 0; rounds--)
            WorkIfDue(nodes[dice.Next(nodes.Count)], other);
        isFrozen = false;
    }

    /// <summary>Between two statements of a node at work, somebody else is faster: a webhook or message arrives, a person saves.</summary>
    public void Meanwhile(string nodeName)
    {
        if (isFrozen || isMeanwhile || running?.Name != nodeName || running.Crash.HasCrashed || (isCalm && twilight == 0) || dice.Next(isCalm ? 6 : 60) != 0)
            return;
        twilight -= isCalm ? 1 : 0;
        isMeanwhile = true;
        var told = late.Count;
        if (told == 0 || dice.Next(2) == 0)
        {
            ActSomewhere();
            foreach (var text in texts.Values.Where(text => text.At == time.GetUtcNow() && Named(text.Node).Root.Name == nodeName))
                text.MayBeInTheWindow = true;
        }

        // The newest is what the person just did; it is told at once.
        if (late.Count > 0)
        {
            var item = late.Count > told ? late[^1] : late[dice.Next(late.Count)];
            late.Remove(item);
            item.Deliver();
        }

        isMeanwhile = false;
    }

    /// <summary>An edit after the node's last look is in the window when the node writes without another look.</summary>
    private void Windows(string call, string nodeName, string? entityId)
    {
        if (call is not ("read" or "update"))
            return;
        foreach (var text in texts.Values.Where(text => text.MayBeInTheWindow && text.Node == nodeName && text.Thing.Entities.GetValueOrDefault(nodeName) == entityId))
            (text.MayBeInTheWindow, text.InTheWindow) = (false, text.InTheWindow || call == "update");
    }

    /// <summary>Whether it is this node that works at the moment, for either of its projects.</summary>
    private bool IsRunning(string nodeName) => running is not null && Named(nodeName).Root.Name == running.Name;

    private Node Named(string name) => nodes.First(node => node.Name == name);
}

/// <summary>A node's ports: each call can be its last.</summary>
internal sealed class NodeGate(string name, CrashSwitch crash, World world) : ICallGate
{
    public void Enter(string call, string? entityId)
    {
        crash.Pass();
        world.AtCall(name, call, entityId);
    }

    public void Leave(string call, string? entityId)
    {
        crash.Pass();
        world.AfterCall(name, call);
        if (call == "read" && entityId is not null)
            world.AfterRead(name, entityId);
    }

    public Fault NextFault(string call) => world.NextFault(call);
}
