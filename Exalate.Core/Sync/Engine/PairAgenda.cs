using Exalate.Core.Peers;
using Exalate.Core.Replicas;

namespace Exalate.Core.Sync.Engine;

internal enum StepKind
{
    /// <summary>Nothing can be done now; <see cref="NextStep.DueAt"/> says when to look again by itself.</summary>
    Wait,
    Prepare,
    Send,
    Finalize,
    Apply,
    DeliverResult,
}

/// <param name="DueAt">For <see cref="StepKind.Wait"/>: when a retry falls due; null when only a new row can bring work.</param>
internal sealed record NextStep(StepKind Kind, SyncEvent? Event = null, SyncRequest? Request = null, DateTimeOffset? DueAt = null);

/// <summary>
/// Decides what is next for a pair, from its open rows alone. In order of a pair: requests as they arrived, events as they happened, one replica in each
/// direction under way at a time. An incoming request never waits for our own event (both sides would wait for each other), except where
/// it was made with knowledge of a result that has not reached us yet.
/// </summary>
internal static class PairAgenda
{
    public static NextStep Next(PairContext pair, IReadOnlyList<SyncEvent> events, IReadOnlyList<SyncRequest> requests, TimeSpan resendAfter)
    {
        var now = pair.Now;
        var waits = new List<DateTimeOffset>();
        var step = DeliverResult(pair, requests, now, waits)
            ?? Finalize(events, now, waits)
            ?? Apply(pair, events, requests, now, waits)
            ?? Send(pair, events, now, resendAfter, waits)
            ?? Prepare(events, requests, now, waits);
        return step ?? new NextStep(StepKind.Wait, DueAt: waits.Count == 0 ? null : waits.Min());
    }

    private static NextStep? DeliverResult(PairContext pair, IReadOnlyList<SyncRequest> requests, DateTimeOffset now, List<DateTimeOffset> waits)
    {
        var applied = requests.FirstOrDefault(row => row.Stage == RequestStage.Applied);
        if (applied is null || !IsDue(Later(applied.NextAttemptAt, pair.Connection.PausedUntil), applied.NeedsAttention, now, waits))
            return null;
        return new NextStep(StepKind.DeliverResult, Request: applied);
    }

    private static NextStep? Finalize(IReadOnlyList<SyncEvent> events, DateTimeOffset now, List<DateTimeOffset> waits)
    {
        var arrived = events.FirstOrDefault(row => row.Stage == EventStage.ResultArrived);
        return arrived is not null && IsDue(arrived.NextAttemptAt, arrived.NeedsAttention, now, waits) ? new NextStep(StepKind.Finalize, Event: arrived) : null;
    }

    private static NextStep? Apply(
        PairContext pair, IReadOnlyList<SyncEvent> events, IReadOnlyList<SyncRequest> requests, DateTimeOffset now, List<DateTimeOffset> waits)
    {
        var first = requests.FirstOrDefault(row => row.Stage is RequestStage.Received or RequestStage.Applying);
        if (first is null || !IsDue(first.NextAttemptAt, first.NeedsAttention, now, waits))
            return null;
        var basedOn = ReplicaJson.Read<SyncRequestMessage>(first.MessageJson).BasedOn;
        var ours = events.FirstOrDefault(row => row.Stage is EventStage.Prepared or EventStage.Sent or EventStage.ResultArrived);
        // Made after the partner applied our replica: its result is on its way and says what stands there now.
        if (ours is not null && basedOn > pair.Twin.AcknowledgedVersion && ours.Version <= basedOn)
            return null;
        return new NextStep(StepKind.Apply, Request: first);
    }

    private static NextStep? Send(PairContext pair, IReadOnlyList<SyncEvent> events, DateTimeOffset now, TimeSpan resendAfter, List<DateTimeOffset> waits)
    {
        var underway = events.FirstOrDefault(row => row.Stage is EventStage.Prepared or EventStage.Sent);
        if (underway is null)
            return null;
        if (underway.Stage == EventStage.Sent)
        {
            var again = underway.NextAttemptAt ?? now + resendAfter;
            return IsDue(Later(again, pair.Connection.PausedUntil), false, now, waits) ? new NextStep(StepKind.Send, Event: underway) : null;
        }

        return IsDue(Later(underway.NextAttemptAt, pair.Connection.PausedUntil), underway.NeedsAttention, now, waits)
            ? new NextStep(StepKind.Send, Event: underway)
            : null;
    }

    private static NextStep? Prepare(IReadOnlyList<SyncEvent> events, IReadOnlyList<SyncRequest> requests, DateTimeOffset now, List<DateTimeOffset> waits)
    {
        // While a request is half written, what stands in the tracker is neither ours nor a person's: no replica is made of it.
        if (events.Any(row => row.Stage != EventStage.Queued) || requests.Any(row => row.Stage == RequestStage.Applying))
            return null;
        var queued = events.FirstOrDefault();
        return queued is not null && IsDue(queued.NextAttemptAt, queued.NeedsAttention, now, waits) ? new NextStep(StepKind.Prepare, Event: queued) : null;
    }

    private static bool IsDue(DateTimeOffset? at, bool needsAttention, DateTimeOffset now, List<DateTimeOffset> waits)
    {
        if (at is null)
            return !needsAttention;
        if (at <= now)
            return true;
        waits.Add(at.Value);
        return false;
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null ? a : a > b ? a : b;
}
