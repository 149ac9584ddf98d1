using System.Net;
using System.Net.Sockets;

namespace Exalate.Core.Http;

/// <summary>Opens the connections: resolves, asks the policy about each address, and connects to the very address it asked about.</summary>
internal sealed class GuardedConnector(AddressPolicy policy, IHostResolver resolver, TimeProvider time)
{
    // A dead address must leave time for the next one within the handler's connect time-out.
    internal static readonly TimeSpan PerAddress = TimeSpan.FromSeconds(5);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var isPlain = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp;
        var addresses = await resolver.ResolveAsync(host, cancellationToken);
        if (addresses.Count == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var usable = addresses.Where(policy.Allows).ToList();
        if (usable.Count == 0)
        {
            throw new AddressRefusedException(AddressPolicy.Refusal(host, addresses[0]));
        }

        if (isPlain && !usable.TrueForAll(IPAddress.IsLoopback))
        {
            throw new AddressRefusedException(PlainHttpRefusal(host));
        }

        return await ConnectToFirstAsync(usable, context.DnsEndPoint.Port, cancellationToken);
    }

    internal static string PlainHttpRefusal(string host) =>
        $"The address of '{host}' starts with http://, which would send secrets readable over the network. Enter it with https://.";

    private async Task<Stream> ConnectToFirstAsync(List<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectToAsync(new IPEndPoint(addresses[i], port), cancellationToken);
            }
            catch (SocketException) when (i < addresses.Count - 1)
            {
                // The next address of the same name may answer.
            }
        }
    }

    private async Task<Stream> ConnectToAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var patience = new CancellationTokenSource(PerAddress, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await socket.ConnectAsync(endPoint, both.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
