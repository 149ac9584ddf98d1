using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Options;

namespace Exalate.Core.Http;

/// <summary>The private networks that an administrator allowed. Read for every new connection, so a change holds within two minutes (the life of a pooled connection).</summary>
public interface IAllowedNetworks
{
    /// <summary>Empty: only public addresses.</summary>
    IReadOnlyList<IPNetwork> Current { get; }
}

/// <summary>Settings for outbound HTTP.</summary>
public sealed class OutboundHttpOptions
{
    /// <summary>Private networks that may be called, each as CIDR or single address. Default: none. Example: "10.20.0.0/16", "127.0.0.0/8", "::1".</summary>
    public IList<string> AllowedNetworks { get; init; } = [];
}

/// <summary>Holds the allowed networks: starts with the configured ones, replaced whole when an administrator saves others. Thread-safe.</summary>
public sealed class AllowedNetworks : IAllowedNetworks
{
    private volatile IReadOnlyList<IPNetwork> current;

    public AllowedNetworks(IReadOnlyList<IPNetwork> initial) => current = initial;

    /// <exception cref="OptionsValidationException">A configured network can't be read.</exception>
    public AllowedNetworks(IOptions<OutboundHttpOptions> options)
    {
        if (!TryParse(options.Value.AllowedNetworks, out var networks, out var problem))
        {
            throw new OptionsValidationException(nameof(OutboundHttpOptions), typeof(OutboundHttpOptions), [$"Outbound:AllowedNetworks: {problem}"]);
        }

        current = networks;
    }

    public IReadOnlyList<IPNetwork> Current => current;

    public void Replace(IReadOnlyList<IPNetwork> networks) => current = networks;

    /// <summary>Reads a list as people type it: CIDR or single addresses, host bits forgiven, empty entries skipped.</summary>
    /// <param name="entries">Example: ["10.0.0.0/8", "192.168.1.7", "::1"].</param>
    /// <param name="networks">The networks when all could be read.</param>
    /// <param name="problem">A sentence about the first entry that could not be read.</param>
    public static bool TryParse(IEnumerable<string> entries, out IReadOnlyList<IPNetwork> networks, [NotNullWhen(false)] out string? problem)
    {
        var parsed = new List<IPNetwork>();
        networks = parsed;
        foreach (var entry in entries.Select(e => e.Trim()).Where(e => e.Length > 0))
        {
            if (ParseOne(entry) is not { } network)
            {
                networks = [];
                problem = $"'{entry}' is not a network. Write it as an address with a prefix length, for example 10.20.0.0/16, or as a single address.";
                return false;
            }

            parsed.Add(network);
        }

        problem = null;
        return true;
    }

    private static IPNetwork? ParseOne(string entry)
    {
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? entry : entry[..slash], out var address))
        {
            return null;
        }

        var bits = address.GetAddressBytes().Length * 8;
        if (slash >= 0 && (!int.TryParse(entry.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var typed) || typed > bits))
        {
            return null;
        }

        var prefix = slash < 0 ? bits : int.Parse(entry.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null);
        return new IPNetwork(WithoutHostBits(address, prefix), prefix);
    }

    private static IPAddress WithoutHostBits(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
