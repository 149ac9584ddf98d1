using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.RichText;
using Exalate.Core.Trackers;

namespace Exalate.Core.Sync.Incoming;

/// <summary>Brings the copies of the partner's files up to date, and follows copies that were removed over there.</summary>
internal sealed class AttachmentWriter(IPeerClient peers, CreateOnce once, IRandomSource random)
{
    /// <summary>Copies the files that the partner's description shows: its text can refer to them afterwards.</summary>
    /// <returns>False when there was nothing to copy.</returns>
    public async Task<bool> AddShownAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var shown = References.Pictures(session.Replica.Description).Select(picture => picture.Id).OfType<string>().Select(session.FileOf).ToHashSet(StringComparer.Ordinal);
        var missing = Missing(session).Where(file => shown.Contains(file.Id)).ToList();
        foreach (var file in missing)
            await AddAsync(session, file, cancellationToken);
        return missing.Count > 0;
    }

    /// <returns>Our files that were removed because the partner's copy was.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var copies = session.CopiesHere(TraceKind.Attachment).ToDictionary(trace => trace.RemoteId);
        foreach (var file in Missing(session))
            await AddAsync(session, file, cancellationToken);

        var offered = session.Replica.Attachments.Select(file => file.Id).ToHashSet();
        foreach (var trace in copies.Values.Where(trace => !offered.Contains(trace.RemoteId)))
            await RemoveAsync(session, trace, removeFile: !trace.CopyRemoved, cancellationToken);
        return await FollowAsync(session, cancellationToken);
    }

    /// <summary>
    /// The file may have been copied by a try that never saw the answer. Then it is a copy like any other, and goes with the request that no longer offers its original.
    /// </summary>
    public async Task TakeLeftAsync(ApplySession session, ReplicaAttachment file, CancellationToken cancellationToken)
    {
        var lost = Copy(file, file.Size ?? 0, () => Stream.Null);
        var left = await once.FindLeftAsync(
            session, IntentKind.Attachment, file.Id,
            intent => session.Tracker.FindAttachmentAsync(session.EntityId, lost, intent, cancellationToken),
            () => session.KnownIdsAsync(TraceKind.Attachment, cancellationToken),
            cancellationToken);
        if (left is not null)
            await TraceAsync(session, file, left, cancellationToken);
    }

    private static List<ReplicaAttachment> Missing(ApplySession session)
    {
        var copies = session.CopiesHere(TraceKind.Attachment).Select(trace => trace.RemoteId).ToHashSet();
        var ours = session.CopiesThere(TraceKind.Attachment);
        return [.. session.Replica.Attachments.DistinctBy(file => file.Id).Where(file => !copies.Contains(file.Id) && !ours.Contains(file.Id))];
    }

    private async Task AddAsync(ApplySession session, ReplicaAttachment file, CancellationToken cancellationToken)
    {
        Stream content;
        try
        {
            content = await peers.OpenAttachmentAsync(session.Pair.Connection, session.Replica.EntityId, file.Id, session.Message.EventId, cancellationToken);
        }
        catch (PeerException exception) when (exception.AttachmentGone)
        {
            session.Note = $"The file '{file.FileName}' was removed before it could be copied.";
            await TakeLeftAsync(session, file, cancellationToken);
            return;
        }

        await using (content)
            await TraceAsync(session, file, await UploadAsync(session, file, content, cancellationToken), cancellationToken);
    }

    private async Task TraceAsync(ApplySession session, ReplicaAttachment file, string copyId, CancellationToken cancellationToken)
    {
        var added = new Trace
        {
            Id = random.NewGuid(),
            TwinId = session.Twin.Id,
            Kind = TraceKind.Attachment,
            IsCopyHere = true,
            LocalId = copyId,
            RemoteId = file.Id,
        };
        session.Traces.Add(added);
        session.Pair.Db.Traces.Add(added);
        await session.Pair.CommitAsync(cancellationToken);
    }

    private async Task<string> UploadAsync(ApplySession session, ReplicaAttachment file, Stream content, CancellationToken cancellationToken)
    {
        var write = Copy(file, content.Length, () =>
        {
            content.Position = 0;
            return new LeaveOpen(content);
        });
        return await once.RunAsync(
            session, IntentKind.Attachment, file.Id, ContentHash.Of(file.FileName, content.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            intent => session.Tracker.FindAttachmentAsync(session.EntityId, write, intent, cancellationToken),
            _ => session.Tracker.AddAttachmentAsync(session.EntityId, write, cancellationToken),
            () => session.KnownIdsAsync(TraceKind.Attachment, cancellationToken),
            cancellationToken);
    }

    private static NewAttachment Copy(ReplicaAttachment file, long size, Func<Stream> open) => new()
    {
        FileName = file.FileName,
        ContentType = file.ContentType,
        Size = size,
        OpenAsync = _ => Task.FromResult(open()),
    };

    private async Task<IReadOnlyList<string>> FollowAsync(ApplySession session, CancellationToken cancellationToken)
    {
        var followed = new List<string>();
        foreach (var removed in session.Replica.RemovedCopies.Distinct())
        {
            // Only a file that this pair shared can be removed by the partner's word.
            var trace = session.Traces.FirstOrDefault(candidate => candidate is { IsCopyHere: false, Kind: TraceKind.Attachment } && candidate.LocalId == removed);
            if (trace is not null)
                await RemoveAsync(session, trace, removeFile: true, cancellationToken);
            followed.Add(removed);
        }

        return followed;
    }

    private static async Task RemoveAsync(ApplySession session, Trace trace, bool removeFile, CancellationToken cancellationToken)
    {
        if (removeFile)
            await session.Tracker.DeleteAttachmentAsync(session.EntityId, trace.LocalId, cancellationToken);
        session.Traces.Remove(trace);
        session.Pair.Db.Traces.Remove(trace);
        await session.Pair.CommitAsync(cancellationToken);
    }

    /// <summary>The connector disposes what it read; the spooled file may be needed for another look.</summary>
    private sealed class LeaveOpen(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
