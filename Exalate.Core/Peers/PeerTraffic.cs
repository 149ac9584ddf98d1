using System.Text.Json;
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

    /// <summary><c>GET /peer/v1/connections/{linkId}/entities/{entityId}/attachments/{attachmentId}</c></summary>
    Task<PeerReply> GiveAttachmentAsync(PeerCall call, CancellationToken cancellationToken);
}

internal sealed class PeerTraffic(PeerVerifier verifier, ISyncInbox inbox, AttachmentSpool spool, TimeProvider time, IOptions<PeerOptions> options, ILogger<PeerTraffic> log) : IPeerTraffic
{
    private const int MaxEventId = 64;
    private const int LinkSegment = 4;
    private const int EntitySegment = 6;
    private const int AttachmentSegment = 8;

    public Task<PeerReply> TakeRequestAsync(PeerCall call, CancellationToken cancellationToken) =>
        TakeAsync<SyncRequestMessage>(call, m => m.EventId, (id, message) => inbox.StoreRequestAsync(id, message, cancellationToken), cancellationToken);

    public Task<PeerReply> TakeResultAsync(PeerCall call, CancellationToken cancellationToken) =>
        TakeAsync<SyncResultMessage>(call, m => m.EventId, (id, message) => inbox.StoreResultAsync(id, message, cancellationToken), cancellationToken);

    public Task<PeerReply> GiveAttachmentAsync(PeerCall call, CancellationToken cancellationToken) =>
        AnswerAsync(call, 0, verified => AttachmentAsync(call, verified, cancellationToken), cancellationToken);

    private Task<PeerReply> TakeAsync<TMessage>(PeerCall call, Func<TMessage, string?> eventId, Func<Guid, TMessage, Task<InboxAnswer>> store, CancellationToken cancellationToken)
        where TMessage : class =>
        AnswerAsync(call, options.Value.MaxMessageBytes, async verified =>
        {
            if (Read<TMessage>(verified.Body) is not { } message || eventId(message) is not { Length: >= 1 and <= MaxEventId })
            {
                return PeerReply.Problem(400, PeerCodes.Malformed);
            }

            var answer = await store(verified.ConnectionId, message);
            return answer.Outcome switch
            {
                InboxOutcome.Stored => PeerReply.Json(202, new MessageTaken("stored")),
                InboxOutcome.AlreadyStored => PeerReply.Json(202, new MessageTaken("alreadyStored")),
                _ => PeerReply.Problem(422, PeerCodes.MessageRefused, answer.Sentence),
            };
        }, cancellationToken);

    private async Task<PeerReply> AnswerAsync(PeerCall call, int maxBodyBytes, Func<VerifiedCall, Task<PeerReply>> answer, CancellationToken cancellationToken)
    {
        var linkId = Segment(call, LinkSegment);
        var (verified, refusal) = await verifier.VerifyAsync(call, linkId, maxBodyBytes, cancellationToken);
        if (verified is null)
        {
            PeersLog.SignedCallRefused(log, linkId.Length > 40 ? "?" : linkId, refusal!.Code, call.RemoteAddress);
            return PeerReply.Problem(refusal.Status, refusal.Code);
        }

        return Sign(await answer(verified), verified);
    }

    private PeerReply Sign(PeerReply reply, VerifiedCall verified) =>
        reply.With(PeerSignature.SignAnswer(reply.Status, reply.Digest, verified.Key, time.GetUtcNow().ToUnixTimeSeconds(), verified.Nonce));

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
