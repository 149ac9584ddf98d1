using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Exalate.Core.Http;
using Exalate.Core.Trackers;

namespace Exalate.Core.Peers;

/// <summary>What went wrong between two nodes, as a category and a sentence. The one place that decides.</summary>
internal static class PeerFailures
{
    /// <summary>A failure without a usable answer.</summary>
    /// <param name="failure">As thrown by the HTTP client.</param>
    /// <param name="origin">Example: "https://b.example".</param>
    public static PeerException Of(Exception failure, string origin) => failure switch
    {
        AddressRefusedException refused => new PeerException(FailureCategory.Misconfigured, refused.Message, refused),
        OperationCanceledException => new PeerException(FailureCategory.Transient, $"The node at {origin} did not answer in time.", failure),
        ResponseTooLargeException tooLarge => new PeerException(FailureCategory.Unexpected, $"The node at {origin} sent an answer that is too large. {tooLarge.Message}", tooLarge),
        _ when Find<AuthenticationException>(failure) is { } tls => new PeerException(
            FailureCategory.Misconfigured, $"The connection to {origin} can't be trusted ({Short(tls.Message)}). Its certificate must be valid for that name; the other admin can correct it.", failure),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new PeerException(
            FailureCategory.Misconfigured, $"No secure connection to {origin} could be made (TLS). Check the address and the port.", failure),
        _ when Find<SocketException>(failure) is { } socket => new PeerException(
            FailureCategory.Unavailable, $"The node at {origin} could not be reached ({Word(socket.SocketErrorCode)}).", failure),
        _ => new PeerException(FailureCategory.Transient, $"The connection to the node at {origin} broke off before it answered.", failure),
    };

    /// <summary>An answer that is no success.</summary>
    public static PeerException Of(HttpStatusCode status, PeerProblem? problem, string origin, TimeSpan? retryAfter)
    {
        var (category, sentence) = problem is null ? OfBareStatus(status, origin) : OfProblem(status, problem, origin);
        return new PeerException(category, sentence)
        {
            StatusCode = (int)status,
            Code = problem?.Code,
            RetryAfter = retryAfter,
            ConnectionGone = problem?.Code == PeerCodes.UnknownConnection,
            ConnectionInactive = problem?.Code == PeerCodes.ConnectionInactive,
        };
    }

    public static PeerException Redirected(Uri? location, string origin)
    {
        var target = location is { IsAbsoluteUri: true } && (location.Scheme == Uri.UriSchemeHttps || location.Scheme == Uri.UriSchemeHttp)
            ? $" to {location.GetLeftPart(UriPartial.Authority)}" : "";
        return new PeerException(FailureCategory.Misconfigured, $"{origin} redirects{target}; redirects are not followed. Enter the node's own address: the Exalate URL on General Settings over there.");
    }

    public static PeerException NoNode(string origin, string saw, Exception? inner = null) => new(
        FailureCategory.Misconfigured,
        $"No Exalate node answers at {origin} ({saw}). Enter the other node's Exalate URL: its admin finds it on General Settings of that console.", inner);

    public static PeerException MessageTooLarge(long bytes, long limit) => new(
        FailureCategory.Rejected,
        $"The message has {bytes / (1024 * 1024)} MB; at most {limit / (1024 * 1024)} MB can be sent. Shorten the description or the comments.");

    public static PeerException TooOldToRecall(Connections.Connection connection, Exception? inner = null) => new(
        FailureCategory.Misconfigured,
        $"The node of {connection.RemoteShortName} (version {connection.RemoteVersion ?? "unknown"}) is too old to say which pairs it knows. When it is updated, this goes on by itself.", inner);

    private static (FailureCategory, string) OfBareStatus(HttpStatusCode status, string origin) => (int)status switch
    {
        429 => (FailureCategory.RateLimited, $"The node at {origin} asks for a pause (429)."),
        503 => (FailureCategory.Unavailable, $"The node at {origin} is not available right now (503)."),
        500 or 502 or 504 or 408 => (FailureCategory.Transient, $"The node at {origin} or something in front of it failed ({(int)status})."),
        413 => (FailureCategory.Rejected, $"Something in front of the node at {origin} refused the message as too large (413)."),
        var other => (FailureCategory.Unexpected, $"{origin} answered {other}, which no Exalate node would. Check that the node runs there and that what stands in front of it passes /peer on."),
    };

    private static (FailureCategory, string) OfProblem(HttpStatusCode status, PeerProblem problem, string origin) => problem.Code switch
    {
        PeerCodes.UnknownConnection => (FailureCategory.Rejected, $"The node at {origin} does not know this connection any more: it was deleted there. Make a new one."),
        PeerCodes.ConnectionInactive => (FailureCategory.Unavailable, $"The connection is not active on the node at {origin}. What is kept here goes out when its admin has activated it."),
        PeerCodes.ClockWindow => (FailureCategory.Misconfigured, $"The clocks of this node and of the node at {origin} are more than 5 minutes apart, so its signature check refuses what we send. Set the clocks (NTP)."),
        PeerCodes.WrongRecipient => (FailureCategory.Misconfigured, $"Another node answers at {origin} than the one this connection was made with."),
        PeerCodes.SignatureInvalid or PeerCodes.SignatureMalformed or PeerCodes.SignatureMissing or PeerCodes.DigestMismatch or PeerCodes.WrongConnection =>
            (FailureCategory.Unauthorized, $"The node at {origin} did not accept our signature ({problem.Code}). Something in front of it may change requests, or the two sides no longer hold the same secret."),
        PeerCodes.Replayed => (FailureCategory.Transient, $"The node at {origin} saw the same request twice and took the first alone."),
        PeerCodes.TooMany or PeerCodes.TooManyOffers => (FailureCategory.RateLimited, $"The node at {origin} gets too many requests right now. Try again in a minute."),
        PeerCodes.SecretUnreadable => (FailureCategory.Unavailable, $"The node at {origin} can't read its secret of this connection: its encryption keys are missing. Its admin has to restore them, or make a new connection."),
        PeerCodes.TooLarge => (FailureCategory.Rejected, $"The node at {origin} refused the message as too large."),
        _ => ((int)status >= 500 ? FailureCategory.Transient : FailureCategory.Rejected, $"The node at {origin} refused ({problem.Code})." + (problem.Detail is { } detail ? " It said: " + Short(detail) : "")),
    };

    private static string Word(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "unknown host name",
        SocketError.TimedOut => "no answer in time",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "network unreachable",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "the connection broke off",
        _ => error.ToString(),
    };

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static string Short(string text)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]).Trim().TrimEnd('.');
        return line.Length <= 300 ? line : line[..300] + "…";
    }

    public static bool IsNetworkFailure(Exception failure) => failure is HttpRequestException or IOException or OperationCanceledException or SocketException or JsonException;
}
