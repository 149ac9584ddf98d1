using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Rules;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Brings the copies of the partner's comments up to date: new, edited, removed.</summary>
internal sealed class CommentWriter(IRuleSet rules, CreateOnce once, TextPreparation preparation, IRandomSource random)
{
    public async Task WriteAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var copies = session.CopiesHere(TraceKind.Comment).ToDictionary(trace => trace.RemoteId);
        var ours = session.CopiesThere(TraceKind.Comment);
        foreach (var comment in session.Replica.Comments.DistinctBy(comment => comment.Id).Where(comment => !ours.Contains(comment.Id)))
        {
            if (!copies.TryGetValue(comment.Id, out var trace))
                await AddAsync(session, comment, cancellationToken);
            else if (!trace.CopyRemoved && trace.SourceHash != SourceHash(comment))
                await EditAsync(session, comment, trace, cancellationToken);
        }

        var offered = session.Replica.Comments.Select(comment => comment.Id).ToHashSet();
        foreach (var trace in copies.Values.Where(trace => !offered.Contains(trace.RemoteId)))
            await RemoveAsync(session, trace, cancellationToken);
    }

    /// <summary>The comment may have been copied by a try that never saw the answer. Then it is a copy like any other.</summary>
    public async Task TakeLeftAsync(ApplySession session, ReplicaComment comment, CancellationToken cancellationToken)
    {
        var lost = await CopyAsync(session, comment, cancellationToken);
        var left = await once.FindLeftAsync(
            session, IntentKind.Comment, comment.Id,
            intent => session.Tracker.FindCommentAsync(session.EntityId, lost, intent, cancellationToken),
            () => session.KnownIdsAsync(TraceKind.Comment, cancellationToken),
            cancellationToken);
        if (left is not null)
            await TraceAsync(session, comment, left, cancellationToken);
    }

    private async Task AddAsync(ApplySession session, ReplicaComment comment, CancellationToken cancellationToken)
    {
        var write = await CopyAsync(session, comment, cancellationToken);
        var id = await once.RunAsync(
            session, IntentKind.Comment, comment.Id, SourceHash(comment),
            intent => session.Tracker.FindCommentAsync(session.EntityId, write, intent, cancellationToken),
            mark => session.Tracker.AddCommentAsync(session.EntityId, write with { OriginMark = mark }, cancellationToken),
            () => session.KnownIdsAsync(TraceKind.Comment, cancellationToken),
            cancellationToken);
        await TraceAsync(session, comment, id, cancellationToken);
    }

    private async Task<NewComment> CopyAsync(ApplySession session, ReplicaComment comment, CancellationToken cancellationToken) =>
        new() { Body = await BodyAsync(session, comment, cancellationToken), OriginMark = session.Mark(IntentKind.Comment, comment.Id) };

    private async Task TraceAsync(ApplySession session, ReplicaComment comment, string copyId, CancellationToken cancellationToken)
    {
        var added = new Trace
        {
            Id = random.NewGuid(),
            TwinId = session.Twin.Id,
            Kind = TraceKind.Comment,
            IsCopyHere = true,
            LocalId = copyId,
            RemoteId = comment.Id,
            SourceHash = SourceHash(comment),
        };
        session.Traces.Add(added);
        session.Pair.Db.Traces.Add(added);
        await session.Pair.CommitAsync(cancellationToken);
    }

    private async Task EditAsync(ApplySession session, ReplicaComment comment, Trace trace, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(session, comment, cancellationToken);
        try
        {
            await session.Tracker.UpdateCommentAsync(session.EntityId, trace.LocalId, body, cancellationToken);
            trace.SourceHash = SourceHash(comment);
            // Set anew by the read-back.
            trace.CopyHash = null;
            trace.CopyEdited = false;
        }
        catch (TrackerException exception) when (exception.TargetGone)
        {
            trace.CopyRemoved = true;
        }

        await session.Pair.CommitAsync(cancellationToken);
    }

    private async Task<RichDocument> BodyAsync(ApplySession session, ReplicaComment comment, CancellationToken cancellationToken)
    {
        await preparation.RunAsync(session, [comment.Body], cancellationToken);
        return session.Texts.Turn(rules.WriteComment(comment));
    }

    private static async Task RemoveAsync(ApplySession session, Trace trace, CancellationToken cancellationToken)
    {
        if (!trace.CopyRemoved)
            await session.Tracker.DeleteCommentAsync(session.EntityId, trace.LocalId, cancellationToken);
        session.Traces.Remove(trace);
        session.Pair.Db.Traces.Remove(trace);
        await session.Pair.CommitAsync(cancellationToken);
    }

    internal static string SourceHash(ReplicaComment comment) => ContentHash.Of(comment.Author, RichDocumentJson.Serialize(comment.Body));
}
