using Exalate.Core.Peers;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections.Life;

/// <summary>Asks now and then who answers at the partners' addresses: a node that was updated, replaced or shut down is noticed before anything has to be sent.</summary>
internal sealed class PartnerCheck(IDbContextFactory<ExalateDbContext> databases, PeerHttp peers, TimeProvider time, INodeChanges changes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>While something is wrong: it should not be said for longer than it lasts.</summary>
    private static readonly TimeSpan IntervalOfTrouble = TimeSpan.FromMinutes(1);
    private const int AtOnce = 8;

    public async Task CheckDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (before, beforeTrouble) = (time.GetUtcNow() - Interval, time.GetUtcNow() - IntervalOfTrouble);
        var due = await db.Connections.AsNoTracking()
            .Where(c => c.Status == ConnectionStatus.Active && c.Reach != Reach.OnlyTheyCall && c.RemoteUrl != null
                && (c.PartnerCheckedAt == null || c.PartnerCheckedAt < before || (c.PartnerProblem != null && c.PartnerCheckedAt < beforeTrouble)))
            .OrderBy(c => c.PartnerCheckedAt).Take(AtOnce).ToListAsync(cancellationToken);
        await Task.WhenAll(due.Select(connection => CheckAsync(connection, cancellationToken)));
    }

    private async Task CheckAsync(Connection seen, CancellationToken cancellationToken)
    {
        var (problem, about) = await LookAsync(seen, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.SingleOrDefaultAsync(c => c.Id == seen.Id && c.RemoteUrl == seen.RemoteUrl, cancellationToken);
        if (connection is null)
        {
            return;
        }

        var isNews = connection.PartnerProblem != problem;
        (connection.PartnerProblem, connection.PartnerCheckedAt) = (problem, time.GetUtcNow());
        if (about is not null && problem is null)
        {
            connection.RemoteVersion = PartnerIdentity.Line(about.Version, 40);
            connection.RemoteNodeName = PartnerIdentity.Line(about.Name, 100) ?? connection.RemoteNodeName;
        }

        await db.SaveChangesAsync(cancellationToken);
        if (isNews)
        {
            changes.Ring(NodeChange.Connections);
        }
    }

    private async Task<(string? Problem, PeerAbout? About)> LookAsync(Connection connection, CancellationToken cancellationToken)
    {
        try
        {
            var about = await peers.AboutAsync(connection.RemoteUrl!, cancellationToken);
            return (Objection(about, connection), about);
        }
        catch (PeerException e)
        {
            return ($"{e.Sentence} What changes here is kept and goes out once it answers again; if the node has moved, correct its address on the connection's Info tab.", null);
        }
    }

    private static string? Objection(PeerAbout about, Connection connection)
    {
        if (about.Uid != connection.RemoteNodeUid)
        {
            return $"Another node answers at {connection.RemoteUrl} than the one this connection was made with. If {connection.RemoteShortName} has moved, correct its address on the connection's Info tab.";
        }

        return about.Protocols is null || !about.Protocols.Contains(PeerAbout.Protocol)
            ? $"The node of {connection.RemoteShortName} (version {PartnerIdentity.Line(about.Version, 40)}) does not speak the protocol {PeerAbout.Protocol} of this node. Update the older of the two."
            : null;
    }
}
