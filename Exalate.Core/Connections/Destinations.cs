using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Connections;

/// <summary>The node that answers at an address, and the address under which it wants to be known.</summary>
internal sealed record Destination(string Url, PeerAbout About);

/// <summary>Finds the node behind what a person typed.</summary>
internal sealed class Destinations(PeerHttp peers, IDbContextFactory<ExalateDbContext> databases, TimeProvider time)
{
    private static readonly string[] TrackerHosts = [".atlassian.net", ".jira.com", ".visualstudio.com", "dev.azure.com", "app.asana.com"];

    /// <summary>Fails with <see cref="Invalid"/> (what was typed can't be right) or <see cref="Unavailable"/> (the node does not answer now), each with its sentence.</summary>
    public async Task<Result<Destination>> FindAsync(string typed, string field, CancellationToken cancellationToken)
    {
        if (!WebAddress.TryReadOrigin(typed, out var origin, out var problem))
        {
            return new Invalid(problem, field);
        }

        if (await NodeBesideAsync(typed, cancellationToken) is { } known)
        {
            origin = known;
        }
        else if (IsTrackerHost(new Uri(origin)))
        {
            return new Invalid(
                $"{origin} is the address of a tracker, and no node beside it is known here yet. Ask its admin for the Exalate URL of that node: it stands on General Settings of their console.", field);
        }

        try
        {
            var about = await peers.AboutAsync(origin, cancellationToken);
            return Objection(about, origin, field) is { } objection ? objection : new Destination(await OwnAddressAsync(about, origin, cancellationToken), about);
        }
        catch (PeerException e)
        {
            return e.Category == Trackers.FailureCategory.Misconfigured ? new Invalid(e.Sentence, field) : new Unavailable(e.Sentence);
        }
    }

    public static bool IsSameOrBelow(string typed, string? address) =>
        address is not null && WebAddress.TryReadWithPath(typed, out var path, out _)
        && (path.Equals(address, StringComparison.OrdinalIgnoreCase) || path.StartsWith(address + "/", StringComparison.OrdinalIgnoreCase));

    private Error? Objection(PeerAbout about, string origin, string field)
    {
        if (!PartnerIdentity.IsUid(about.Uid))
        {
            return new Invalid($"The node at {origin} introduces itself with a UID that can't be right. Update it.", field);
        }

        if (about.Protocols is null || !about.Protocols.Contains(PeerAbout.Protocol))
        {
            return new Invalid($"The node at {origin} (version {PartnerIdentity.Line(about.Version, 40)}) does not speak the protocol {PeerAbout.Protocol} of this node. Update the older of the two.", field);
        }

        var difference = (about.Time - time.GetUtcNow()).Duration();
        if (difference > Peers.Signing.PeerSignature.Window)
        {
            return new Unavailable(
                $"The clocks of this node and of the node at {origin} differ by {difference.TotalMinutes:0} minutes. Signed requests are refused when it is more than 5; set the clocks (NTP), then try again.");
        }

        return about is { ShortName: not null, Tracker: not null, Url: not null }
            ? null
            : new Unavailable($"The node at {origin} is not set up yet. Its admin has to enter short name, Exalate URL and tracker on General Settings there, then try again.");
    }

    /// <summary>The node's Exalate URL when the same node answers there, else the address that was typed.</summary>
    private async Task<string> OwnAddressAsync(PeerAbout about, string origin, CancellationToken cancellationToken)
    {
        if (!WebAddress.TryReadOrigin(about.Url, out var own, out _) || own == origin)
        {
            return origin;
        }

        try
        {
            return (await peers.AboutAsync(own, cancellationToken)).Uid == about.Uid ? own : origin;
        }
        catch (PeerException)
        {
            // Its own address does not work from here (yet); the one that was typed does.
            return origin;
        }
    }

    private async Task<string?> NodeBesideAsync(string typed, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await db.Connections.AsNoTracking()
            .Where(c => c.RemoteTrackerUrl != null && c.RemoteUrl != null && c.Status != ConnectionStatus.Pending)
            .Select(c => new { Tracker = c.RemoteTrackerUrl!, Node = c.RemoteUrl! })
            .Distinct()
            .ToListAsync(cancellationToken);
        var beside = known.Where(k => IsSameOrBelow(typed, k.Tracker)).Select(k => k.Node).Distinct().ToList();
        // Asana has one address for everybody: two nodes beside it can't be told apart by it.
        return beside.Count == 1 ? beside[0] : null;
    }

    private static bool IsTrackerHost(Uri origin) =>
        TrackerHosts.Any(host => host.StartsWith('.') ? origin.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase) : origin.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
}
