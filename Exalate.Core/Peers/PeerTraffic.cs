using System.Security.Cryptography;
using System.Text.Json;
using Exalate.Core.Connections.Life;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

/// <summary>What partners may do on a connection, each call signed with its secret; the answers are signed too.</summary>
public interface IPeerTraffic
{
    /// <summary><c>POST /peer/v1/connections/{linkId}/requests</c></summary>
    Task<PeerReply> TakeRequestAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/connections/{linkId}/results</c></summary>
    Task<PeerReply> TakeResultAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/connections/{linkId}/notices</c></summary>
    Task<PeerReply> TakeNoticeAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>GET /peer/v1/connections/{linkId}/entities/{entityId}/attachments/{attachmentId}</c></summary>
    Task<PeerReply> GiveAttachmentAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/connections/{linkId}/mail</c>: held back until there is mail.</summary>
    /// <param name="stopping">Ends the waiting: the node stops.</param>
    Task<PeerReply> GiveMailAsync(PeerCall call, CancellationToken stopping, CancellationToken cancellationToken);

    /// <summary><c>PUT /peer/v1/connections/{linkId}/files/{want}</c></summary>
    Task<PeerReply> TakeFileAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/connections/{linkId}/recall</c></summary>
    Task<PeerReply> GiveRecallAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/connections/{linkId}/recalls/{want}</c></summary>
    Task<PeerReply> TakeRecalledAsync(PeerCall call, CancellationToken cancellationToken);

    /// <summary><c>POST /peer/v1/connections/{linkId}/pulse</c></summary>
    Task<PeerReply> TakePulseAsync(PeerCall call, CancellationToken cancellationToken);
}

