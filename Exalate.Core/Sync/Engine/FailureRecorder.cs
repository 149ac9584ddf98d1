using Exalate.Core.Connections;
using Exalate.Core.Peers;
using Exalate.Core.Replicas;
using Exalate.Core.Storage;
using Exalate.Core.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Sync.Engine;

/// <summary>The one place where a failed step ends: the row keeps the sentence and when to try again, the connection pauses when its partner does not answer.</summary>
internal sealed class FailureRecorder(
    IDbContextFactory<ExalateDbContext> contexts, IPeerClient peers, IRandomSource random, TimeProvider time, IOptions<SyncOptions> options,
    INodeChanges changes, ILogger<FailureRecorder> logger)
{
    public async Task RecordAsync(Guid twinId, string owner, NextStep step, Exception exception, CancellationToken cancellationToken)
    {
        // A context of its own: the step's may hold half of what it wanted to store.
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var twin = await db.Twins.SingleOrDefaultAsync(row => row.Id == twinId, cancellationToken) ?? throw new LeaseLostException(twinId);
        var connection = await db.Connections.SingleOrDefaultAsync(row => row.Id == twin.ConnectionId, cancellationToken) ?? throw new LeaseLostException(twinId);
        var failure = Failure.Of(exception);
        if (failure.Exception is not null)
            SyncLog.StepBroke(logger, failure.Exception, step.Kind.ToString(), twinId);
        // Else it is an error of the connection as a whole, and shown once for all its entities.
        var isConnections = exception is PeerException peer && ConnectionPause.Begin(connection, peer, time.GetUtcNow(), random.NextDouble());
        // The connection's pause says when such a step comes again: a wait of its own would outlast the outage.
        var waitsWithConnection = isConnections && step.Kind is (StepKind.Send or StepKind.DeliverResult);

        var pair = new PairContext(db, twin, connection, owner, options.Value.Lease, time);
        var attempts = step.Event is { } @event
            ? await OnEventAsync(db, @event.Id, failure, isConnections, waitsWithConnection, cancellationToken)
            : await OnRequestAsync(db, step.Request!.Id, failure, isConnections, waitsWithConnection, cancellationToken);
        await pair.CommitAsync(cancellationToken);
        SyncLog.StepFailed(logger, step.Kind.ToString(), twinId, twin.LocalKey ?? $"not created yet, {twin.RemoteKey} over there", attempts, failure.Sentence);
        if (exception is PeerException)
            changes.Ring(NodeChange.Connections);
        else if (step.Request is { } request)
            await TellPartnerAsync(pair, request.Id, failure, cancellationToken);
    }

    private async Task<int> OnEventAsync(ExalateDbContext db, long eventId, Failure failure, bool isConnections, bool waitsWithConnection, CancellationToken cancellationToken)
    {
        var row = await db.SyncEvents.SingleAsync(candidate => candidate.Id == eventId, cancellationToken);
        row.Attempts++;
        (row.NextAttemptAt, row.NeedsAttention) = Next(failure, row.Attempts, waitsWithConnection);
        (row.Problem, row.ProblemCategory) = (failure.Sentence, failure.Category);
        row.ProblemSince = ErrorSince(row.ProblemSince, isConnections, row.NeedsAttention, row.Attempts);
        return row.Attempts;
    }

    private async Task<int> OnRequestAsync(ExalateDbContext db, long requestId, Failure failure, bool isConnections, bool waitsWithConnection, CancellationToken cancellationToken)
    {
        var row = await db.SyncRequests.SingleAsync(candidate => candidate.Id == requestId, cancellationToken);
        row.Attempts++;
        (row.NextAttemptAt, row.NeedsAttention) = Next(failure, row.Attempts, waitsWithConnection);
        (row.Problem, row.ProblemCategory) = (failure.Sentence, failure.Category);
        row.ProblemSince = ErrorSince(row.ProblemSince, isConnections, row.NeedsAttention, row.Attempts);
        return row.Attempts;
    }

    /// <summary>A single failed try that the next one may mend is no error yet.</summary>
    private DateTimeOffset? ErrorSince(DateTimeOffset? since, bool isConnections, bool needsAttention, int attempts) =>
        isConnections ? null : since ?? (needsAttention || attempts > 1 ? time.GetUtcNow() : null);

    private (DateTimeOffset? At, bool NeedsAttention) Next(Failure failure, int attempts, bool waitsWithConnection)
    {
        var decision = RetryRules.Decide(failure.Category, attempts, failure.RetryAfter, random.NextDouble());
        return (waitsWithConnection ? time.GetUtcNow() : time.GetUtcNow() + decision.After, decision.NeedsAttention);
    }

    /// <summary>The partner's admin sees why it waits. Best effort: the request itself stays here and a result follows in any case.</summary>
    private async Task TellPartnerAsync(PairContext pair, long requestId, Failure failure, CancellationToken cancellationToken)
    {
        var row = await pair.Db.SyncRequests.SingleAsync(candidate => candidate.Id == requestId, cancellationToken);
        if (row.Stage == RequestStage.Applied || row.ToldProblem == failure.ForPartner || row.Attempts < 2 && !row.NeedsAttention)
            return;
        var message = new SyncResultMessage
        {
            EventId = row.EventId,
            Outcome = SyncOutcome.Delayed,
            EntityId = pair.Twin.LocalEntityId,
            Key = pair.Twin.LocalKey,
            Link = pair.Twin.LocalLink,
            Problem = failure.ForPartner,
            Category = failure.Category,
        };
        try
        {
            await peers.SendResultAsync(pair.Connection, message, cancellationToken);
            row.ToldProblem = failure.ForPartner;
            await pair.CommitAsync(cancellationToken);
        }
        catch (PeerException exception)
        {
            SyncLog.DelayNotTold(logger, pair.Twin.Id, exception.Sentence);
        }
    }
}

