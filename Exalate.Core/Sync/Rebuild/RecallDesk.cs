using System.Globalization;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Rebuild;

/// <summary>Tells a partner that was restored from a back-up what this side knows of the pairs: its own words, our words to it, and which copy belongs to which original.</summary>
internal sealed class RecallDesk(IDbContextFactory<ExalateDbContext> contexts)
{
    private const int PageSize = 200;

    /// <summary>Of what is told in detail at once; one pair more may always be told.</summary>
    private const int MaxDetailChars = 4 * 1024 * 1024;

    public async Task<RecallAnswer> AnswerAsync(Guid connectionId, RecallQuestion question, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (question.Pairs is { } asked)
            return new RecallAnswer(await InDetailAsync(db, connectionId, asked, cancellationToken));
        var page = await PageAsync(db, connectionId, question.After, cancellationToken);
        var pairs = await ReadAsync(db, page.Select(row => row.Id).ToList(), cancellationToken);
        return new RecallAnswer([.. pairs.Select(known => known.Pair)], page.Count < PageSize ? null : page[^1].CreatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>In the order of their making. Pairs of one moment are never parted: the moment is the cursor.</summary>
    private static async Task<List<(Guid Id, DateTimeOffset CreatedAt)>> PageAsync(ExalateDbContext db, Guid connectionId, string? after, CancellationToken cancellationToken)
    {
        var since = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks < DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;
        // What was never sent is nobody else's business.
        var rows = db.Twins.AsNoTracking().Where(row => row.ConnectionId == connectionId && (!row.StartedHere || row.SentVersion > 0));
        var page = await rows.Where(row => row.CreatedAt > since).OrderBy(row => row.CreatedAt).Select(row => new { row.Id, row.CreatedAt }).Take(PageSize).ToListAsync(cancellationToken);
        if (page.Count == PageSize)
        {
            var last = page[^1].CreatedAt;
            page.RemoveAll(row => row.CreatedAt == last);
            page.AddRange(await rows.Where(row => row.CreatedAt == last).Select(row => new { row.Id, row.CreatedAt }).ToListAsync(cancellationToken));
        }

        return [.. page.Select(row => (row.Id, row.CreatedAt))];
    }

    private static async Task<List<RecalledPair>> InDetailAsync(ExalateDbContext db, Guid connectionId, IReadOnlyList<Guid> asked, CancellationToken cancellationToken)
    {
        var wanted = asked.Distinct().ToList();
        var ids = await db.Twins.AsNoTracking().Where(row => row.ConnectionId == connectionId && wanted.Contains(row.PairId) && (!row.StartedHere || row.SentVersion > 0)).Select(row => row.Id).ToListAsync(cancellationToken);
        var told = new List<RecalledPair>();
        var chars = 0;
        foreach (var known in await ReadAsync(db, ids, cancellationToken))
        {
            chars += (known.Twin.LocalBase?.Length ?? 0) + (known.Twin.RemoteBase?.Length ?? 0);
            if (told.Count > 0 && chars > MaxDetailChars)
                break;
            told.Add(known.Pair with { Detail = await DetailAsync(db, known, cancellationToken) });
        }

        return told;
    }

    private static async Task<List<Known>> ReadAsync(ExalateDbContext db, List<Guid> ids, CancellationToken cancellationToken)
    {
        var twins = await db.Twins.AsNoTracking().Where(row => ids.Contains(row.Id)).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        var traces = await db.Traces.Where(row => ids.Contains(row.TwinId)).GroupBy(row => row.TwinId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        var events = (await db.SyncEvents.AsNoTracking().Where(row => ids.Contains(row.TwinId) && (row.Stage == EventStage.Prepared || row.Stage == EventStage.Sent || row.Stage == EventStage.ResultArrived)).ToListAsync(cancellationToken)).ToLookup(row => row.TwinId);
        var requests = (await db.SyncRequests.AsNoTracking()
            .Where(row => ids.Contains(row.TwinId) && (row.Stage == RequestStage.Received || row.Stage == RequestStage.Applying)).Select(row => new { row.TwinId, row.MessageJson }).ToListAsync(cancellationToken))
            .ToLookup(row => row.TwinId, row => ReplicaJson.Read<SyncRequestMessage>(row.MessageJson).Version);
        return [.. twins.Select(twin => Of(twin, events[twin.Id].OrderBy(row => row.Id).ToList()))];

        Known Of(Twin twin, List<SyncEvent> open)
        {
            var underWay = open.FindAll(row => row.Stage != EventStage.ResultArrived);
            return new Known(twin, underWay, Pair(twin, traces.GetValueOrDefault(twin.Id), underWay, requests[twin.Id]) with { IsUnsettled = underWay.Count < open.Count });
        }
    }

    private static RecalledPair Pair(Twin twin, int traces, IEnumerable<SyncEvent> events, IEnumerable<long> arrived) => new()
    {
        PairId = twin.PairId,
        State = twin.State.ToString(),
        StartedByYou = !twin.StartedHere,
        YourEntityId = twin.RemoteEntityId,
        Voucher = twin.PartnerVoucher,
        MyEntityId = twin.LocalEntityId,
        MyKey = twin.LocalKey,
        MyLink = twin.LocalLink,
        Received = arrived.Append(twin.ReceivedVersion).Max(),
        Acknowledged = twin.AcknowledgedVersion,
        Traces = traces,
        UnderWay = [.. events.Select(row => row.EventId)],
    };

    private static async Task<RecalledDetail> DetailAsync(ExalateDbContext db, Known known, CancellationToken cancellationToken)
    {
        var traces = await db.Traces.AsNoTracking().Where(row => row.TwinId == known.Twin.Id).ToListAsync(cancellationToken);
        var offered = known.UnderWay.Where(row => row.MessageJson is not null).Select(row => ReplicaJson.Read<SyncRequestMessage>(row.MessageJson!).Replica).OfType<Replica>().ToList();
        var copied = traces.Where(trace => !trace.IsCopyHere).Select(trace => (trace.Kind, trace.LocalId)).ToHashSet();
        return new RecalledDetail
        {
            Yours = known.Twin.RemoteBase is { } yours ? ReplicaJson.Read<Replica>(yours) : null,
            Mine = known.Twin.LocalBase is { } mine ? ReplicaJson.Read<Replica>(mine) : null,
            Diverged = [.. Divergence.Read(known.Twin)],
            YourComments = Copies(traces, TraceKind.Comment, here: true),
            YourFiles = Copies(traces, TraceKind.Attachment, here: true),
            MyComments = Copies(traces, TraceKind.Comment, here: false),
            MyFiles = Copies(traces, TraceKind.Attachment, here: false),
            OfferedComments = [.. offered.SelectMany(replica => replica.Comments).Select(comment => comment.Id).Distinct().Where(id => !copied.Contains((TraceKind.Comment, id)))],
            OfferedFiles = [.. offered.SelectMany(replica => replica.Attachments).Select(file => file.Id).Distinct().Where(id => !copied.Contains((TraceKind.Attachment, id)))],
            OfferedSince = known.UnderWay.FirstOrDefault()?.CreatedAt,
        };
    }

    private static IReadOnlyList<CopyTrace> Copies(IReadOnlyList<Trace> traces, TraceKind kind, bool here) =>
        [.. traces.Where(trace => trace.IsCopyHere == here && trace.Kind == kind).Select(trace => here ? new CopyTrace(trace.RemoteId, trace.LocalId) : new CopyTrace(trace.LocalId, trace.RemoteId))];

    private sealed record Known(Twin Twin, IReadOnlyList<SyncEvent> UnderWay, RecalledPair Pair);
}
