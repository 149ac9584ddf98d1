using Exalate.Core.Peers;
using Exalate.Core.Settings;
using Exalate.Core.Trackers;
using MediatR;

namespace Exalate.Core.Connections;

internal sealed class ProbeDestinationHandler(Destinations destinations, NodeSettingsStore settings) : IRequestHandler<ProbeDestination, Result<DestinationView>>
{
    public async Task<Result<DestinationView>> Handle(ProbeDestination request, CancellationToken cancellationToken)
    {
        var own = await settings.ReadAsync(cancellationToken);
        if (OwnAddress.Is(request.Url, own))
        {
            return Own(own);
        }

        var found = await destinations.FindAsync(request.Url, nameof(request.Url), cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var (url, about) = found.Value;
        if (about.Uid == own.NodeUid)
        {
            return Own(own);
        }

        if (PartnerIdentity.Kind(about.Tracker!.Kind) is not { } kind)
        {
            return new Invalid($"The node at {url} stands beside {PartnerIdentity.Line(about.Tracker.Kind, 40)}, which this version of Exalate does not know. Update this node.", nameof(request.Url));
        }

        return new DestinationView
        {
            NodeUrl = url,
            NodeName = PartnerIdentity.Line(about.Name, 100) ?? PartnerIdentity.Line(about.ShortName, 30) ?? url,
            ShortName = PartnerIdentity.Line(about.ShortName, 30) ?? ConnectionNames.Unknown,
            Tracker = kind,
            TrackerUrl = PartnerIdentity.Link(about.Tracker.Url) ?? url,
            Version = PartnerIdentity.Line(about.Version, 40) ?? "",
            IsOwnNode = false,
            Modes = Modes.With(about, url),
        };
    }

    private static Result<DestinationView> Own(NodeSettings own)
    {
        if (own is not { TrackerKind: { } kind, TrackerUrl: { } trackerUrl })
        {
            return new Invalid("This is the address of this very node, whose tracker is not set yet. Enter it in General Settings first.", nameof(ProbeDestination.Url));
        }

        return new DestinationView
        {
            NodeUrl = own.ExalateUrl ?? trackerUrl,
            NodeName = own.NodeName ?? own.ShortName ?? "This node",
            ShortName = own.ShortName ?? ConnectionNames.Unknown,
            Tracker = kind,
            TrackerUrl = trackerUrl,
            Version = ExalateCore.Version,
            IsOwnNode = true,
            Modes = Modes.Local,
        };
    }
}

internal static class OwnAddress
{
    /// <summary>Whether the address is this node's or its tracker's.</summary>
    public static bool Is(string typed, NodeSettings own) => Destinations.IsSameOrBelow(typed, own.ExalateUrl) || Destinations.IsSameOrBelow(typed, own.TrackerUrl);
}

internal sealed class GetConnectReadinessHandler(NodeSettingsStore settings, ITrackerFactory trackers) : IRequestHandler<GetConnectReadiness, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(GetConnectReadiness request, CancellationToken cancellationToken)
    {
        var own = await settings.ReadAsync(cancellationToken);
        return SettingsRules.Missing(own, own.TrackerKind is { } kind ? trackers.Describe(kind) : null);
    }
}
