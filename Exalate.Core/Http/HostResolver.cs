using System.Net;

namespace Exalate.Core.Http;

/// <summary>Names to addresses; a port so that a test can play a hostile name server.</summary>
internal interface IHostResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">The name is unknown.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>The operating system's resolver, except that "localhost" and names below it never leave this machine (RFC 6761, 6.3).</summary>
internal sealed class SystemHostResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        return IsLocalhost(host) ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : await Dns.GetHostAddressesAsync(host, cancellationToken);
    }

    internal static bool IsLocalhost(string host)
    {
        var name = host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
