using Microsoft.Extensions.Logging;

namespace Exalate.Core.Connections.Life;

internal static partial class LifeLog
{
    [LoggerMessage(3101, LogLevel.Information, "Notice {Kind} on connection {ConnectionId} was acknowledged by the partner")]
    public static partial void NoticeDelivered(ILogger log, Guid connectionId, string kind);

    [LoggerMessage(3102, LogLevel.Information, "Notice {Kind} on connection {ConnectionId} could not be delivered (try {Attempts}): {Problem}")]
    public static partial void NoticeDelayed(ILogger log, Guid connectionId, string kind, int attempts, string problem);

    [LoggerMessage(3103, LogLevel.Warning, "Notice {Kind} on connection {ConnectionId} was refused by the partner and is not repeated: {Problem}")]
    public static partial void NoticeRefused(ILogger log, Guid connectionId, string kind, string problem);

    [LoggerMessage(3104, LogLevel.Information, "The partner's notice {Kind} on connection {ConnectionId} was taken")]
    public static partial void NoticeTaken(ILogger log, Guid connectionId, string kind);

    [LoggerMessage(3105, LogLevel.Error, "Telling partners about connections failed; it is tried again")]
    public static partial void RoundFailed(ILogger log, Exception exception);

    [LoggerMessage(3106, LogLevel.Error, "Connection {Connection} stops: {Partner} has heard from another copy of this node. This one was restored from an old back-up, or a second one runs; an admin decides on the Errors page")]
    public static partial void IsAnotherCopy(ILogger logger, string connection, string partner);
}
