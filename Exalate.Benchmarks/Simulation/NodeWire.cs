using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Trackers;

namespace Exalate.Benchmarks.Simulation;

/// <summary>The network between nodes: slow, lossy, doubling, late, and cut now and then.</summary>
internal sealed class NodeWire(string name, ICallGate gate, World world, LeakTrap leaks) : IPeerClient
{
    /// <summary>The other end of each link.</summary>
    public Dictionary<Guid, Node> Routes { get; } = [];

    public bool IsCut { get; set; }

    /// <summary>Event ids of requests that were sent, each once.</summary>
    public HashSet<string> Requests { get; } = [];

    /// <summary>Messages that were sent, repeats included.</summary>
    public int Sent { get; private set; }

    public Task SendRequestAsync(Connection connection, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        Requests.Add(message.EventId);
        return DeliverAsync(connection, message, $"request {message.Version} on {message.BasedOn} ({string.Join(' ', message.Changed)}) '{message.Replica?.Summary}'", (node, id) => node.Inbox.StoreRequestAsync(id, message, default));
    }

    public Task SendResultAsync(Connection connection, SyncResultMessage message, CancellationToken cancellationToken) =>
        DeliverAsync(connection, message, $"result {message.Outcome} '{message.Readback.Summary}' {string.Join(' ', message.Kept)}", (node, id) => node.Inbox.StoreResultAsync(id, message, default));

    /// <summary>Connections are not deactivated, moved or deleted in these worlds.</summary>
    public Task SendNoticeAsync(Connection connection, NoticeMessage message, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"The node of {name} tells its partner '{message.Kind}', which nobody asked for.");

    public Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken)
    {
        gate.Enter("fetch-file", null);
        var other = Routes[connection.LinkId];
        if (IsCut || gate.NextFault("fetch-file") != Fault.None)
            throw NotReached(other);
        OutgoingAttachment? file = null;
        var answered = false;
        other.Call(async () =>
        {
            file = await other.Inbox.OpenAttachmentAsync(other.Connections[name], entityId, attachmentId, default);
            answered = true;
        });
        // Died over it, or its tracker did not give the file (503).
        if (!answered)
            throw NoAnswer(other);
        gate.Leave("fetch-file", null);
        return Task.FromResult(file?.Content ?? throw new PeerException(FailureCategory.Rejected, "The file is gone.") { AttachmentGone = true });
    }

    private Task DeliverAsync<T>(Connection connection, T message, string words, Func<Node, Guid, Task<InboxAnswer>> storeAsync)
    {
        gate.Enter("send", null);
        Sent++;
        leaks.Tell(ReplicaJson.Write(message));
        var other = Routes[connection.LinkId];
        var fault = gate.NextFault("send");
        world.Tell($"  {name} to {other.Name}: {words}{(IsCut || fault != Fault.None ? $" -- {fault}" : "")}");
        if (IsCut || fault == Fault.Refused)
            throw NotReached(other);
        if (fault == Fault.LostBefore)
        {
            world.DeliverLater(() => Arrive(other, storeAsync));
            throw NoAnswer(other);
        }

        if (Arrive(other, storeAsync) is not { } answer || fault == Fault.LostAfter)
            throw NoAnswer(other);
        if (world.Doubles())
            world.DeliverLater(() => Arrive(other, storeAsync));
        if (answer.Outcome == InboxOutcome.Refused)
            throw new PeerException(FailureCategory.Rejected, answer.Sentence!);
        gate.Leave("send", null);
        return Task.CompletedTask;
    }

    /// <summary>Null: the other process died before it answered.</summary>
    private InboxAnswer? Arrive(Node other, Func<Node, Guid, Task<InboxAnswer>> storeAsync)
    {
        InboxAnswer? answer = null;
        return other.Call(async () => answer = await storeAsync(other, other.Connections[name])) ? answer : null;
    }

    private static PeerException NotReached(Node other) =>
        new(FailureCategory.Unavailable, $"The node at https://node-{other.Name.ToLowerInvariant()}.example could not be reached (connection refused). It is tried again by itself.");

    private static PeerException NoAnswer(Node other) =>
        new(FailureCategory.Transient, $"The node at https://node-{other.Name.ToLowerInvariant()}.example gave no answer in time. It is tried again by itself.");
}