internal sealed class PeerTraffic(
    PeerVerifier verifier, ISyncInbox inbox, NoticeDesk notices, PulseDesk pulses, MailRoom mail, WantedFiles wanted, WantedRecalls recalls, AttachmentSpool spool, TimeProvider time, IOptions<PeerOptions> options,
    ILogger<PeerTraffic> log) : IPeerTraffic
{
    private const int MaxEventId = 64;
    private const int MaxNoticeBytes = 16 * 1024;
    private const int LinkSegment = 4;
    private const int EntitySegment = 6;
    private const int AttachmentSegment = 8;
    private const int WantSegment = 6;
    private const int MaxAskBytes = 256 * 1024;
    private const int MaxAfter = 64;

    public Task<PeerReply> TakeRequestAsync(PeerCall call, CancellationToken cancellationToken) =>
        TakeAsync<SyncRequestMessage>(call, m => m.EventId, (id, message) => inbox.StoreRequestAsync(id, message, cancellationToken), cancellationToken);

    public Task<PeerReply> TakeResultAsync(PeerCall call, CancellationToken cancellationToken) =>
        TakeAsync<SyncResultMessage>(call, m => m.EventId, (id, message) => inbox.StoreResultAsync(id, message, cancellationToken), cancellationToken);

    public Task<PeerReply> GiveAttachmentAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync(call, CallPurpose.Sync, 0, verified => AttachmentAsync(call, verified, cancellationToken), cancellationToken);

    public Task<PeerReply> TakeNoticeAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync(call, CallPurpose.Notice, MaxNoticeBytes, async verified =>
        {
            if (Read<NoticeMessage>(verified.Body) is not { } message)
            {
                return PeerReply.Problem(400, PeerCodes.Malformed);
            }

            var answer = await notices.TakeAsync(verified.ConnectionId, verified.Use, message, call.RemoteAddress, cancellationToken);
            return answer.Later ? PeerReply.Problem(503, PeerCodes.NotReady, answer.Answer.Sentence, TimeSpan.FromMinutes(1)) : ReplyTo(answer.Answer);
        }, cancellationToken);

    public Task<PeerReply> GiveMailAsync(PeerCall call, CancellationToken stopping, CancellationToken cancellationToken) =>
        AnswerAsync(call, CallPurpose.Mail, MaxAskBytes, async verified =>
        {
            if (Read<AskForMail>(verified.Body) is not { Receipts.Count: <= MailRoom.MaxReceipts } ask || ask.Receipts.Any(receipt => receipt is null))
            {
                return PeerReply.Problem(400, PeerCodes.Malformed);
            }

            return await mail.GiveAsync(verified.ConnectionId, ask with { NoticesOnly = ask.NoticesOnly || !verified.IsActive }, stopping, cancellationToken) is { } given
                ? PeerReply.Json(200, given)
                : PeerReply.Problem(429, PeerCodes.TooMany, retryAfter: TimeSpan.FromSeconds(MailRoom.MaxWaitSeconds));
        }, cancellationToken);

    public Task<PeerReply> TakeFileAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync(call, CallPurpose.Sync, null, verified => FileAsync(call, verified, cancellationToken), cancellationToken);

    public Task<PeerReply> GiveRecallAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync(call, CallPurpose.Sync, MaxNoticeBytes, async verified => Read<RecallQuestion>(verified.Body) is { After: null or { Length: <= MaxAfter }, Pairs: null or { Count: <= RecallQuestion.MaxPairs } } question
            ? PeerReply.Json(200, await inbox.RecallAsync(verified.ConnectionId, question, cancellationToken))
            : PeerReply.Problem(400, PeerCodes.Malformed), cancellationToken);

    public Task<PeerReply> TakeRecalledAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync(call, CallPurpose.Sync, options.Value.MaxMessageBytes, verified => Task.FromResult(
            Read<RecallAnswer>(verified.Body) is not { } recalled ? PeerReply.Problem(400, PeerCodes.Malformed)
            : recalls.TryFill(verified.ConnectionId, Segment(call, WantSegment), recalled) ? PeerReply.Json(202, new MessageTaken("stored"))
            : PeerReply.Problem(404, PeerCodes.FileUnwanted)), cancellationToken);

    public Task<PeerReply> TakePulseAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync(call, CallPurpose.Mail, MaxNoticeBytes, async verified => Read<PulseMessage>(verified.Body) is { } message && PulseDesk.IsWhole(message)
            ? PeerReply.Json(200, await pulses.TakeAsync(verified.ConnectionId, message, cancellationToken))
            : PeerReply.Problem(400, PeerCodes.Malformed), cancellationToken);

    private async Task<PeerReply> FileAsync(PeerCall call, VerifiedCall verified, CancellationToken cancellationToken)
    {
        // Before the body: nobody fills this node's disk with what it did not ask for.
        if (!wanted.TryClaim(verified.ConnectionId, Segment(call, WantSegment), out var place))
        {
            return PeerReply.Problem(404, PeerCodes.FileUnwanted);
        }

        if (Without(call) is { } code)
        {
            place.Fail(WithoutFile(code));
            return PeerReply.Json(202, new MessageTaken("stored"));
        }

        try
        {
            var file = await spool.TakeAsync(call.Body, cancellationToken);
            if (!CryptographicOperations.FixedTimeEquals(file.Sha256, verified.Digest))
            {
                await file.DisposeAsync();
                place.Fail(new PeerException(FailureCategory.Transient, "The attachment was changed or cut off on its way from the partner's node."));
                return PeerReply.Problem(401, PeerCodes.DigestMismatch);
            }

            await place.FillAsync(file);
            return PeerReply.Json(202, new MessageTaken("stored"));
        }
        catch (SpoolLimitException e)
        {
            place.Fail(PeerClient.TooLarge(e));
            return PeerReply.Problem(413, PeerCodes.AttachmentTooLarge);
        }
        catch (SpoolFullException e)
        {
            place.Fail(PeerClient.NoRoom(e));
            return PeerReply.Problem(503, PeerCodes.AttachmentUnavailable, retryAfter: PeerClient.AfterAFullSpool);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            place.Fail(new PeerException(FailureCategory.Transient, "The partner's node broke off while it sent the attachment.", e));
            throw;
        }
    }

    private static string? Without(PeerCall call)
    {
        var query = call.PathAndQuery.Split('?', 2) is [_, { } text] ? text : "";
        return query.StartsWith("without=", StringComparison.Ordinal) ? Uri.UnescapeDataString(query["without=".Length..]) : null;
    }

    private static PeerException WithoutFile(string code) => code switch
    {
        PeerCodes.AttachmentUnknown => new PeerException(FailureCategory.Rejected, "The partner's node no longer has the attachment.") { Code = code, AttachmentGone = true },
        PeerCodes.AttachmentTooLarge => new PeerException(FailureCategory.Rejected, "The attachment is larger than the partner's node sends.") { Code = code },
        _ => new PeerException(FailureCategory.Unavailable, "The partner's tracker does not give the attachment at the moment.") { Code = PeerCodes.AttachmentUnavailable },
    };

    private Task<PeerReply> TakeAsync<TMessage>(PeerCall call, Func<TMessage, string?> eventId, Func<Guid, TMessage, Task<InboxAnswer>> store, CancellationToken cancellationToken)
        where TMessage : class =>
        AnswerAsync(call, CallPurpose.Sync, options.Value.MaxMessageBytes, async verified =>
        {
            if (Read<TMessage>(verified.Body) is not { } message || eventId(message) is not { Length: >= 1 and <= MaxEventId })
            {
                return PeerReply.Problem(400, PeerCodes.Malformed);
            }

            return ReplyTo(await store(verified.ConnectionId, message));
        }, cancellationToken);

    private static PeerReply ReplyTo(InboxAnswer answer) => answer.Outcome switch
    {
        InboxOutcome.Stored => PeerReply.Json(202, new MessageTaken("stored")),
        InboxOutcome.AlreadyStored => PeerReply.Json(202, new MessageTaken("alreadyStored")),
        InboxOutcome.NotNow => PeerReply.Problem(503, PeerCodes.NotReady, answer.Sentence, TimeSpan.FromMinutes(1)),
        _ => PeerReply.Problem(422, PeerCodes.MessageRefused, answer.Sentence),
    };

    private async Task<PeerReply> AnswerAsync(PeerCall call, CallPurpose purpose, int? maxBodyBytes, Func<VerifiedCall, Task<PeerReply>> answer, CancellationToken cancellationToken)
    {
        var linkId = Segment(call, LinkSegment);
        var (verified, refusal) = await verifier.VerifyAsync(call, linkId, purpose, maxBodyBytes, cancellationToken);
        if (verified is null)
        {
            PeersLog.SignedCallRefused(log, linkId.Length > 40 ? "?" : linkId, refusal!.Code, call.RemoteAddress);
            var answered = PeerReply.Problem(refusal.Status, refusal.Code);
            return refusal.Farewell is { } left && PeerSignature.Read(call.Headers, PeerSignature.RequestTag, PeerSignature.RequestComponents)?.Input.Nonce is { } nonce
                ? Sign(answered, left, nonce)
                : answered;
        }

        return Sign(await answer(verified), verified.Key, verified.Nonce);
    }

    private PeerReply Sign(PeerReply reply, PeerKey key, string nonce) =>
        reply.With(PeerSignature.SignAnswer(reply.Status, reply.Digest, key, time.GetUtcNow().ToUnixTimeSeconds(), nonce));

    private async Task<PeerReply> AttachmentAsync(PeerCall call, VerifiedCall verified, CancellationToken cancellationToken)
    {
        var (entityId, attachmentId) = (Segment(call, EntitySegment), Segment(call, AttachmentSegment));
        try
        {
            if (await inbox.OpenAttachmentAsync(verified.ConnectionId, entityId, attachmentId, cancellationToken) is not { } attachment)
            {
                return PeerReply.Problem(404, PeerCodes.AttachmentUnknown);
            }

            await using var content = attachment.Content;
            if (attachment.Size > options.Value.MaxAttachmentBytes)
            {
                return PeerReply.Problem(413, PeerCodes.AttachmentTooLarge);
            }

            var file = await spool.TakeAsync(content, cancellationToken);
            return PeerReply.OfFile(file.Content, ContentDigest.Write(file.Sha256));
        }
        catch (SpoolLimitException)
        {
            return PeerReply.Problem(413, PeerCodes.AttachmentTooLarge);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is TrackerException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The tracker's words are for our admin alone.
            PeersLog.AttachmentFailed(log, verified.Key.Id, attachmentId, e);
            return PeerReply.Problem(503, PeerCodes.AttachmentUnavailable, retryAfter: (e as TrackerException)?.RetryAfter ?? TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>From the raw target: what was signed is what is acted on, whatever the server's routing made of "%2F".</summary>
    private static string Segment(PeerCall call, int index)
    {
        var path = call.PathAndQuery.Split('?', 2)[0].Split('/');
        return index < path.Length ? Uri.UnescapeDataString(path[index]) : "";
    }

    private static T? Read<T>(byte[] body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, ReplicaJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
