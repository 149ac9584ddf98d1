using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Sync.Pairs;

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
/// <param name="AwaitsPartner">For <see cref="StepKind.Wait"/>: all that is left is a call to the partner, whose connection pauses.</param>
internal sealed record NextStep(StepKind Kind, SyncEvent? Event = null, SyncRequest? Request = null, DateTimeOffset? DueAt = null, bool AwaitsPartner = false);

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
        var waits = new Waits();
        var step = DeliverResult(pair, requests, now, waits)
            ?? Finalize(events, now, waits)
            ?? Apply(pair, events, requests, now, waits)
            ?? Send(pair, events, now, resendAfter, waits)
            ?? Prepare(events, requests, now, waits);
        return step ?? waits.ToStep(pair.Connection.PausedUntil, now);
    }

    private static NextStep? DeliverResult(PairContext pair, IReadOnlyList<SyncRequest> requests, DateTimeOffset now, Waits waits)
    {
        var applied = requests.FirstOrDefault(row => row.Stage == RequestStage.Applied);
        if (applied is null || !IsCallDue(pair, applied.NextAttemptAt, applied.NeedsAttention, now, waits))
            return null;
        return new NextStep(StepKind.DeliverResult, Request: applied);
    }

    private static NextStep? Finalize(IReadOnlyList<SyncEvent> events, DateTimeOffset now, Waits waits)
    {
        var arrived = events.FirstOrDefault(row => row.Stage == EventStage.ResultArrived);
        return arrived is not null && IsDue(arrived.NextAttemptAt, arrived.NeedsAttention, now, waits) ? new NextStep(StepKind.Finalize, Event: arrived) : null;
    }

    private static NextStep? Apply(
        PairContext pair, IReadOnlyList<SyncEvent> events, IReadOnlyList<SyncRequest> requests, DateTimeOffset now, Waits waits)
    {
        var first = First(requests);
        if (first is null || !IsDue(first.NextAttemptAt, first.NeedsAttention, now, waits))
            return null;
        var message = ReplicaJson.Read<SyncRequestMessage>(first.MessageJson);
        var basedOn = message.BasedOn;
        var ours = events.FirstOrDefault(row => row.Stage is EventStage.Prepared or EventStage.Sent or EventStage.ResultArrived);
        // Made after the partner applied our replica: its result is on its way and says what stands there now.
        // Not so with the end of the pair: the partner has given up what was under way, and no result may come any more.
        if (message.Kind != SyncRequestKind.Unlinked && ours is not null && basedOn > pair.Twin.AcknowledgedVersion && ours.Version <= basedOn)
            return null;
        return new NextStep(StepKind.Apply, Request: first);
    }

    /// <summary>In the order of their arrival. The end of the pair comes before what can't be applied: nothing of it matters any more.</summary>
    private static SyncRequest? First(IReadOnlyList<SyncRequest> requests)
    {
        var waiting = requests.Where(row => row.Stage is RequestStage.Received or RequestStage.Applying).ToList();
        return (waiting.Count > 1 ? waiting.Find(row => PairEnding.IsWord(row.MessageJson)) : null) ?? waiting.FirstOrDefault();
    }

    private static NextStep? Send(PairContext pair, IReadOnlyList<SyncEvent> events, DateTimeOffset now, TimeSpan resendAfter, Waits waits)
    {
        var underway = events.FirstOrDefault(row => row.Stage is EventStage.Prepared or EventStage.Sent);
        if (underway is null)
            return null;
        if (underway.Stage == EventStage.Sent)
        {
            var again = underway.NextAttemptAt ?? now + resendAfter;
            return IsCallDue(pair, again, false, now, waits) ? new NextStep(StepKind.Send, Event: underway) : null;
        }

        return IsCallDue(pair, underway.NextAttemptAt, underway.NeedsAttention, now, waits)
            ? new NextStep(StepKind.Send, Event: underway)
            : null;
    }

    private static NextStep? Prepare(IReadOnlyList<SyncEvent> events, IReadOnlyList<SyncRequest> requests, DateTimeOffset now, Waits waits)
    {
        // While a request is half written, what stands in the tracker is neither ours nor a person's: no replica is made of it.
        if (events.Any(row => row.Stage != EventStage.Queued) || requests.Any(row => row.Stage == RequestStage.Applying))
            return null;
        var queued = events.FirstOrDefault();
        return queued is not null && IsDue(queued.NextAttemptAt, queued.NeedsAttention, now, waits) ? new NextStep(StepKind.Prepare, Event: queued) : null;
    }

    private static bool IsDue(DateTimeOffset? at, bool needsAttention, DateTimeOffset now, Waits waits)
    {
        if (at is null)
            return !needsAttention;
        if (at <= now)
            return true;
        waits.Until(at.Value);
        return false;
    }

    /// <summary>What calls the partner has to wait for the end of its connection's pause, too.</summary>
    private static bool IsCallDue(PairContext pair, DateTimeOffset? at, bool needsAttention, DateTimeOffset now, Waits waits)
    {
        if (!IsDue(at, needsAttention, now, waits))
            return false;
        waits.ForPartner = pair.Connection.PausedUntil > now;
        return !waits.ForPartner;
    }

    /// <summary>What a pair waits for.</summary>
    private sealed class Waits
    {
        private DateTimeOffset? first;

        public bool ForPartner { get; set; }

        public void Until(DateTimeOffset at) => first = first < at ? first : at;

        public NextStep ToStep(DateTimeOffset? pausedUntil, DateTimeOffset now)
        {
            if (!ForPartner)
                return new NextStep(StepKind.Wait, DueAt: first);
            // Something of the pair's own comes first: it is due then, and not before the pause would end anyhow.
            return first < pausedUntil ? new NextStep(StepKind.Wait, DueAt: first) : new NextStep(StepKind.Wait, DueAt: now, AwaitsPartner: true);
        }
    }
}
