using Exalate.Core;

namespace Exalate.Tests.Console.Pages;

/// <summary>A bell that knows who listens.</summary>
internal sealed class FakeChanges : INodeChanges
{
    private readonly List<Action<NodeChange>> listeners = [];

    public int Listeners => listeners.Count;

    public void Ring(NodeChange change)
    {
        foreach (var listener in listeners.ToList())
            listener(change);
    }

    public IDisposable Subscribe(Action<NodeChange> listener)
    {
        listeners.Add(listener);
        return new Subscription(() => listeners.Remove(listener));
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
