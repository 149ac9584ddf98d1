using System.Globalization;
using System.Net;
using Exalate.Core.Http;

namespace Exalate.Core.Trackers.Calls;

/// <summary>The one place that turns answers and broken connections into <see cref="TrackerException"/>.</summary>
internal static class TrackerFailures
{
    internal static TrackerException FromAnswer(TrackerDialect dialect, TrackerCall call, HttpResponseMessage answer, byte[] body, TimeSpan? retryAfter)
    {
        var status = (int)answer.StatusCode;
        var said = VendorWords.Read(body) is { } words ? dialect.Redact(words) : null;
        var category = Categorise(dialect, call, answer);
        return new TrackerException(category, Sentence(dialect, call, answer, category, said, retryAfter))
        {
            StatusCode = status,
            TrackerSaid = said,
            RetryAfter = retryAfter,
            OutcomeUnknown = !call.IsRead && (status is >= 500 or 408),
            TargetGone = !call.IsRead && status == 404 && category == FailureCategory.Rejected,
        };
    }

    /// <summary>The answer was good by its status, but is not what this API sends.</summary>
    internal static TrackerException NotTheApi(TrackerDialect dialect, TrackerCall call, int status, string? mediaType)
    {
        var sentence = call.IsRead
            ? $"{dialect.InstanceUrl} answered with something that is not {dialect.Product} ({status}, {mediaType ?? "no type"}) when the node wanted to {call.Doing}. "
                + "Check the tracker's address in General Settings."
            : $"{dialect.Product} at {dialect.InstanceUrl} sent an answer that can't be read ({status}, {mediaType ?? "no type"}) when the node wanted to {call.Doing}.";
        return new TrackerException(call.IsRead ? FailureCategory.Misconfigured : FailureCategory.Unexpected, sentence)
        {
            StatusCode = status,
            OutcomeUnknown = !call.IsRead,
        };
    }

    internal static TrackerException FromConnection(TrackerDialect dialect, TrackerCall call, HttpRequestException e)
    {
        var where = $"{dialect.Product} at {dialect.InstanceUrl}";
        return e.HttpRequestError switch
        {
            _ when e is AddressRefusedException => new(FailureCategory.Misconfigured, $"{where} can't be called. {e.Message}", e),
            HttpRequestError.NameResolutionError =>
                new(FailureCategory.Unavailable, $"{where} can't be reached: the name '{dialect.ApiBase.Host}' is unknown. Check the address and this machine's DNS.", e),
            HttpRequestError.SecureConnectionError =>
                new(FailureCategory.Unavailable, $"{where} can't be reached: no secure connection (TLS) came about. Check the certificate of '{dialect.ApiBase.Host}'.", e),
            HttpRequestError.ConnectionError =>
                new(FailureCategory.Unavailable, $"{where} can't be reached: the connection to '{dialect.ApiBase.Authority}' was refused. Check that it runs and that no firewall is in between.", e),
            _ when e is ResponseTooLargeException =>
                new(FailureCategory.Unexpected, $"{where} sent a larger answer than the node takes when it wanted to {call.Doing}.", e) { OutcomeUnknown = !call.IsRead },
            _ => Interrupted(dialect, call, e),
        };
    }

    internal static TrackerException Interrupted(TrackerDialect dialect, TrackerCall call, Exception e) =>
        new(FailureCategory.Transient, $"The connection to {dialect.Product} at {dialect.InstanceUrl} broke when the node wanted to {call.Doing}.{Doubt(call)}", e)
        {
            OutcomeUnknown = !call.IsRead,
        };

    internal static TrackerException TimedOut(TrackerDialect dialect, TrackerCall call, TimeSpan after, Exception e) =>
        new(FailureCategory.Transient, $"{dialect.Product} at {dialect.InstanceUrl} did not answer within {Seconds(after)} when the node wanted to {call.Doing}.{Doubt(call)}", e)
        {
            OutcomeUnknown = !call.IsRead,
        };

    internal static TrackerException NeverConnected(TrackerDialect dialect, Exception e) =>
        new(FailureCategory.Unavailable, $"{dialect.Product} at {dialect.InstanceUrl} can't be reached: no connection came about in time.", e);

    internal static TrackerException LeftAlone(TrackerDialect dialect, TrackerCall call, TimeSpan? retryAfter, Exception? last) =>
        new(FailureCategory.Unavailable, $"{dialect.Product} at {dialect.InstanceUrl} failed several times in a row, so the node leaves it alone for a moment and did not {call.Doing}. "
            + $"{(last as TrackerException ?? last?.InnerException as TrackerException)?.Message}".TrimEnd(), last)
        {
            RetryAfter = retryAfter,
        };

