using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Exalate.Core.Connections;
using Exalate.Core.Connections.Life;
using Exalate.Core.Http;
using Exalate.Core.Peers.Mail;
using Exalate.Core.Peers.Signing;
using Exalate.Core.Replicas;
using Exalate.Core.Trackers;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

/// <summary>Calls the partner's node.</summary>
internal sealed class PeerClient(
    IOutboundHttp outbound, ISecretProtector secrets, IRandomSource random, TimeProvider time, PeerHttp peers, PeerCircuits circuits, AttachmentSpool spool, IOptions<PeerOptions> options)
{
    private const int MaxAnswerBytes = 64 * 1024;
    private const int NonceBytes = 16;

    /// <summary>When an attachment that found no room in the spool is tried again.</summary>
    public static readonly TimeSpan AfterAFullSpool = TimeSpan.FromSeconds(10);

    /// <summary>What stands around the mail in an answer, and more than one that is short.</summary>
    private const int MaxMailAround = 8 * 1024 * 1024;

    public Task SendRequestAsync(Connection connection, SyncRequestMessage message, CancellationToken cancellationToken) => SendAsync(connection, "requests", message, cancellationToken);

    public Task SendResultAsync(Connection connection, SyncResultMessage message, CancellationToken cancellationToken) => SendAsync(connection, "results", message, cancellationToken);

    public Task SendNoticeAsync(Connection connection, NoticeMessage message, CancellationToken cancellationToken) => SendAsync(connection, "notices", message, cancellationToken);

    public async Task<Stream> OpenAttachmentAsync(Connection connection, string entityId, string attachmentId, string eventId, CancellationToken cancellationToken)
    {
        if (IsDots(entityId) || IsDots(attachmentId))
        {
            throw new PeerException(FailureCategory.Rejected, $"The partner offered an attachment under the name '{attachmentId}', which can't be asked for.") { AttachmentGone = true };
        }

        var path = $"entities/{Uri.EscapeDataString(entityId)}/attachments/{Uri.EscapeDataString(attachmentId)}?event={Uri.EscapeDataString(eventId)}";
        return await circuits.CallAsync(connection.RemoteUrl ?? "", cancel => DownloadAsync(connection, path, cancel), cancellationToken);
    }

    /// <summary>Asks a partner that can't call for what waits for this side; the answer may be held back as long as the question says.</summary>
    public Task<MailGiven> AskForMailAsync(Connection connection, AskForMail question, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(question, ReplicaJson.Options);
        var patience = options.Value.CallTimeout + TimeSpan.FromSeconds(question.WaitSeconds);
        return CallAsync(connection, HttpMethod.Post, "mail", () => PeerHttp.Json(body), ContentDigest.Of(body), patience, async (call, answer, cancel) =>
        {
            var content = await ReadSignedAsync(call, answer, options.Value.MaxMessageBytes + MaxMailAround, cancel);
            return JsonSerializer.Deserialize<MailGiven>(content, ReplicaJson.Options) is { Mail: not null } given && given.Mail.All(mail => mail is { Kind: not null })
                ? given
                : throw new PeerException(FailureCategory.Unexpected, $"The node at {call.Origin} sent an answer that can't be read.");
        }, cancellationToken);
    }

    public async Task<RecallAnswer> RecallAsync(Connection connection, RecallQuestion question, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(question, ReplicaJson.Options);
        try
        {
            return await CallAsync(connection, HttpMethod.Post, "recall", () => PeerHttp.Json(body), ContentDigest.Of(body), options.Value.CallTimeout, async (call, answer, cancel) =>
            {
                var content = await ReadSignedAsync(call, answer, options.Value.MaxMessageBytes, cancel);
                return JsonSerializer.Deserialize<RecallAnswer>(content, ReplicaJson.Options)
                    ?? throw new PeerException(FailureCategory.Unexpected, $"The node at {call.Origin} sent an answer that can't be read.");
            }, cancellationToken);
        }
        catch (PeerException e) when (e is { Code: null, StatusCode: 404 or 405 })
        {
            throw PeerFailures.TooOldToRecall(connection, e);
        }
    }

    public async Task<PulseTaken?> PulseAsync(Connection connection, PulseMessage message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, ReplicaJson.Options);
        try
        {
            return await CallAsync(connection, HttpMethod.Post, "pulse", () => PeerHttp.Json(body), ContentDigest.Of(body), options.Value.CallTimeout, async (call, answer, cancel) =>
            {
                var content = await ReadSignedAsync(call, answer, MaxAnswerBytes, cancel);
                return JsonSerializer.Deserialize<PulseTaken>(content, ReplicaJson.Options);
            }, cancellationToken);
        }
        catch (PeerException e) when (e is { Code: null, StatusCode: 404 or 405 })
        {
            return null;
        }
    }

    /// <summary>Answers a question that came as mail.</summary>
    public Task SendRecalledAsync(Connection connection, string want, RecallAnswer recalled, CancellationToken cancellationToken) =>
        SendAsync(connection, $"recalls/{Uri.EscapeDataString(want)}", recalled, cancellationToken);

    /// <summary>Sends a file that the partner asked for.</summary>
    public Task SendFileAsync(Connection connection, string want, SpooledFile file, CancellationToken cancellationToken) =>
        CallAsync(connection, HttpMethod.Put, $"files/{Uri.EscapeDataString(want)}", () => new StreamContent(file.Content), ContentDigest.Write(file.Sha256), options.Value.AttachmentTimeout, ReadTakenAsync, cancellationToken);

    /// <summary>Says why a file that the partner asked for does not come.</summary>
    /// <param name="code">One of the attachment codes of <see cref="PeerCodes"/>.</param>
    public Task SendNoFileAsync(Connection connection, string want, string code, CancellationToken cancellationToken) =>
        CallAsync(connection, HttpMethod.Put, $"files/{Uri.EscapeDataString(want)}?without={Uri.EscapeDataString(code)}", null, ContentDigest.Of([]), options.Value.CallTimeout, ReadTakenAsync, cancellationToken);

    private async Task SendAsync<TMessage>(Connection connection, string path, TMessage message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, ReplicaJson.Options);
        if (body.Length > options.Value.MaxMessageBytes)
        {
            throw PeerFailures.MessageTooLarge(body.Length, options.Value.MaxMessageBytes);
        }

        await circuits.CallAsync(connection.RemoteUrl ?? "", cancel => PostAsync(connection, path, body, cancel), cancellationToken);
    }

    private Task<bool> PostAsync(Connection connection, string path, byte[] body, CancellationToken cancellationToken) =>
        CallAsync(connection, HttpMethod.Post, path, () => PeerHttp.Json(body), ContentDigest.Of(body), options.Value.CallTimeout, ReadTakenAsync, cancellationToken);

    private async Task<bool> ReadTakenAsync(SignedCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var content = await answer.Content.ReadBoundedAsync(MaxAnswerBytes, cancellationToken);
        ThrowIfFailed(call, answer, content);
        return CheckSignature(call, answer, SHA256.HashData(content));
    }

    private Task<Stream> DownloadAsync(Connection connection, string path, CancellationToken cancellationToken) =>
        CallAsync<Stream>(connection, HttpMethod.Get, path, null, ContentDigest.Of([]), options.Value.AttachmentTimeout, async (call, answer, cancel) =>
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
        Connection connection, HttpMethod method, string path, Func<HttpContent>? content, string digest, TimeSpan timeout, Func<SignedCall, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var (origin, uid, key) = Partner(connection);
        using var patience = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var client = outbound.CreateClient(OutboundPurpose.Peer, new Uri(origin));
            using var request = new HttpRequestMessage(method, $"{origin}{PeerHttp.Root}/connections/{key.Id}/{path}");
            request.Content = content?.Invoke();
            // A long file is not sent before the partner has said that it wants it.
            request.Headers.ExpectContinue = request.Content is StreamContent ? true : null;
            var call = new SignedCall(origin, key, NewNonce());
            Sign(request, digest, uid, call);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await read(call, answer, both.Token);
        }
        catch (SpoolLimitException e)
        {
            throw TooLarge(e);
        }
        catch (SpoolFullException e)
        {
            throw NoRoom(e);
        }
        catch (Exception e) when (PeerFailures.IsNetworkFailure(e) && !cancellationToken.IsCancellationRequested)
        {
            throw PeerFailures.Of(e, origin);
        }
    }

    private void Sign(HttpRequestMessage request, string digest, string recipientUid, SignedCall call)
    {
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Exalate", ExalateCore.Version));
        var headers = PeerSignature.SignRequest(
            request.Method.Method, request.RequestUri!.PathAndQuery, digest, recipientUid, call.Key, time.GetUtcNow().ToUnixTimeSeconds(), call.Nonce);
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

        if (problem?.Code == PeerCodes.UnknownConnection && IsSigned(call with { Key = Farewells.KeyOf(call.Key) }, answer, SHA256.HashData(content)))
        {
            throw new PeerException(FailureCategory.Rejected, $"The node at {call.Origin} deleted this connection.")
            {
                StatusCode = (int)answer.StatusCode, Code = problem.Code, ConnectionGone = true, ConnectionDeleted = true,
            };
        }

        var isFinal = problem?.Code is PeerCodes.MessageRefused or PeerCodes.AttachmentUnknown or PeerCodes.AttachmentTooLarge or PeerCodes.Malformed;
        throw PeerFailures.Of(answer.StatusCode, isFinal && !isFromPartner ? null : problem, call.Origin, peers.RetryAfter(answer));
    }

    private async Task<byte[]> ReadSignedAsync(SignedCall call, HttpResponseMessage answer, int maxBytes, CancellationToken cancellationToken)
    {
        var content = await answer.Content.ReadBoundedAsync(maxBytes, cancellationToken);
        ThrowIfFailed(call, answer, content);
        CheckSignature(call, answer, SHA256.HashData(content));
        return content;
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

    /// <exception cref="PeerException">The two sides share no secret yet.</exception>
    public static void ThrowIfNotEstablished(Connection connection)
    {
        if (connection.ProtectedSecret is null)
        {
            throw NotEstablished(connection);
        }
    }

    private static PeerException NotEstablished(Connection connection) =>
        new(FailureCategory.Misconfigured, $"The connection '{connection.Name}' is not established yet, so its partner can't be called.") { ConnectionInactive = true };

    private (string Origin, string Uid, PeerKey Key) Partner(Connection connection)
    {
        if (connection is not { RemoteUrl: { } url, RemoteNodeUid: { } uid, ProtectedSecret: { } secret })
        {
            throw NotEstablished(connection);
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

    public static PeerException NoRoom(SpoolFullException e) => new(FailureCategory.Transient, $"The attachment was not taken yet. {e.Message}", e) { Code = PeerCodes.AttachmentUnavailable, RetryAfter = AfterAFullSpool };

    public static PeerException TooLarge(SpoolLimitException e) => new(FailureCategory.Rejected, $"The attachment was not taken. {e.Message}", e);

    // "." and ".." would change the path they stand in.
    private static bool IsDots(string id) => id.All(c => c == '.');

    private sealed record SignedCall(string Origin, PeerKey Key, string Nonce);
}
