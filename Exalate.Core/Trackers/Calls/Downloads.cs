namespace Exalate.Core.Trackers.Calls;

/// <summary>Following a download to where the file lies. Our credential never goes there.</summary>
internal static class Downloads
{
    private const int MaxRedirects = 5;

    /// <summary>The file's bytes; null when the tracker, or the place it named, says that the file is gone.</summary>
    /// <param name="http">The instance.</param>
    /// <param name="answer">The tracker's own answer, success or redirect; null for a 404.</param>
    /// <param name="call">What is being done, for sentences.</param>
    /// <param name="options">For the patience.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Until the first byte; reading takes its own.</param>
    internal static async Task<Stream?> FollowAsync(
        this TrackerHttp http, HttpResponseMessage? answer, TrackerCall call, TrackerHttpOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var hops = 0; answer is not null; hops++)
        {
            if (answer.IsSuccessStatusCode)
            {
                return new DownloadStream(answer, await answer.Content.ReadAsStreamAsync(cancellationToken), http.Dialect, call, options.StallTimeout, time);
            }

            using var redirect = answer;
            var target = Target(redirect);
            if (target is null || hops == MaxRedirects)
            {
                throw new TrackerException(
                    FailureCategory.Unexpected, $"{http.Dialect.Product} at {http.Dialect.InstanceUrl} redirects in circles or to nowhere when the node wanted to {call.Doing}.")
                {
                    StatusCode = (int)redirect.StatusCode,
                };
            }

            answer = await http.OpenAnonymouslyAsync(target, call with { IsAnonymous = true }, cancellationToken);
        }

        return null;
    }

    private static Uri? Target(HttpResponseMessage redirect) =>
        redirect.Headers.Location is { } location && redirect.RequestMessage?.RequestUri is { } asked ? new Uri(asked, location) : null;
}
