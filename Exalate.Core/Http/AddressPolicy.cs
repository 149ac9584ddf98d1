using System.Net;
using System.Net.Sockets;

namespace Exalate.Core.Http;

/// <summary>
/// Which addresses the node may connect to: public ones always, all others only inside a network an administrator allowed, some never.
/// Works on the address that is connected to, never on the name, so a name that changes its mind between check and connection gains nothing.
/// </summary>
/// <remarks>The lists follow the IANA special-purpose address registries (RFC 6890 and its updates).</remarks>
public sealed class AddressPolicy(IAllowedNetworks allowed)
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Inside 2000::/3, the only block of IPv6 that is handed out for the public: 2001::/23 holds Teredo, ORCHID and benchmarks.
    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork GlobalUnicastV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork V4Compatible = IPNetwork.Parse("::/96");

    /// <summary>True when the node may open a connection to the address.</summary>
    public bool Allows(IPAddress address)
    {
        var target = Effective(address);
        if (IsNeverAllowed(target))
        {
            return false;
        }

        return IsPublic(target) || allowed.Current.Any(network => Contains(network, target) || Contains(network, address));
    }

    /// <summary>The sentence for an address that is refused.</summary>
    /// <param name="host">As it stood in the URL. Example: "tracker.local".</param>
    /// <param name="address">What it resolved to. Example: 10.0.0.5.</param>
    public static string Refusal(string host, IPAddress address)
    {
        var target = Effective(address);
        var name = host == address.ToString() || host == $"[{address}]" ? $"'{host}'" : $"'{host}' ({address})";
        if (IsNeverAllowed(target))
        {
            return $"The address {name} is not one that a server can have, so this node does not call it. Check the URL.";
        }

        var where = IPAddress.IsLoopback(target) ? "is this machine itself, a private network" : "is in a private network";
        var prefix = target.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return $"The address {name} {where}, which this node does not call. An administrator can allow it in General Settings "
            + $"under 'Allowed private networks', for example {WithoutScope(target)}/{prefix}.";
    }

    // IPv6 has several ways to spell an IPv4 address; what counts is where the packet ends up.
    private static IPAddress Effective(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(WithoutScope(address)))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        if (SixToFour.Contains(WithoutScope(address)))
        {
            return new IPAddress(bytes.AsSpan(2, 4));
        }

        var isOld = V4Compatible.Contains(WithoutScope(address)) && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.IPv6Any);
        return isOld ? new IPAddress(bytes.AsSpan(12, 4)) : address;
    }

    private static bool IsNeverAllowed(IPAddress target) =>
        target.AddressFamily == AddressFamily.InterNetwork
            ? target.GetAddressBytes() is [0, ..] or [>= 224, ..]
            : target.IsIPv6Multicast || target.Equals(IPAddress.IPv6Any);

    private static bool IsPublic(IPAddress target)
    {
        if (target.AddressFamily == AddressFamily.InterNetwork)
        {
            return !SpecialV4.Any(network => network.Contains(target));
        }

        var plain = WithoutScope(target);
        return GlobalUnicastV6.Contains(plain) && !SpecialV6.Any(network => network.Contains(plain));
    }

    private static bool Contains(IPNetwork network, IPAddress address) =>
        network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(WithoutScope(address));

    private static IPAddress WithoutScope(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
}
