namespace Exalate.Core.Http;

/// <summary>What a call is for; each purpose has its own connection pool and limits.</summary>
public enum OutboundPurpose
{
    /// <summary>A tracker's REST API and its media addresses: answers may be compressed.</summary>
    Tracker,

    /// <summary>Another node: answers come byte for byte, because their digest is checked.</summary>
    Peer,
}

/// <summary>
/// The only way out of the node. Every client made here refuses addresses that <see cref="AddressPolicy"/> does not allow, follows no redirect,
/// keeps no cookie, uses no proxy, and speaks plain HTTP to this machine alone.
/// </summary>
public interface IOutboundHttp
{
    /// <summary>
    /// A client that shares its purpose's connection pool; cheap, thread-safe, to be kept or thrown away at will (disposing it leaves the pool alone).
    /// It has no time-out of its own: pass a token that ends. Read bodies with <see cref="BoundedContent.ReadBoundedAsync"/> or as a stream.
    /// </summary>
    /// <param name="purpose">Which pool and limits.</param>
    /// <param name="baseAddress">Absolute http or https address. Example: "https://acme.atlassian.net/".</param>
    /// <exception cref="AddressRefusedException">Here for an address that is not http(s) or carries a password; from each call, for one that the policy refuses.</exception>
    HttpClient CreateClient(OutboundPurpose purpose, Uri baseAddress);
}
