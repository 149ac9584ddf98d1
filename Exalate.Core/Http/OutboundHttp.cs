using System.Diagnostics;
using System.Net;

namespace Exalate.Core.Http;

/// <inheritdoc cref="IOutboundHttp"/>
internal sealed class OutboundHttp : IOutboundHttp, IDisposable
{
    /// <summary>For bodies that <see cref="HttpClient"/> itself buffers; whoever streams sets a bound of their own.</summary>
    internal const long MaxBufferedBytes = 32 * 1024 * 1024;

    private readonly GuardedHandler tracker;
    private readonly GuardedHandler peer;

    public OutboundHttp(AddressPolicy policy, IHostResolver resolver, TimeProvider time)
    {
        var connector = new GuardedConnector(policy, resolver, time);
        tracker = new GuardedHandler(NewHandler(connector, DecompressionMethods.All));
        peer = new GuardedHandler(NewHandler(connector, DecompressionMethods.None));
    }

    public HttpClient CreateClient(OutboundPurpose purpose, Uri baseAddress)
    {
        GuardedHandler.Check(baseAddress);
        return new HttpClient(purpose == OutboundPurpose.Tracker ? tracker : peer, disposeHandler: false)
        {
            BaseAddress = baseAddress,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxBufferedBytes,
        };
    }

    public void Dispose()
    {
        tracker.Dispose();
        peer.Dispose();
    }

    private static SocketsHttpHandler NewHandler(GuardedConnector connector, DecompressionMethods decompression) => new()
    {
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = decompression,
        // Changed DNS answers and changed allowed networks hold within this time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),
        MaxConnectionsPerServer = 128,
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // Our trace ids are nobody else's business.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    };
}

/// <summary>Checks what can be seen in the URL, and takes a refusal out of the wrapping that the socket handler puts around it.</summary>
internal sealed class GuardedHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request.RequestUri);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefusedException refused)
        {
            throw new AddressRefusedException(refused.Message);
        }
    }

    internal static void Check(Uri? address)
    {
        if (address is not { IsAbsoluteUri: true } || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new AddressRefusedException("Only addresses that start with https:// (or http:// on this machine) can be called. Check the URL.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new AddressRefusedException($"The address of '{address.Host}' carries a user name or password in front of the @. Remove it from the URL.");
        }
    }
}
