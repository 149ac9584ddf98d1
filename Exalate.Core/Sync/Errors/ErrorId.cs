using System.Globalization;

namespace Exalate.Core.Sync.Errors;

internal enum ErrorKind
{
    Event,
    Request,
    Connection,

    /// <summary>A connection that a guard holds.</summary>
    Held,
    Tracker,
    Node,
}

/// <summary>The name of an error in an address, taken apart.</summary>
/// <param name="Row">Of the event or request.</param>
internal sealed record ErrorId(ErrorKind Kind, long Row = 0, Guid ConnectionId = default)
{
    private const string TrackerWord = "tracker";
    private const string NodeWord = "node";

    /// <summary>Null for what names no error.</summary>
    public static ErrorId? Read(string? text) => text switch
    {
        TrackerWord => new(ErrorKind.Tracker),
        NodeWord => new(ErrorKind.Node),
        ['c', .. var id] when Guid.TryParseExact(id, "N", out var connection) => new(ErrorKind.Connection, ConnectionId: connection),
        ['h', .. var id] when Guid.TryParseExact(id, "N", out var connection) => new(ErrorKind.Held, ConnectionId: connection),
        ['e', .. var row] when long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => new(ErrorKind.Event, id),
        ['r', .. var row] when long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => new(ErrorKind.Request, id),
        _ => null,
    };

    public override string ToString() => Kind switch
    {
        ErrorKind.Event => string.Create(CultureInfo.InvariantCulture, $"e{Row}"),
        ErrorKind.Request => string.Create(CultureInfo.InvariantCulture, $"r{Row}"),
        ErrorKind.Connection => $"c{ConnectionId:N}",
        ErrorKind.Held => $"h{ConnectionId:N}",
        ErrorKind.Tracker => TrackerWord,
        _ => NodeWord,
    };
}
