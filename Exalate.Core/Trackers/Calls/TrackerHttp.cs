using System.Collections.Concurrent;
using System.Text.Json;
using Exalate.Core.Http;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Exalate.Core.Trackers.Calls;

/// <summary>Sends calls to one instance and fails with <see cref="TrackerException"/> alone. Thread-safe.</summary>
internal sealed class TrackerHttp(
    TrackerDialect dialect, IOutboundHttp outbound, InstanceGate gate, TrackerHttpOptions options, TimeProvider time, ILogger log)
{
    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    private const int MaxErrorBytes = 256 * 1024;

    private static readonly ResiliencePropertyKey<TimeSpan> AttemptTimeout = new("attempt-timeout");

    private readonly ConcurrentDictionary<string, bool> notices = new();

    private readonly ResiliencePipeline attempt = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(AttemptTimeout, options.AttemptTimeout)),
        })
        .Build();

    public TrackerDialect Dialect => dialect;

    /// <summary>The JSON answer; 404 as an answer only where the call says so.</summary>
    public Task<TrackerAnswer> SendAsync(TrackerCall call, CancellationToken cancellationToken) =>
        RunAsync(call, () => NewRequest(call, true), (answer, token) => ReadJsonAsync(call, answer, token), cancellationToken);

    /// <summary>The answer with its body unread, for downloads: success or a redirect, null for 404. The caller disposes it.</summary>
    public Task<HttpResponseMessage?> OpenAsync(TrackerCall call, CancellationToken cancellationToken) =>
        RunAsync(call, () => NewRequest(call, false), (answer, token) => KeepOpenAsync(call, answer, token), cancellationToken);

    /// <summary>As <see cref="OpenAsync"/>, from an address the vendor named, without our credential.</summary>
    public Task<HttpResponseMessage?> OpenAnonymouslyAsync(Uri address, TrackerCall call, CancellationToken cancellationToken) =>
        RunAsync(call, () => new HttpRequestMessage(HttpMethod.Get, address), (answer, token) => KeepOpenAsync(call, answer, token), cancellationToken);

    /// <summary>Puts into the log what is passed over.</summary>
    public void Warn(string sentence) => log.PassedOver(dialect.InstanceUrl, sentence);

    private async Task<T> RunAsync<T>(
        TrackerCall call, Func<HttpRequestMessage> request, Func<HttpResponseMessage, CancellationToken, Task<T>> finish, CancellationToken cancellationToken)
    {
        if (dialect.CredentialProblem is { } problem)
        {
            throw new TrackerException(FailureCategory.Unauthorized, $"{problem} Enter the token of {dialect.Product} at {dialect.InstanceUrl} again in General Settings.");
        }

        try
        {
            return await gate.Pipeline.ExecuteAsync(async token => await TryOnceAsync(call, request, finish, token), cancellationToken);
        }
        catch (BrokenCircuitException e)
        {
            throw TrackerFailures.LeftAlone(dialect, call, e.RetryAfter, e.InnerException);
        }
    }

    private async Task<T> TryOnceAsync<T>(
        TrackerCall call, Func<HttpRequestMessage> request, Func<HttpResponseMessage, CancellationToken, Task<T>> finish, CancellationToken cancellationToken)
    {
        using var place = await gate.EnterAsync(dialect, call, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(AttemptTimeout, call.Timeout ?? options.AttemptTimeout);
        try
        {
            return await attempt.ExecuteAsync(async c => await ExchangeAsync(request, finish, c.CancellationToken), context);
        }
        catch (Exception e) when (Source(e) is { } unreadable)
        {
            throw TrackerFailures.FileUnreadable(dialect, call, unreadable);
        }
        catch (TimeoutRejectedException e)
        {
            throw TrackerFailures.TimedOut(dialect, call, call.Timeout ?? options.AttemptTimeout, e);
        }
        catch (HttpRequestException e)
        {
            throw TrackerFailures.FromConnection(dialect, call, e);
        }
        catch (IOException e)
        {
            throw TrackerFailures.Interrupted(dialect, call, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw TrackerFailures.NeverConnected(dialect, e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> ExchangeAsync<T>(
        Func<HttpRequestMessage> newRequest, Func<HttpResponseMessage, CancellationToken, Task<T>> finish, CancellationToken cancellationToken)
    {
        using var client = outbound.CreateClient(OutboundPurpose.Tracker, dialect.ApiBase);
        using var request = newRequest();
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            return await finish(answer, cancellationToken);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private HttpRequestMessage NewRequest(TrackerCall call, bool wantsJson)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(dialect.ApiBase, call.Path)) { Content = call.Content?.Invoke() };
        request.Headers.Authorization = dialect.Authorization;
        request.Headers.Accept.Add(new(wantsJson ? "application/json" : "*/*"));
        request.Headers.TryAddWithoutValidation("User-Agent", "Exalate");
        if (call.SkipsXsrfCheck)
        {
            request.Headers.TryAddWithoutValidation("X-Atlassian-Token", "no-check");
        }

        return request;
    }

    private async Task<TrackerAnswer> ReadJsonAsync(TrackerCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using (answer)
        {
            var status = (int)answer.StatusCode;
            if (!answer.IsSuccessStatusCode && status != call.AlsoGood)
            {
                return await RefusedAsync(call, answer, cancellationToken) is { } failure ? throw failure : new TrackerAnswer(status, null);
            }

            Observe(answer, null);
            var body = await answer.Content.ReadBoundedAsync(MaxAnswerBytes, cancellationToken);
            try
            {
                return new TrackerAnswer(status, body.Length == 0 ? null : JsonReading.Parse(body));
            }
            catch (JsonException)
            {
                throw TrackerFailures.NotTheApi(dialect, call, status, answer.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    private async Task<HttpResponseMessage?> KeepOpenAsync(TrackerCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode || (int)answer.StatusCode is >= 300 and < 400)
        {
            return answer;
        }

        using (answer)
        {
            return await RefusedAsync(call, answer, cancellationToken) is { } failure ? throw failure : null;
        }
    }

    // Null when the answer is a 404 that the call takes as an answer.
    private async Task<TrackerException?> RefusedAsync(TrackerCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var retryAfter = RetryAfter(answer);
        Observe(answer, retryAfter);
        byte[] body;
        try
        {
            body = await answer.Content.ReadBoundedAsync(MaxErrorBytes, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The status already says enough; the vendor's words are lost.
            body = [];
        }

        var failure = TrackerFailures.FromAnswer(dialect, call, answer, body, retryAfter);
        return call.MayBeMissing && failure is { StatusCode: 404, Category: FailureCategory.Rejected } ? null : failure;
    }

    private void Observe(HttpResponseMessage answer, TimeSpan? retryAfter)
    {
        if (dialect.RestAfter(answer, retryAfter) is { } rest && rest > TimeSpan.Zero)
        {
            if (rest > TimeSpan.FromSeconds(1))
            {
                log.Resting(dialect.InstanceUrl, rest);
            }

            gate.Rest(rest);
        }

        if (dialect.Notice(answer) is { } notice && notices.Count < 50 && notices.TryAdd(notice, true))
        {
            log.VendorNotice(dialect.InstanceUrl, dialect.Redact(notice));
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var header = answer.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is null ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static SourceUnreadableException? Source(Exception? e) => e is null or SourceUnreadableException ? e as SourceUnreadableException : Source(e.InnerException);
}
