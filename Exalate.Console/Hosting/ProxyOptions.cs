using Exalate.Core.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Exalate.Console.Hosting;

/// <summary>Section <c>Exalate:Proxy</c>: the reverse proxy that stands before this node, if any.</summary>
public sealed class ProxyOptions
{
    /// <summary>
    /// Addresses or networks whose X-Forwarded-For, -Proto and -Host headers are believed, separated by comma or blank. Example: "10.0.0.5, 172.16.0.0/12".
    /// Empty (default): nobody's, and the headers are ignored.
    /// </summary>
    public string? Trusted { get; set; }

    public bool IsUsed => Split().Length > 0;

    public void Apply(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        AllowedNetworks.TryParse(Split(), out var networks, out _);
        foreach (var network in networks)
            forwarded.KnownIPNetworks.Add(network);
    }

    internal string[] Split() => (Trusted ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options) =>
        AllowedNetworks.TryParse(options.Split(), out _, out var problem)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Exalate:Proxy:Trusted: {problem}");
}
