namespace Exalate.Core.Sync;

/// <summary>Takes a tracker's webhook calls. Returns after what they say is durable.</summary>
public interface IWebhookReceiver
{
    /// <summary>Whether a tracker was given this registration: the body of a call for another one is not worth reading.</summary>
    Task<bool> KnowsAsync(string registrationId, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <param name="registrationId">The last part of the callback URL that the tracker was given.</param>
    /// <param name="headers">The call's headers, found without case; several values joined by ", ".</param>
    /// <param name="body">The raw body, as signed.</param>
    /// <param name="cancellationToken">Ends with the call.</param>
    Task<WebhookAnswer> ReceiveAsync(string registrationId, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}

/// <param name="Status">Example: 200; 404 for an unknown registration, 401 for a wrong signature.</param>
/// <param name="HeaderName">A header that the tracker's handshake wants back. Example: "X-Hook-Secret".</param>
/// <param name="HeaderValue">Its value.</param>
public sealed record WebhookAnswer(int Status, string? HeaderName = null, string? HeaderValue = null)
{
    public override string ToString() => $"{nameof(WebhookAnswer)} {Status}";
}
