using Exalate.Core.Trackers;
using MediatR;

namespace Exalate.Core.Settings;

internal sealed class GetNodeSettingsHandler(NodeSettingsStore store, ITrackerFactory trackers, IEnumerable<IWatchingStatus> watching) : IRequestHandler<GetNodeSettings, NodeSettingsView>
{
    public async Task<NodeSettingsView> Handle(GetNodeSettings request, CancellationToken cancellationToken)
    {
        var settings = await store.ReadAsync(cancellationToken);
        var tracker = settings.TrackerKind is { } kind ? trackers.Describe(kind) : null;
        return new NodeSettingsView
        {
            NodeUid = settings.NodeUid,
            NodeName = settings.NodeName,
            ShortName = settings.ShortName,
            ExalateUrl = settings.ExalateUrl,
            TrackerKind = settings.TrackerKind,
            TrackerUrl = settings.TrackerUrl,
            TrackerAccountName = settings.TrackerAccountName,
            TrackerTokenSetAt = settings.TrackerTokenSetAt,
            DefaultProject = settings.DefaultProject(),
            DefaultEntityType = settings.DefaultEntityType,
            AllowedNetworks = settings.AllowedNetworks,
            Revision = settings.Revision,
            Missing = SettingsRules.Missing(settings, tracker),
            Tracker = tracker,
            Watching = watching.FirstOrDefault() is { } status ? await status.DescribeAsync(cancellationToken) : null,
            Version = ExalateCore.Version,
        };
    }
}

internal static class NodeSettingsProjections
{
    public static TrackerProject? DefaultProject(this NodeSettings settings) =>
        settings.DefaultProjectId is { } id ? new TrackerProject(id, settings.DefaultProjectKey ?? id, settings.DefaultProjectName ?? id) : null;
}
