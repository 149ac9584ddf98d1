using System.Net.Http.Headers;
using System.Text;

namespace Exalate.Sandbox.Deliveries;

/// <summary>Makes webhook calls: no proxy, no redirects, no cookies, one time limit.</summary>
internal sealed class WebhookCaller(TimeSpan timeout) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = timeout,
    };

    public async Task<(DeliveryOutcome Outcome, HttpResponseHeaders? Headers)> PostAsync(
        string url, string body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
                },
            };
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            return (new DeliveryOutcome((int)response.StatusCode, null), response.Headers);
        }
        catch (HttpRequestException problem)
        {
            return (new DeliveryOutcome(null, problem.Message), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (new DeliveryOutcome(null, $"no answer within {client.Timeout.TotalSeconds} s"), null);
        }
    }

    public void Dispose() => client.Dispose();
}
