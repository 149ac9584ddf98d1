namespace Exalate.Core.Peers;

/// <summary>A change on its way to the partner. Travels as JSON (camel case); unknown properties are ignored.</summary>
public sealed record SyncRequestMessage
{
    /// <summary>Unique on the connection; the same for every delivery of this message. 1-100 characters.</summary>
    public required string EventId { get; init; }
}

/// <summary>What became of a request, on its way back under the request's event id.</summary>
public sealed record SyncResultMessage
{
    /// <summary>The request's.</summary>
    public required string EventId { get; init; }
}
