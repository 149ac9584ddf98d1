using Exalate.Core.Peers;
using Exalate.Core.Sync;
using Microsoft.AspNetCore.Http.Features;

namespace Exalate.Console.Endpoints;

/// <summary>Where trackers call: <c>POST /hooks/{registrationId}</c>. Open as far as sign-in goes; the core checks the vendor's signature over the raw body.</summary>
public static class WebhookEndpoints
{
    /// <summary>Jira sends the whole issue with every change.</summary>
    internal const int MaxBodyBytes = 10 * 1024 * 1024;

    // A bulk edit of thousands comes from one address within seconds; the trackers repeat what is refused.
    private const int Burst = 2_000;
    private const int PerSecond = 100;

    public static IEndpointRouteBuilder MapWebhookEndpoints(this IEndpointRouteBuilder routes)
    {
        var limiter = new AddressLimiter(routes.ServiceProvider.GetRequiredService<TimeProvider>(), Burst, PerSecond);
        routes.MapPost("/hooks/{registrationId}", (HttpContext http, string registrationId, IWebhookReceiver receiver) => ReceiveAsync(http, registrationId, receiver, limiter))
            .AllowAnonymous()
            .DisableAntiforgery();
        return routes;
    }

    private static async Task ReceiveAsync(HttpContext http, string registrationId, IWebhookReceiver receiver, AddressLimiter limiter)
    {
        if (limiter.PauseFor(http.Connection.RemoteIpAddress?.ToString()) is { } pause)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(pause.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return;
        }

        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value.ToArray()), StringComparer.OrdinalIgnoreCase);
        var answer = await receiver.ReceiveAsync(registrationId, headers, cancellationToken => ReadAsync(http, cancellationToken), http.RequestAborted);
        http.Response.StatusCode = answer.Status;
        if (answer is { HeaderName: { } name, HeaderValue: { } value })
        {
            http.Response.Headers[name] = value;
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Request.ContentLength > MaxBodyBytes)
        {
            return null;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        using var collected = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (collected.Length + read > MaxBodyBytes)
            {
                return null;
            }

            collected.Write(buffer, 0, read);
        }

        return collected.ToArray();
    }
}
