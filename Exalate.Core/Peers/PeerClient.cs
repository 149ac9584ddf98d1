using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Http;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

internal sealed class PeerClient(
    IOutboundHttp outbound, ISecretProtector secrets, IRandomSource random, TimeProvider time, PeerHttp peers, PeerCircuits circuits, AttachmentSpool spool, IOptions<PeerOptions> options)
    : IPeerClient
{
    private const int MaxAnswerBytes = 64 * 1024;
    private const int NonceBytes = 16;

    public Task SendRequestAsync(Connection connection, SyncRequestMessage message, CancellationToken cancellationToken) => SendAsync(connection, "requests", message, cancellationToken);

    public Task SendResultAsync(Connection connection, SyncResultMessage message, CancellationToken cancellationToken) => SendAsync(connection, "results", message, cancellationToken);

    public async Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken)
    {
        if (IsDots(entityId) || IsDots(attachmentId))
        {
            throw new PeerException(FailureCategory.Rejected, $"The partner offered an attachment under the name '{attachmentId}', which can't be asked for.") { AttachmentGone = true };
        }

        var path = $"entities/{Uri.EscapeDataString(entityId)}/attachments/{Uri.EscapeDataString(attachmentId)}?event={Uri.EscapeDataString(eventId)}";
        return await circuits.CallAsync(connection.RemoteUrl ?? "", cancel => DownloadAsync(connection, path, cancel), cancellationToken);
    }

    private async Task SendAsync<TMessage>(Connection connection, string path, TMessage message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, ReplicaJson.Options);
        if (body.Length > options.Value.MaxMessageBytes)
        {
            throw new PeerException(FailureCategory.Rejected, $"The message has {body.Length / (1024 * 1024)} MB; at most {options.Value.MaxMessageBytes / (1024 * 1024)} MB can be sent. Shorten the description or the comments.");
        }

        await circuits.CallAsync(connection.RemoteUrl ?? "", cancel => PostAsync(connection, path, body, cancel), cancellationToken);
    }

    private Task<bool> PostAsync(Connection connection, string path, byte[] body, CancellationToken cancellationToken) =>
        CallAsync(connection, HttpMethod.Post, path, body, options.Value.CallTimeout, async (call, answer, cancel) =>
        {
            var content = await answer.Content.ReadBoundedAsync(MaxAnswerBytes, cancel);
            ThrowIfFailed(call, answer, content);
            return CheckSignature(call, answer, SHA256.HashData(content));
        }, cancellationToken);

    private Task<Stream> DownloadAsync(Connection connection, string path, CancellationToken cancellationToken) =>
        CallAsync<Stream>(connection, HttpMethod.Get, path, null, options.Value.AttachmentTimeout, async (call, answer, cancel) =>
        {
            if (!answer.IsSuccessStatusCode)
            {
                ThrowIfFailed(call, answer, await answer.Content.ReadBoundedAsync(MaxAnswerBytes, cancel));
            }

            if (answer.Content.Headers.ContentLength > options.Value.MaxAttachmentBytes)
            {
                throw TooLarge(new SpoolLimitException(options.Value.MaxAttachmentBytes));
            }

            await using var content = await answer.Content.ReadAsStreamAsync(cancel);
            var file = await spool.TakeAsync(content, cancel);
            try
            {
                CheckSignature(call, answer, file.Sha256);
                return file.Content;
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }, cancellationToken);

    private async Task<T> CallAsync<T>(
        Connection connection, HttpMethod method, string path, byte[]? body, TimeSpan timeout, Func<SignedCall, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var (origin, uid, key) = Partner(connection);
        using var patience = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var client = outbound.CreateClient(OutboundPurpose.Peer, new Uri(origin));
            using var request = new HttpRequestMessage(method, $"{origin}{PeerHttp.Root}/connections/{key.Id}/{path}");
            request.Content = body is null ? null : PeerHttp.Json(body);
            var call = new SignedCall(origin, key, NewNonce());
            Sign(request, body ?? [], uid, call);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await read(call, answer, both.Token);
        }
        catch (SpoolLimitException e)
        {
            throw TooLarge(e);
        }
        catch (Exception e) when (PeerFailures.IsNetworkFailure(e) && !cancellationToken.IsCancellationRequested)
        {
            throw PeerFailures.Of(e, origin);
        }
    }

    private void Sign(HttpRequestMessage request, byte[] body, string recipientUid, SignedCall call)
    {
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Exalate", ExalateCore.Version));
        var headers = PeerSignature.SignRequest(
            request.Method.Method, request.RequestUri!.PathAndQuery, ContentDigest.Of(body), recipientUid, call.Key, time.GetUtcNow().ToUnixTimeSeconds(), call.Nonce);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private void ThrowIfFailed(SignedCall call, HttpResponseMessage answer, byte[] content)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        if ((int)answer.StatusCode is >= 300 and < 400)
        {
            throw PeerFailures.Redirected(answer.Headers.Location, call.Origin);
        }

        var problem = PeerHttp.ReadProblem(answer.Content.Headers, content);
        // What ends something for good counts only when the partner itself said it, and not a proxy in front of it.
        var isFromPartner = problem is not null && IsSigned(call, answer, SHA256.HashData(content));
        if (isFromPartner && problem!.Code == PeerCodes.AttachmentUnknown)
        {
            throw new PeerException(FailureCategory.Rejected, $"The node at {call.Origin} no longer has the attachment.") { StatusCode = 404, Code = problem.Code, AttachmentGone = true };
        }

        if (isFromPartner && problem!.Code == PeerCodes.AttachmentTooLarge)
        {
            throw new PeerException(FailureCategory.Rejected, $"The attachment is larger than the node at {call.Origin} sends.") { StatusCode = 413, Code = problem.Code };
        }

        var isFinal = problem?.Code is PeerCodes.MessageRefused or PeerCodes.AttachmentUnknown or PeerCodes.AttachmentTooLarge or PeerCodes.Malformed;
        throw PeerFailures.Of(answer.StatusCode, isFinal && !isFromPartner ? null : problem, call.Origin, peers.RetryAfter(answer));
    }

    private static bool CheckSignature(SignedCall call, HttpResponseMessage answer, byte[] hash) =>
        IsSigned(call, answer, hash)
            ? true
            : throw new PeerException(FailureCategory.Unauthorized, $"The answer of {call.Origin} is not signed by the partner's node or was changed on the way. Something in front of that node may answer or change it.");

    private static bool IsSigned(SignedCall call, HttpResponseMessage answer, byte[] hash)
    {
        var headers = new[] { ContentDigest.Header, PeerSignature.InputHeader, PeerSignature.SignatureHeader }
            .Where(name => answer.Headers.NonValidated.Contains(name))
            .ToDictionary(name => name, name => string.Join(", ", answer.Headers.NonValidated[name]), StringComparer.OrdinalIgnoreCase);
        return PeerSignature.VerifyAnswer((int)answer.StatusCode, headers, call.Key, call.Nonce)
            && ContentDigest.Read(headers[ContentDigest.Header]) is { } promised
            && CryptographicOperations.FixedTimeEquals(promised, hash);
    }

    private (string Origin, string Uid, PeerKey Key) Partner(Connection connection)
    {
        if (connection is not { RemoteUrl: { } url, RemoteNodeUid: { } uid, ProtectedSecret: { } secret })
        {
            throw new PeerException(FailureCategory.Misconfigured, $"The connection '{connection.Name}' is not established yet, so its partner can't be called.") { ConnectionInactive = true };
        }

        try
        {
            return (url, uid, PeerKey.Of(connection.LinkId, secrets.Unprotect(secret)));
        }
        catch (SecretUnreadableException e)
        {
            throw new PeerException(FailureCategory.Misconfigured, $"The secret of the connection '{connection.Name}' can't be read. {e.Message}", e);
        }
    }

    private string NewNonce()
    {
        Span<byte> bytes = stackalloc byte[NonceBytes];
        random.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    private static PeerException TooLarge(SpoolLimitException e) => new(FailureCategory.Rejected, $"The attachment was not taken. {e.Message}", e);

    // "." and ".." would change the path they stand in.
    private static bool IsDots(string id) => id.All(c => c == '.');

    private sealed record SignedCall(string Origin, PeerKey Key, string Nonce);
}
