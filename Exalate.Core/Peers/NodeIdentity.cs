using System.Diagnostics.CodeAnalysis;
using Exalate.Core.Connections;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;

namespace Exalate.Core.Peers;

/// <summary>How this node introduces itself.</summary>
internal sealed class NodeIdentity(NodeSettingsStore settings, TimeProvider time)
{
    public async Task<PeerAbout> AboutAsync(CancellationToken cancellationToken)
    {
        var own = await settings.ReadAsync(cancellationToken);
        return new PeerAbout
        {
            Product = PeerAbout.ProductName,
            Protocols = [PeerAbout.Protocol],
            Uid = own.NodeUid,
            Name = own.NodeName,
            ShortName = own.ShortName,
            Url = own.ExalateUrl,
            Tracker = TrackerOf(own),
            Version = ExalateCore.Version,
            Modes = [nameof(ConnectionMode.Basic)],
            Types = [nameof(ConnectionType.Public), nameof(ConnectionType.Private), nameof(ConnectionType.Local)],
            Time = time.GetUtcNow(),
        };
    }

    /// <summary>Null while General Settings lack what a partner must know.</summary>
    public static PeerIdentity? Of(NodeSettings own) =>
        own is { ShortName: { } shortName } && TrackerOf(own) is { } tracker
            ? new PeerIdentity { Uid = own.NodeUid, Name = own.NodeName, ShortName = shortName, Url = own.ExalateUrl, Tracker = tracker, Version = ExalateCore.Version }
            : null;

    private static PeerTracker? TrackerOf(NodeSettings own) =>
        own is { TrackerKind: { } kind, TrackerUrl: { } url } ? new PeerTracker(kind.ToString(), url) : null;
}

/// <summary>What a partner says about itself, checked: it is shown to people and becomes links and names.</summary>
internal static class PartnerIdentity
{
    private const int MaxUid = 64;
    private const int MaxName = 100;
    private const int MaxVersion = 40;

    /// <summary>The identity with its address normalised; false when a part of it can't be taken.</summary>
    public static bool TryCheck(PeerIdentity said, [NotNullWhen(true)] out PeerIdentity? partner)
    {
        partner = null;
        string? url = null;
        if (!IsUid(said.Uid) || !SettingsRules.IsShortName(said.ShortName) || (said.Url is not null && !WebAddress.TryReadOrigin(said.Url, out url, out _)) || said.Tracker is null)
        {
            return false;
        }

        partner = said with { Url = url, Name = Line(said.Name, MaxName), Version = Line(said.Version, MaxVersion) ?? "" };
        return true;
    }

    public static bool IsUid(string? uid) => uid is { Length: >= 1 and <= MaxUid } && uid.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>A link that a page may show; null for everything that is not a web address.</summary>
    public static string? Link(string? url) =>
        url is { Length: <= WebAddress.MaxLength } && Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? uri.GetLeftPart(UriPartial.Path).TrimEnd('/') : null;

    public static TrackerKind? Kind(string? kind) => Enum.TryParse<TrackerKind>(kind, out var known) && Enum.IsDefined(known) ? known : null;

    /// <summary>One line of text of bounded length; null when nothing is left.</summary>
    public static string? Line(string? text, int maxLength)
    {
        var line = new string([.. (text ?? "").Where(c => !char.IsControl(c))]).Trim();
        return line.Length == 0 ? null : line.Length <= maxLength ? line : line[..maxLength];
    }

    public static void Apply(this Connection connection, PeerIdentity partner)
    {
        connection.RemoteShortName = partner.ShortName;
        connection.RemoteUrl = partner.Url;
        connection.RemoteNodeUid = partner.Uid;
        connection.RemoteNodeName = partner.Name;
        connection.RemoteTracker = Kind(partner.Tracker.Kind);
        connection.RemoteTrackerUrl = Link(partner.Tracker.Url);
        connection.RemoteVersion = partner.Version;
    }
}
