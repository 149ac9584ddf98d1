using System.Net;
using System.Net.Sockets;

namespace Exalate.Core.Http;

/// <summary>Whom a limit by address counts as one caller.</summary>
public static class AddressGroup
{
    private const int NetworkBytes = 8;

    /// <summary>
    /// The address itself for IPv4 (also when it came mapped into IPv6), the /64 network for IPv6: one household or server has all of it, and could call from another address each time.
    /// Examples: "198.51.100.7", "2001:db8:0:1::/64"; "" when the address is not known.
    /// </summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes) + "/64";
    }

    /// <inheritdoc cref="Of(IPAddress?)"/>
    public static string Of(string? address) => IPAddress.TryParse(address, out var parsed) ? Of(parsed) : address ?? "";
}
