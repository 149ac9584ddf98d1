using System.Collections.Concurrent;
using Exalate.Core.Http;
using Exalate.Core.Trackers.Asana;
using Exalate.Core.Trackers.Calls;
using Exalate.Core.Trackers.Jira;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Trackers;

/// <inheritdoc cref="ITrackerFactory"/>
internal sealed class TrackerFactory(
    IOutboundHttp outbound, IOptions<JiraOptions> jira, IOptions<AsanaOptions> asana, TimeProvider time, IRandomSource random, ILogger<TrackerFactory> log)
    : ITrackerFactory, IDisposable
{
    // Connectors come and go (each change of the token makes new ones); pace and experience belong to the instance.
    private readonly ConcurrentDictionary<string, InstanceGate> gates = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, AsanaParts> asanaParts = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, JiraPictures> jiraPictures = new(StringComparer.OrdinalIgnoreCase);

    public TrackerDescription Describe(TrackerKind kind) => kind switch
    {
        TrackerKind.Jira => JiraTracker.Describe(jira.Value),
        TrackerKind.Asana => AsanaTracker.Describe(asana.Value),
        _ => throw new NotSupportedException($"There is no connector for {kind} yet."),
    };

    public ITracker Create(TrackerAccess access) => access.Kind switch
    {
        TrackerKind.Jira => NewJira(access),
        TrackerKind.Asana => NewAsana(access),
        _ => throw new NotSupportedException($"There is no connector for {access.Kind} yet."),
    };

    public void Dispose()
    {
        foreach (var gate in gates.Values)
        {
            gate.Dispose();
        }
    }

    private JiraTracker NewJira(TrackerAccess access)
    {
        var site = JiraSite.From(access.Url);
        var pictures = jiraPictures.GetOrAdd(site.Url, _ => new JiraPictures());
        return new JiraTracker(site, NewHttp(site.DialectFor(access), jira.Value.Http), pictures, jira.Value, time);
    }

    private AsanaTracker NewAsana(TrackerAccess access)
    {
        var site = AsanaSite.From(access.Url);
        var parts = asanaParts.GetOrAdd(site.Url, _ => new AsanaParts());
        return new AsanaTracker(site, NewHttp(site.DialectFor(access), asana.Value.Http), parts, asana.Value, time);
    }

    private TrackerHttp NewHttp(TrackerDialect dialect, TrackerHttpOptions options)
    {
        var gate = gates.GetOrAdd(dialect.InstanceUrl, url => new InstanceGate(url, options, time, random, log));
        return new TrackerHttp(dialect, outbound, gate, options, time, log);
    }
}