    internal static TrackerException Resting(TrackerDialect dialect, TrackerCall call, TimeSpan rest) =>
        new(FailureCategory.RateLimited, $"{dialect.Product} at {dialect.InstanceUrl} asked for fewer calls; the node waits {Seconds(rest)} before it tries to {call.Doing}.")
        {
            RetryAfter = rest,
        };

    internal static TrackerException FileUnreadable(TrackerDialect dialect, TrackerCall call, Exception e) =>
        new(FailureCategory.Unexpected, $"The node could not {call.Doing} in {dialect.Product} at {dialect.InstanceUrl}, because the file's content could not be read. {e.Message}", e);

    private static FailureCategory Categorise(TrackerDialect dialect, TrackerCall call, HttpResponseMessage answer) => (int)answer.StatusCode switch
    {
        401 when call.IsAnonymous => FailureCategory.Rejected,
        401 => FailureCategory.Unauthorized,
        403 when call.ProvesAccess || dialect.RefusesAccount(answer) => FailureCategory.Unauthorized,
        404 or 410 when call.ProvesAccess || IsForeignPage(answer) => FailureCategory.Misconfigured,
        429 => FailureCategory.RateLimited,
        503 => FailureCategory.Unavailable,
        408 or >= 500 => FailureCategory.Transient,
        >= 400 => FailureCategory.Rejected,
        >= 300 => FailureCategory.Misconfigured,
        _ => FailureCategory.Unexpected,
    };

    // An absent entity is told in the vendor's JSON; an absent path in a page or as "problem+json".
    private static bool IsForeignPage(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentType?.MediaType is { } type
        && (type.Contains("html", StringComparison.OrdinalIgnoreCase) || type.Contains("problem+json", StringComparison.OrdinalIgnoreCase));

    private static string Sentence(
        TrackerDialect dialect, TrackerCall call, HttpResponseMessage answer, FailureCategory category, string? said, TimeSpan? retryAfter)
    {
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        var where = $"{dialect.Product} at {dialect.InstanceUrl}";
        var words = said is null ? string.Empty : $" It said: \"{said}\"";
        return category switch
        {
            FailureCategory.Unauthorized =>
                $"{where} refused the token ({status}) when the node wanted to {call.Doing}.{words} Enter a new token in General Settings.",
            FailureCategory.RateLimited =>
                $"{where} asked for fewer calls ({status}) when the node wanted to {call.Doing}.{words}{After(retryAfter)}",
            FailureCategory.Unavailable => $"{where} is not available ({status}), so the node could not {call.Doing}.{words}{After(retryAfter)}{Doubt(call)}",
            FailureCategory.Transient => $"{where} failed ({status}) when the node wanted to {call.Doing}.{words}{Doubt(call)}",
            FailureCategory.Misconfigured when answer.StatusCode is >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest =>
                $"{dialect.InstanceUrl} answered with a redirect ({status}{Host(answer)}) when the node wanted to {call.Doing}. Enter the tracker's final address in General Settings.",
            FailureCategory.Misconfigured =>
                $"{dialect.InstanceUrl} does not answer like {dialect.Product} ({status}) when the node wants to {call.Doing}.{words} Check the tracker's address in General Settings.",
            _ => $"{where} refused to {call.Doing} ({status}).{words}{Advice(answer.StatusCode, words)}",
        };
    }

    private static string Advice(HttpStatusCode status, string words) => status switch
    {
        HttpStatusCode.NotFound => " It does not exist (any more), or the node's account may not see it.",
        HttpStatusCode.Forbidden => " Give the node's account the permission, then retry.",
        HttpStatusCode.RequestEntityTooLarge => " It is larger than the tracker allows.",
        HttpStatusCode.PaymentRequired => " The tracker's plan does not include this.",
        _ when words.Length == 0 => " It gave no reason.",
        _ => string.Empty,
    };

    private static string Host(HttpResponseMessage answer) =>
        answer.Headers.Location is { IsAbsoluteUri: true } location ? $" to {location.Host}" : string.Empty;

    private static string After(TimeSpan? retryAfter) => retryAfter is { } wait ? $" It can be tried again in {Seconds(wait)}." : string.Empty;

    private static string Doubt(TrackerCall call) => call.IsRead ? string.Empty : " Whether it was done is unknown; the node looks before it tries again.";

    private static string Seconds(TimeSpan time) => time < TimeSpan.FromSeconds(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");
}
