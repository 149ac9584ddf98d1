using Exalate.Core;
using Exalate.Core.Connections;
using MediatR;

namespace Exalate.Benchmarks.Simulation;

/// <summary>What admins do to the connections meanwhile: stop and start them, and replace their secrets.</summary>
internal sealed partial class World
{
    /// <summary>Whether what concerns deactivated connections and keys is looked at on each call.</summary>
    public bool HasAdmins => fate.HasAdmins;

    public DateTimeOffset Now => time.GetUtcNow();

    private readonly List<MailCarrier> carriers = [];

    private void AddCarrier(Guid link, Node asker, Node keeper)
    {
        var carrier = new MailCarrier(asker, keeper, asker.Connections[keeper.Name], keeper.Connections[asker.Name], new NodeGate(asker.Name, asker.Crash, this), this);
        carriers.Add(carrier);
        keeper.Wire.Carriers[link] = carrier;
        carrier.Ask();
    }

    private void Administer()
    {
        if (!fate.HasAdmins || fateDice.Next(6) > 0)
            return;
        var node = nodes[fateDice.Next(nodes.Count)];
        var (other, id) = node.Connections.OrderBy(pair => pair.Key, StringComparer.Ordinal).ElementAt(fateDice.Next(node.Connections.Count));
        if (fateDice.Next(3) == 0)
            Order(node, other, "replaces the secret", new RotateSecret(id, "admin"));
        else if (node.IsActive(id))
            Order(node, other, "deactivates", new DeactivateConnection(id, "admin"));
        else
            Order(node, other, "activates", new ActivateConnection(id, "admin"));
    }

    private void Order(Node node, string other, string what, IRequest<Result> order)
    {
        Result? result = null;
        node.Call(async () => result = await node.SendAsync(order));
        Tell($"{node.Name}: the admin {what} (the connection to {other}) {result?.Error?.Sentence}");
    }

    /// <summary>All connections run again when the people are done.</summary>
    private void ActivateAll()
    {
        foreach (var node in nodes.Where(_ => fate.HasAdmins))
        {
            foreach (var (other, id) in node.Connections.Where(pair => !node.IsActive(pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
                Order(node, other, "activates", new ActivateConnection(id, "admin"));
        }
    }

    /// <summary>Notices go out, and what waits for a private side is fetched. True: something was done.</summary>
    private bool Carry()
    {
        var did = false;
        foreach (var node in nodes.Where(node => fate.HasAdmins && node.NextNotice() <= time.GetUtcNow()))
            did |= node.Call(node.DeliverNoticesAsync);
        foreach (var carrier in carriers.Where(carrier => carrier.HasNews))
            did |= carrier.Ask();
        return did;
    }

    /// <summary>A private side asks all the time, whether there is something or not.</summary>
    private void AskForMail()
    {
        foreach (var carrier in carriers)
            carrier.Ask();
    }

    /// <summary>Both sides of each connection hold one secret, and nothing is left to be told.</summary>
    private void CheckConnections()
    {
        foreach (var node in nodes.Where(_ => fate.HasAdmins))
        {
            foreach (var row in Rows(node, "SELECT Kind || ': ' || IFNULL(Problem, '') FROM ConnectionNotices"))
                Broken.Add($"1 nothing lost: a notice of {node.Name} is left after calm: {row}");
            foreach (var (other, id) in node.Connections.Where(pair => !node.Wire.Halves.ContainsKey(pair.Value)))
            {
                var (own, theirs) = (Secret(node, id), Secret(Named(other), Named(other).Connections[node.Name]));
                if (own != theirs)
                    Broken.Add($"1 nothing lost: {node.Name} and {other} hold different secrets of their connection");
            }
        }

        foreach (var node in nodes)
        {
            foreach (var row in Rows(node, "SELECT Kind || ' ' || \"Key\" FROM PeerMail"))
                Broken.Add($"1 nothing lost: a mail waits on {node.Name} after calm: {row}");
        }
    }

    private static string Secret(Node node, Guid id) => node.Leaks.Unprotect(Scalar<string>(node, "SELECT ProtectedSecret FROM Connections WHERE Id = @c", ("@c", id))!);
}