/// <summary>A failure of any kind in the words of the retry rules.</summary>
/// <param name="ForPartner">What the other company may read: no address or account of ours.</param>
/// <param name="Exception">Set when it is none of the expected kinds: a bug or broken infrastructure.</param>
internal sealed record Failure(FailureCategory Category, string Sentence, string ForPartner, TimeSpan? RetryAfter, Exception? Exception)
{
    public static Failure Of(Exception exception) => exception switch
    {
        TrackerException tracker => new(tracker.Category, tracker.Message, Partner(tracker), tracker.RetryAfter, null),
        PeerException peer => new(peer.ConnectionInactive || peer.ConnectionGone ? FailureCategory.Unavailable : peer.Category, peer.Sentence, peer.Sentence, peer.RetryAfter, null),
        SecretUnreadableException secret => new(FailureCategory.Misconfigured, secret.Message, "The other side can't use its stored credentials; its admin has to enter them again.", null, null),
        _ => new(
            FailureCategory.Unexpected,
            $"Something went wrong that should not ({exception.GetType().Name}: {exception.Message}). Nothing is lost; the log has the details.",
            "The other side ran into an unexpected failure and tries again.",
            null,
            exception),
    };

    private static string Partner(TrackerException tracker) => tracker.Category switch
    {
        FailureCategory.Rejected => tracker.TrackerSaid is { } said ? $"The other side's tracker refused it: {said}" : "The other side's tracker refused it.",
        FailureCategory.RateLimited => "The other side's tracker asks it to slow down; it goes on by itself.",
        FailureCategory.Unauthorized => "The other side's tracker refuses its token; its admin has to enter a new one in General Settings.",
        FailureCategory.Misconfigured => "The other side's settings are not complete or not right; its admin sees why.",
        FailureCategory.Unavailable or FailureCategory.Transient => "The other side's tracker does not answer at the moment; it goes on by itself.",
        _ => "The other side's tracker gave an answer that is not understood; its admin sees it.",
    };
}
