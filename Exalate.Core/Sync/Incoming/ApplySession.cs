using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Incoming;

/// <summary>What one try to apply a request works with, and what it has found out so far.</summary>
internal sealed class ApplySession(PairContext pair, SyncRequest request, SyncRequestMessage message, Replica replica, ITracker tracker, List<Trace> traces, LocalTexts texts)
{
    public PairContext Pair => pair;

    public Twin Twin => pair.Twin;

    public SyncRequest Request => request;

    public SyncRequestMessage Message => message;

    public Replica Replica => replica;

    public ITracker Tracker => tracker;

    public LocalTexts Texts => texts;

    /// <summary>Where the entity is, or will be created; null when it is in no project.</summary>
    public string? ProjectId { get; set; } = pair.Twin.LocalProjectId;

    /// <summary>The pair's traces, as they change during the try.</summary>
    public List<Trace> Traces => traces;

    public string EntityId => pair.Twin.LocalEntityId ?? throw new InvalidOperationException("The entity is not created yet.");

    public FieldPlan Plan { get; set; } = new();

    public string? Note { get; set; }

    /// <summary>The entity's fields as this try last saw them, after its own write; null when it has to look.</summary>
    public TrackerEntity? Standing { get; set; }

    /// <summary>The partner's entity as it was known before this request; null when it was never seen.</summary>
    public Replica? Known { get; } = pair.Twin.RemoteBase is { } known ? ReplicaJson.Read<Replica>(known) : null;

    /// <summary>The partner's key for each person that its texts address, in this request or in what was known before.</summary>
    public string? PersonKeyOf(string personId) => message.Replica?.People?.GetValueOrDefault(personId) ?? Known?.People?.GetValueOrDefault(personId);

    /// <summary>The partner's id of the file that a picture in its texts shows, in this request or in what was known before.</summary>
    public string FileOf(string pictureId) => message.Replica?.Pictures?.GetValueOrDefault(pictureId) ?? Known?.Pictures?.GetValueOrDefault(pictureId) ?? pictureId;

    /// <summary>The pair's own file that a picture in the partner's texts shows: the partner can name no other. Null when there is none.</summary>
    public Trace? TraceOf(string pictureId)
    {
        var file = FileOf(pictureId);
        return traces.FirstOrDefault(trace => trace.Kind == TraceKind.Attachment && !trace.CopyRemoved && trace.RemoteId == file);
    }

    public IEnumerable<Trace> CopiesHere(TraceKind kind) => traces.Where(trace => trace.IsCopyHere && trace.Kind == kind);

    /// <summary>The partner's copies of what is ours. One that is offered back as an original is none.</summary>
    public HashSet<string> CopiesThere(TraceKind kind) => [.. traces.Where(trace => !trace.IsCopyHere && trace.Kind == kind).Select(trace => trace.RemoteId)];

    /// <summary>All of a kind here that already has its place in the pair, or is a copy in another pair of the same entity. Asks the database.</summary>
    public async Task<IReadOnlySet<string>> KnownIdsAsync(TraceKind kind, CancellationToken cancellationToken)
    {
        var others = await pair.Db.Traces.AsNoTracking()
            .Where(trace => trace.Kind == kind && trace.IsCopyHere && trace.TwinId != Twin.Id && pair.Db.Twins.Any(twin => twin.Id == trace.TwinId && twin.LocalEntityId == Twin.LocalEntityId))
            .Select(trace => trace.LocalId)
            .ToListAsync(cancellationToken);
        return traces.Where(trace => trace.Kind == kind).Select(trace => trace.LocalId).Concat(others).ToHashSet();
    }

    /// <summary>Mark of what is created for one original: the same on every try.</summary>
    public string Mark(IntentKind kind, string originalId) => Mark(message.PairId, kind, originalId);

    public static string Mark(Guid pairId, IntentKind kind, string originalId) => $"{pairId:N}/{kind.ToString().ToLowerInvariant()}/{originalId}";
}
