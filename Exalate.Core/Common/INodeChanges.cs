namespace Exalate.Core;

/// <summary>What changed on this node, for open browsers and for the engine. Ids only: whoever listens reads the state from the database.</summary>
public enum NodeChange
{
    Connections,
    Twins,
    Settings,

    /// <summary>A pair has moved on: something to show, nothing to do.</summary>
    Progress,
}

/// <summary>In-process bell that is rung after a commit. Losing a ring loses nothing: listeners also look from time to time.</summary>
public interface INodeChanges
{
    void Ring(NodeChange change);

    /// <summary>Calls back on the thread that rings: hand over at once, never block. Dispose to stop.</summary>
    IDisposable Subscribe(Action<NodeChange> listener);
}

internal sealed class NodeChanges : INodeChanges
{
    private readonly Lock gate = new();
    private Action<NodeChange>[] listeners = [];

    public void Ring(NodeChange change)
    {
        foreach (var listener in listeners)
            listener(change);
    }

    public IDisposable Subscribe(Action<NodeChange> listener)
    {
        lock (gate)
            listeners = [.. listeners, listener];
        return new Subscription(this, listener);
    }

    private void Remove(Action<NodeChange> listener)
    {
        lock (gate)
            listeners = [.. listeners.Where(other => other != listener)];
    }

    private sealed class Subscription(NodeChanges owner, Action<NodeChange> listener) : IDisposable
    {
        public void Dispose() => owner.Remove(listener);
    }
}
