using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace Exalate.Core.Sync.Incoming;

/// <summary>
/// Looks afterwards whether a person's edit fell between our read of a field and our write of it. No vendor of ours has a conditional write, so that window exists;
/// where the vendor keeps a history, what it cost is recorded as a conflict and shown, never hidden.
/// </summary>
internal sealed class OverwrittenEdits(IRandomSource random)
{
    /// <summary>Stands for a lost value that only the tracker's history holds.</summary>
    internal const string InHistory = "(see the tracker's history)";

    public async Task RecordAsync(ApplySession session, EntityChange change, CancellationToken cancellationToken)
    {
        var history = await session.Tracker.ReadHistoryAsync(session.EntityId, session.Plan.ReadAt, cancellationToken);
        if (history is null)
        {
            session.Twin.UnseenWrites++;
            return;
        }

        var account = await session.Tracker.GetAccountAsync(cancellationToken);
        if (change.Summary is { } summary)
            await RecordAsync(session, history, account, Field.Summary, summary, cancellationToken);
        if (change.Description is { } description)
            await RecordAsync(session, history, account, Field.Description, description.ToPlainText(), cancellationToken);
    }

    private async Task RecordAsync(
        ApplySession session, IReadOnlyList<FieldEdit> history, TrackerAccount account, string field, string written, CancellationToken cancellationToken)
    {
        var ofField = history.Where(edit => edit.Field == field && edit.At > session.Plan.ReadAt).ToList();
        // Edits after our own are standing in the field: they are no loss, and travel as the next change.
        var ours = ofField.FindLastIndex(edit => edit.AuthorId == account.Id);
        foreach (var lost in ofField.Take(Math.Max(ours, 0)).Where(edit => edit.AuthorId != account.Id))
        {
            var known = await session.Pair.Db.Conflicts.AnyAsync(row => row.TwinId == session.Twin.Id && row.Field == field && row.At == lost.At, cancellationToken);
            if (known)
                continue;
            session.Note = $"A person's edit of the {field} of {session.Twin.LocalKey} at {lost.At:yyyy-MM-dd HH:mm:ss} UTC was overwritten by the partner's value in the same moment. "
                + "Its text is in the tracker's history.";
            session.Pair.Db.Conflicts.Add(new ConflictRecord
            {
                Id = random.NewGuid(),
                ConnectionId = session.Pair.Connection.Id,
                TwinId = session.Twin.Id,
                Field = field,
                LocalValue = InHistory,
                RemoteValue = written,
                LocalWon = false,
                At = lost.At,
            });
        }
    }
}
