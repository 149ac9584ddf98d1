using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Exalate.Core.Http;
using Exalate.Core.Replicas;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Peers;

/// <summary>The unsigned questions of the protocol: about, and the invitation exchange. Fails with <see cref="PeerException"/> alone.</summary>
internal sealed class PeerHttp(IOutboundHttp outbound, TimeProvider time, IOptions<PeerOptions> options)
{
    internal const string Root = "/peer/v1";
    private const int MaxAnswerBytes = 64 * 1024;

    public async Task<PeerAbout> AboutAsync(string origin, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{origin}{Root}/about");
        try
        {
            var about = await SendAsync<PeerAbout>(request, origin, options.Value.QuestionTimeout, cancellationToken);
            return about.Product == PeerAbout.ProductName ? about : throw PeerFailures.NoNode(origin, "something else answers");
        }
        catch (PeerException e) when (e is { StatusCode: >= 200 and < 500 and not 429, Code: null })
        {
            throw PeerFailures.NoNode(origin, e.StatusCode < 300 ? "something else answers" : $"HTTP {e.StatusCode}", e);
        }
        catch (PeerException e) when (e.InnerException is ResponseTooLargeException)
        {
            throw PeerFailures.NoNode(origin, "something else answers", e);
        }
    }

    public async Task<TAnswer> AskAsync<TQuestion, TAnswer>(string origin, string path, TQuestion question, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, origin + Root + path) { Content = Json(JsonSerializer.SerializeToUtf8Bytes(question, ReplicaJson.Options)) };
        return await SendAsync<TAnswer>(request, origin, timeout, cancellationToken);
    }

    public static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>The problem document of a failed answer; null when the body is none.</summary>
    public static PeerProblem? ReadProblem(HttpContentHeaders headers, ReadOnlySpan<byte> body)
    {
        if (headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<PeerProblem>(body, ReplicaJson.Options) is { Code.Length: > 0 and <= 60 } problem ? problem : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    private async Task<TAnswer> SendAsync<TAnswer>(HttpRequestMessage request, string origin, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var client = outbound.CreateClient(OutboundPurpose.Peer, new Uri(origin));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Exalate", ExalateCore.Version));
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var body = await answer.Content.ReadBoundedAsync(MaxAnswerBytes, both.Token);
            return Read<TAnswer>(answer, body, origin);
        }
        catch (Exception e) when (PeerFailures.IsNetworkFailure(e) && !cancellationToken.IsCancellationRequested)
        {
            throw PeerFailures.Of(e, origin);
        }
    }

    private TAnswer Read<TAnswer>(HttpResponseMessage answer, byte[] body, string origin)
    {
        if ((int)answer.StatusCode is >= 300 and < 400)
        {
            throw PeerFailures.Redirected(answer.Headers.Location, origin);
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw PeerFailures.Of(answer.StatusCode, ReadProblem(answer.Content.Headers, body), origin, RetryAfter(answer));
        }

        try
        {
            return JsonSerializer.Deserialize<TAnswer>(body, ReplicaJson.Options) ?? throw new JsonException("The answer is empty.");
        }
        catch (JsonException e)
        {
            throw new PeerException(Trackers.FailureCategory.Unexpected, $"The node at {origin} sent an answer that can't be read.", e) { StatusCode = (int)HttpStatusCode.OK };
        }
    }
}
