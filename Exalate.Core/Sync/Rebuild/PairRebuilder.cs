using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Exalate.Core.Sync.Engine;
using Exalate.Core.Sync.Inbox;
using Exalate.Core.Sync.Incoming;
using Exalate.Core.Sync.Pairs;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Rebuild;

internal enum Rebuilt
{
    /// <summary>The pair is as the partner knows it, too.</summary>
    Taken,

    /// <summary>Of a pair that was not known here, the partner could not show that it was ever shared, or it lies outside of what the connection is for.</summary>
    Refused,
}

/// <summary>
/// Brings one pair of a restored node up to what its partner knows. The partner's bases become ours, turned around: what is different in the tracker by then is an edit
/// like any other. What it says of copies is taken only where the tracker agrees, because a copy is something that the partner may change and remove.
/// </summary>
internal sealed class PairRebuilder(
    IDbContextFactory<ExalateDbContext> contexts, NodeTracker trackers, Vouchers vouchers, PairHold hold, IRandomSource random, TimeProvider time)
{
    /// <summary>Whether something was exchanged since what this database knows. Reads alone.</summary>
    public static async Task<bool> IsBehindAsync(ExalateDbContext db, Guid connectionId, RecalledPair said, CancellationToken cancellationToken)
    {
        var twin = await db.Twins.AsNoTracking().SingleOrDefaultAsync(row => row.ConnectionId == connectionId && row.PairId == said.PairId, cancellationToken);
        if (twin is null)
            return true;
        return twin.SentVersion < said.Received || twin.ReceivedVersion < said.Acknowledged
            || twin.LocalEntityId != said.YourEntityId && said.YourEntityId is not null
            || twin.RemoteEntityId != said.MyEntityId && said.MyEntityId is not null
            || twin.State != Here(said) && !(twin.State == TwinState.FirstSync && Here(said) == TwinState.Synchronized)
            || said.UnderWay.Count > 0
            || await db.Traces.CountAsync(trace => trace.TwinId == twin.Id, cancellationToken) != said.Traces;
    }

    /// <param name="said">Checked, with its detail.</param>
    /// <exception cref="TrackerException">The entity could not be looked at.</exception>
    public async Task<Rebuilt> TakeAsync(Connection connection, RecalledPair said, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var twin = await FindAsync(db, connection.Id, said, cancellationToken);
        var account = said.YourEntityId is null ? null : await (await trackers.GetAsync(cancellationToken)).GetAccountAsync(cancellationToken);
        var entity = said.YourEntityId is { } id ? await (await trackers.GetAsync(cancellationToken)).ReadAsync(id, cancellationToken) : null;
        if (!await MayTakeAsync(db, connection, twin, said, entity, cancellationToken))
            return Rebuilt.Refused;
        if (twin is null)
        {
            twin = NewTwin(connection, said);
            db.Twins.Add(twin);
            await db.SaveChangesAsync(cancellationToken);
        }

        var result = await hold.WithAsync(twin.Id, async pair =>
        {
            await TakeAsync(pair, said, entity, account?.Id, cancellationToken);
            return null;
        }, cancellationToken, waits: false);
        return result.IsSuccess ? Rebuilt.Taken : throw new TrackerException(FailureCategory.Transient, result.Error.Sentence);
    }

    private static async Task<Twin?> FindAsync(ExalateDbContext db, Guid connectionId, RecalledPair said, CancellationToken cancellationToken)
    {
        var own = db.Twins.Where(row => row.ConnectionId == connectionId);
        return await own.SingleOrDefaultAsync(row => row.PairId == said.PairId, cancellationToken)
            ?? (said.YourEntityId is { } yours ? await own.SingleOrDefaultAsync(row => row.LocalEntityId == yours, cancellationToken) : null)
            ?? (said.MyEntityId is { } mine ? await own.SingleOrDefaultAsync(row => row.RemoteEntityId == mine, cancellationToken) : null);
    }

    /// <summary>Which entity of ours a pair is about is not for the partner to say: we know it, or we have vouched for it.</summary>
    private async Task<bool> MayTakeAsync(ExalateDbContext db, Connection connection, Twin? twin, RecalledPair said, TrackerEntity? entity, CancellationToken cancellationToken)
    {
        if (said.YourEntityId is null)
            return twin is not null || said is { StartedByYou: false, MyEntityId: not null, UnderWay.Count: > 0 };
        if (twin?.LocalEntityId == said.YourEntityId)
            return true;
        if (!await vouchers.IsOursAsync(db, connection, said.YourEntityId, said.Voucher, cancellationToken))
            return false;
        if (entity is not null && connection.ProjectId is { } project && entity.Project?.Id != project)
            return false;
        // Two rows of ours that the partner takes for one are left to people.
        return !await db.Twins.AnyAsync(row => row.ConnectionId == connection.Id && row.LocalEntityId == said.YourEntityId && (twin == null || row.Id != twin.Id), cancellationToken);
    }

    private Twin NewTwin(Connection connection, RecalledPair said) => new()
    {
        Id = random.NewGuid(),
        ConnectionId = connection.Id,
        PairId = said.PairId,
        LocalEntityId = said.YourEntityId,
        RemoteEntityId = said.MyEntityId,
        State = TwinState.FirstSync,
        StartedHere = said.StartedByYou,
        CreatedAt = time.GetUtcNow(),
    };

    private async Task TakeAsync(PairContext pair, RecalledPair said, TrackerEntity? entity, string? account, CancellationToken cancellationToken)
    {
        var (db, twin, detail) = (pair.Db, pair.Twin, said.Detail!);
        var endedHere = twin.State == TwinState.Ended && twin.PairId == said.PairId && Here(said) != TwinState.Ended;
        var isAnother = said.YourEntityId is not null && twin.LocalEntityId is not null && twin.LocalEntityId != said.YourEntityId;
        var traces = await db.Traces.Where(trace => trace.TwinId == twin.Id).ToListAsync(cancellationToken);
        if (isAnother)
        {
            db.Traces.RemoveRange(traces);
            traces.Clear();
            (twin.LocalBase, twin.RemoteBase) = (null, null);
        }

        if (said.YourEntityId is not null)
            (twin.LocalEntityId, twin.LocalKey, twin.LocalLink, twin.LocalProjectId) =
                (said.YourEntityId, entity?.Key ?? (isAnother ? null : twin.LocalKey), entity?.Link ?? (isAnother ? null : twin.LocalLink), entity?.Project?.Id ?? twin.LocalProjectId);
        if (said.MyEntityId is not null)
            (twin.RemoteEntityId, twin.RemoteKey, twin.RemoteLink) = (said.MyEntityId, MessageCheck.Said(said.MyKey), PeerLink.Safe(said.MyLink) ?? twin.RemoteLink);
        twin.SentVersion = Math.Max(twin.SentVersion, said.Received);
        (twin.AcknowledgedVersion, twin.ReceivedVersion, twin.FieldVersions) = (twin.SentVersion, said.Acknowledged, null);
        (twin.PairId, twin.StartedHere) = (said.PairId, said.StartedByYou);
        if (detail.Yours is { } yours)
            twin.LocalBase = ReplicaJson.Write(yours with { RemovedCopies = [] });
        if (detail.Mine is { } mine)
            twin.RemoteBase = ReplicaJson.Write(mine with { RemovedCopies = [] });
        twin.DivergedFields = null;
        Divergence.Set(twin, detail.Diverged, []);
        await DropOldWorkAsync(db, twin, said, cancellationToken);
        if (endedHere)
        {
            // An admin ended it here, and the word may not have arrived.
            await PairEnding.EndHereAsync(db, twin, twin.Note ?? "Taken out of sync here. Both entities stay.", random, pair.Now, cancellationToken);
            return;
        }

        var state = Here(said);
        twin.State = state == TwinState.Synchronized && twin.LocalBase is null ? TwinState.FirstSync : state;
        await TraceAsync(pair, traces, detail, entity, account, cancellationToken);
        await IntendAsync(pair, said, detail, traces, cancellationToken);
    }

    /// <summary>What waits in this database is older than what the partner says. What the partner has under way is applied (once more); the rest is over.</summary>
    private async Task DropOldWorkAsync(ExalateDbContext db, Twin twin, RecalledPair said, CancellationToken cancellationToken)
    {
        foreach (var row in await db.SyncEvents.Where(row => row.TwinId == twin.Id && row.FinishedAt == null).ToListAsync(cancellationToken))
        {
            (row.Stage, row.FinishedAt) = (EventStage.NoChange, time.GetUtcNow());
            row.ClearProblem();
        }

        foreach (var row in await db.SyncRequests.Where(row => row.TwinId == twin.Id).ToListAsync(cancellationToken))
        {
            if (said.UnderWay.Contains(row.EventId))
            {
                (row.Stage, row.PlanJson, row.ResultJson, row.FinishedAt) = (RequestStage.Received, null, null, null);
                row.ClearProblem();
            }
            else if (row.IsOpen)
            {
                // Gone, not finished: should it be sent again after all, it has to be taken.
                db.SyncRequests.Remove(row);
            }
        }
    }

    private async Task TraceAsync(PairContext pair, List<Trace> traces, RecalledDetail detail, TrackerEntity? entity, string? account, CancellationToken cancellationToken)
    {
        var taken = await CopiesOfOthersAsync(pair, entity, cancellationToken);
        var told = Ours(detail.YourComments, TraceKind.Comment, entity?.Comments.Select(comment => comment.Id))
            .Concat(Ours(detail.YourFiles, TraceKind.Attachment, entity?.Attachments.Select(file => file.Id)))
            .Concat(Theirs(detail.MyComments, TraceKind.Comment, entity?.Comments.Where(comment => IsCopy(comment, account)).Select(comment => comment.Id), taken))
            .Concat(Theirs(detail.MyFiles, TraceKind.Attachment, entity?.Attachments.Where(file => IsCopy(file, account, detail)).Select(file => file.Id), taken))
            .ToList();
        // Of its own copies the partner knows all; of ours there may be some that it has not heard of.
        foreach (var over in traces.Where(trace => !trace.IsCopyHere && !told.Exists(copy => copy.Is(trace))).ToList())
            Remove(over);
        foreach (var copy in told)
        {
            var known = traces.Find(copy.Is);
            foreach (var other in traces.Where(trace => trace != known && trace.Kind == copy.Kind && (trace.LocalId == copy.LocalId || trace.RemoteId == copy.RemoteId)).ToList())
                Remove(other);
            if (known is null)
                Add(copy);
            else
                Refresh(known);
        }

        void Remove(Trace trace)
        {
            traces.Remove(trace);
            pair.Db.Traces.Remove(trace);
        }

        void Add(Copy copy)
        {
            var trace = new Trace { Id = random.NewGuid(), TwinId = pair.Twin.Id, Kind = copy.Kind, IsCopyHere = copy.IsHere, LocalId = copy.LocalId, RemoteId = copy.RemoteId };
            Refresh(trace);
            traces.Add(trace);
            pair.Db.Traces.Add(trace);
        }

        // What the partner's comment was when it was last copied: else every copy would be written anew.
        void Refresh(Trace trace)
        {
            if (trace is not { IsCopyHere: true, Kind: TraceKind.Comment } || detail.Mine?.Comments.FirstOrDefault(comment => comment.Id == trace.RemoteId) is not { } original)
                return;
            var hash = CommentWriter.SourceHash(original);
            if (trace.SourceHash != hash)
                (trace.SourceHash, trace.CopyHash) = (hash, null);
        }
    }

    /// <summary>Copies of other pairs at the same entity: one thing is the copy of one thing.</summary>
    private static async Task<HashSet<(TraceKind, string)>> CopiesOfOthersAsync(PairContext pair, TrackerEntity? entity, CancellationToken cancellationToken)
    {
        if (entity is null)
            return [];
        var others = await pair.Db.Twins.Where(row => row.LocalEntityId == entity.Id && row.Id != pair.Twin.Id).Select(row => row.Id).ToListAsync(cancellationToken);
        return others.Count == 0
            ? []
            : (await pair.Db.Traces.AsNoTracking().Where(trace => others.Contains(trace.TwinId) && trace.IsCopyHere).ToListAsync(cancellationToken)).Select(trace => (trace.Kind, trace.LocalId)).ToHashSet();
    }

    private static IEnumerable<Copy> Ours(IReadOnlyList<CopyTrace> said, TraceKind kind, IEnumerable<string>? there)
    {
        var exist = (there ?? []).ToHashSet();
        return said.DistinctBy(copy => copy.OriginalId).DistinctBy(copy => copy.CopyId).Where(copy => exist.Contains(copy.OriginalId)).Select(copy => new Copy(kind, false, copy.OriginalId, copy.CopyId));
    }

    private static IEnumerable<Copy> Theirs(IReadOnlyList<CopyTrace> said, TraceKind kind, IEnumerable<string>? ofOurAccount, HashSet<(TraceKind, string)> taken)
    {
        var may = (ofOurAccount ?? []).Where(id => !taken.Contains((kind, id))).ToHashSet();
        return said.DistinctBy(copy => copy.OriginalId).DistinctBy(copy => copy.CopyId).Where(copy => may.Contains(copy.CopyId)).Select(copy => new Copy(kind, true, copy.CopyId, copy.OriginalId));
    }

    private static bool IsCopy(TrackerComment comment, string? account) => comment.OriginMark is not null || comment.AuthorId is not null && comment.AuthorId == account;

    /// <summary>A vendor that does not tell who attached a file tells at least which file it is: the partner had it under the same name and size.</summary>
    private static bool IsCopy(TrackerAttachment file, string? account, RecalledDetail detail) =>
        file.AuthorId is { } author
            ? author == account
            : detail.MyFiles.Any(copy => copy.CopyId == file.Id && detail.Mine?.Attachments.Any(original => original.Id == copy.OriginalId && original.FileName == file.FileName && original.Size == file.Size) == true);

    /// <summary>What the partner has under way may have been copied here already by the node that this one was: a create looks for it first.</summary>
    private async Task IntendAsync(PairContext pair, RecalledPair said, RecalledDetail detail, List<Trace> traces, CancellationToken cancellationToken)
    {
        // A page that is asked again may find that the partner has learnt of it meanwhile.
        if (pair.Twin.LocalEntityId is not null)
            pair.Db.Intents.RemoveRange(await pair.Db.Intents.Where(intent => intent.TwinId == pair.Twin.Id && intent.Kind == IntentKind.Entity).ToListAsync(cancellationToken));
        if (said.UnderWay.Count == 0)
            return;
        // Of what this database knows as copied nothing is in doubt, although the partner has not heard of it.
        var wanted = detail.OfferedComments.Select(id => (Kind: IntentKind.Comment, Id: id)).Concat(detail.OfferedFiles.Select(id => (Kind: IntentKind.Attachment, Id: id)))
            .Where(one => !traces.Exists(trace => trace.IsCopyHere && trace.RemoteId == one.Id && trace.Kind == (one.Kind == IntentKind.Comment ? TraceKind.Comment : TraceKind.Attachment)));
        if (pair.Twin is { LocalEntityId: null, RemoteEntityId: { } entity })
            wanted = wanted.Append((IntentKind.Entity, entity));
        var known = await pair.Db.Intents.Where(intent => intent.TwinId == pair.Twin.Id).Select(intent => new { intent.Kind, intent.OriginalId }).ToListAsync(cancellationToken);
        foreach (var (kind, id) in wanted.Distinct().Where(one => !known.Exists(intent => intent.Kind == one.Kind && intent.OriginalId == one.Id)))
        {
            pair.Db.Intents.Add(new Intent
            {
                Id = random.NewGuid(),
                TwinId = pair.Twin.Id,
                Kind = kind,
                OriginalId = id,
                EventId = said.UnderWay[0],
                OriginMark = ApplySession.Mark(said.PairId, kind, id),
                ContentHash = "",
                StoredAt = detail.OfferedSince ?? pair.Now,
            });
        }
    }

    /// <summary>The partner's state of the pair, seen from here.</summary>
    private static TwinState Here(RecalledPair said) => Enum.Parse<TwinState>(said.State) switch
    {
        TwinState.LocalRemoved => TwinState.RemoteRemoved,
        TwinState.RemoteRemoved => TwinState.LocalRemoved,
        // The partner waits for our answer; what we have answered is in its bases, or comes again.
        TwinState.FirstSync => said.YourEntityId is null ? TwinState.FirstSync : TwinState.Synchronized,
        var same => same,
    };

    private sealed record Copy(TraceKind Kind, bool IsHere, string LocalId, string RemoteId)
    {
        public bool Is(Trace trace) => trace.Kind == Kind && trace.IsCopyHere == IsHere && trace.LocalId == LocalId && trace.RemoteId == RemoteId;
    }
}
