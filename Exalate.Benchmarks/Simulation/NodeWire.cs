using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Benchmarks.Simulation;

/// <summary>The network between nodes: slow, lossy, doubling, late, and cut now and then. Where the other side can't be called, messages wait in this side's database.</summary>
internal sealed class NodeWire(string name, ICallGate gate, World world, LeakTrap leaks) : IPeerClient
{
    private int wanted;

    /// <summary>The other end of each link.</summary>
    public Dictionary<Guid, Node> Routes { get; } = [];

    /// <summary>Of the links whose other end can't be called: its mail loop.</summary>
    public Dictionary<Guid, MailCarrier> Carriers { get; } = [];

    /// <summary>Of the connections between two projects of this node: the other project.</summary>
    public Dictionary<Guid, Node> Halves { get; } = [];

    /// <summary>The node itself; set before the first call.</summary>
    public Node Own { get; set; } = null!;

    public bool IsCut { get; set; }

    /// <summary>Event ids of requests that were sent, each once.</summary>
    public HashSet<string> Requests { get; } = [];

    /// <summary>Messages that were sent, repeats included.</summary>
    public int Sent { get; private set; }

    public Task SendRequestAsync(Connection connection, SyncRequestMessage message, CancellationToken cancellationToken)
    {
        world.OnSend(Own, connection);
        if (Requests.Add(message.EventId))
            world.OnRequest(Own, connection, message);
        var words = $"request {message.Version} on {message.BasedOn} ({string.Join(' ', message.Changed)}) '{message.Replica?.Summary}'";
        if (Halves.ContainsKey(connection.Id))
            return HandOverAsync(connection, message, words, (inbox, half) => inbox.StoreRequestAsync(half, message, default));
        return connection.Reach == Reach.OnlyTheyCall
            ? LeaveAsync(connection, MailKinds.Request, message.EventId, message, words)
            : DeliverAsync(connection, message, words, (node, id, _) => node.Inbox.StoreRequestAsync(id, message, default));
    }

    public Task SendResultAsync(Connection connection, SyncResultMessage message, CancellationToken cancellationToken)
    {
        world.OnSend(Own, connection);
        var words = $"result {message.Outcome} '{message.Readback.Summary}' {string.Join(' ', message.Kept)}";
        if (Halves.ContainsKey(connection.Id))
            return HandOverAsync(connection, message, words, (inbox, half) => inbox.StoreResultAsync(half, message, default));
        return connection.Reach == Reach.OnlyTheyCall
            ? LeaveAsync(connection, MailKinds.Result, message.EventId, message, words)
            : DeliverAsync(connection, message, words, (node, id, _) => node.Inbox.StoreResultAsync(id, message, default));
    }

