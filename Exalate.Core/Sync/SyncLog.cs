using Microsoft.Extensions.Logging;

namespace Exalate.Core.Sync;

/// <summary>The engine's log: ids and sentences, never contents.</summary>
internal static partial class SyncLog
{
    [LoggerMessage(2001, LogLevel.Warning, "The lease on pair {TwinId} was lost to another worker; it goes on there")]
    public static partial void LeaseLost(ILogger logger, Guid twinId);

    [LoggerMessage(2002, LogLevel.Warning, "{Step} of pair {TwinId} ({LocalKey}) did not succeed, try {Attempt}: {Problem}")]
    public static partial void StepFailed(ILogger logger, string step, Guid twinId, string? localKey, int attempt, string problem);

    [LoggerMessage(2003, LogLevel.Error, "{Step} of pair {TwinId} failed in an unexpected way")]
    public static partial void StepBroke(ILogger logger, Exception exception, string step, Guid twinId);

    [LoggerMessage(2004, LogLevel.Error, "A sync worker stumbled and goes on in a second")]
    public static partial void WorkerStumbled(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Information, "{LocalKey} is synchronized with {RemoteKey} on connection {Connection}")]
    public static partial void Synchronized(ILogger logger, string? localKey, string? remoteKey, string connection);

    [LoggerMessage(2006, LogLevel.Information, "The partner was not told yet why pair {TwinId} waits: {Problem}")]
    public static partial void DelayNotTold(ILogger logger, Guid twinId, string problem);

    [LoggerMessage(2007, LogLevel.Warning, "The tracker can't call this node: {Reason} Changes are fetched every {Seconds} s instead")]
    public static partial void PollingInstead(ILogger logger, string reason, double seconds);

    [LoggerMessage(2008, LogLevel.Information, "The tracker calls this node for changes in {Projects} projects")]
    public static partial void Watching(ILogger logger, int projects);

    [LoggerMessage(2009, LogLevel.Warning, "Changes could not be fetched from the tracker: {Problem}")]
    public static partial void PollFailed(ILogger logger, string problem);

    [LoggerMessage(2010, LogLevel.Warning, "A webhook call for {RegistrationId} was refused: {Reason}")]
    public static partial void WebhookRefused(ILogger logger, string registrationId, string reason);

    [LoggerMessage(2011, LogLevel.Information, "Removed {Events} finished events and {Requests} finished requests that were past their retention")]
    public static partial void Retained(ILogger logger, int events, int requests);

    [LoggerMessage(2021, LogLevel.Warning, "Connection {Connection} was rebuilt: {Compared} pairs compared with the partner, {Rebuilt} rebuilt, {Refused} not taken")]
    public static partial void ConnectionRebuilt(ILogger logger, string connection, int compared, int rebuilt, int refused);

    [LoggerMessage(2022, LogLevel.Warning, "Connection {ConnectionId} can't be rebuilt yet: {Problem}")]
    public static partial void RebuildWaits(ILogger logger, Guid connectionId, string problem);

    [LoggerMessage(2023, LogLevel.Warning, "On connection {ConnectionId} the partner tells of a pair {PairId} (entity {EntityId}, over there {RemoteKey}) that can't be shown to have been shared: it is not taken")]
    public static partial void PairNotRebuilt(ILogger logger, Guid connectionId, Guid pairId, string? entityId, string? remoteKey);

    [LoggerMessage(2041, LogLevel.Error, "Fetching mail from a partner stumbled and goes on in a moment")]
    public static partial void MailStumbled(ILogger logger, Exception exception);

    [LoggerMessage(2042, LogLevel.Warning, "The mail of connection {ConnectionId} can't be fetched: {Problem}")]
    public static partial void MailNotFetched(ILogger logger, Guid connectionId, string problem);

    [LoggerMessage(2043, LogLevel.Warning, "The file of attachment {AttachmentId} could not be sent on connection {ConnectionId}; the partner asks again")]
    public static partial void FileNotSent(ILogger logger, Exception exception, string attachmentId, Guid connectionId);
}
