namespace Exalate.Core.Sync;

/// <summary>Takes a tracker's webhook calls. Returns after what they say is durable.</summary>
public interface IWebhookReceiver
{
    /// <param name="registrationId">The last part of the callback URL that the tracker was given.</param>
    /// <param name="headers">The call's headers, found without case; several values joined by ", ".</param>
    /// <param name="readBodyAsync">Gives the raw body, as signed; null when it is too large. Not asked for where no tracker was given the registration: whoever made up the address could fill the memory with bodies.</param>
    /// <param name="cancellationToken">Ends with the call.</param>
    Task<WebhookAnswer> ReceiveAsync(string registrationId, IReadOnlyDictionary<string, string> headers, Func<CancellationToken, Task<ReadOnlyMemory<byte>?>> readBodyAsync, CancellationToken cancellationToken);
}

/// <param name="Status">Example: 200; 404 for an unknown registration, 413 for a body that is too large, 401 for a wrong signature.</param>
/// <param name="HeaderName">A header that the tracker's handshake wants back. Example: "X-Hook-Secret".</param>
/// <param name="HeaderValue">Its value.</param>
public sealed record WebhookAnswer(int Status, string? HeaderName = null, string? HeaderValue = null)
{
    public override string ToString() => $"{nameof(WebhookAnswer)} {Status}";
}