    public Task SendNoticeAsync(Connection connection, NoticeMessage message, CancellationToken cancellationToken) => connection.Reach == Reach.OnlyTheyCall
        ? LeaveAsync(connection, MailKinds.Notice, message.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), message, $"notice {message.Kind}")
        : DeliverAsync(
            connection, message, $"notice {message.Kind}", async (node, id, use) => (await node.Notices.TakeAsync(id, use, message, null, default)).Answer, isNotice: true);

    public Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken) =>
        Halves.TryGetValue(connection.Id, out var half) ? TakeFileAsync(connection, half, entityId, attachmentId)
        : connection.Reach == Reach.OnlyTheyCall ? AskForFileAsync(connection, entityId, attachmentId, eventId) : FetchFileAsync(connection, entityId, attachmentId);

    /// <summary>Between two projects of this node, as the product does it, less the temporary file: nothing here may leave the thread.</summary>
    private async Task<Stream> TakeFileAsync(Connection connection, Node half, string entityId, string attachmentId)
    {
        gate.Enter("take-file", null);
        var file = await Own.Inbox.OpenAttachmentAsync(half.Connections[Own.Name == half.Name ? Own.Half!.Name : Own.Name], entityId, attachmentId, default);
        gate.Leave("take-file", null);
        return file?.Content ?? throw new PeerException(FailureCategory.Rejected, "The attachment is gone.") { Code = PeerCodes.AttachmentUnknown, AttachmentGone = true };
    }

    /// <summary>Straight into the other half's inbox: by the product's own way, for no network is between the two.</summary>
    private async Task HandOverAsync<T>(Connection connection, T message, string words, Func<ISyncInbox, Guid, Task<InboxAnswer>> storeAsync)
    {
        gate.Enter("send", null);
        Sent++;
        leaks.Tell(ReplicaJson.Write(message));
        world.Tell($"  {name} hands over to {Halves[connection.Id].Name}: {words}");
        // As a call to a partner would be, it may be made by a process that was overtaken meanwhile.
        await world.PostsAsync(() => Own.LocalWay.DeliverAsync(connection, storeAsync, default));
        gate.Leave("send", null);
    }

    private Task<Stream> FetchFileAsync(Connection connection, string entityId, string attachmentId)
    {
        gate.Enter("fetch-file", null);
        var other = Routes[connection.LinkId].Front;
        if (IsCut || gate.NextFault("fetch-file") != Fault.None)
            throw NotReached(other);
        OutgoingAttachment? file = null;
        var (answered, refusal) = (false, (PeerException?)null);
        other.Call(async () =>
        {
            (_, refusal) = await VerifyAsync(connection, other, isNotice: false);
            if (refusal is null)
                file = await other.Inbox.OpenAttachmentAsync(other.Connections[name], entityId, attachmentId, default);
            answered = true;
        });
        // Died over it, or its tracker did not give the file (503).
        if (!answered)
            throw NoAnswer(other);
        if (refusal is not null)
            throw refusal;
        gate.Leave("fetch-file", null);
        return Task.FromResult(file?.Content ?? throw new PeerException(FailureCategory.Rejected, "The file is gone.") { AttachmentGone = true });
    }

    /// <summary>The other side waits with a question: it gets this one at once, and sends the file.</summary>
    private async Task<Stream> AskForFileAsync(Connection connection, string entityId, string attachmentId, string eventId)
    {
        gate.Enter("want-file", null);
        if (MailWord.NotAsked(connection, world.Now) is { } silent)
            throw new PeerException(FailureCategory.Unavailable, silent);
        var (want, key) = ($"the-wanted-file-{++wanted}", $"{entityId}-{attachmentId}");
        // Asked also by a process that was overtaken meanwhile: a question stores nothing of the pair.
        await world.PostsAsync(() => Own.MailRoom.PutAsync(connection.Id, MailKinds.File, key, new FileWanted(want, entityId, attachmentId, eventId), default));
        var carrier = Carriers[connection.LinkId];
        carrier.Ask();
        gate.Leave("want-file", null);
        if (carrier.TryTake(want, out var file))
            return file?.Content ?? throw new PeerException(FailureCategory.Rejected, "The partner's node no longer has the attachment.") { AttachmentGone = true };
        await world.PostsAsync(() => Own.MailRoom.RemoveAsync(connection.Id, MailKinds.File, key, default));
        throw new PeerException(FailureCategory.Unavailable, "The partner's node was asked for the attachment and has not sent it yet.");
    }

    public Task<RecallAnswer> RecallAsync(Connection connection, RecallQuestion question, CancellationToken cancellationToken) =>
        AskAsync<RecallAnswer>(connection, "recall", async other => world.Lie(Own, connection, question, Parsed(await other.Inbox.RecallAsync(other.Connections[name], Parsed(question), default))));

    public Task<PulseTaken?> PulseAsync(Connection connection, PulseMessage message, CancellationToken cancellationToken) =>
        AskAsync<PulseTaken?>(connection, "pulse", async other => await other.PulseDesk.TakeAsync(other.Connections[name], message, default));

    /// <summary>A question whose answer changes nothing over there but what it says.</summary>
    private Task<T> AskAsync<T>(Connection connection, string call, Func<Node, Task<T>> askAsync)
    {
        gate.Enter(call, null);
        var other = Routes[connection.LinkId].Front;
        var fault = gate.NextFault(call);
        world.Tell($"  {name} to {other.Name}: {call}{(IsCut || fault != Fault.None ? $" -- {fault}" : "")}");
        if (IsCut || fault is Fault.Refused or Fault.LostBefore)
            throw NotReached(other);
        T? answer = default;
        if (!other.Call(async () => answer = await askAsync(other)) || fault == Fault.LostAfter)
            throw NoAnswer(other);
        gate.Leave(call, null);
        return Task.FromResult(answer!);
    }

    /// <summary>As over the wire: nothing but the JSON arrives.</summary>
    private static T Parsed<T>(T message) => ReplicaJson.Read<T>(ReplicaJson.Write(message));

    private async Task LeaveAsync<T>(Connection connection, string kind, string key, T message, string words)
    {
        gate.Enter("send", null);
        Sent++;
        leaks.Tell(ReplicaJson.Write(message));
        world.Tell($"  {name} leaves for {Routes[connection.LinkId].Name}: {words}");
        // As a call to the partner would be, it may be made by a process that was overtaken meanwhile.
        await world.PostsAsync(() => Own.MailRoom.PutAsync(connection.Id, kind, key, message, default));
        gate.Leave("send", null);
    }

    private Task DeliverAsync<T>(Connection connection, T message, string words, Func<Node, Guid, KeyUse, Task<InboxAnswer>> storeAsync, bool isNotice = false)
    {
        gate.Enter("send", null);
        Sent++;
        // A new secret travels in a notice, and in nothing else.
        if (!isNotice)
            leaks.Tell(ReplicaJson.Write(message));
        var other = Routes[connection.LinkId];
        var fault = gate.NextFault("send");
        world.Tell($"  {name} to {other.Name}: {words}{(IsCut || fault != Fault.None ? $" -- {fault}" : "")}");
        if (IsCut || fault == Fault.Refused)
            throw NotReached(other);
        if (fault == Fault.LostBefore)
        {
            world.DeliverLater(() => Arrive(connection, other, storeAsync, isNotice));
            throw NoAnswer(other);
        }

        if (Arrive(connection, other, storeAsync, isNotice) is not { } answer || fault == Fault.LostAfter)
            throw NoAnswer(other);
        if (world.Doubles())
            world.DeliverLater(() => Arrive(connection, other, storeAsync, isNotice));
        if (answer.Refusal is not null)
            throw answer.Refusal;
        if (answer.Answer!.Outcome == InboxOutcome.NotNow)
            throw new PeerException(FailureCategory.Transient, answer.Answer.Sentence!);
        if (answer.Answer.Outcome == InboxOutcome.Refused)
            throw new PeerException(FailureCategory.Rejected, answer.Answer.Sentence!) { Code = PeerCodes.MessageRefused };
        gate.Leave("send", null);
        return Task.CompletedTask;
    }

    /// <summary>Null: the other process died before it answered.</summary>
    private (InboxAnswer? Answer, PeerException? Refusal)? Arrive(Connection connection, Node other, Func<Node, Guid, KeyUse, Task<InboxAnswer>> storeAsync, bool isNotice)
    {
        (InboxAnswer?, PeerException?) answer = default;
        other = other.Front;
        return other.Call(async () =>
        {
            var (use, refusal) = await VerifyAsync(connection, other, isNotice);
            answer = refusal is null ? (await storeAsync(other, other.Connections[name], use), null) : (null, refusal);
        }) ? answer : null;
    }

    /// <summary>As the verifier of a node does it: by the keys that it knows, and only on an active connection.</summary>
    private async Task<(KeyUse Use, PeerException? Refusal)> VerifyAsync(Connection connection, Node other, bool isNotice)
    {
        if (!world.HasAdmins)
            return default;
        await using var db = other.Db();
        var id = other.Connections[name];
        var theirs = await db.Connections.AsNoTracking().SingleAsync(row => row.Id == id);
        var signed = PeerKeyOf(connection);
        var known = other.Rotation.KeysOf(theirs).Where(key => key.Key.Secret.AsSpan().SequenceEqual(signed)).Select(key => (KeyUse?)key.Use).FirstOrDefault();
        if (known is not { } use)
            return (default, new PeerException(FailureCategory.Unauthorized, $"The node of {other.Name} did not accept our signature. The two sides no longer hold the same secret.") { Code = PeerCodes.SignatureInvalid });
        if (!isNotice && theirs.Status != ConnectionStatus.Active)
            return (default, new PeerException(FailureCategory.Unavailable, $"The connection is not active on the node of {other.Name}. What is kept here goes out when its admin has activated it.")
            {
                Code = PeerCodes.ConnectionInactive, ConnectionInactive = true,
            });
        await other.Rotation.SawAsync(theirs, use, default);
        return (use, null);
    }

    private byte[] PeerKeyOf(Connection connection) => System.Buffers.Text.Base64Url.DecodeFromChars(leaks.Unprotect(connection.ProtectedSecret!));

    private static PeerException NotReached(Node other) =>
        new(FailureCategory.Unavailable, $"The node at https://node-{other.Name.ToLowerInvariant()}.example could not be reached (connection refused). It is tried again by itself.");

    private static PeerException NoAnswer(Node other) =>
        new(FailureCategory.Transient, $"The node at https://node-{other.Name.ToLowerInvariant()}.example gave no answer in time. It is tried again by itself.");
}
